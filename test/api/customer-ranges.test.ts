import { describe, expect, test } from 'vitest';
import { MAX_DAYS_PER_ANSWER, MAX_MERGED_SPANS } from '../../src/limits.ts';
import { availabilityDefinition } from '../../src/statistics/availability.ts';
import type { Store } from '../../src/store/contract.ts';
import { compareKeys } from '../../src/window/key.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { datesBetween, type Granularity, localDate, naiveSpans } from '../support/naive-spans.ts';
import type { Request } from '../support/oracle.ts';
import { randomNumbers, shuffle } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { naiveClasses, naiveShare, naiveStatuses, naiveSummary } from '../support/summary-oracle.ts';
import { add, deltaOf, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, placeOf, serve } from './support.ts';

type Row = Record<string, unknown>;

const IDS = [...HOSTILE_IDS.filter((id) => !/\p{Cc}/u.test(id)), '.', '..', '/', '%2F'];
const STATUSES = [0, 101, 200, 200, 200, 204, 301, 404, 429, 499, 500, 503];

/** Requests of some weeks around a change of clocks, with days without any. */
function randomRequests(seed: number, from: number, days: number): Request[] {
  const random = randomNumbers(seed);
  const below = (end: number) => Math.floor(random() * end);
  const quiet = new Set(Array.from({ length: 6 }, () => below(days)));
  return Array.from({ length: 1500 }, () => ({
    eventTimeMs: from + below(days * 86_400_000),
    customerId: IDS[below(random() < 0.5 ? 2 : IDS.length)],
    status: STATUSES[below(STATUSES.length)],
    durationUs: random() < 0.1 ? -1 : random() < 0.5 ? 1000 * below(3000) : below(5_000_000),
  })).filter(({ eventTimeMs }) => !quiet.has(Math.floor((eventTimeMs - from) / 86_400_000)));
}

/** Adds requests in several commits, in any order, each by its day in the zone. */
async function commitAll(store: Store, requests: readonly Request[], zone: string): Promise<void> {
  const shuffled = shuffle([...requests], randomNumbers(1));
  for (let at = 0; at < shuffled.length; at += 400) {
    const windows = Map.groupBy(shuffled.slice(at, at + 400), ({ customerId, eventTimeMs }) =>
      JSON.stringify([customerId, localDate(eventTimeMs, zone)]),
    );
    const deltas = [...windows].map(([key, same]) => {
      const [customerId, date] = JSON.parse(key) as [string, string];
      return deltaOf(customerId, date, same);
    });
    await store.commit({
      timeZone: zone,
      advances: [],
      deltas: deltas.sort((a, b) => compareKeys(a.key, b.key)),
    });
  }
}

