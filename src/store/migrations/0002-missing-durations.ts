import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

const NULLABLE = ['duration_mean', 'duration_p50', 'duration_p99', 'uptime_percentage'] as const;

/** Days whose requests have no durations: the numbers made of durations become nullable. */
export function missingDurations(types: ColumnTypes): Migration {
  return {
    up: (db: Kysely<unknown>) => (types.canAlterColumns ? dropNotNull(db) : makeAnew(db, types)),
  };
}

async function dropNotNull(db: Kysely<unknown>): Promise<void> {
  for (const name of NULLABLE)
    await db.schema
      .alterTable('daily_stats')
      .alterColumn(name, (column) => column.dropNotNull())
      .execute();
}

/** Runs in the transaction of the migration, so readers see the old table or the new one, with all rows. */
async function makeAnew(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createDailyStats(db, types, 'daily_stats_anew');
  await sql`insert into daily_stats_anew select * from daily_stats order by customer_id, date`.execute(db);
  await db.schema.dropTable('daily_stats').execute();
  await db.schema.alterTable('daily_stats_anew').renameTo('daily_stats').execute();
}

/** The columns in the order in which the first migration made them: `select *` copies by place. */
async function createDailyStats(db: Kysely<unknown>, types: ColumnTypes, table: string): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn('customer_id', types.text, (column) => column.notNull())
    .addColumn('date', types.date, (column) => column.notNull())
    .addColumn('success_requests', types.integer, (column) => column.notNull())
    .addColumn('failed_requests', types.integer, (column) => column.notNull())
    .addColumn('duration_mean', types.real)
    .addColumn('duration_p50', types.real)
    .addColumn('duration_p99', types.real)
    .addColumn('uptime_percentage', types.real)
    .addColumn('success_percentage', types.real, (column) => column.notNull())
    .addColumn('state', types.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('daily_stats_pkey', ['customer_id', 'date'])
    .modifyEnd(types.tableOptions)
    .execute();
}
