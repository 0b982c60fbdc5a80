/**
 * Files for runs of windows: beside the embedded database, or in the directory for what is temporary. A file loses its name as soon as
 * it is open, so it is gone with the process, however that ends, and nobody else can open it. If the process is killed between the two,
 * an empty file is left, which the next one deletes. So it does with rows that a killed process was about to load.
 */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bug } from '../errors.ts';
import type { Run } from '../statistics/merged-runs.ts';
import type { FileRun, RunFile, SpillBounds } from './contract.ts';
import { makeDirectory } from './sqlite/directory.ts';
import { directoryError } from './sqlite/errors.ts';

/** A file with this name and 16 digits holds rows that are about to be loaded. It has its name until SQLite has opened it. */
export const LOAD_FILE_PREFIX = 'daymark-load-';
const NAME = /^daymark-(runs|load)-[0-9a-f]{16}$/;
const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW } = constants;
const PRIVATE_FILE = 0o600;
/** Another process may be about to take the name of a file that is younger, or write it. */
const LEFT_OVER_AFTER_MS = 60_000;

/**
 * @param directory is made where it is missing.
 * @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE.
 */
export function openRunFile(directory: string, bounds: SpillBounds): RunFile {
  makeDirectory(directory);
  return inDirectory(directory, () => {
    removeLeftovers(directory);
    const path = join(directory, `daymark-runs-${randomBytes(8).toString('hex')}`);
    const descriptor = openSync(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, PRIVATE_FILE);
    rmSync(path);
    return new NamelessFile(descriptor, directory, bounds);
  });
}

/** True where a directory takes files, or can be made in one that does. */
export function takesRunFiles(directory: string): boolean {
  try {
    let at = resolve(directory);
    while (!statSync(at, { throwIfNoEntry: false }) && at !== dirname(at)) at = dirname(at);
    accessSync(at, constants.W_OK | constants.X_OK);
    return statSync(at).isDirectory();
  } catch {
    return false;
  }
}

/** Deletes files that killed processes have left. Whoever uses one with a name writes it, or says that it does, all the time. */
export function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!NAME.test(name)) continue;
    const path = join(directory, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isFile() || Date.now() - found.mtimeMs <= LEFT_OVER_AFTER_MS) continue;
    // A file for runs loses its name before it has anything.
    if (found.size === 0 || name.startsWith(LOAD_FILE_PREFIX)) rmSync(path, { force: true });
  }
}

class NamelessFile implements RunFile {
  readonly bounds: SpillBounds;
  readonly #descriptor: number;
  readonly #directory: string;
  #bytes = 0;

  constructor(descriptor: number, directory: string, bounds: SpillBounds) {
    this.bounds = bounds;
    this.#descriptor = descriptor;
    this.#directory = directory;
  }

  append(bytes: Uint8Array): void {
    inDirectory(this.#directory, () => {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#bytes + written);
    });
    this.#bytes += bytes.length;
  }

  read(target: Uint8Array, position: number): void {
    readFully(this.run(0, this.#bytes), target, position);
  }

  run(from: number, bytes: number): FileRun {
    return { descriptor: this.#descriptor, directory: this.#directory, from, bytes };
  }

  freeBytes(): number {
    const { bavail, bsize } = inDirectory(this.#directory, () => statfsSync(this.#directory));
    return bavail * bsize;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** What reads a run. It throws STORE_UNWRITABLE, DATA_DIR_UNUSABLE. */
export function readableRun(run: FileRun): Run {
  return { bytes: run.bytes, read: (target, position) => readFully(run, target, position) };
}

function readFully({ descriptor, directory, from }: FileRun, target: Uint8Array, position: number): void {
  inDirectory(directory, () => {
    for (let read = 0; read < target.length; ) {
      const bytes = readSync(descriptor, target, read, target.length - read, from + position + read);
      if (bytes === 0) throw bug('a run ends too early');
      read += bytes;
    }
  });
}

/** @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE, for errors of the file system. */
export function inDirectory<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw directoryError(error, directory);
    throw error;
  }
}