async function getJson(url: string, path: string): Promise<unknown> {
  const { status, body } = await getRaw(url, path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.parse(body);
}

const pathOf = (id: string, what: string, query: string) =>
  `/v1/customers/${encodeURIComponent(id)}/${what}?${query}`;

const better = (a: Row, b: Row) =>
  Number(b.availability_percentage) - Number(a.availability_percentage) ||
  Number(a.duration_p99 ?? 1e9) - Number(b.duration_p99 ?? 1e9);

describe.each(STORE_KINDS)('on $name', (kind) => {
  test.each([
    // Clocks go forward on 2024-09-29 and 2024-09-08, the second at midnight, and back on 2024-11-03.
    ['Pacific/Auckland', Date.UTC(2024, 8, 10)],
    ['America/Santiago', Date.UTC(2024, 7, 25)],
    ['America/New_York', Date.UTC(2024, 9, 20)],
  ])('every number equals a recomputation from the requests, in the zone %s', async (zone, start) => {
    const store = await emptyStore(kind);
    const requests = randomRequests(start, start, 40);
    await commitAll(store, requests, zone);
    const url = await serve({ store, availability: availabilityDefinition('0,500-599', '429,499') });
    const definition = {
      isFailed: (status: number) => status === 0 || status >= 500,
      isIgnored: (status: number) => status === 429 || status === 499,
    };
    const range = {
      from: localDate(start + 12 * 86_400_000, zone),
      to: localDate(start + 29 * 86_400_000, zone),
    };
    const query = `from=${range.from}&to=${range.to}`;
    for (const id of IDS) {
      const own = requests.filter(({ customerId }) => customerId === id);
      const spansOf = (granularity: Granularity) => naiveSpans(own, granularity, range, zone);
      for (const granularity of ['day', 'week', 'month'] as const) {
        const expected = spansOf(granularity).map(({ span, from, to, requests: same }) => ({
          ...{ customer_id: id, span, from, to },
          ...naiveSummary(same, definition),
          ...{ state: 'open', state_since: expect.any(String), revision: 0 },
        }));
        const asked = `${query}&granularity=${granularity}`;
        expect(await getJson(url, pathOf(id, 'stats', `${asked}&fill=true`))).toEqual(expected);
        const withRequests = expected.filter((row) => row.requests > 0);
        expect(await getJson(url, pathOf(id, 'stats', asked))).toEqual(withRequests);
        const inQuery = `/v1/stats?customer_id=${encodeURIComponent(id)}&${asked}&fill=false`;
        expect(await getJson(url, inQuery)).toEqual(withRequests);
      }
      const days = spansOf('day').map(({ span, requests: same }) => ({ span, same }));
      const all = days.flatMap(({ same }) => same);
      const first = Date.parse(range.from);
      const before = {
        from: new Date(first - 18 * 86_400_000).toISOString().slice(0, 10),
        to: new Date(first - 86_400_000).toISOString().slice(0, 10),
      };
      const earlier = naiveSpans(own, 'day', before, zone).flatMap(({ requests: same }) => same);
      const [now, then] = [naiveSummary(all, definition), naiveSummary(earlier, definition)];
      const { duration_precision: _, ...changing } = now;
      const ranked = days
        .map(({ span, same }) => ({ date: span, ...naiveSummary(same, definition) }))
        .filter((day) => day.availability_percentage !== null)
        .map(({ date, requests: count, availability_percentage, duration_p99 }) => ({
          ...{ date, requests: count, availability_percentage, duration_p99 },
        }));
      const shares = [0.25, 1, 2.999999].map((seconds) => naiveShare(all, seconds));
      const summary = await getJson(url, pathOf(id, 'summary', `${query}&share_under=0.25,1,2.999999`));
      expect(summary).toEqual({
        ...{ customer_id: id, ...range, ...now },
        days_with_requests: days.filter(({ same }) => same.length > 0).length,
        shares_under: shares,
        statuses: naiveStatuses(all),
        status_classes: naiveClasses(all),
        best_day: [...ranked].sort(better)[0] ?? null,
        worst_day: [...ranked].sort((a, b) => better(b, a))[0] ?? null,
        ...{ state: 'open', state_since: expect.any(String), revision: 0 },
        preceding: {
          ...before,
          ...then,
          shares_under: [0.25, 1, 2.999999].map((seconds) => naiveShare(earlier, seconds)),
        },
        change: Object.fromEntries(
          Object.keys(changing).map((name) => {
            const [a, b] = [(now as Row)[name], (then as Row)[name]];
            return [name, a === null || b === null ? null : Number(a) - Number(b)];
          }),
        ),
        // Neither hours nor days of all customers together were stored.
        ...{ best_hour: null, worst_hour: null, everyone: null },
      });
      const inQuery = `/v1/summary?customer_id=${encodeURIComponent(id)}&${query}&share_under=0.25,1,2.999999`;
      expect(await getJson(url, inQuery)).toEqual(summary);
    }
  });

  test('days have the same numbers, states and late events as where they are asked for as before', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', {
      '2024-10-02': [SUCCESS, { status: 503, durationUs: 1 }],
      '2024-10-04': [SUCCESS],
    });
    const url = await serve({ store });
    const days = (await getJson(url, '/customers/cust_1/stats?from=2024-10-01')) as Row[];
    const rows = (await getJson(url, '/v1/customers/cust_1/stats?from=2024-10-01')) as Row[];
    expect(rows).toHaveLength(2);
    for (const [i, { date, ...day }] of days.entries()) expect(rows[i]).toMatchObject({ span: date, ...day });
  });

  test('without an end, the spans end with the last requests', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', { '2024-10-02': [SUCCESS], '2024-10-05': [SUCCESS] });
    const url = await serve({ store });
    const spans = async (query: string) =>
      ((await getJson(url, pathOf('cust_1', 'stats', query))) as Row[]).map(({ span, requests }) => [
        span,
        requests,
      ]);
    expect(await spans('from=2024-10-01')).toEqual([
      ['2024-10-02', 1],
      ['2024-10-05', 1],
    ]);
    expect(await spans('from=2024-10-03&fill=true')).toEqual([
      ['2024-10-03', 0],
      ['2024-10-04', 0],
      ['2024-10-05', 1],
    ]);
    expect(await spans('from=2024-10-06&fill=true')).toEqual([]);
    expect(await spans('from=2024-01-01&granularity=month')).toEqual([['2024-10-01', 2]]);
  });

  test('an unknown customer is a problem that names a similar one', async () => {
    const store = await emptyStore(kind);
    for (const id of ['cust_40', 'cust_41', 'Ärzte']) await add(store, id, { '2024-10-02': [SUCCESS] });
    const url = await serve({ store });
    const problem = async (id: string, what = 'stats') => {
      const answer = await fetch(url + pathOf(id, what, 'from=2024-10-02&to=2024-10-02'));
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const { status, code, detail } = (await answer.json()) as Row;
      expect([answer.status, status, code]).toEqual([404, 404, 'CUSTOMER_UNKNOWN']);
      return detail;
    };
    expect(await problem('CUST_40')).toBe('No customer "CUST_40" is known. Did you mean cust_40?');
    expect(await problem('cust_41 ', 'summary')).toBe(
      'No customer "cust_41 " is known. Did you mean cust_41?',
    );
    expect(await problem('cust_4x')).toMatch(/Did you mean cust_4\d\?/);
    expect(await problem('Arzte')).toBe('No customer "Arzte" is known. Did you mean Ärzte?');
    expect(await problem('nobody')).toBe('No customer "nobody" is known.');
    const known = await getJson(url, pathOf('cust_40', 'stats', 'from=2025-01-01'));
    expect(known).toEqual([]);
  });

  test('an alias stands for its customer, and a customer with a name is known without requests', async () => {
    const store = await emptyStore(kind);
    await add(store, 'acme', { '2024-10-02': [SUCCESS] });
    const customers = {
      idOf: (id: string) => (id === 'key-1' ? 'acme' : id),
      nameOf: (id: string) => ({ acme: 'Acme', idle: 'Idle' })[id],
      isPublic: () => false,
    };
    const url = await serve({ store, customers });
    const query = 'from=2024-10-02&to=2024-10-02';
    for (const what of ['stats', 'summary']) {
      const byAlias = await getJson(url, pathOf('key-1', what, query));
      expect(byAlias).toEqual(await getJson(url, pathOf('acme', what, query)));
      expect([byAlias].flat()).toMatchObject([{ customer_id: 'acme', customer_name: 'Acme', requests: 1 }]);
    }
    expect(await getJson(url, pathOf('idle', 'summary', query))).toMatchObject({
      requests: 0,
      best_day: null,
    });
  });

  test('an answer changes with the next commit, and is not sent again while it does not', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
    const url = (await serve({ store })) + pathOf('cust_1', 'summary', 'from=2024-10-01&to=2024-10-31');
    const first = await fetch(url);
    expect(await first.json()).toMatchObject({ requests: 1 });
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(url, { headers })).status).toBe(304);
    await add(store, 'cust_1', { '2024-10-03': [SUCCESS] });
    expect(await (await fetch(url, { headers })).json()).toMatchObject({ requests: 2 });
  });
});

