import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The links that show one customer's page. What opens one is signed, and stands nowhere in the store. */
export function links({ text, integer, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('links')
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('customer_id', text, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('created_by', text, (column) => column.notNull())
        .addColumn('created_ms', integer, (column) => column.notNull())
        .addColumn('expires_ms', integer, (column) => column.notNull())
        .addColumn('revoked_ms', integer)
        .addPrimaryKeyConstraint('links_pkey', ['id'])
        .modifyEnd(tableOptions)
        .execute();
      // For lists, of one customer or of all, and to find those that ended long ago.
      await index(db, 'links_by_customer', ['customer_id', 'created_ms', 'id']);
      await index(db, 'links_by_creation', ['created_ms', 'id']);
      await index(db, 'links_by_end', ['kind', 'expires_ms']);
    },
  };
}

async function index(db: Kysely<unknown>, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(name).on('links').columns(columns).execute();
}
