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

/** The tables of a store of days alone. A table comes behind those that it refers to. */
const TABLES_OF_DAYS = [
  ...['facts', 'checkpoints', 'rejection_counts', 'rejected_lines', 'reading_settings', 'partition_settings'],
  'daily_stats',
];

/** Rows that one statement takes to PostgreSQL. */
const COPIED_ROWS = 5_000;

/** Copies what an embedded store of now holds of days into a store with an older schema. */
export async function copyDays(dataDir: string, location: StoreLocation): Promise<void> {
  const source = new DatabaseSync(join(dataDir, 'daymark.db'), { readOnly: true });
  try {
    if (location.kind === 'postgres') await copyToPostgres(source, location.url);
    else copyToSqlite(join(dataDir, 'daymark.db'), join(location.dataDir, 'daymark.db'));
  } finally {
    source.close();
  }
}

function copyToSqlite(from: string, to: string): void {
  const target = new DatabaseSync(to);
  target.exec(`attach database '${from}' as source`);
  for (const table of TABLES_OF_DAYS) {
    const columns = target.prepare(`select name from pragma_table_info('${table}')`).all();
    const names = columns.map(({ name }) => name).join();
    target.exec(`insert into main.${table} (${names}) select ${names} from source.${table}`);
  }
  target.close();
}

async function copyToPostgres(source: DatabaseSync, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const insert = (table: string, rows: readonly object[]) =>
    client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  for (const table of TABLES_OF_DAYS) {
    let rows: object[] = [];
    for (const row of source.prepare(`select * from ${table}`).iterate()) {
      const cells = Object.entries(row).map(([name, cell]) => [name, asJson(cell)]);
      if (rows.push(Object.fromEntries(cells)) < COPIED_ROWS) continue;
      await insert(table, rows);
      rows = [];
    }
    await insert(table, rows);
  }
  await client.end();
}

function asJson(cell: unknown): unknown {
  return cell instanceof Uint8Array ? `\\x${Buffer.from(cell).toString('hex')}` : cell;
}
