/** The served numbers of a window, by the names that they have in tables, answers and files of values. */

import type { ServedStatistics } from './types.ts';

/** The one list of them, in the order in which all of these show them. */
const PROPERTIES = {
  success_requests: 'successRequests',
  failed_requests: 'failedRequests',
  duration_mean: 'durationMeanS',
  duration_p50: 'durationP50S',
  duration_p99: 'durationP99S',
  uptime_percentage: 'uptimePercentage',
  success_percentage: 'successPercentage',
} as const satisfies Readonly<Record<string, keyof ServedStatistics>>;

type Properties = typeof PROPERTIES;

/** Durations are in seconds. They and what is made of them are null where no request of the window has a duration. */
export type StatisticsColumns = { [Column in keyof Properties]: ServedStatistics[Properties[Column]] };

export const STATISTICS_COLUMNS = Object.keys(PROPERTIES) as readonly (keyof Properties)[];

type Numbers = { -readonly [Column in keyof Properties]?: number | null };

/** The numbers under the names of their columns. Nothing renames them after this. */
export function columnsOf(served: ServedStatistics): StatisticsColumns {
  const numbers: Numbers = {};
  for (const column of STATISTICS_COLUMNS) numbers[column] = served[PROPERTIES[column]];
  return numbers as StatisticsColumns;
}

/** The numbers of a row that has other columns, too. */
export function pickStatistics(row: StatisticsColumns): StatisticsColumns {
  const numbers: Numbers = {};
  for (const column of STATISTICS_COLUMNS) numbers[column] = row[column];
  return numbers as StatisticsColumns;
}
