import { constants, type Dirent, type Stats } from 'node:fs';
import { access, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DaymarkError, messageOf } from '../../errors.ts';
import { FILE_IDENTITY_BYTES } from '../../limits.ts';
import type { SourceProblem } from '../contract.ts';

/** A file that is there. */
export interface FoundFile {
  /** Its absolute path, without symbolic links. */
  readonly path: string;
  readonly isNamed: boolean;
  readonly sizeBytes: number;
  /** Its first bytes, at most FILE_IDENTITY_BYTES. */
  readonly head: Uint8Array;
  /** Changes where the file does. */
  readonly version: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly problems: readonly SourceProblem[];
}

const LOG_NAME = /\.log$/;

/**
 * Looks at paths: files, and directories for the files in them whose names end in `.log`.
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
  const what = names.length === 0 ? 'no file whose name ends in .log' : 'only empty .log files';
  return [{ error: new DaymarkError('NO_LOGS', `${directory} holds ${what}.`), isNamed: true }];
}

function isLog(entry: Dirent): boolean {
  return LOG_NAME.test(entry.name) && (entry.isFile() || entry.isSymbolicLink());
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
  const version = versionOf(stats);
  const before = known.get(real);
  if (before?.version === version) return before;
  return { path: real, isNamed, sizeBytes: stats.size, head: await readHead(real), version };
}

function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

async function readHead(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const head = new Uint8Array(FILE_IDENTITY_BYTES);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return head.subarray(0, bytesRead);
}

/** What the operating system's refusal means to the person who gave the path. */
export function pathError(path: string, error: unknown): DaymarkError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DaymarkError('PATH_NOT_FOUND', `${path} does not exist.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DaymarkError('PATH_UNREADABLE', `${path} may not be read by this user.`, { cause: error });
  }
  return new DaymarkError('READ_FAILED', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
}
