import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { directoryError } from './errors.ts';

/**
 * Refuses to open for writing a database that cannot be written now. SQLite would silently open it for reading. All
 * connections of this process would share that for as long as one of them is open, even when the database can be written
 * again, because SQLite opens `-shm` once for all of them.
 *
 * This check opens nothing: closing any descriptor of the file would release the locks that SQLite holds on it.
 * @throws {DaymarkError} STORE_UNWRITABLE, which names the file or the directory.
 */
export function assertWritable(file: string): void {
  const directory = dirname(file);
  const files = [file, `${file}-wal`, `${file}-shm`];
  const present = files.filter((path) => existsSync(path));
  // SQLite writes to the directory only if a file is missing.
  const paths = present.length === files.length ? present : [...present, directory];
  try {
    for (const path of paths) accessSync(path, constants.W_OK);
  } catch (error) {
    throw directoryError(error, directory);
  }
}
