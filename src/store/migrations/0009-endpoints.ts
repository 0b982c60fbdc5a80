import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';
import { type Columns, createWindows } from './0008-hours-and-all.ts';

/** The days of endpoints, of each customer and of all together. Days that were read before have none. */
export function endpoints(types: ColumnTypes): Migration {
  const date: Columns[number] = ['date', types.date];
  const endpoint: Columns[number] = ['endpoint', types.text];
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createWindows(db, types, 'daily_endpoint', [['customer_id', types.text], date, endpoint]);
      await createWindows(db, types, 'all_daily_endpoint', [date, endpoint, ['shard', types.text]]);
    },
  };
}
