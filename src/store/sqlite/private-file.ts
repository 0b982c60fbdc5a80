/**
 * Creates files that only their owner may read. The database holds customer ids and excerpts of rejected lines, which may
 * contain anything. SQLite gives `-wal`, `-shm` and `-journal` the permissions of the database itself.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, linkSync, lstatSync, openSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const PRIVATE_FILE = 0o600;
const OF_OTHERS = 0o007;

/** Creates an empty file if there is none. It has its permissions from the first moment, whatever the umask is. */
export function createPrivateFile(file: string): void {
  const target = targetOf(file);
  if (statSync(target, { throwIfNoEntry: false })) return;
  const draft = `${target}.${randomBytes(4).toString('hex')}.new`;
  createNew(draft);
  try {
    // Closing a file ends all locks that its process has on it, also those of SQLite in another thread. So the file gets
    // its name after it was closed.
    linkSync(draft, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Some file systems have no links.
    if (code !== 'EEXIST') createUnlessThere(target);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Creates an empty file that only its owner may read. @throws if anything has that name. */
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

/** The target of a symbolic link, even if it does not exist yet. */
function targetOf(file: string): string {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? resolve(dirname(file), readlinkSync(file)) : file;
}

/** The `user_version` of a database whose permissions are its owner's choice. */
const PERMISSIONS_ARE_SET = 1;

/**
 * Removes the permissions of other users, if everybody may read the database: an earlier daymark left them to the umask. It
 * does so once, and notes that in the database. After that, permissions are the owner's choice, and stay.
 * @returns true if they were changed.
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
    // The file does not exist, or the file system has no permissions.
    return false;
  }
}
