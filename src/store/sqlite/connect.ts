import { DatabaseSync } from 'node:sqlite';
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
