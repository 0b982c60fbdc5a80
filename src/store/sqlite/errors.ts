import { dirname } from 'node:path';
import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema.ts';

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

/** What is thrown where the directory of the database cannot be used. */
export function directoryError(error: unknown, directory: string): DaymarkError {
  const detail = `The data directory ${directory} cannot be used: ${messageOf(error)}.`;
  return new DaymarkError('STORE_UNWRITABLE', detail, { cause: error });
}

function failure(code: ErrorCode, file: string, error: Error): DaymarkError {
  if (code === 'STORE_UNWRITABLE') return directoryError(error, dirname(file));
  return new DaymarkError(code, `The database ${file}: ${error.message}.`, { cause: error });
}
