import { columnsOf, type StatisticsColumns } from './columns.ts';
import { decodeStatistics, finalizeStatistics } from './daily-statistics.ts';
import type { StatusCount } from './types.ts';

/** The numbers of a window as they were at one moment. */
export interface DayNumbers extends StatisticsColumns {
  /** Its requests by status, ascending. */
  readonly statuses: readonly StatusCount[];
}

/** @param state as `encodeStatistics` wrote it. @throws {DaymarkError} STORE_CORRUPT. */
export function dayNumbersOf(state: Uint8Array): DayNumbers {
  const statistics = decodeStatistics(state);
  const statuses = statistics.statuses.map(({ status, requests }) => ({ status, requests }));
  return { ...columnsOf(finalizeStatistics(statistics)), statuses };
}
