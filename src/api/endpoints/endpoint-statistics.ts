/** The endpoints of a range of days, of one customer or of all together. */

import { grouped } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_ENDPOINT_WINDOWS_PER_ANSWER, MAX_ENDPOINTS_PER_ANSWER } from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { decodeStatistics, stateHeadOf } from '../../statistics/daily-statistics.ts';
import { STATUS_CLASSES, statusClasses, summaryOf } from '../../statistics/summary.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import type { StoreSnapshot } from '../../store/contract.ts';
import {
  customerDays,
  customerEndpoints,
  DAYS_OF_ALL,
  ENDPOINTS_OF_ALL,
  memberOf,
  spanOf,
} from '../../window/key.ts';
import type { SpanRange } from '../../window/kind.ts';
import { stateOf } from '../answers.ts';
import type { Row } from '../forms.ts';
import { Finality, StatisticsSum, Turns } from '../merged-spans.ts';
import { NUMBER_FIELDS } from '../range-statistics.ts';
import { compareEndpoints, type EndpointSort } from './endpoint-sorts.ts';

export interface EndpointsAsked extends SpanRange {
  /** Undefined: all customers together. */
  readonly customerId: string | undefined;
  readonly name: string | undefined;
  readonly sort: EndpointSort;
  readonly order: 'asc' | 'desc';
  /** Endpoints at the most. */
  readonly limit: number;
  readonly definition: AvailabilityDefinition;
}

/** The order of the fields is part of the API. @throws {DaymarkError} RANGE_TOO_LARGE; STORE_*. */
export async function endpointStatistics(snapshot: StoreSnapshot, asked: EndpointsAsked) {
  const { customerId, name, from, to, sort, order, limit, definition } = asked;
  const days = await requestsOfDays(snapshot, asked);
  const merged = await mergedEndpoints(snapshot, asked);
  const rows = [...merged.sums].map(([endpoint, sum]) => endpointRow(endpoint, sum.take(), definition));
  return {
    customer_id: customerId ?? null,
    ...(name === undefined ? {} : { customer_name: name }),
    from,
    to,
    requests: sumOf(days.values()),
    unknown_requests: sumOf(
      [...days].map(([date, all]) => Math.max(0, all - (merged.requests.get(date) ?? 0))),
    ),
    ...stateOf(merged),
    revision: merged.lateEvents,
    sort,
    order,
    endpoint_count: rows.length,
    endpoints: rows.sort(compareEndpoints(sort, order)).slice(0, limit),
  };
}

export type EndpointStatistics = Awaited<ReturnType<typeof endpointStatistics>>;
export type EndpointRow = ReturnType<typeof endpointRow>;

function endpointRow(
  endpoint: string,
  statistics: DailyStatistics | undefined,
  definition: AvailabilityDefinition,
) {
  const [, method = null, path = endpoint] = /^([A-Z]+) (\/.*)$/.exec(endpoint) ?? [];
  const statuses = statistics?.statuses ?? [];
  return {
    endpoint,
    method,
    path,
    ...summaryOf(statistics, definition),
    statuses: statuses.map(({ status, requests }) => ({ status, requests })),
    status_classes: statusClasses(statuses),
  };
}

/** The columns of an endpoint in CSV. */
export const ENDPOINT_COLUMNS: readonly string[] = [
  ...['endpoint', 'method', 'path', ...NUMBER_FIELDS],
  ...STATUS_CLASSES,
];

/** An endpoint without an object in it, for CSV. */
export function flatEndpoint({ status_classes: classes, statuses: _, ...numbers }: Row): Row {
  return { ...numbers, ...(classes as Row) };
}

/** Merges the days of each endpoint. */
async function mergedEndpoints(snapshot: StoreSnapshot, { customerId, from, to }: EndpointsAsked) {
  const query = customerId === undefined ? ENDPOINTS_OF_ALL : customerEndpoints(customerId);
  const finality = await Finality.read(snapshot, query.kind, from);
  const sums = new Map<string, StatisticsSum>();
  const requests = new Map<string, number>();
  const turns = new Turns();
  let [windows, lateEvents] = [0, 0];
  let revisedMs: number | null = null;
  for await (const page of snapshot.mergeableWindows({ ...query, from, to })) {
    windows += page.length;
    for (const window of page) {
      const statistics = decodeStatistics(window.state);
      const endpoint = memberOf(window.key);
      const sum = sums.get(endpoint) ?? new StatisticsSum();
      sums.set(endpoint, sum);
      sum.add(statistics);
      count(requests, spanOf(window.key), statistics);
      lateEvents += window.lateEvents;
      if (window.revisedMs !== null) revisedMs = Math.max(revisedMs ?? 0, window.revisedMs);
      await turns.did(window.state.length);
    }
    if (windows > MAX_ENDPOINT_WINDOWS_PER_ANSWER)
      throw tooLarge(MAX_ENDPOINT_WINDOWS_PER_ANSWER, 'days of endpoints');
    if (sums.size > MAX_ENDPOINTS_PER_ANSWER) throw tooLarge(MAX_ENDPOINTS_PER_ANSWER, 'endpoints');
  }
  return { sums, requests, lateEvents, revisedMs, ...finality.of({ from, to }) };
}

/** All requests by day. They tell of how many the endpoint is not known. */
async function requestsOfDays(snapshot: StoreSnapshot, { customerId, from, to }: EndpointsAsked) {
  const requests = new Map<string, number>();
  // Days of each customer say more slowly what days of all do not hold.
  if (customerId === undefined && (await snapshot.partialDays({ from, to })).length > 0) {
    for (const { date, statuses } of await snapshot.customers.statuses({}, { from, to }))
      count(requests, date, { statuses });
    return requests;
  }
  const query = customerId === undefined ? DAYS_OF_ALL : customerDays(customerId);
  const turns = new Turns();
  for await (const page of snapshot.mergeableWindows({ ...query, from, to })) {
    for (const { key, state } of page) {
      count(requests, spanOf(key), stateHeadOf(state));
      await turns.did(0);
    }
  }
  return requests;
}

function count(
  requests: Map<string, number>,
  date: string,
  { statuses }: { readonly statuses: readonly { readonly requests: number }[] },
): void {
  requests.set(date, (requests.get(date) ?? 0) + sumOf(statuses.map(({ requests: one }) => one)));
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

function tooLarge(most: number, what: string): DaymarkError {
  const detail = `One answer is made of at most ${grouped(most)} ${what}. Ask for fewer days.`;
  return new DaymarkError('RANGE_TOO_LARGE', detail);
}
