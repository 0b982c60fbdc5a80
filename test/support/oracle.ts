/** The naive way: keep every request, sort, count. What daymark says is held against it. */

import type { DailyStatistics, ServedStatistics } from '../../src/statistics/types.ts';

export interface Request {
  readonly eventTimeMs: number;
  readonly customerId: string;
  readonly status: number;
  readonly durationUs: number;
}

/** The numbers of requests, all of one window. */
export function oracle(requests: readonly Request[]): ServedStatistics {
  const durations = requests.map(({ durationUs }) => durationUs).sort((a, b) => a - b);
  const successes = requests.filter(({ status }) => status >= 200 && status < 300);
  const sum = (of: readonly Request[]) =>
    of.reduce((total, { durationUs }) => total + BigInt(durationUs), 0n);
  const rank = (percent: number) =>
    durations[Math.ceil((percent * durations.length) / 100) - 1] ?? Number.NaN;
  const [successUs, totalUs] = [Number(sum(successes)), Number(sum(requests))];
  return {
    successRequests: successes.length,
    failedRequests: requests.length - successes.length,
    durationMeanS: totalUs / requests.length / 1e6,
    durationP50S: rank(50) / 1e6,
    durationP99S: rank(99) / 1e6,
    uptimePercentage: totalUs === 0 ? 0 : (100 * successUs) / totalUs,
    successPercentage: (100 * successes.length) / requests.length,
  };
}

/** Requests by window: `customer date` to its requests. */
export function byWindow(requests: readonly Request[]): Map<string, Request[]> {
  const windows = new Map<string, Request[]>();
  for (const request of requests) {
    const key = `${request.customerId} ${new Date(request.eventTimeMs).toISOString().slice(0, 10)}`;
    const window = windows.get(key);
    if (window) window.push(request);
    else windows.set(key, [request]);
  }
  return windows;
}

/** The mergeable statistics of requests of one window, counted without any code of daymark's. */
export function plainStatistics(requests: readonly Request[]): { statuses: Map<number, [number, bigint]> } {
  const statuses = new Map<number, [number, bigint]>();
  for (const { status, durationUs } of requests) {
    const [count, sum] = statuses.get(status) ?? [0, 0n];
    statuses.set(status, [count + 1, sum + BigInt(durationUs)]);
  }
  return { statuses };
}

/** Statistics in a form that compares by value. */
export function plain(statistics: DailyStatistics): unknown {
  const { statuses, histogram, firstEventMs, lastEventMs } = statistics;
  const histogramPairs = [...histogram.buckets].map((bucket, i) => [bucket, histogram.counts[i]]);
  return { statuses, histogramPairs, firstEventMs, lastEventMs };
}
