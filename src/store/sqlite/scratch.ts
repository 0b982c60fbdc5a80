import {
  closeSync,
  type Dirent,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DaymarkError } from '../../errors.ts';
import type { Store } from '../contract.ts';
import { directoryError, sqliteError } from './errors.ts';
import { databaseFile } from './file.ts';
import { createPrivateFile, makePrivateDirectory } from './private-file.ts';

const SQLITE_BUSY = 5;

/** With six random characters behind it, the folder of one rebuild. */
const PREFIX = 'daymark-rebuild-';
const FOLDER = /^daymark-rebuild-[A-Za-z0-9]{6}$/;
/** The folder of every rebuild of the version before. */
const FORMER_FOLDER = 'rebuild';
/** What SQLite and `createPrivateFile` make of a database. */
const SCRATCH_FILE = /^daymark\.db(-wal|-shm|-journal|\.[0-9a-f]{8}\.new)?$/;
const SQLITE_HEADER = Buffer.from('SQLite format 3\0');

/** A store for as long as a rebuild lasts. */
export interface ScratchStore {
  readonly store: Store;
  /** Closes it and deletes it. */
  dispose(): Promise<void>;
}

/**
 * Opens an empty store in a new folder of `DATA_DIR`. What an earlier rebuild that was killed left there is deleted: a
 * lock that ends with its process says that nobody uses it. Nothing else is.
 * @throws {DaymarkError} REBUILD_RUNNING, STORE_UNWRITABLE.
 */
export async function openScratchStore(dataDir: string): Promise<ScratchStore> {
  const directory = resolve(dataDir);
  const lock = takeLock(directory);
  try {
    const place = inDirectory(directory, () => {
      removeLeftovers(directory);
      return mkdtempSync(join(directory, PREFIX));
    });
    const { openSqliteStore } = await import('./open.ts');
    const store = await openSqliteStore({ dataDir: place });
    const dispose = async () => {
      try {
        await store.close();
        inDirectory(place, () => removeScratch(place));
      } finally {
        lock.close();
      }
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
  inDirectory(directory, () => {
    makePrivateDirectory(directory);
    createPrivateFile(file);
    const stats = lstatSync(file);
    if (!stats.isFile() || stats.size > 0) throw new Error(`${file} is not daymark’s lock; move it away`);
  });
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
      throw new DaymarkError('REBUILD_RUNNING', `${file} is locked.`, { cause: error });
    throw sqliteError(error, file, file);
  }
}

/** Deletes the folders of rebuilds that were killed. One in which anything else lies stays as it is. */
function removeLeftovers(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const place = join(directory, entry.name);
    if (isLeftover(place, entry)) removeScratch(place);
  }
}

/** No link is followed: an entry that is one is no directory, and no regular file. */
function isLeftover(place: string, entry: Dirent): boolean {
  const isFormer = entry.name === FORMER_FOLDER;
  if (!entry.isDirectory() || !(isFormer || FOLDER.test(entry.name))) return false;
  if (!holdsOnlyScratch(place)) return false;
  return isFormer ? isFormerScratch(databaseFile(place)) : isDatabase(databaseFile(place));
}

function holdsOnlyScratch(place: string): boolean {
  try {
    const entries = readdirSync(place, { withFileTypes: true });
    return entries.every((entry) => entry.isFile() && SCRATCH_FILE.test(entry.name));
  } catch {
    // What may not be looked into is not ours.
    return false;
  }
}

/** Also one that was not written to yet, or not even made. */
function isDatabase(file: string): boolean {
  if (!lstatSync(file, { throwIfNoEntry: false })) return true;
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(SQLITE_HEADER.length);
    const length = readSync(descriptor, head, 0, head.length, 0);
    return length === 0 || head.equals(SQLITE_HEADER);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The version before used a name that others may use as well, for a copy of the database perhaps. Only in a rebuild's
 * own store was every log found at the beginning of 1970.
 */
function isFormerScratch(file: string): boolean {
  if (!lstatSync(file, { throwIfNoEntry: false })) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const found = database.prepare(
      'select count(*) as all_logs, sum(added_ms = 0) as of_1970 from checkpoints',
    );
    const { all_logs: all, of_1970: of1970 } = found.get() ?? {};
    return Number(all) > 0 && all === of1970;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}

/** Deletes a rebuild's own files, and its folder where nothing else came to lie in it. */
function removeScratch(place: string): void {
  for (const name of readdirSync(place)) if (SCRATCH_FILE.test(name)) rmSync(join(place, name));
  if (readdirSync(place).length === 0) rmdirSync(place);
}

function inDirectory<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw directoryError(error, directory);
  }
}
