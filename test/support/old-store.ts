/** Stores as an earlier daymark left them. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { StoreDialect } from '../../src/store/dialect.ts';
import { migrationsFor } from '../../src/store/migrations/index.ts';
import { postgresDialect } from '../../src/store/postgres/dialect.ts';
import { TYPES } from '../../src/store/postgres/types.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import type { StoreLocation } from './store-location.ts';

/** Applies the migrations up to one of them, and no further. */
export async function migrateTo(location: StoreLocation, name: string): Promise<void> {
  const dialect = dialectOf(location);
  try {
    const migrator = new Migrator({
      db: dialect.db,
      provider: { getMigrations: async () => migrationsFor(dialect.columnTypes) },
      migrationTableName: 'daymark_migrations',
      migrationLockTableName: 'daymark_migration_lock',
    });
    const { error } = await migrator.migrateTo(name);
    if (error) throw error;
  } finally {
    await dialect.close();
  }
}

function dialectOf(location: StoreLocation): StoreDialect {
  if (location.kind === 'postgres')
    return postgresDialect(new pg.Pool({ connectionString: location.url, types: TYPES }), 'the old store');
  mkdirSync(location.dataDir, { recursive: true });
  const file = join(location.dataDir, 'daymark.db');
  return sqliteDialect(new DatabaseSync(file), file);
}

/** A connection that an earlier daymark opened before the upgrade. */
export interface OldConnection {
  run(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function connectAsOld(location: StoreLocation): Promise<OldConnection> {
  if (location.kind === 'postgres') {
    const client = new pg.Client({ connectionString: location.url, types: TYPES });
    await client.connect();
    return { run: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
  }
  const database = new DatabaseSync(join(location.dataDir, 'daymark.db'));
  return { run: async (sql) => database.prepare(sql).all(), close: async () => database.close() };
}
