import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** Roll-ups of the days of all customers. There are none at first: runs build them bit by bit. */
export function rollUps({ integer, text, bytes, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('roll_ups')
        .addColumn('period', integer, (column) => column.notNull().primaryKey())
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('last_day', integer, (column) => column.notNull())
        .addColumn('is_ready', integer, (column) => column.notNull())
        .modifyEnd(tableOptions)
        .execute();
      await db.schema
        .createTable('roll_up_parts')
        .addColumn('roll_up_id', text, (column) => column.notNull())
        .addColumn('part', integer, (column) => column.notNull())
        .addColumn('slot', integer, (column) => column.notNull())
        .addColumn('last_customer_id', text, (column) => column.notNull())
        .addColumn('data', bytes, (column) => column.notNull())
        .addPrimaryKeyConstraint('roll_up_parts_pkey', ['roll_up_id', 'part', 'slot'])
        .modifyEnd(tableOptions)
        .execute();
    },
  };
}
