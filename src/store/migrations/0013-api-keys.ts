import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The keys with which clients identify themselves to the API: fingerprints, never the keys themselves. */
export function apiKeys({ text, bytes, integer, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('api_keys')
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('hash', bytes, (column) => column.notNull())
        .addColumn('role', text, (column) => column.notNull())
        .addColumn('customers', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('created_ms', integer, (column) => column.notNull())
        .addColumn('expires_ms', integer)
        .addColumn('revoked_ms', integer)
        .addColumn('last_used_ms', integer)
        .addPrimaryKeyConstraint('api_keys_pkey', ['id'])
        .modifyEnd(tableOptions)
        .execute();
    },
  };
}
