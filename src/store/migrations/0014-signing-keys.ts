import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The secrets with which the API signs sessions and links, and the first one: whoever serves may be able to read alone. */
export function signingKeys({ text, bytes, integer, newSecret, tableOptions }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('signing_keys')
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('secret', bytes, (column) => column.notNull())
        .addColumn('created_ms', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('signing_keys_pkey', ['id'])
        .modifyEnd(tableOptions)
        .execute();
      const id = randomBytes(4).toString('hex');
      await sql`insert into signing_keys (id, secret, created_ms)
        values (${id}, ${newSecret()}, ${Date.now()})`.execute(db);
    },
  };
}
