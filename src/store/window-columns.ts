/** The columns of the windows' tables, and the values of their rows. */

import { type RawBuilder, sql } from 'kysely';
import { STATISTICS_COLUMNS, type StatisticsColumns } from '../statistics/columns.ts';

/** The values of a row, in the order of its columns. Lists are read faster than objects by the names of columns. */
export type RowValues = readonly unknown[];

export const STATISTICS_TYPES: Readonly<Record<keyof StatisticsColumns, 'bigint' | 'float8'>> = {
  success_requests: 'bigint',
  failed_requests: 'bigint',
  duration_mean: 'float8',
  duration_p50: 'float8',
  duration_p99: 'float8',
  uptime_percentage: 'float8',
  success_percentage: 'float8',
};

/** All columns of the key are texts but `date`. */
export const keyType = (column: string): 'date' | 'text' => (column === 'date' ? 'date' : 'text');

/** The columns that are not of the key. */
export const WRITTEN: readonly string[] = [...STATISTICS_COLUMNS, 'state'];

export const refs = (columns: readonly string[], table?: string): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(table === undefined ? column : `${table}.${column}`)));
