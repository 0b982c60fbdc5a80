import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

export type Columns = readonly (readonly [name: string, type: ColumnTypes['text']])[];

/** The hours of customers, and the days and hours of all customers together. Days that were read before have none. */
export function hoursAndAll(types: ColumnTypes): Migration {
  const hour: Columns[number] = ['hour', types.text];
  const shard: Columns[number] = ['shard', types.text];
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const windows = (prefix: string, key: Columns) => createWindows(db, types, prefix, key);
      await windows('hourly', [['customer_id', types.text], hour]);
      await windows('all_daily', [shard, ['date', types.date]]);
      await windows('all_hourly', [shard, hour]);
      await createTable(db, types, 'final_hours', [['through', types.text]], [['since_ms', types.integer]]);
    },
  };
}

/** The two tables of a kind of windows. */
export async function createWindows(
  db: Kysely<unknown>,
  types: ColumnTypes,
  prefix: string,
  key: Columns,
): Promise<void> {
  const counts: Columns = [
    ['success_requests', types.integer],
    ['failed_requests', types.integer],
  ];
  const numbers: Columns = [
    ['duration_mean', types.real],
    ['duration_p50', types.real],
    ['duration_p99', types.real],
    ['uptime_percentage', types.real],
  ];
  const rest: Columns = [
    ['success_percentage', types.real],
    ['state', types.bytes],
  ];
  await createTable(db, types, `${prefix}_stats`, key, counts, numbers, rest);
  const revisions: Columns = [
    ['late_events', types.integer],
    ['revised_ms', types.integer],
  ];
  await createTable(db, types, `${prefix}_revisions`, key, revisions);
}

/** @param nullable columns that may be null; they come behind the required ones. @param last required, at the end. */
async function createTable(
  db: Kysely<unknown>,
  types: ColumnTypes,
  name: string,
  key: Columns,
  required: Columns,
  nullable: Columns = [],
  last: Columns = [],
): Promise<void> {
  let table = db.schema.createTable(name);
  for (const [column, type] of [...key, ...required])
    table = table.addColumn(column, type, (definition) => definition.notNull());
  for (const [column, type] of nullable) table = table.addColumn(column, type);
  for (const [column, type] of last)
    table = table.addColumn(column, type, (definition) => definition.notNull());
  await table
    .addPrimaryKeyConstraint(`${name}_pkey`, key.map(([column]) => column) as never)
    .modifyEnd(types.tableOptions)
    .execute();
}
