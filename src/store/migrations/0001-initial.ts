import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The tables of daymark 0.1. */
export function initial(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createDailyStats(db, types);
      await createCheckpoints(db, types);
      await createRejectionCounts(db, types);
      await createRejectedLines(db, types);
    },
  };
}

async function createDailyStats(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('daily_stats')
    .addColumn('customer_id', types.text, (column) => column.notNull())
    .addColumn('date', types.date, (column) => column.notNull())
    .addColumn('success_requests', types.integer, (column) => column.notNull())
    .addColumn('failed_requests', types.integer, (column) => column.notNull())
    .addColumn('duration_mean', types.real, (column) => column.notNull())
    .addColumn('duration_p50', types.real, (column) => column.notNull())
    .addColumn('duration_p99', types.real, (column) => column.notNull())
    .addColumn('uptime_percentage', types.real, (column) => column.notNull())
    .addColumn('success_percentage', types.real, (column) => column.notNull())
    .addColumn('state', types.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('daily_stats_pkey', ['customer_id', 'date'])
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createCheckpoints(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('checkpoints')
    .addColumn('id', types.text, (column) => column.notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('identity', types.text, (column) => column.notNull())
    .addColumn('next_offset', types.integer, (column) => column.notNull())
    .addColumn('lines', types.integer, (column) => column.notNull())
    .addColumn('accepted', types.integer, (column) => column.notNull())
    .addColumn('rejected', types.integer, (column) => column.notNull())
    .addColumn('updated_at', types.time, (column) => column.notNull())
    .addPrimaryKeyConstraint('checkpoints_pkey', ['id'])
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createRejectionCounts(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('rejection_counts')
    .addColumn('partition_id', types.text, (column) => column.notNull().references('checkpoints.id'))
    .addColumn('reason', types.text, (column) => column.notNull())
    .addColumn('lines', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('rejection_counts_pkey', ['partition_id', 'reason'])
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createRejectedLines(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('rejected_lines')
    .addColumn('partition_id', types.text, (column) => column.notNull().references('checkpoints.id'))
    .addColumn('line_offset', types.integer, (column) => column.notNull())
    .addColumn('reason', types.text, (column) => column.notNull())
    .addColumn('excerpt', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('rejected_lines_pkey', ['partition_id', 'line_offset'])
    .modifyEnd(types.tableOptions)
    .execute();
}
