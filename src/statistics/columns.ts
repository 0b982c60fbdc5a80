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

/** The numbers under the names of their columns. Nothing renames them after this. */
export function columnsOf(served: ServedStatistics): StatisticsColumns {
  return fill((column) => served[PROPERTIES[column]]);
}

/** The numbers of a row that has other columns, too. */
export function pickStatistics(row: StatisticsColumns): StatisticsColumns {
  return fill((column) => row[column]);
}

function fill(value: (column: keyof Properties) => number | null): StatisticsColumns {
  const columns: Partial<Record<keyof Properties, number | null>> = {};
  for (const column of STATISTICS_COLUMNS) columns[column] = value(column);
  return columns as StatisticsColumns;
}
