import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema-missing.ts';
import { databaseFile } from './file.ts';

/** The meaning of an SQLite error for the operator, and why it passes by itself or not. */
interface ResultCode {
  /** An extended code, or the primary code that is its lower byte. */
  readonly result: number;
  /** SQLite's own name (https://www.sqlite.org/rescode.html). */
  readonly name: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** An extended code wins over its primary one. Any other code is STORE_FAILED and ends the run. */
export const RESULT_CODES: readonly ResultCode[] = [
  result(8202, 'SQLITE_IOERR_DATA', 'STORE_CORRUPT', 'The checksum of a page is wrong.'),
  result(8458, 'SQLITE_IOERR_CORRUPTFS', 'STORE_CORRUPT', 'The file system says that it is damaged.'),
  result(3, 'SQLITE_PERM', 'STORE_UNWRITABLE', 'Somebody grants the permission.'),
  result(5, 'SQLITE_BUSY', 'STORE_BUSY', 'The process that writes will end.'),
  result(6, 'SQLITE_LOCKED', 'STORE_BUSY', 'The statement that holds the table will end.'),
  result(7, 'SQLITE_NOMEM', 'STORE_BUSY', 'Other programs free memory.'),
  result(8, 'SQLITE_READONLY', 'STORE_UNWRITABLE', 'Somebody makes the file or its file system writable.'),
  result(10, 'SQLITE_IOERR', 'STORE_UNWRITABLE', 'The disk failed, or its network did.'),
  result(11, 'SQLITE_CORRUPT', 'STORE_CORRUPT', 'Reading again finds the same damaged pages.'),
  result(13, 'SQLITE_FULL', 'STORE_UNWRITABLE', 'Somebody frees space.'),
  result(
    14,
    'SQLITE_CANTOPEN',
    'STORE_UNWRITABLE',
    'The directory comes back, or file descriptors become free.',
  ),
  result(15, 'SQLITE_PROTOCOL', 'STORE_BUSY', 'Too many processes opened the log at once.'),
  result(17, 'SQLITE_SCHEMA', 'STORE_BUSY', 'Another process upgrades the schema.'),
  result(26, 'SQLITE_NOTADB', 'STORE_CORRUPT', 'The file is not a database.'),
];

function result(code: number, name: string, meaning: ErrorCode, reason: string): ResultCode {
  return { result: code, name, code: meaning, reason };
}

const CODES = new Map(RESULT_CODES.map(({ result, code }) => [result, code]));

/**
 * Turns an error of `node:sqlite` into what is thrown. Any other error is a bug, and stays as it is.
 * @param file the database file.
 */
export function sqliteError(error: unknown, file: string, description: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  // A number beyond 2^53: daymark stores none.
  if (error.code === 'ERR_OUT_OF_RANGE') return failure('STORE_CORRUPT', file, error);
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return error;
  if (error.message.startsWith('no such table')) return schemaMissing(description, { cause: error });
  const extended = Number(error.errcode);
  // The lower byte is the primary code, the rest says more about it.
  return failure(CODES.get(extended) ?? CODES.get(extended & 0xff) ?? 'STORE_FAILED', file, error);
}

/** The primary code, without what says more about it; 0 where it is no error of SQLite. */
export function primaryCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** https://www.sqlite.org/rescode.html */
export const SQLITE_READONLY = 8;

/**
 * The error for a database directory that cannot be used: DATA_DIR_UNUSABLE where waiting does not help,
 * STORE_UNWRITABLE where it may.
 */
export function directoryError(error: unknown, directory: string): DaymarkError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const detail = `The data directory ${directory} cannot be used: ${REASONS[code] ?? messageOf(error)}.`;
  return new DaymarkError(isForGood(code, directory) ? 'DATA_DIR_UNUSABLE' : 'STORE_UNWRITABLE', detail, {
    cause: error,
  });
}

/** Reasons why a path is no directory, and never becomes one by itself. */
const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, or a link to something that does not exist',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'no directory can be made there',
  ELOOP: 'its path is a circle of links',
  ENAMETOOLONG: 'its path is too long',
  EINVAL: 'its path is not valid',
  ERR_INVALID_ARG_VALUE: 'its path is not valid',
};

/** An existing database may become writable again. Where there never was one, somebody must correct the settings. */
function isForGood(code: string, directory: string): boolean {
  if (Object.hasOwn(REASONS, code)) return true;
  if (code !== 'EACCES' && code !== 'EPERM') return false;
  try {
    return statSync(databaseFile(directory), { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function failure(code: ErrorCode, file: string, error: Error): DaymarkError {
  if (code === 'STORE_UNWRITABLE') return directoryError(error, dirname(file));
  return new DaymarkError(code, `The database ${file}: ${error.message}.`, { cause: error });
}
