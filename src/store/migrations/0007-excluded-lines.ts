import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** How many lines of a partition do not count, as EXCLUDE and INCLUDE say. Earlier lines all counted. */
export function excludedLines(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('checkpoints')
        .addColumn('excluded', types.integer, (column) => column.notNull().defaultTo(0))
        .execute();
    },
  };
}
