import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { directoryError } from './errors.ts';

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
