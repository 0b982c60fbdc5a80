/**
 * What each operation of the API must answer, out of raw lines: every request is kept, sorted and counted, with none of
 * daymark's code. A new operation needs an entry here.
 */

import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { compareBytes } from './batches.ts';
import { naiveEndpoint } from './endpoint-oracle.ts';
import { naiveCustomer, naiveNewCustomers, naiveSilentCustomers, naiveStrip } from './naive-activity.ts';
import {
  ANY,
  aboutOf,
  daySourcesOf,
  ledgersOf,
  type NaiveAnswer,
  type NaiveRequest,
  type NaiveWorld,
  placeIn,
  rejectedLines,
  requestsOf,
  statusOf,
  within,
} from './naive-logs.ts';
import { naiveCustomers, naivePreceding, naiveRanking, naiveWorstDays } from './naive-ranking.ts';
import { type Granularity, localDate, type NaiveSpan, naiveHours, naiveSpans } from './naive-spans.ts';
import { naiveClasses, naiveShare, naiveStatuses, naiveSummary } from './summary-oracle.ts';

type Row = Record<string, unknown>;
type Requests = readonly NaiveRequest[];

/** The last digits of what is divided differ with the order in which numbers are added. */
const near = (value: unknown) => (typeof value === 'number' ? expect.closeTo(value, 9) : value);
const NUMBERS = ['requests', 'success_requests', 'failed_requests', 'error_requests', 'counted_requests'];
const SHARES = '0.5,60';

/** By customer; with null for all of them together. */
function subjectsOf(world: NaiveWorld): [string | null, Requests][] {
  const all = requestsOf(world);
  return [[null, all], ...Map.groupBy(all, ({ customerId }) => customerId)];
}

const customersOf = (world: NaiveWorld) =>
  subjectsOf(world).filter((subject): subject is [string, Requests] => subject[0] !== null);

/** A path cannot have these as a segment. */
const fitsPath = ([id]: readonly [string | null, unknown]) => id !== null && !['.', '..'].includes(id);

function numbersOf(requests: Requests) {
  const numbers = naiveSummary(requests);
  return {
    ...numbers,
    duration_mean: near(numbers.duration_mean),
    uptime_percentage: near(numbers.uptime_percentage),
  };
}

const only = (row: Row, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name]]));

function stateOf({ isFinal }: NaiveWorld, requests: Requests, startMs: number) {
  const revision = requests.filter(({ isLate }) => isLate).length;
  if (!isFinal) return { state: 'open', state_since: new Date(startMs).toISOString(), revision: 0 };
  return { state: revision > 0 ? 'revised' : 'final', state_since: ANY, revision };
}

