import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** Live partitions: their fingerprints and event-time clocks, and which days are final. */
export function livingFiles(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await extendCheckpoints(db, types);
      await createFinalDays(db, types);
      await createRevisions(db, types);
    },
  };
}

async function extendCheckpoints(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const table = () => db.schema.alterTable('checkpoints');
  for (const [name, value] of [
    ['mark', sql`''`],
    ['state', sql`'live'`],
  ] as const)
    await table()
      .addColumn(name, types.text, (column) => column.notNull().defaultTo(value))
      .execute();
  for (const name of ['late', 'dropped'])
    await table()
      .addColumn(name, types.integer, (column) => column.notNull().defaultTo(0))
      .execute();
  for (const name of ['clock_ms', 'first_event_ms', 'last_event_ms', 'added_ms'])
    await table().addColumn(name, types.integer).execute();
}

async function createFinalDays(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('final_days')
    .addColumn('through', types.date, (column) => column.notNull())
    .addColumn('since_ms', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('final_days_pkey', ['through'])
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createRevisions(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('revisions')
    .addColumn('customer_id', types.text, (column) => column.notNull())
    .addColumn('date', types.date, (column) => column.notNull())
    .addColumn('late_events', types.integer, (column) => column.notNull())
    .addColumn('revised_ms', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('revisions_pkey', ['customer_id', 'date'])
    .modifyEnd(types.tableOptions)
    .execute();
}
