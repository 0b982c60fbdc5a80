/** What a summary must say, the naive way: keep every request, sort, count. */

import type { Request } from './oracle.ts';

interface NaiveDefinition {
  readonly isFailed: (status: number) => boolean;
  readonly isIgnored: (status: number) => boolean;
}

/** As the settings are, unless they are set. */
export const DEFAULT_DEFINITION: NaiveDefinition = {
  isFailed: (status) => status === 0 || status >= 500,
  isIgnored: () => false,
};

type Counted = Pick<Request, 'status' | 'durationUs'>;

/** The numbers of requests whose durations are kept exactly. */
export function naiveSummary(requests: readonly Counted[], definition = DEFAULT_DEFINITION) {
  const successes = requests.filter(({ status }) => status >= 200 && status < 300);
  const counted = requests.filter(({ status }) => !definition.isIgnored(status));
  const errors = counted.filter(({ status }) => definition.isFailed(status));
  const sorted = timesOf(requests).sort((a, b) => a - b);
  const isTimed = sorted.length > 0;
  const rank = (percent: bigint) => {
    // ceil(p·n/100) in whole tenths of a percent.
    const at = (percent * BigInt(sorted.length) + 999n) / 1000n;
    return isTimed ? sorted[Number(at) - 1] / 1e6 : null;
  };
  const [successUs, totalUs] = [sumOf(successes), sumOf(requests)];
  return {
    requests: requests.length,
    success_requests: successes.length,
    failed_requests: requests.length - successes.length,
    error_requests: errors.length,
    counted_requests: counted.length,
    availability_percentage: percentage(counted.length - errors.length, counted.length),
    success_percentage: percentage(successes.length, requests.length),
    uptime_percentage: isTimed ? (totalUs === 0 ? 0 : percentage(successUs, totalUs)) : null,
    duration_mean: isTimed ? totalUs / (sorted.length * 1e6) : null,
    duration_min: isTimed ? sorted[0] / 1e6 : null,
    duration_p50: rank(500n),
    duration_p90: rank(900n),
    duration_p95: rank(950n),
    duration_p99: rank(990n),
    duration_p999: rank(999n),
    duration_max: isTimed ? sorted[sorted.length - 1] / 1e6 : null,
    duration_precision: null,
  };
}

/** @param seconds a decimal number, as it is asked for. */
export function naiveShare(requests: readonly Counted[], seconds: number) {
  const times = timesOf(requests);
  const under = times.filter((us) => us < Math.round(seconds * 1e6)).length;
  return { seconds, requests: under, percentage: percentage(under, times.length) };
}

/** Requests by status, ascending. */
export function naiveStatuses(requests: readonly Counted[]) {
  return [...Map.groupBy(requests, ({ status }) => status)]
    .sort(([a], [b]) => a - b)
    .map(([status, same]) => ({ status, requests: same.length }));
}

/** Requests by class of status. */
export function naiveClasses(requests: readonly Counted[]) {
  const of = (first: string) => requests.filter(({ status }) => String(status)[0] === first).length;
  return {
    no_response: of('0'),
    '1xx': of('1'),
    '2xx': of('2'),
    '3xx': of('3'),
    '4xx': of('4'),
    '5xx': of('5'),
  };
}

function timesOf(requests: readonly Counted[]): number[] {
  return requests.map(({ durationUs }) => durationUs).filter((durationUs) => durationUs >= 0);
}

function sumOf(requests: readonly Counted[]): number {
  return timesOf(requests).reduce((sum, us) => sum + us, 0);
}

function percentage(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
