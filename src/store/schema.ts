/** Creates the tables, upgrades them, and checks that they are up to date. */

import { type Kysely, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DaymarkError } from '../errors.ts';
import type { OwnersTable, StoreDialect } from './dialect.ts';
import { MIGRATION_NAMES, migrationsFor } from './migrations/index.ts';
import { schemaMissing } from './schema-missing.ts';
import type { Tables } from './tables.ts';

const MIGRATION_TABLE = 'daymark_migrations';
/** Kysely's Migrator needs this table. The lock that counts is the one of our transaction. */
const MIGRATION_LOCK_TABLE = 'daymark_migration_lock';

/**
 * Tables that only their owner changes, by the migration that creates them. Whoever was granted to write all tables to come
 * must read neither keys nor secrets, nor say which migrations were applied.
 */
const OWNERS_TABLES: readonly (OwnersTable & { readonly createdBy: string })[] = [
  { createdBy: '0001-initial', table: MIGRATION_TABLE, isForOthersToRead: true },
  { createdBy: '0001-initial', table: MIGRATION_LOCK_TABLE, isForOthersToRead: true },
  { createdBy: '0013-api-keys', table: 'api_keys', isForOthersToRead: false },
  { createdBy: '0014-signing-keys', table: 'signing_keys', isForOthersToRead: false },
  { createdBy: '0015-links', table: 'links', isForOthersToRead: false },
];

/** @throws {DaymarkError} SCHEMA_MISSING, SCHEMA_OLDER, SCHEMA_NEWER. Writes nothing. */
export async function checkSchema({ db, description }: StoreDialect): Promise<void> {
  assertCurrent(await appliedMigrations(db), MIGRATION_NAMES, description);
}

/** @throws {DaymarkError} SCHEMA_MISSING, SCHEMA_OLDER, SCHEMA_NEWER. */
export function assertCurrent(applied: readonly string[], known: readonly string[], where: string): void {
  if (applied.length === 0) throw schemaMissing(where);
  assertNotNewer(applied, known, where);
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw new DaymarkError('SCHEMA_OLDER', `${where} lacks: ${missing.join(', ')}.`);
}

/**
 * Applies the migrations that are missing, all in one transaction under a lock.
 * @returns the names of those that this call applied.
 */
export async function migrate(dialect: StoreDialect): Promise<readonly string[]> {
  const applied = await appliedMigrations(dialect.db).catch(emptyIfMissing);
  assertNotNewer(applied, MIGRATION_NAMES, dialect.description);
  // Most starts end here. They do not wait for a process that writes.
  if (applied.length === MIGRATION_NAMES.length) return [];
  return dialect.db
    .transaction()
    .setIsolationLevel('read committed')
    .execute((transaction) => migrateUnderLock(dialect, transaction));
}

/**
 * The transaction and its lock are ours, because the Migrator's lock is not enough. The Migrator creates its own tables
 * before it takes the lock. On PostgreSQL the lock belongs to the session and outlives a transaction that fails. On
 * SQLite there is none.
 */
async function migrateUnderLock(
  dialect: StoreDialect,
  transaction: Transaction<Tables>,
): Promise<readonly string[]> {
  await dialect.lockMigrations(transaction);
  const schema = await dialect.migrationSchema(transaction);
  const migrator = new Migrator({
    db: transaction,
    provider: { getMigrations: async () => migrationsFor(dialect.columnTypes) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: MIGRATION_LOCK_TABLE,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) {
    const applied = results?.map(({ migrationName }) => migrationName) ?? [];
    // Only when they are made: what somebody grants later, stays.
    for (const { createdBy, ...table } of OWNERS_TABLES)
      if (applied.includes(createdBy)) await dialect.leaveToOwner(transaction, table);
    return applied;
  }
  if (error instanceof DaymarkError) throw error;
  // The Migrator refuses where another process has meanwhile applied a migration that we do not know.
  assertNotNewer(await appliedMigrations(transaction), MIGRATION_NAMES, dialect.description);
  throw error;
}

/** In the order in which they were applied. @throws {DaymarkError} SCHEMA_MISSING. */
async function appliedMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

function emptyIfMissing(error: unknown): readonly string[] {
  if (error instanceof DaymarkError && error.code === 'SCHEMA_MISSING') return [];
  throw error;
}

function assertNotNewer(applied: readonly string[], known: readonly string[], where: string): void {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new DaymarkError(
    'SCHEMA_NEWER',
    `The ${where} was upgraded by a newer daymark (${unknown.join(', ')}).`,
  );
}
