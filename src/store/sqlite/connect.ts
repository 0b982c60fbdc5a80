import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';
import { placeError } from './directory.ts';
import { sqliteError } from './errors.ts';

/** Opens a connection. @throws {DaymarkError} DATA_DIR_UNUSABLE; STORE_*. */
export function openDatabase(file: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly, timeout: STORE_BUSY_TIMEOUT_MS });
  } catch (error) {
    throw placeError(file) ?? sqliteError(error, file, file);
  }
}

/**
 * Opens a connection for a short write, in a process that only reads otherwise. It never creates the database, and fails at once
 * where another process writes.
 * @param isDurable false: it waits for no disk, so after a power failure, what it wrote may be gone.
 * @throws {DaymarkError} DATA_DIR_UNUSABLE; STORE_*.
 */
export function openToWriteBriefly(file: string, isDurable: boolean): DatabaseSync {
  const url = pathToFileURL(file);
  url.searchParams.set('mode', 'rw');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(url, { timeout: 0 });
    database.exec(`pragma synchronous = ${isDurable ? 'full' : 'normal'}; pragma wal_autocheckpoint = 0`);
    return database;
  } catch (error) {
    database?.close();
    throw placeError(file) ?? sqliteError(error, file, file);
  }
}
