import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** What was handed in over HTTP, by its idempotency key. A row is written in the transaction that counts its lines. */
export function pushes({ text, integer, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('pushes')
        .addColumn('scope', text, (column) => column.notNull())
        .addColumn('idempotency_key', text, (column) => column.notNull())
        .addColumn('fingerprint', text, (column) => column.notNull())
        .addColumn('answer', text, (column) => column.notNull())
        .addColumn('created_ms', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('pushes_pkey', ['scope', 'idempotency_key'])
        .modifyEnd(tableOptions)
        .execute();
      // To find those that are old.
      await db.schema.createIndex('pushes_by_creation').on('pushes').columns(['created_ms']).execute();
    },
  };
}
