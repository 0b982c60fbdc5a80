/** The place of the embedded store: how its directory is made, and why it cannot be used. */

import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import { directoryError } from './errors.ts';

/**
 * Makes a directory, and those above it, where they are missing, for their owner alone. One that is there keeps its
 * permissions.
 * @throws {DaymarkError} DATA_DIR_UNUSABLE where that will never work; STORE_UNWRITABLE.
 */
export function makeDirectory(directory: string): void {
  try {
    makeWithParents(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    if (isForbidden) throw unusable(`The data directory ${directory} cannot be made: ${message}.`);
    throw directoryError(error, directory);
  }
}

const PRIVATE_DIRECTORY = 0o700;

/** Node's own `recursive` never returns in places such as `/proc`: the parent is there, but takes no directory. */
function makeWithParents(directory: string): void {
  try {
    mkdirSync(directory, { mode: PRIVATE_DIRECTORY });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && look(statSync, directory)?.isDirectory()) return;
    const parent = dirname(directory);
    if (code !== 'ENOENT' || look(lstatSync, parent)) throw error;
    makeWithParents(parent);
    makeWithParents(directory);
  }
}

/** Says why SQLite "cannot open" a database, where that can be seen and waiting would not help. */
export function placeError(file: string): DaymarkError | undefined {
  const [entry, target] = [look(lstatSync, file), look(statSync, file)];
  if (target) return target.isFile() ? undefined : unusable(`${file} is not a file.`);
  if (entry) return unusable(`${file} is a link to something that does not exist.`);
  try {
    accessSync(dirname(file), constants.W_OK);
    return undefined;
  } catch (error) {
    return directoryError(error, dirname(file));
  }
}

function look(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}

function unusable(detail: string): DaymarkError {
  return new DaymarkError('DATA_DIR_UNUSABLE', detail);
}
