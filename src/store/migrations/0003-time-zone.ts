import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** Metadata of the whole store: the time zone of its days. Days that were stored before are days of UTC. */
export function timeZone(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('facts')
        .addColumn('name', types.text, (column) => column.notNull())
        .addColumn('value', types.text, (column) => column.notNull())
        .addPrimaryKeyConstraint('facts_pkey', ['name'])
        .modifyEnd(types.tableOptions)
        .execute();
      await sql`insert into facts (name, value) select 'time_zone', 'UTC' from daily_stats limit 1`.execute(
        db,
      );
    },
  };
}
