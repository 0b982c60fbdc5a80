import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import {
  ANSWER_STATEMENT_TIMEOUT_MS,
  MAX_SPILLED_BYTES,
  MERGED_WINDOWS_AT_ONCE,
  STOPPING_SPILL_BYTES,
} from '../../limits.ts';
import type { SpillBounds } from '../contract.ts';
import type { ColumnTypes, StoreDialect } from '../dialect.ts';
import { openRunFile } from '../run-file.ts';
import type { Tables } from '../tables.ts';
import { SqliteBulkLoader } from './bulk-load/bulk-loader.ts';
import { openDatabase, openToWriteBriefly } from './connect.ts';
import { SqliteDriver } from './driver.ts';
import { sqliteError } from './errors.ts';
import { placeGuard } from './place-guard.ts';
import type { ReadableDatabase } from './readable.ts';
import { retryWhileBusy } from './retry-while-busy.ts';

/** SQLite can roll back a `create table`. Kysely's adapter denies it, and then its Migrator refuses our transaction. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const COLUMN_TYPES: ColumnTypes = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  bytes: 'blob',
  date: 'text',
  time: 'text',
  // https://www.sqlite.org/lang_altertable.html
  canAlterColumns: false,
  areViewsWritable: false,
  hasStorageOptions: false,
  // Without it a column takes values of any type.
  tableOptions: sql`strict`,
  newSecret: () => sql<Uint8Array>`${randomBytes(32)}`,
};

const SPILL_BOUNDS: SpillBounds = {
  mostBytes: MAX_SPILLED_BYTES,
  stoppingBytes: STOPPING_SPILL_BYTES,
  windowsAtOnce: MERGED_WINDOWS_AT_ONCE,
  isBesideStore: true,
};

/**
 * @param file the path of the database, for messages.
 * @param readable how to read it, where it was opened for reading.
 */
export function sqliteDialect(
  database: DatabaseSync,
  file: string,
  readable?: ReadableDatabase,
): StoreDialect {
  const { assertUnchanged, openAgain = () => openDatabase(file, true) }: Partial<ReadableDatabase> =
    readable ?? {};
  const description = `SQLite database ${file}`;
  const translate = (error: unknown) => sqliteError(error, file, description);
  const assertInPlace = placeGuard(file);
  const driver = new SqliteDriver(database, translate, assertInPlace, assertUnchanged);
  const db = kyselyOver(driver);
  const writeBeside = async (work: (db: Kysely<Tables>) => Promise<void>, isDurable: boolean) => {
    assertInPlace();
    const brief = new SqliteDriver(openToWriteBriefly(file, isDurable), translate, assertInPlace);
    try {
      await work(kyselyOver(brief));
    } finally {
      await brief.destroy();
    }
  };
  const foreignVersion = sql<{ data_version: number }>`pragma data_version`.compile(db);
  return {
    db,
    description,
    product: 'SQLite',
    columnTypes: COLUMN_TYPES,
    // Kysely's part of a statement costs more than SQLite's. CPU time of a commit of 1,500 small windows: 23 ms
    // with one row a statement, 11 ms with 16, 14 ms with 64.
    rowsPerStatement: 16,
    nowMs: sql`cast(unixepoch('subsec') * 1000 as integer)`,
    updatedMs: sql`unixepoch(checkpoints.updated_at) * 1000`,
    hex: (bytes) => sql<string>`hex(${bytes})`,
    joinHex: (bytes, length) =>
      sql<string>`group_concat(substr(hex(substr(${bytes}, 1, ${sql.lit(length)})) || ${sql.lit('f'.repeat(2 * length))}, 1, ${sql.lit(2 * length)}), '')`,
    // Every transaction holds the lock for writing from its beginning (`SqliteDriver`).
    hasOneWriter: true,
    lockMigrations: async () => {},
    lockPartitions: async () => {},
    lockCheckpoints: async () => {},
    lockFinalSpans: async () => {},
    lockRollUps: async () => {},
    tryLockToRollUp: async () => true,
    migrationSchema: async () => undefined,
    // Who may write the file may write all of it.
    leaveToOwner: async () => {},
    writeBriefly: (work) => (readable ? writeBeside(work, false) : work(db)),
    writeDurably: (work) =>
      readable ? retryWhileBusy(() => writeBeside(work, true), ANSWER_STATEMENT_TIMEOUT_MS) : work(db),
    // A connection of its own: all else shares one, and would be held at this moment, too.
    openSnapshot: async () => {
      const again = openInPlace(openAgain, assertInPlace);
      const snapshot = kyselyOver(new SqliteDriver(again, translate, undefined, assertUnchanged));
      await sql`begin`.execute(snapshot);
      return { db: snapshot, close: () => snapshot.destroy() };
    },
    // The pragma counts only the commits of other connections.
    dataVersion: async () => {
      const { rows } = await db.executeQuery(foreignVersion);
      return `${rows[0].data_version}.${driver.commits}`;
    },
    sizeBytes: () => sizeOf(file),
    bulkLoader: new SqliteBulkLoader(database, db, file, translate),
    openRunFile: () => openRunFile(dirname(file), SPILL_BOUNDS),
    close: async () => {
      await db.destroy();
      // Kysely does not destroy a driver that it never used.
      await driver.destroy();
    },
  };
}

/** The write-ahead log and its index are there while the database is open. */
async function sizeOf(file: string): Promise<number> {
  const sizes = ['', '-wal', '-shm'].map((end) =>
    stat(file + end).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A file that was moved away may come back, so that is worth waiting for. Another file in its place is not read. */
function openInPlace(open: () => DatabaseSync, assertInPlace: () => void): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = open();
    assertInPlace();
    return database;
  } catch (error) {
    database?.close();
    assertInPlace();
    throw error;
  }
}

function kyselyOver(driver: SqliteDriver): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new TransactionalSqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
