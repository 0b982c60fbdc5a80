import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';
import { sqliteError } from './errors.ts';

/** The path of the database in a data directory. */
export function databaseFile(dataDir: string): string {
  return join(resolve(dataDir), 'daymark.db');
}

/** Opens a connection. @throws {DaymarkError} STORE_*. */
export function openDatabase(file: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly, timeout: STORE_BUSY_TIMEOUT_MS });
  } catch (error) {
    throw sqliteError(error, file, file);
  }
}
