/** Creates the directory of the embedded store, and finds out why it cannot be used. */

import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import { directoryError } from './errors.ts';

/**
 * Creates a directory and its parents where they are missing. Only their owner may use them. A directory that exists keeps
 * its permissions.
 * @throws {DaymarkError} DATA_DIR_UNUSABLE if that will never work; STORE_UNWRITABLE.
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

/** Node's own `recursive` never returns in places such as `/proc`, where the parent exists and takes no directory. */
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

/** Finds out why SQLite "cannot open" a database. Undefined if that cannot be seen, or waiting may help. */
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
