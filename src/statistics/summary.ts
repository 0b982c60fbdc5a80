/** The numbers of merged windows: of a day, a week, a month, or any range. `docs/definitions.md` defines them. */

import { type AvailabilityDefinition, availabilityOf } from './availability.ts';
import { columnsOf } from './columns.ts';
import { finalizeStatistics } from './daily-statistics.ts';
import { durationPrecision } from './duration-levels.ts';
import { histogramTotal } from './histogram.ts';
import { nearestRankUs } from './nearest-rank.ts';
import type { Counts, DailyStatistics, Histogram, ServedStatistics, StatusTotal } from './types.ts';

/** What is known where there was no request: how many there were. */
const NOTHING: Nullable<ServedStatistics> = {
  successRequests: 0,
  failedRequests: 0,
  durationMeanS: null,
  durationP50S: null,
  durationP99S: null,
  uptimePercentage: null,
  successPercentage: null,
};

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

/**
 * The numbers, under the names and in the order in which all answers have them. Durations are in seconds. What is not
 * known is null.
 * @param statistics undefined: there was no request.
 */
export function summaryOf(statistics: DailyStatistics | undefined, definition: AvailabilityDefinition) {
  const served = columnsOf((statistics ? finalizeStatistics(statistics) : NOTHING) as ServedStatistics);
  const availability = availabilityOf(statistics?.statuses ?? [], definition);
  const durations = durationsOf(statistics?.histogram);
  return {
    requests: served.success_requests + served.failed_requests,
    success_requests: served.success_requests,
    failed_requests: served.failed_requests,
    error_requests: availability.errorRequests,
    counted_requests: availability.countedRequests,
    availability_percentage: availability.availabilityPercentage,
    success_percentage: served.success_percentage as number | null,
    uptime_percentage: served.uptime_percentage,
    duration_mean: served.duration_mean,
    duration_min: durations.minS,
    duration_p50: served.duration_p50,
    duration_p90: durations.p90S,
    duration_p95: durations.p95S,
    duration_p99: served.duration_p99,
    duration_p999: durations.p999S,
    duration_max: durations.maxS,
    duration_precision: durations.precision,
  };
}

export type Summary = ReturnType<typeof summaryOf>;

function durationsOf(histogram: Histogram | undefined) {
  const total = histogram ? histogramTotal(histogram) : 0;
  if (!histogram || total === 0)
    return { minS: null, p90S: null, p95S: null, p999S: null, maxS: null, precision: null };
  const rankS = (percent: number) => nearestRankUs(histogram, total, percent) / 1e6;
  const maxS = rankS(100);
  return {
    minS: minUs(histogram) / 1e6,
    p90S: rankS(90),
    p95S: rankS(95),
    p999S: rankS(99.9),
    maxS,
    precision: durationPrecision(histogram.level, maxS),
  };
}

function minUs({ milliseconds, others }: Histogram): number {
  return Math.min(1000 * (milliseconds.values[0] ?? Infinity), others.values[0] ?? Infinity);
}

/** The share of the requests with a duration that took less than some time. */
export interface ShareUnder {
  readonly seconds: number;
  /** Those that took less. */
  readonly requests: number;
  /** 0 to 100. Null where no request has a duration. */
  readonly percentage: number | null;
}

/** @param boundsUs whole microseconds. */
export function sharesUnder(
  statistics: DailyStatistics | undefined,
  boundsUs: readonly number[],
): ShareUnder[] {
  const total = statistics ? histogramTotal(statistics.histogram) : 0;
  return boundsUs.map((boundUs) => {
    const requests = statistics ? countUnder(statistics.histogram, boundUs) : 0;
    return { seconds: boundUs / 1e6, requests, percentage: total === 0 ? null : (100 * requests) / total };
  });
}

function countUnder({ milliseconds, others }: Histogram, boundUs: number): number {
  return countBelow(milliseconds, boundUs / 1000) + countBelow(others, boundUs);
}

function countBelow({ values, counts }: Counts, bound: number): number {
  let total = 0;
  for (let i = 0; i < values.length && values[i] < bound; i++) total += counts[i];
  return total;
}

/** The classes of statuses (RFC 9110, section 15), and requests without a response. */
export const STATUS_CLASSES = ['no_response', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** The number of requests of every class. */
export function statusClasses(
  statuses: readonly StatusTotal[],
): Record<(typeof STATUS_CLASSES)[number], number> {
  const requests = STATUS_CLASSES.map(() => 0);
  // The status of a request without a response is 0.
  for (const total of statuses) requests[Math.floor(total.status / 100)] += total.requests;
  return Object.fromEntries(STATUS_CLASSES.map((name, i) => [name, requests[i]])) as ReturnType<
    typeof statusClasses
  >;
}

/** What a span is compared by. */
export type Quality = Pick<Summary, 'availability_percentage' | 'duration_p99'>;

/** The few numbers of {@link summaryOf} by which spans are compared, at a tenth of the cost. */
export function qualityOf(
  { statuses, histogram }: DailyStatistics,
  definition: AvailabilityDefinition,
): Quality & Pick<Summary, 'requests'> {
  const total = histogramTotal(histogram);
  return {
    requests: statuses.reduce((sum, { requests }) => sum + requests, 0),
    availability_percentage: availabilityOf(statuses, definition).availabilityPercentage,
    duration_p99: total === 0 ? null : nearestRankUs(histogram, total, 99) / 1e6,
  };
}

/**
 * Orders spans from the best to the worst: first by availability, then by the 99th percentile of the durations. A span
 * without durations is behind the others of its availability. Compare only spans that have an availability.
 * @returns 0 where neither is better.
 */
export function compareQuality(a: Quality, b: Quality): number {
  const byAvailability = (b.availability_percentage ?? -1) - (a.availability_percentage ?? -1);
  if (byAvailability !== 0) return byAvailability;
  const [aS, bS] = [a.duration_p99 ?? Infinity, b.duration_p99 ?? Infinity];
  return aS === bS ? 0 : aS - bS;
}