const startOfDay = (date: string, zone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

/** Days as the first path has them. */
function daysAsBefore(world: NaiveWorld, id: string, own: Requests): Row[] {
  return naiveSpans(own, 'day', world.range, world.zone)
    .filter(({ requests }) => requests.length > 0)
    .map(({ span, requests }) => {
      const numbers = numbersOf(requests as Requests);
      const {
        requests: _,
        duration_min,
        duration_p90,
        duration_p95,
        duration_p999,
        duration_max,
        ...day
      } = numbers;
      const state = stateOf(world, requests as Requests, startOfDay(span, world.zone));
      return { customer_id: id, date: span, ...day, ...state };
    });
}

function spansOf(world: NaiveWorld, id: string | null, own: Requests, granularity: Granularity | 'hour') {
  const { range, zone } = world;
  const spans: NaiveSpan[] =
    granularity === 'hour' ? naiveHours(own, range, zone) : naiveSpans(own, granularity, range, zone);
  return spans.map(({ requests, ...span }) => {
    const startMs = granularity === 'hour' ? Date.parse(span.span) : startOfDay(span.from, zone);
    const state = stateOf(world, requests as Requests, startMs);
    return { customer_id: id, ...span, ...numbersOf(requests as Requests), ...state };
  });
}

const endpointOf = ({ method, target, status }: NaiveRequest) => naiveEndpoint(method, target, status);

/** Each endpoint of these requests, with its own ones, and one that nobody used. */
const byEndpoint = (requests: Requests): [string, Requests][] => [
  ...Map.groupBy(requests, endpointOf),
  ['GET /nobody', []],
];

function* spanAnswers(
  world: NaiveWorld,
  id: string | null,
  own: Requests,
): Generator<Omit<NaiveAnswer, 'customerId'>> {
  for (const [endpoint, same] of byEndpoint(own).slice(-3)) {
    const query = { ...world.range, granularity: 'day', endpoint, fill: 'true' };
    yield { query, expected: spansOf(world, id, same, 'day') };
  }
  for (const granularity of ['hour', 'day', 'week', 'month'] as const) {
    const all = spansOf(world, id, own, granularity);
    const query = { ...world.range, granularity };
    yield { query: { ...query, fill: 'true' }, expected: all };
    yield { query, expected: all.filter(({ requests }) => requests > 0) };
  }
}

/** By availability, then by the 99th percentile. Every request has a duration. */
const better = (a: Row, b: Row) =>
  Number(b.availability_percentage) - Number(a.availability_percentage) ||
  Number(a.duration_p99) - Number(b.duration_p99);

/** The best and the worst of some spans; the first of equal ones. */
function extremes(name: 'day' | 'hour', spans: readonly Row[]) {
  const rows = spans
    .filter(({ requests }) => Number(requests) > 0)
    .map(({ span, ...row }) => ({
      [name === 'day' ? 'date' : 'hour']: span,
      ...only(row, ['requests', 'availability_percentage', 'duration_p99']),
    }));
  return {
    [`best_${name}`]: rows.toSorted(better)[0] ?? null,
    [`worst_${name}`]: rows.toSorted((a, b) => better(b, a))[0] ?? null,
  };
}

const sharesOf = (requests: Requests) =>
  SHARES.split(',').map((seconds) => naiveShare(requests, Number(seconds)));

/** What is told of all customers: nothing from which the number of requests of another one could be told. */
function everyoneOf(world: NaiveWorld, days: (requests: Requests) => number) {
  const all = within(requestsOf(world), world, world.range);
  const hidden = [...NUMBERS, 'duration_min', 'duration_max'];
  const shown = Object.entries(numbersOf(all)).filter(([name]) => !hidden.includes(name));
  return {
    days_with_requests: days(all),
    ...Object.fromEntries(shown),
    shares_under: sharesOf(all).map(({ seconds, percentage }) => ({ seconds, percentage })),
  };
}

function summaryOf(world: NaiveWorld, id: string | null, own: Requests) {
  const { range, zone } = world;
  const before = naivePreceding(range);
  const [now, earlier] = [within(own, world, range), within(own, world, before)];
  const { duration_precision: _, ...numbers } = naiveSummary(now);
  const past = naiveSummary(earlier) as Row;
  const change = Object.entries(numbers).map(([name, value]) => {
    const isKnown = value !== null && past[name] !== null;
    return [name, isKnown ? near(Number(value) - Number(past[name])) : null];
  });
  const days = (requests: Requests) =>
    new Set(requests.map(({ eventTimeMs }) => localDate(eventTimeMs, zone))).size;
  return {
    ...{ customer_id: id, ...range, days_with_requests: days(now), ...numbersOf(now) },
    ...{ shares_under: sharesOf(now), statuses: naiveStatuses(now), status_classes: naiveClasses(now) },
    ...extremes('day', spansOf(world, id, own, 'day')),
    ...extremes('hour', spansOf(world, id, own, 'hour')),
    ...stateOf(world, now, startOfDay(range.from, zone)),
    preceding: { ...before, ...numbersOf(earlier), shares_under: sharesOf(earlier) },
    change: Object.fromEntries(change),
    everyone: id === null ? null : everyoneOf(world, days),
  };
}

/** Of one endpoint: it has no hours, and is compared with nobody. */
function endpointSummaryOf(world: NaiveWorld, id: string | null, endpoint: string, own: Requests) {
  const hidden = { best_hour: null, worst_hour: null, everyone: null };
  return { ...summaryOf(world, id, own), endpoint, ...hidden };
}

const HOUR_MS = 3_600_000;

/** Hours that begin in a range of time, and as many before. The clocks do not change by less than an hour. */
function hoursSummaryOf(world: NaiveWorld, id: string | null, own: Requests, from: number, to: number) {
  const before = [from - (Math.floor((to - from) / HOUR_MS) + 1) * HOUR_MS, from - 1000] as const;
  const hourOf = ({ eventTimeMs }: NaiveRequest) => Math.floor(eventTimeMs / HOUR_MS) * HOUR_MS;
  const between = (first: number, last: number) =>
    own.filter((request) => hourOf(request) >= first && hourOf(request) <= last);
  const text = (ms: number) => `${new Date(ms).toISOString().slice(0, -5)}Z`;
  const [now, earlier] = [between(from, to), between(...before)];
  const { duration_precision: _, ...numbers } = naiveSummary(now);
  const past = naiveSummary(earlier) as Row;
  const change = Object.entries(numbers).map(([name, value]) => {
    const isKnown = value !== null && past[name] !== null;
    return [name, isKnown ? near(Number(value) - Number(past[name])) : null];
  });
  return {
    ...{ customer_id: id, from_hour: text(from), to_hour: text(to) },
    ...{ hours_with_requests: new Set(now.map(hourOf)).size, ...numbersOf(now) },
    ...{ statuses: naiveStatuses(now), status_classes: naiveClasses(now), ...stateOf(world, now, from) },
    preceding: { from_hour: text(before[0]), to_hour: text(before[1]), ...numbersOf(earlier) },
    change: Object.fromEntries(change),
  };
}

function* hoursSummaries(
  world: NaiveWorld,
  id: string | null,
  own: Requests,
): Generator<Omit<NaiveAnswer, 'customerId'>> {
  const noon = startOfDay(world.range.to, world.zone) - 12 * HOUR_MS;
  for (const [from, to] of [
    [noon - 23 * HOUR_MS, noon],
    [noon, noon],
    // Hours are counted by when they begin.
    [noon + 1000, noon + 3 * HOUR_MS + 1800_000],
  ] as const) {
    const expected = hoursSummaryOf(world, id, own, from, to);
    yield { query: { from_hour: expected.from_hour, to_hour: expected.to_hour }, expected };
  }
}

function endpointsOf(world: NaiveWorld, id: string | null, own: Requests) {
  const now = within(own, world, world.range);
  const rows = [...Map.groupBy(now, endpointOf)].map(([endpoint, same]) => {
    const [method, path] = endpoint.startsWith('(') ? [null, endpoint] : endpoint.split(' ');
    const classes = { statuses: naiveStatuses(same), status_classes: naiveClasses(same) };
    return { endpoint, method, path, ...numbersOf(same), ...classes };
  });
  return {
    ...{ customer_id: id, ...world.range, requests: now.length, unknown_requests: 0 },
    ...stateOf(world, now, startOfDay(world.range.from, world.zone)),
    ...{ sort: 'endpoint', order: 'asc', endpoint_count: rows.length },
    endpoints: rows.toSorted((a, b) => compareBytes(a.endpoint, b.endpoint)),
  };
}

function statusesOf(world: NaiveWorld, id: string | null, own: Requests) {
  const days = naiveSpans(own, 'day', world.range, world.zone)
    .filter(({ requests }) => requests.length > 0)
    .map(({ span, requests }) => ({
      ...{ date: span, requests: requests.length, statuses: naiveStatuses(requests) },
    }));
  return { ...world.range, customer_id: id, days };
}

/** Of all requests: the logs have fewer than 30 days. The target is 99.9 %. */
function badgeOf(own: Requests) {
  const { counted_requests: all, error_requests: bad } = naiveSummary(own);
  const hundredths = Math.floor(((all - bad) * 10_000) / all);
  const percent =
    bad === 0 ? '100%' : `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
  const worse = bad === 1 ? '566892' : bad * 1000 >= 30 * all ? 'c8312b' : 'a65a00';
  return {
    ...{
      schemaVersion: 1,
      label: 'availability, 30 days',
      message: all < 100 ? 'too few requests' : percent,
    },
    color: all < 100 ? '566892' : bad * 1000 <= all ? '0b6b63' : worse,
  };
}

const withDates = (world: NaiveWorld, requests: Requests) =>
  requests.map((request) => ({
    ...{ ...request, eventMs: request.eventTimeMs, date: localDate(request.eventTimeMs, world.zone) },
  }));

/** @param endpoint only requests of it. @param days that each customer brings along; 0: none. */
function* rankings(
  world: NaiveWorld,
  sorts: readonly string[],
  endpoint?: string,
  days = 0,
): Generator<NaiveAnswer> {
  const all = requestsOf(world).filter((one) => endpoint === undefined || endpointOf(one) === endpoint);
  const dated = withDates(world, all);
  const customers = naiveCustomers(dated, world.range);
  const extra = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(days === 0 ? {} : { strip_days: String(days) }),
  };
  const stripOf = (id: string) => ({
    days: naiveStrip(
      dated.filter(({ customerId }) => customerId === id),
      world.range.to,
      days,
    ),
  });
  for (const sort of sorts)
    for (const order of ['asc', 'desc']) {
      const rows = naiveRanking(customers, sort, order).map((row) => ({
        ...row,
        ...Object.fromEntries(
          ['duration_mean', 'uptime_percentage', 'availability_change'].map((name) => [
            name,
            near((row as unknown as Row)[name]),
          ]),
        ),
        ...(days === 0 ? {} : stripOf(row.customer_id)),
      }));
      const preceding = naivePreceding(world.range);
      const head = {
        ...world.range,
        preceding,
        ...(endpoint === undefined ? {} : { endpoint }),
        sort,
        order,
      };
      const query = { ...world.range, ...extra, sort, order, limit: days === 0 ? '1000' : '100' };
      yield { query, expected: { ...head, customers: rows, next_cursor: null } };
    }
}

/** All customers of a list at once, and a page of one. */
function* activityPages({ range }: NaiveWorld, rows: readonly Row[], since?: string): Generator<NaiveAnswer> {
  const before = naivePreceding(range);
  const head = {
    ...{ ...range, preceding: { from: since ?? before.from, to: before.to }, customer_count: rows.length },
  };
  const query = { ...range, ...(since === undefined ? {} : { since }) };
  yield { query: { ...query, limit: '1000' }, expected: { ...head, customers: rows, next_cursor: null } };
  const next_cursor = rows.length > 1 ? ANY : null;
  yield { query: { ...query, limit: '1' }, expected: { ...head, customers: rows.slice(0, 1), next_cursor } };
}

function* worstDays(world: NaiveWorld): Generator<NaiveAnswer> {
  for (const least of [1, 3]) {
    const rows = naiveWorstDays(withDates(world, requestsOf(world)), world.range, least);
    const customers = rows.map((row) => ({
      ...{ ...row, duration_mean: near(row.duration_mean), uptime_percentage: near(row.uptime_percentage) },
    }));
    const query = { ...world.range, min_requests: String(least), limit: '1000' };
    yield { query, expected: { ...world.range, min_requests: least, customers } };
  }
}

/** The changes of days that were final: each day by one batch of late lines. */
function changesOf(world: NaiveWorld, id: string, own: Requests) {
  const numbersOfDay = (requests: Requests) => {
    if (requests.length === 0) return null;
    const durations = ['success_percentage', 'uptime_percentage', 'availability_percentage'];
    const names = [...NUMBERS, ...durations, 'duration_mean', 'duration_p50', 'duration_p99'];
    return { ...only(numbersOf(requests), names), statuses: naiveStatuses(requests) };
  };
  const changes = naiveSpans(own, 'day', world.range, world.zone).flatMap(({ span, requests }) => {
    const all = requests as Requests;
    const before = all.filter(({ isLate }) => !isLate);
    if (before.length === all.length) return [];
    const late = world.logs.filter(({ lines }) => lines.some(({ request }) => request?.isLate));
    const sources = late.flatMap((log) => placeIn(log, world, span) ?? []);
    return [
      {
        ...{ date: span, number: 1, change_count: 1, changed: ANY, cause: 'late' },
        ...{ before: numbersOfDay(before), after: numbersOfDay(all) },
        ...{ source_count: sources.length, sources },
      },
    ];
  });
  return { customer_id: id, ...world.range, changes, next_cursor: null };
}

/** The answers of an operation with the customer in the path. */
const inPath = (
  world: NaiveWorld,
  answersOf: (id: string, own: Requests) => Iterable<Omit<NaiveAnswer, 'customerId'>>,
): NaiveAnswer[] =>
  customersOf(world)
    .filter(fitsPath)
    .flatMap(([customerId, own]) =>
      [...answersOf(customerId, own)].map((answer) => ({ customerId, ...answer })),
    );

/** The answers of an operation with the customer in the query. */
const inQuery = <Id extends string | null>(
  subjects: readonly (readonly [Id, Requests])[],
  answersOf: (id: Id, own: Requests) => Iterable<Omit<NaiveAnswer, 'customerId'>>,
): NaiveAnswer[] =>
  subjects.flatMap(([id, own]) =>
    [...answersOf(id, own)].map(({ query, expected }) => ({
      ...{ query: { ...query, ...(id === null ? {} : { customer_id: id }) }, expected },
    })),
  );

/** Endpoints of all, sorted so that no two are equal. */
const ENDPOINT_QUERY = { sort: 'endpoint', limit: '1000' };

/** By operation id. @param sorts by which customers can be ranked. */
export function naiveAnswers(
  world: NaiveWorld,
  sorts: readonly string[],
): Readonly<Record<string, Iterable<NaiveAnswer>>> {
  const { range } = world;
  const spans = (id: string | null, own: Requests) => spanAnswers(world, id, own);
  const summary = (id: string | null, own: Requests) => [
    { query: { ...range, share_under: SHARES }, expected: summaryOf(world, id, own) },
    ...byEndpoint(own)
      .slice(-3)
      .map(([endpoint, same]) => ({
        query: { ...range, share_under: SHARES, endpoint },
        expected: endpointSummaryOf(world, id, endpoint, same),
      })),
  ];
  const hours = (id: string | null, own: Requests) => hoursSummaries(world, id, own);
  const customer = (id: string, own: Requests) => [{ expected: naiveCustomer(id, withDates(world, own)) }];
  const dated = withDates(world, requestsOf(world));
  const earlier = naivePreceding(naivePreceding(range)).from;
  const endpoints = (id: string | null, own: Requests) => [
    { query: { ...range, ...ENDPOINT_QUERY }, expected: endpointsOf(world, id, own) },
  ];
  const days = (id: string, own: Requests) => [{ query: range, expected: daysAsBefore(world, id, own) }];
  const daySources = (id: string | null, own: Requests) => daySourcesOf(world, id, own);
  const changes = (id: string, own: Requests) => [
    { query: { ...range, limit: '1000' }, expected: changesOf(world, id, own) },
  ];
  const statuses = (id: string | null, own: Requests) => [
    { query: range, expected: statusesOf(world, id, own) },
  ];
  const badge = (_id: string, own: Requests) => [{ expected: badgeOf(own) }];
  const [subjects, customers] = [subjectsOf(world), customersOf(world)];
  return {
    getCustomerStats: inPath(world, days),
    getStats: inQuery(customers, days),
    getCustomerSpans: inPath(world, spans),
    getSpans: inQuery(subjects, spans),
    getCustomerSummary: inPath(world, summary),
    getSummary: inQuery(subjects, summary),
    getHoursSummary: inQuery(subjects, hours),
    getCustomer: inPath(world, customer),
    getCustomerInQuery: inQuery(customers, customer),
    rankCustomers: [
      ...rankings(world, sorts),
      ...rankings(world, ['requests', 'duration_p99'], undefined, 5),
      ...byEndpoint(requestsOf(world))
        .slice(-3)
        .flatMap(([endpoint]) => [
          ...rankings(world, sorts, endpoint),
          ...rankings(world, ['customer_id'], endpoint, 7),
        ]),
    ],
    listNewCustomers: [...activityPages(world, naiveNewCustomers(dated, range))],
    listSilentCustomers: [
      ...activityPages(world, naiveSilentCustomers(dated, range)),
      ...activityPages(world, naiveSilentCustomers(dated, range, earlier), earlier),
    ],
    listWorstDays: worstDays(world),
    getCustomerEndpoints: inPath(world, endpoints),
    getEndpoints: inQuery(subjects, endpoints),
    getStatuses: inQuery(subjects, statuses),
    listCustomerDaySources: inPath(world, daySources),
    listDaySources: inQuery(subjects, daySources),
    listCustomerChanges: inPath(world, changes),
    listChanges: inQuery(customers, changes),
    listSources: [{ query: { limit: '1000' }, expected: ledgersOf(world) }],
    listRejectedLines: rejectedLines(world),
    getStatus: [{ expected: statusOf(world) }],
    getAbout: [{ expected: aboutOf(world) }],
    getBadgeData: inPath(world, badge),
    listLinks: [{ expected: { links: [], next_cursor: null } }],
    getSession: [{ expected: { role: 'admin', customers: [], is_session: false, expires: null } }],
    isLive: [{ expected: { status: 'live' } }],
    isReady: [{ expected: { status: 'ready' } }],
  };
}
