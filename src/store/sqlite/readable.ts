/**
 * Opens a database for a user who may read it, and may not write in its directory. SQLite reads a database with a
 * write-ahead log through `-wal` and `-shm`. It creates these files where they are missing, and deletes them when
 * nobody has the database open any more.
 */

import { accessSync, constants, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { DaymarkError } from '../../errors.ts';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';
import { openDatabase } from './connect.ts';
import { placeError } from './directory.ts';
import { primaryCodeOf, SQLITE_READONLY, sqliteError } from './errors.ts';

/** https://www.sqlite.org/rescode.html */
const SQLITE_CANTOPEN = 14;
const SQLITE_READONLY_ROLLBACK = 776;

export interface ReadableDatabase {
  readonly database: DatabaseSync;
  /** Throws STORE_BUSY if a read may have seen two moments. Call it after each read. */
  assertUnchanged(): void;
  /** Opens the same database once more, in the same way. */
  openAgain(): DatabaseSync;
}

/**
 * @param isBrief true for a few reads at once. They can do without the write-ahead log if nobody has the database open.
 * A reader that stays cannot: it would never see what is written later.
 * @throws {DaymarkError} STORE_UNREADABLE; as `openSqliteStore`.
 */
export function openReadable(file: string, isBrief: boolean): ReadableDatabase {
  try {
    return openForReading(file, isBrief);
  } catch (error) {
    if (!needsRollback(error) || !hasRolledBack(file)) throw error;
    return openForReading(file, isBrief);
  }
}

/**
 * True where a process was killed before the database had its write-ahead log. Then a journal beside the file says what
 * to undo, and a reader may not do that.
 */
function needsRollback(error: unknown): boolean {
  const { cause } = error as Error;
  return cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_READONLY_ROLLBACK;
}

/** Undoes what the killed process left half-done. @returns false where this user may not. */
function hasRolledBack(file: string): boolean {
  try {
    const database = new DatabaseSync(file, { timeout: STORE_BUSY_TIMEOUT_MS });
    database.prepare('pragma schema_version').get();
    database.close();
    return true;
  } catch {
    return false;
  }
}

function openForReading(file: string, isBrief: boolean): ReadableDatabase {
  const before = versionOf(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: STORE_BUSY_TIMEOUT_MS });
    // SQLite looks at the files only when it reads.
    database.prepare('pragma schema_version').get();
    return { database, assertUnchanged: () => undefined, openAgain: () => openDatabase(file, true) };
  } catch (error) {
    if (!isRefusal(error)) return unread(database, error, file);
    database?.close();
    if (!isBrief || !isAtRest(file)) throw unreadable(file, error);
    return openAtRest(file, before);
  }
}

/** Any other problem shows with the first query. */
function unread(database: DatabaseSync | undefined, error: unknown, file: string): ReadableDatabase {
  const wrongPlace = placeError(file);
  if (wrongPlace || !database) throw wrongPlace ?? sqliteError(error, file, file);
  return { database, assertUnchanged: () => undefined, openAgain: () => openDatabase(file, true) };
}

function isRefusal(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === SQLITE_READONLY || code === SQLITE_CANTOPEN;
}

/** True where the file itself holds all commits, and this user may read it. */
function isAtRest(file: string): boolean {
  return !isThere(`${file}-wal`) && mayRead(file);
}

/** With `immutable`, SQLite takes no locks, looks for no other files, and assumes that nobody writes. */
function openAtRest(file: string, before: string): ReadableDatabase {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  const openAgain = () => new DatabaseSync(url, { readOnly: true });
  const database = openAgain();
  const assertUnchanged = () => {
    if (!isThere(`${file}-wal`) && versionOf(file) === before) return;
    const detail = `The database ${file} was opened by another process while it was read. Run the command again.`;
    throw new DaymarkError('STORE_BUSY', detail);
  };
  return { database, assertUnchanged, openAgain };
}

function versionOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : '';
}

function unreadable(file: string, cause: unknown): DaymarkError {
  const refused = ['', '-wal', '-shm']
    .map((ending) => `${file}${ending}`)
    .find((path) => isThere(path) && !mayRead(path));
  const reason = refused
    ? `this user may not read ${refused}`
    : 'no other process has it open, and this user may not write in its directory';
  return new DaymarkError('STORE_UNREADABLE', `The database ${file} cannot be read: ${reason}.`, { cause });
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function mayRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
