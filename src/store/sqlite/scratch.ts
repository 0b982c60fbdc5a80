import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DaymarkError } from '../../errors.ts';
import type { Store } from '../contract.ts';
import { makeDirectory } from './directory.ts';
import { directoryError, sqliteError } from './errors.ts';

const SQLITE_BUSY = 5;

/** A store for as long as a rebuild lasts. */
export interface ScratchStore {
  readonly store: Store;
  /** Closes it and deletes it. */
  dispose(): Promise<void>;
}

/**
 * Opens an empty store beside the embedded one, `DATA_DIR/rebuild`. What an earlier one that was killed left there is
 * deleted: a lock that ends with the process says that nobody uses it.
 * @throws {DaymarkError} REBUILD_RUNNING, STORE_UNWRITABLE.
 */
export async function openScratchStore(dataDir: string): Promise<ScratchStore> {
  const directory = resolve(dataDir);
  const place = join(directory, 'rebuild');
  const lock = takeLock(directory);
  try {
    remove(place);
    const { openSqliteStore } = await import('./open.ts');
    const store = await openSqliteStore({ dataDir: place });
    const dispose = async () => {
      await store.close();
      remove(place);
      lock.close();
    };
    await store.migrate();
    return { store, dispose };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** The lock is SQLite's own, on a file that stays empty: it is released however the process ends. */
function takeLock(directory: string): DatabaseSync {
  const file = join(directory, 'rebuild.lock');
  let lock: DatabaseSync | undefined;
  try {
    makeDirectory(directory);
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
      throw new DaymarkError('REBUILD_RUNNING', `${file} is locked.`, { cause: error });
    throw error instanceof Error && 'syscall' in error
      ? directoryError(error, directory)
      : sqliteError(error, file, file);
  }
}

function remove(place: string): void {
  try {
    rmSync(place, { recursive: true, force: true });
  } catch (error) {
    throw directoryError(error, place);
  }
}
