/** The naive way: keep every request, sort, count. What daymark says is held against it. */

import type { DailyStatistics, ServedStatistics } from '../../src/statistics/types.ts';
import { plainHistogram } from './histogram.ts';

export interface Request {
  readonly eventTimeMs: number;
  readonly customerId: string;
  readonly status: number;
  /** −1: none. */
  readonly durationUs: number;
}

/** The numbers of requests, all of one window. */
export function oracle(requests: readonly Request[]): ServedStatistics {
  const successes = requests.filter(({ status }) => status >= 200 && status < 300);
  const counts = {
    successRequests: successes.length,
    failedRequests: requests.length - successes.length,
    successPercentage: (100 * successes.length) / requests.length,
  };
  const durations = durationsOf(requests).sort((a, b) => a - b);
  if (durations.length === 0)
    return {
      ...counts,
      durationMeanS: null,
      durationP50S: null,
      durationP99S: null,
      uptimePercentage: null,
    };
  const sum = (of: readonly Request[]) =>
    Number(durationsOf(of).reduce((total, duration) => total + BigInt(duration), 0n));
  const rank = (percent: number) =>
    durations[Math.ceil((percent * durations.length) / 100) - 1] ?? Number.NaN;
  const [successUs, totalUs] = [sum(successes), sum(requests)];
  return {
    ...counts,
    durationMeanS: totalUs / durations.length / 1e6,
    durationP50S: rank(50) / 1e6,
    durationP99S: rank(99) / 1e6,
    uptimePercentage: totalUs === 0 ? 0 : (100 * successUs) / totalUs,
  };
}

export function durationsOf(requests: readonly Request[]): number[] {
  return requests.map(({ durationUs }) => durationUs).filter((durationUs) => durationUs >= 0);
}

/** How far two numbers of a day lie apart; infinitely where only one of them is there. */
export function distance(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(a - b);
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
    statuses.set(status, [count + 1, sum + BigInt(Math.max(0, durationUs))]);
  }
  return { statuses };
}

/** Statistics in a form that compares by value. */
export function plain(statistics: DailyStatistics): unknown {
  const { statuses, histogram, firstEventMs, lastEventMs } = statistics;
  return { statuses, ...plainHistogram(histogram), firstEventMs, lastEventMs };
}
