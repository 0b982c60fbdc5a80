import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/** The settings with which the lines of each partition were read. For earlier partitions they are not known. */
export function readingSettings(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('reading_settings')
        .addColumn('id', types.text, (column) => column.notNull())
        .addColumn('settings', types.text, (column) => column.notNull())
        .addPrimaryKeyConstraint('reading_settings_pkey', ['id'])
        .modifyEnd(types.tableOptions)
        .execute();
      await db.schema
        .createTable('partition_settings')
        .addColumn('partition_id', types.text, (column) => column.notNull().references('checkpoints.id'))
        .addColumn('settings_id', types.text, (column) => column.notNull().references('reading_settings.id'))
        .addPrimaryKeyConstraint('partition_settings_pkey', ['partition_id'])
        .modifyEnd(types.tableOptions)
        .execute();
    },
  };
}
