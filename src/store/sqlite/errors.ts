import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema.ts';
import { databaseFile } from './file.ts';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html), by what they mean to the operator. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  3: 'STORE_UNWRITABLE', // SQLITE_PERM
  5: 'STORE_BUSY', // SQLITE_BUSY
  6: 'STORE_BUSY', // SQLITE_LOCKED
  8: 'STORE_UNWRITABLE', // SQLITE_READONLY
  10: 'STORE_UNWRITABLE', // SQLITE_IOERR
  11: 'STORE_CORRUPT', // SQLITE_CORRUPT
  13: 'STORE_UNWRITABLE', // SQLITE_FULL
  14: 'STORE_UNWRITABLE', // SQLITE_CANTOPEN
  26: 'STORE_CORRUPT', // SQLITE_NOTADB
};

/**
 * What is thrown in place of an error of `node:sqlite`. Anything else is a bug and stays as it is.
 * @param file the database file.
 */
export function sqliteError(error: unknown, file: string, description: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  // A number beyond 2^53: daymark stores none.
  if (error.code === 'ERR_OUT_OF_RANGE') return failure('STORE_CORRUPT', file, error);
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return error;
  if (error.message.startsWith('no such table')) return schemaMissing(description, { cause: error });
  // The lower byte is the primary code, the rest says more about it.
  return failure(CODES[Number(error.errcode) & 0xff] ?? 'STORE_FAILED', file, error);
}

/**
 * What is thrown where the directory of the database cannot be used: DATA_DIR_UNUSABLE where waiting does not help,
 * STORE_UNWRITABLE where it may.
 */
export function directoryError(error: unknown, directory: string): DaymarkError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const detail = `The data directory ${directory} cannot be used: ${REASONS[code] ?? messageOf(error)}.`;
  return new DaymarkError(isForGood(code, directory) ? 'DATA_DIR_UNUSABLE' : 'STORE_UNWRITABLE', detail, {
    cause: error,
  });
}

/** What a path can be that is no directory, and never becomes one by itself. */
const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, or a link to something that does not exist',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'no directory can be made there',
  ELOOP: 'its path is a circle of links',
  ENAMETOOLONG: 'its path is too long',
  EINVAL: 'its path is not valid',
  ERR_INVALID_ARG_VALUE: 'its path is not valid',
};

/** A database that is there may become writable again. Where none ever was, somebody must mend the settings. */
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
