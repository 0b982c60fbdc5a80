import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { DaymarkError } from '../../errors.ts';
import type { Store } from '../contract.ts';
import { SqlStore } from '../sql-store.ts';
import { openDatabase } from './connect.ts';
import { sqliteDialect } from './dialect.ts';
import { makeDirectory, placeError } from './directory.ts';
import { directoryError, sqliteError } from './errors.ts';
import { databaseFile } from './file.ts';
import { createPrivateFile, narrowOnce } from './private-file.ts';
import { openReadable } from './readable.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { assertTakesWrites, assertWritable } from './writable.ts';

/** Holds the rows of a large batch. With 16 MiB, 20 million lines took 2 MB more. */
const PAGE_CACHE_KIB = 4 * 1024;

/**
 * The write-ahead log is moved into the database past 16 MiB. With SQLite's 4 MiB, every large batch would end with
 * that.
 */
const WAL_BYTES = 16 * 1024 * 1024;

/**
 * The pages of a new database. Rows of hours and endpoints have a state of one to two KB. Of pages of 4 KiB (SQLite's own choice) they leave a
 * third idle, and each page is written twice. The rows of 40 million lines took 3.68 s of a processor, and 3.77 s with 4 KiB (the medians of
 * five runs each, 2026-11-30). A database keeps the pages that it has.
 */
const NEW_PAGE_BYTES = 8192;

export interface SqliteStoreOptions {
  /** The directory of the database file. It is created if it is missing, unless the store is only read. */
  readonly dataDir: string;
  /** Opens an existing database, and never writes to it. */
  readonly readOnly?: boolean;
  /** True if it is read at once, and closed. Then it can be read even if this user may not write in its directory. */
  readonly isBrief?: boolean;
  /** Hears what was changed about the files of the database. */
  readonly note?: (text: string) => void;
}

/**
 * Opens the embedded store. Any number of processes may have it open at the same time. They write in turn, and readers
 * never wait.
 * @throws {DaymarkError} DATA_DIR_UNUSABLE, STORE_UNWRITABLE, STORE_CORRUPT, STORE_BUSY; SCHEMA_MISSING where
 * `readOnly` is set and there is no database.
 */
export async function openSqliteStore({
  dataDir,
  readOnly = false,
  isBrief = false,
  note,
}: SqliteStoreOptions): Promise<Store> {
  const file = databaseFile(dataDir);
  const directory = dirname(file);
  if (readOnly) {
    throwIfMissing(file, directory);
    const readable = openReadable(file, isBrief);
    return new SqlStore(sqliteDialect(readable.database, file, readable));
  }
  makePlace(file, directory);
  assertWritable(file);
  const database = openDatabase(file, false);
  try {
    // Only one process can switch a new database to the write-ahead log. SQLite tells the others at once that it is busy, without
    // the wait that it was given.
    await retryWhileBusy(async () => configure(database, file, note));
    assertTakesWrites(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqlStore(sqliteDialect(database, file));
}

function throwIfMissing(file: string, directory: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return;
  } catch (error) {
    throw directoryError(error, directory);
  }
  throw new DaymarkError('SCHEMA_MISSING', `There is no database ${file}.`);
}

function makePlace(file: string, directory: string): void {
  makeDirectory(directory);
  try {
    createPrivateFile(file);
  } catch (error) {
    throw placeError(file) ?? directoryError(error, directory);
  }
}

/**
 * Measured with 1,000 customers, 60 days and states of all sizes: pages of 4 KiB to 32 KiB
 * commit 1,500 windows equally fast (25 to 40 ms). Reading a month is fastest with 4 KiB (0.1 ms; with 32 KiB 0.2 to
 * 0.3 ms), and as fast with 8 KiB. A table without row ids, whose rows lie in the tree of the key, took two to three times as long if a state
 * is larger than a quarter of a page.
 */
function configure(database: DatabaseSync, file: string, note: SqliteStoreOptions['note']): void {
  try {
    database.exec(`pragma page_size = ${NEW_PAGE_BYTES}`);
    const mode = database.prepare('pragma journal_mode = wal').get()?.journal_mode;
    if (mode !== 'wal') throw new DaymarkError('STORE_UNWRITABLE', `${file}: no write-ahead log (${mode}).`);
    // Every commit is on the disk when it returns.
    database.exec('pragma synchronous = full');
    database.exec('pragma foreign_keys = on');
    database.exec(`pragma cache_size = -${PAGE_CACHE_KIB}`);
    const pageBytes = Number(database.prepare('pragma page_size').get()?.page_size);
    database.exec(`pragma wal_autocheckpoint = ${WAL_BYTES / pageBytes}`);
    // A commit of millions of rows makes a log of as many bytes. It is cut to this size when it begins anew.
    database.exec(`pragma journal_size_limit = ${WAL_BYTES}`);
    // A statement that writes 16 rows and their index keeps what it overwrites until it ends. Beyond 64 KiB that is a temporary file,
    // and no directory but that of the database need be writable. Each statement of a commit touches a few pages.
    database.exec('pragma temp_store = memory');
    if (narrowOnce(database, file)) note?.(`${file} could be read by everybody; now only its owner can`);
  } catch (error) {
    throw sqliteError(error, file, file);
  }
}
