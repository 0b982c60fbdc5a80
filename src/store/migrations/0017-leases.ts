import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** Which process reads which partition, and of which host a partition is. */
export function leases({ text, integer, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('members')
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('work', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('expires_ms', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('members_pkey', ['id'])
        .modifyEnd(tableOptions)
        .execute();
      await db.schema
        .createTable('leases')
        .addColumn('partition_id', text, (column) => column.notNull())
        .addColumn('member_id', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('leases_pkey', ['partition_id'])
        .modifyEnd(tableOptions)
        .execute();
      for (const name of ['source_name', 'host'])
        await db.schema
          .alterTable('checkpoints')
          .addColumn(name, text, (column) => column.notNull().defaultTo(sql`''`))
          .execute();
    },
  };
}