test('ranges at the ends of the calendar are answered', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '0001-01-01': [SUCCESS], '9999-12-31': [SUCCESS] });
  const url = await serve({ store });
  const get = (what: string, query: string) => getJson(url, pathOf('cust_1', what, query));
  expect(await get('summary', 'from=0001-01-01&to=9999-12-31')).toMatchObject({
    ...{ requests: 2, days_with_requests: 2, preceding: null, change: null },
  });
  expect(await get('stats', 'from=0001-01-01&to=9999-12-31&granularity=week')).toMatchObject([
    { span: '0001-01-01', from: '0001-01-01', to: '0001-01-07', requests: 1 },
    { span: '9999-12-27', from: '9999-12-27', to: '9999-12-31', requests: 1 },
  ]);
  expect(await get('stats', 'from=9999-12-31&fill=true')).toMatchObject([{ span: '9999-12-31' }]);
});

test('an answer of too many spans, or over too many days, is refused', async () => {
  const place = await placeOf();
  const store = await place.open();
  await store.migrate();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const url = await serve({ store });
  const status = async (query: string) => {
    const { status: code, body } = await getRaw(url, pathOf('cust_1', 'stats', query));
    return [code, (JSON.parse(body) as Row).code ?? (JSON.parse(body) as Row[]).length];
  };
  const dates = datesBetween('2020-01-01', '2024-12-31');
  const to = dates[MAX_MERGED_SPANS - 1];
  expect(await status(`from=${dates[0]}&to=${to}&fill=true`)).toEqual([200, MAX_MERGED_SPANS]);
  expect(await status(`from=${dates[0]}&to=${dates[MAX_MERGED_SPANS]}&fill=true`)).toEqual([
    422,
    'RANGE_TOO_LARGE',
  ]);
  expect(await status('from=0001-01-01&to=9999-12-31&fill=true')).toEqual([422, 'RANGE_TOO_LARGE']);
  expect(await status('from=0001-01-01&to=9999-12-31')).toEqual([200, 1]);
  const many = `with recursive days(date) as (select date('1900-01-01') union all select date(date, '+1 day') from days limit ${MAX_DAYS_PER_ANSWER - 1})`;
  const copied =
    'success_requests, failed_requests, duration_mean, duration_p50, duration_p99, uptime_percentage, success_percentage, state';
  await place.query(
    `${many} insert into customer_daily_stats (customer_id, date, ${copied}) select customer_id, days.date, ${copied} from daily_stats, days where days.date <> '2024-10-02' and daily_stats.date = '2024-10-02'`,
  );
  const summary = (from: string) => getRaw(url, pathOf('cust_1', 'summary', `from=${from}&to=2024-10-02`));
  expect(JSON.parse((await summary('1990-01-01')).body)).toMatchObject({ days_with_requests: 3_728 });
  const all = await getRaw(url, pathOf('cust_1', 'stats', 'from=1900-01-01&granularity=month'));
  expect([all.status, JSON.parse(all.body)]).toMatchObject([200, expect.any(Array)]);
  await add(store, 'cust_1', { '2100-01-01': [SUCCESS] });
  const more = await getRaw(url, pathOf('cust_1', 'stats', 'from=1900-01-01&granularity=month'));
  expect([more.status, JSON.parse(more.body)]).toMatchObject([422, { code: 'RANGE_TOO_LARGE' }]);
});

