import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';
import { directoryError, primaryCodeOf, SQLITE_READONLY, sqliteError } from './errors.ts';

/**
 * Refuses to open for writing a database that cannot be written now. SQLite would silently open it for reading. All
 * connections of this process would share that for as long as one of them is open, even when the database can be
 * written again, because SQLite opens `-shm` once for all of them.
 *
 * This check opens nothing: closing any descriptor of the file would release the locks that SQLite holds on it.
 * @throws {DaymarkError} STORE_UNWRITABLE, which names the file or the directory.
 */
export function assertWritable(file: string): void {
  const directory = dirname(file);
  try {
    const missing = [file, `${file}-wal`, `${file}-shm`].filter((path) => !isThereToWrite(path));
    // SQLite writes to the directory only if a file is missing.
    if (missing.length > 0) accessSync(directory, constants.W_OK);
  } catch (error) {
    throw directoryError(error, directory);
  }
}

/**
 * Finds out whether SQLite opened for reading what was to be written, because it could not be written at that moment: another user may
 * have made `-shm` just then. Closed and opened again, it can be written.
 * @throws {DaymarkError} STORE_UNWRITABLE.
 */
export function assertTakesWrites(database: DatabaseSync, file: string): void {
  try {
    // Whether another process writes does not matter, so nobody waits for it.
    database.exec('pragma busy_timeout = 0; begin immediate; rollback');
  } catch (error) {
    if (primaryCodeOf(error) === SQLITE_READONLY) throw sqliteError(error, file, file);
  } finally {
    database.exec(`pragma busy_timeout = ${STORE_BUSY_TIMEOUT_MS}`);
  }
}

/**
 * One call says whether a file is there and whether it can be written. Between two calls the last reader of the
 * database may end, and delete `-wal` and `-shm`.
 * @returns false if there is no such file. @throws if it cannot be written.
 */
function isThereToWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}
