/** All customers together, beside one of them, in its summary. */

import { EVERYONE_DAYS_AT_ONCE, RANKING_TIMEOUT_MS } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import { type Summary, sharesUnder, summaryOf } from '../statistics/summary.ts';
import type { DailyStatistics } from '../statistics/types.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { shiftedDate } from '../window/calendar.ts';
import { DAYS_OF_ALL } from '../window/key.ts';
import type { SpanRange } from '../window/kind.ts';
import { deadline } from './deadline.ts';
import { mergedSpans, StatisticsSum } from './merged-spans.ts';

export interface EveryoneAsked extends SpanRange {
  readonly definition: AvailabilityDefinition;
  /** Whole microseconds. */
  readonly sharesUnderUs: readonly number[];
  /**
   * Undefined: the reader may know all customers, and gets exact numbers. Otherwise it gets coarse ones, if so many customers
   * have requests on each day that has any. 0: it gets none.
   */
  readonly everyoneMin?: number | undefined;
}

/**
 * @returns null where not all requests are known, or the reader could tell those of another customer.
 * @throws {DaymarkError} ANSWER_TOO_SLOW; RANGE_TOO_LARGE; STORE_*.
 */
export async function everyoneBeside(snapshot: StoreSnapshot, asked: EveryoneAsked) {
  const { from, to, definition, sharesUnderUs, everyoneMin } = asked;
  if (everyoneMin === 0) return null;
  if ((await snapshot.partialDays({ from, to })).length > 0) return null;
  const all = await daysOfAll(snapshot, asked);
  if (all.requests.size === 0) return null;
  const shares = sharesUnder(all.statistics, everyoneMin === undefined ? sharesUnderUs : []);
  const everyone = {
    days_with_requests: all.requests.size,
    ...shownOf(summaryOf(all.statistics, definition)),
    shares_under: shares.map(({ seconds, percentage }) => ({ seconds, percentage })),
  };
  if (everyoneMin === undefined) return everyone;
  return (await areHidden(snapshot, all.requests, everyoneMin)) ? { ...everyone, ...coarse(everyone) } : null;
}

/** The requests of each day that has any, and the statistics of them together. */
async function daysOfAll(snapshot: StoreSnapshot, { from, to }: SpanRange) {
  const sum = new StatisticsSum();
  const requests = new Map<string, number>();
  for await (const day of mergedSpans(snapshot, {
    ...{ ...DAYS_OF_ALL, from, to, granularity: 'day', isFilled: false },
  })) {
    if (!day.statistics) continue;
    sum.add(day.statistics);
    requests.set(day.span, requestsOf(day.statistics));
  }
  return { statistics: sum.take(), requests };
}

function requestsOf({ statuses }: DailyStatistics): number {
  return statuses.reduce((sum, { requests }) => sum + requests, 0);
}

/** No number of requests, nor the shortest or the longest: with few customers, they would tell of another one. */
function shownOf(numbers: Summary) {
  return {
    availability_percentage: numbers.availability_percentage,
    success_percentage: numbers.success_percentage,
    uptime_percentage: numbers.uptime_percentage,
    duration_mean: numbers.duration_mean,
    duration_p50: numbers.duration_p50,
    duration_p90: numbers.duration_p90,
    duration_p95: numbers.duration_p95,
    duration_p99: numbers.duration_p99,
    duration_p999: numbers.duration_p999,
    duration_precision: numbers.duration_precision as 5 | 4 | 2 | null,
  };
}

/**
 * Percentages to one decimal, durations to two significant digits. An exact share tells how many requests it is made of, and
 * whoever knows its own ones then knows those of the others.
 */
function coarse(numbers: ReturnType<typeof shownOf>): ReturnType<typeof shownOf> {
  const share = (value: number | null) => value && Math.round(value * 10) / 10;
  const duration = (value: number | null) => value && Number(value.toPrecision(2));
  return {
    availability_percentage: share(numbers.availability_percentage),
    success_percentage: share(numbers.success_percentage),
    uptime_percentage: share(numbers.uptime_percentage),
    duration_mean: duration(numbers.duration_mean),
    duration_p50: duration(numbers.duration_p50),
    duration_p90: duration(numbers.duration_p90),
    duration_p95: duration(numbers.duration_p95),
    duration_p99: duration(numbers.duration_p99),
    duration_p999: duration(numbers.duration_p999),
    duration_precision: numbers.duration_mean === null ? null : 2,
  };
}

/**
 * Whether enough customers hide each other on each day. It does not suffice that they do in the whole range: two ranges can
 * differ by one day. @param requests of all customers, by day, ascending.
 */
async function areHidden(snapshot: StoreSnapshot, requests: ReadonlyMap<string, number>, least: number) {
  if ([...requests.values()].some((count) => count < least)) return false;
  const assertGoesOn = deadline(RANKING_TIMEOUT_MS, 'The customers were not counted in time.');
  const rest = new Set(requests.keys());
  for (let [from] = rest; from !== undefined; [from] = rest) {
    const to = shiftedDate(from, EVERYONE_DAYS_AT_ONCE - 1) ?? from;
    const days = new Set([...rest].filter((date) => date <= to));
    if (!(await haveCustomers(snapshot, days, least, assertGoesOn))) return false;
    for (const date of days) rest.delete(date);
  }
  return true;
}

/** Counts the customers of some days, until there are enough of each. @param days ascending. */
async function haveCustomers(
  { customers }: StoreSnapshot,
  days: Set<string>,
  least: number,
  assertGoesOn: () => void,
): Promise<boolean> {
  const [from = '', to = from] = [[...days][0], [...days].at(-1)];
  const missing = new Map(Array.from(days, (date) => [date, least]));
  for await (const page of customers.days({}, { from, to })) {
    assertGoesOn();
    for (const date of page.flatMap(({ statuses }) => [...statuses.keys()])) {
      const more = (missing.get(date) ?? 0) - 1;
      if (more > 0) missing.set(date, more);
      else missing.delete(date);
    }
    if (missing.size === 0) return true;
  }
  return false;
}
