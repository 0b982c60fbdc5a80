/**
 * Files that only their owner may read: the database holds customers, and excerpts of lines that were rejected, with
 * whatever stood in them. SQLite gives `-wal`, `-shm` and `-journal` the permissions of the database itself.
 */

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const OF_OTHERS = 0o007;

/** Makes a directory and those above it, where they are missing. One that is there keeps its permissions. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
}

/** Makes an empty file where there is none. It has its permissions from the first moment, whatever the umask is. */
export function createPrivateFile(file: string): void {
  const target = targetOf(file);
  if (statSync(target, { throwIfNoEntry: false })) return;
  const draft = `${target}.${randomBytes(4).toString('hex')}.new`;
  createNew(draft);
  try {
    // Closing a file ends all locks that its process has on it, those of SQLite in another thread too. So the file
    // gets its name when it is closed.
    linkSync(draft, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // There are file systems without links.
    if (code !== 'EEXIST') createUnlessThere(target);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Makes an empty file that only its owner may read. @throws where anything has that name. */
export function createNew(file: string): void {
  closeSync(openSync(file, 'wx', PRIVATE_FILE));
}

function createUnlessThere(file: string): void {
  try {
    createNew(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What a symbolic link leads to, also where nothing is there yet. */
function targetOf(file: string): string {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? resolve(dirname(file), readlinkSync(file)) : file;
}

/** `user_version` of a database whose permissions are as their owner wants them. */
const PERMISSIONS_ARE_SET = 1;

/**
 * Takes a database away from other users where everybody may read it, as an earlier daymark left it by the umask. It
 * does so once, and notes that in the database: later, permissions are the owner's own choice, and stay.
 * @returns true where they were changed.
 */
export function narrowOnce(database: DatabaseSync, file: string): boolean {
  if (database.prepare('pragma user_version').get()?.user_version === PERMISSIONS_ARE_SET) return false;
  const { mode, uid } = statSync(file);
  const isOpen = (mode & OF_OTHERS) !== 0;
  if (isOpen && uid !== process.getuid?.()) return false;
  const isNarrowed = isOpen && ['', '-wal', '-shm'].map((ending) => narrow(`${file}${ending}`))[0] === true;
  database.exec(`pragma user_version = ${PERMISSIONS_ARE_SET}`);
  return isNarrowed;
}

function narrow(file: string): boolean {
  try {
    chmodSync(file, PRIVATE_FILE);
    return true;
  } catch {
    // It is not there, or the file system knows no permissions.
    return false;
  }
}
