import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { directoryError } from './errors.ts';

/**
 * Refuses to open for writing what cannot be written now. SQLite would open it for reading, without a word, and all
 * connections of this process would share that (`-shm` is opened once for all of them), for as long as any of them is
 * open: also when it can be written again.
 *
 * It asks and opens nothing: closing any descriptor of the file would release the locks that SQLite holds on it.
 * @throws {DaymarkError} STORE_UNWRITABLE, which names the file or the directory.
 */
export function assertWritable(file: string): void {
  const directory = dirname(file);
  const files = [file, `${file}-wal`, `${file}-shm`];
  const present = files.filter((path) => existsSync(path));
  // The directory is written to only where a file is missing.
  const paths = present.length === files.length ? present : [...present, directory];
  try {
    for (const path of paths) accessSync(path, constants.W_OK);
  } catch (error) {
    throw directoryError(error, directory);
  }
}
