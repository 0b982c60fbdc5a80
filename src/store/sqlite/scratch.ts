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
import { REBUILD_LOCK_WAIT_MS } from '../../limits.ts';
import type { Store } from '../contract.ts';
import { makeDirectory } from './directory.ts';
import { directoryError, sqliteError } from './errors.ts';
import { databaseFile } from './file.ts';
import { createPrivateFile } from './private-file.ts';

const SQLITE_BUSY = 5;

/** The folder of a rebuild has this name and six random characters. */
const PREFIX = 'daymark-rebuild-';
const FOLDER = /^daymark-rebuild-[A-Za-z0-9]{6}$/;
/** The folder that the version before used for every rebuild. */
const FORMER_FOLDER = 'rebuild';
/** The files that SQLite, `createPrivateFile`, `openRunFile` and `TableFile` create beside a database. */
const SCRATCH_FILE =
  /^(daymark\.db(-wal|-shm|-journal|\.[0-9a-f]{8}\.new)?|daymark-(runs|load)-[0-9a-f]{16})$/;
const SQLITE_HEADER = Buffer.from('SQLite format 3\0');

/** A store for as long as a rebuild lasts. */
export interface ScratchStore {
  readonly store: Store;
  /** Closes it and deletes it. */
  dispose(): Promise<void>;
}

/**
 * Opens an empty store in a new folder of `DATA_DIR`. Deletes what killed rebuilds left there, and nothing else. A
 * lock, which ends with its process, shows that nobody uses it.
 * @param isShared others may rebuild another database at the same time, and work in the same directory. What was left there is
 *   deleted by one that is alone.
 * @throws {DaymarkError} REBUILD_RUNNING, STORE_UNWRITABLE.
 */
export async function openScratchStore(dataDir: string, isShared = false): Promise<ScratchStore> {
  const directory = resolve(dataDir);
  const lock = openLock(directory);
  try {
    const isAlone = lock.take();
    if (!isAlone && !isShared) throw lock.isTaken();
    if (isAlone) inDirectory(directory, () => removeLeftovers(directory));
    if (isShared) lock.share();
    const place = inDirectory(directory, () => mkdtempSync(join(directory, PREFIX)));
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

function openLock(directory: string): RebuildLock {
  const file = join(directory, 'rebuild.lock');
  makeDirectory(directory);
  inDirectory(directory, () => {
    createPrivateFile(file);
    const stats = lstatSync(file);
    if (!stats.isFile() || stats.size > 0) throw new Error(`${file} is not daymark’s lock; move it away`);
  });
  try {
    return new RebuildLock(file);
  } catch (error) {
    throw sqliteError(error, file, file);
  }
}

/** The lock is SQLite's own, on a file that stays empty: it is released however the process ends. */
class RebuildLock {
  readonly #file: string;
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#file = file;
    this.#database = new DatabaseSync(file, { timeout: 0 });
  }

  /** Takes it alone. @returns false, at once, where another holds it. */
  take(): boolean {
    return this.#begin('begin exclusive');
  }

  /** Holds it together with others from now on. @throws {DaymarkError} REBUILD_RUNNING where one holds it alone. */
  share(): void {
    // A commit would write the first page of a database.
    if (this.#database.isTransaction) this.#database.exec('rollback');
    // One that deletes what was left holds it alone for a moment.
    this.#database.exec(`pragma busy_timeout = ${REBUILD_LOCK_WAIT_MS}`);
    // The lock comes with the first read.
    if (!this.#begin('begin; select * from sqlite_schema')) throw this.isTaken();
  }

  isTaken(): DaymarkError {
    return new DaymarkError('REBUILD_RUNNING', `${this.#file} is locked.`);
  }

  close(): void {
    this.#database.close();
  }

  #begin(sql: string): boolean {
    try {
      this.#database.exec(sql);
      return true;
    } catch (error) {
      if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
      throw sqliteError(error, this.#file, this.#file);
    }
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
    // A folder that we may not read is not ours.
    return false;
  }
}

/** True also for a database that was not written to yet, or not even created. */
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
 * The version before used a name that others may use, too, perhaps for a copy of the database. Only the store of a
 * rebuild has every log found at the beginning of 1970.
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

/** Deletes a rebuild's own files, and its folder if nothing else is in it. */
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
