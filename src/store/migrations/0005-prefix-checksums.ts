import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** How partitions are recognised when their files are gone, and the keys by which they are found. */
export function prefixChecksums(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const table = () => db.schema.alterTable('checkpoints');
      for (const name of ['head_key', 'inode'])
        await table()
          .addColumn(name, types.text, (column) => column.notNull().defaultTo(sql`''`))
          .execute();
      await table()
        .addColumn('start_offset', types.integer, (column) => column.notNull().defaultTo(0))
        .execute();
      // Last: SQLite reads the columns before it without the pages it overflows to.
      await table().addColumn('prefix_checksums', types.bytes).execute();
      for (const [index, column] of [
        ['checkpoints_head_key', 'head_key'],
        ['checkpoints_state', 'state'],
      ])
        await db.schema.createIndex(index).on('checkpoints').column(column).execute();
    },
  };
}