test.each([
  ['granularity=year', '`granularity` is malformed. Give `hour`, `day`, `week` or `month`.'],
  ['fill=yes', '`fill` is malformed. Give `true` or `false`.'],
  ['fill=true&fill=true', '`fill` is given more than once. Give `true` or `false`.'],
  ['share_under=1', '`share_under` is not a parameter of this resource.'],
])('stats with %s are refused with what is right', async (query, detail) => {
  const url = await serve({ store: await emptyStore() });
  const answer = await fetch(`${url}/v1/customers/c/stats?from=2024-10-02&${query}`);
  expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'INVALID_REQUEST', detail }]);
});

test.each([
  ['to=2024-10-02&share_under=', '`share_under` is malformed.'],
  ['to=2024-10-02&share_under=-1', '`share_under` is malformed.'],
  ['to=2024-10-02&share_under=1e3', '`share_under` is malformed.'],
  ['to=2024-10-02&share_under=0.1234567', '`share_under` is malformed.'],
  ['to=2024-10-02&share_under=1,', '`share_under` is malformed.'],
  ['to=2024-10-02&share_under=1,2,3,4,5,6,7,8,9,10,11', '`share_under` is malformed.'],
  [`to=2024-10-02&share_under=${'1,'.repeat(200)}1`, '`share_under` is malformed.'],
  ['to=2024-10-01', '`to` is before `from`.'],
  ['share_under=1', '`to` is missing.'],
  ['to=2024-10-02&fill=true', '`fill` is not a parameter of this resource.'],
])('a summary with %s is refused with what is right', async (query, detail) => {
  const url = await serve({ store: await emptyStore() });
  const answer = await fetch(`${url}/v1/customers/c/summary?from=2024-10-02&${query}`);
  const problem = { code: 'INVALID_REQUEST', detail: expect.stringContaining(detail) };
  expect([answer.status, await answer.json()]).toMatchObject([422, problem]);
});
