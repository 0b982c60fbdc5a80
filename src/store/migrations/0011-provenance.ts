import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The lines of each day by partition, and what changed of final days. */
export function provenance(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createPartitionDays(db, types);
      await noteEarlierLines(db);
      await createDayChanges(db, types);
    },
  };
}

async function createPartitionDays(
  db: Kysely<unknown>,
  { text, date, integer, tableOptions }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('partition_days')
    .addColumn('date', date, (column) => column.notNull())
    .addColumn('partition_id', text, (column) => column.notNull())
    .addColumn('lines', integer, (column) => column.notNull())
    .addColumn('from_offset', integer, (column) => column.notNull())
    .addColumn('to_offset', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('partition_days_pkey', ['date', 'partition_id'])
    .modifyEnd(tableOptions)
    .execute();
}

/** Which partitions gave the lines that were read before is not known. So they stand under no partition. */
async function noteEarlierLines(db: Kysely<unknown>): Promise<void> {
  await sql`insert into partition_days (date, partition_id, lines, from_offset, to_offset)
    select date, '', sum(success_requests + failed_requests), 0, 0 from daily_stats group by date`.execute(
    db,
  );
}

async function createDayChanges(
  db: Kysely<unknown>,
  { text, date, integer, tableOptions }: ColumnTypes,
): Promise<void> {
  await db.schema
    .createTable('day_changes')
    .addColumn('customer_id', text, (column) => column.notNull())
    .addColumn('date', date, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('changed_ms', integer, (column) => column.notNull())
    .addColumn('cause', text, (column) => column.notNull())
    .addColumn('numbers_before', text)
    .addColumn('numbers_after', text)
    .addColumn('sources', text, (column) => column.notNull())
    .addColumn('source_count', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('day_changes_pkey', ['customer_id', 'date', 'number'])
    .modifyEnd(tableOptions)
    .execute();
  await db.schema.createIndex('day_changes_date').on('day_changes').column('date').execute();
}
