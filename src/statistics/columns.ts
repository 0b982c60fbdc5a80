import type { ServedStatistics } from './types.ts';

/**
 * The served numbers of a window, under the names that they have in tables, answers and files of values. This is the
 * one list of them, in the order in which all of these show them. Durations are in seconds.
 */
export function columnsOf(served: ServedStatistics) {
  return {
    success_requests: served.successRequests,
    failed_requests: served.failedRequests,
    duration_mean: served.durationMeanS,
    duration_p50: served.durationP50S,
    duration_p99: served.durationP99S,
    uptime_percentage: served.uptimePercentage,
    success_percentage: served.successPercentage,
  };
}

export type StatisticsColumns = ReturnType<typeof columnsOf>;

export const STATISTICS_COLUMNS = Object.keys(
  columnsOf({} as ServedStatistics),
) as readonly (keyof StatisticsColumns)[];

/** The numbers of a row that has other columns, too. It names each, since a loop over their names took 0.6 µs (2026-11-30). */
export function pickStatistics(row: StatisticsColumns): StatisticsColumns {
  const { success_requests, failed_requests, uptime_percentage, success_percentage } = row;
  const { duration_mean, duration_p50, duration_p99 } = row;
  return {
    success_requests,
    failed_requests,
    duration_mean,
    duration_p50,
    duration_p99,
    uptime_percentage,
    success_percentage,
  };
}
