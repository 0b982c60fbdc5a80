import { constants, type Dirent, type Stats } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import { ARCHIVE_QUIET_MS, FILE_IDENTITY_BYTES } from '../../limits.ts';
import type { Compression } from '../compression/kinds.ts';
import type { SourceProblem } from '../contract.ts';
import { pathError } from '../path-error.ts';
import { readBeginning } from './beginning.ts';
import { isLogName } from './log-name.ts';

/** A file that is there. */
export interface FoundFile {
  /** Its absolute path, without symbolic links. */
  readonly path: string;
  readonly isNamed: boolean;
  readonly compression: Compression;
  /** On the disk. */
  readonly sizeBytes: number;
  /** When it was written to last: system time, in ms since 1970. */
  readonly lastWriteMs: number;
  /** Its first bytes, decompressed, at most FILE_IDENTITY_BYTES. */
  readonly head: Uint8Array;
  /** Changes where the file does. */
  readonly version: string;
  /** False where it changed since the look before this one. */
  readonly isSettled: boolean;
  /** True where it changed within the last minute, so that it may still be written. */
  readonly isFresh: boolean;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Looks at paths: files, and directories for the files in them that have names of logs.
 * @param before what an earlier look found: files that did not change since are not opened again.
 */
export async function findFiles(paths: readonly string[], before: readonly FoundFile[]): Promise<Found> {
  const known = new Map(before.map((file) => [file.path, file]));
  const files = new Map<string, FoundFile>();
  const problems: SourceProblem[] = [];
  for (const path of paths) {
    for (const found of await lookAt(resolve(path), known)) {
      if ('error' in found) problems.push(found);
      else if (!files.has(found.path)) files.set(found.path, found);
    }
  }
  return { files: [...files.values()], problems };
}

async function lookAt(
  path: string,
  known: ReadonlyMap<string, FoundFile>,
): Promise<(FoundFile | SourceProblem)[]> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return [await lookAtFile(path, true, known)];
    return await lookAtDirectory(path, known);
  } catch (error) {
    return [{ error: pathError(path, error), isNamed: true }];
  }
}

async function lookAtDirectory(
  directory: string,
  known: ReadonlyMap<string, FoundFile>,
): Promise<(FoundFile | SourceProblem)[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter(isLog).map((entry) => entry.name);
  const found: (FoundFile | SourceProblem)[] = [];
  for (const name of names.sort()) found.push(await lookIn(directory, name, known));
  const isNothing = found.every((file) => 'error' in file && file.error.code === 'EMPTY_FILE');
  if (!isNothing) return found.filter((file) => !('error' in file && file.error.code === 'EMPTY_FILE'));
  const what = names.length === 0 ? 'no file with the name of a log' : 'only empty logs';
  return [{ error: new DaymarkError('NO_LOGS', `${directory} holds ${what}.`), isNamed: true }];
}

function isLog(entry: Dirent): boolean {
  return isLogName(entry.name) && (entry.isFile() || entry.isSymbolicLink());
}

async function lookIn(
  directory: string,
  name: string,
  known: ReadonlyMap<string, FoundFile>,
): Promise<FoundFile | SourceProblem> {
  const path = join(directory, name);
  try {
    return await lookAtFile(path, false, known);
  } catch (error) {
    return { error: pathError(path, error), isNamed: false };
  }
}

async function lookAtFile(
  path: string,
  isNamed: boolean,
  known: ReadonlyMap<string, FoundFile>,
): Promise<FoundFile | SourceProblem> {
  const real = await realpath(path);
  const stats = await stat(real);
  if (!stats.isFile()) {
    const error = new DaymarkError('NOT_A_FILE', `${path} is neither a regular file nor a directory.`);
    return { error, isNamed };
  }
  if (stats.size === 0) {
    await access(real, constants.R_OK);
    return { error: new DaymarkError('EMPTY_FILE', `${path} is empty.`), isNamed };
  }
  return await lookInto(real, isNamed, stats, known);
}

async function lookInto(
  path: string,
  isNamed: boolean,
  stats: Stats,
  known: ReadonlyMap<string, FoundFile>,
): Promise<FoundFile | SourceProblem> {
  const version = versionOf(stats);
  const isFresh = Date.now() - stats.mtimeMs < ARCHIVE_QUIET_MS;
  const before = known.get(path);
  if (before?.version === version) return { ...before, isFresh, isSettled: true };
  const { bytes: head, compression, error } = await readBeginning(path, FILE_IDENTITY_BYTES);
  if (head.length === 0) {
    return {
      error: error ?? new DaymarkError('EMPTY_FILE', `${path} holds nothing.`),
      isNamed,
      mayPass: isFresh && error?.code === 'TRUNCATED_ARCHIVE',
    };
  }
  const isSettled = known.size === 0;
  const [sizeBytes, lastWriteMs] = [stats.size, stats.mtimeMs];
  return { path, isNamed, compression, sizeBytes, lastWriteMs, head, version, isSettled, isFresh };
}

/** Changes where the file does. */
export function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}
