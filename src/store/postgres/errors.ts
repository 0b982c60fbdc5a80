import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema.ts';

/**
 * SQLSTATE codes, or their first two characters, which name a class
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html), by what they mean to the operator.
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  '08': 'STORE_UNREACHABLE', // connection exception
  '28': 'STORE_UNREACHABLE', // wrong password, unknown role, not allowed from here
  '3D000': 'STORE_UNREACHABLE', // there is no such database
  '53300': 'STORE_UNREACHABLE', // too many connections
  '57P': 'STORE_UNREACHABLE', // shut down, crashed, starting up, terminated
  '25P03': 'STORE_UNREACHABLE', // terminated: idle for too long within a transaction
  '55P03': 'STORE_BUSY', // waited for a lock for as long as `lock_timeout`
  XX001: 'STORE_CORRUPT', // data corrupted
  XX002: 'STORE_CORRUPT', // index corrupted
};

const UNDEFINED_TABLE = '42P01';
const IN_FAILED_TRANSACTION = '25P02';

/** What `pg` throws where the connection is gone. It gives these no code. */
const CONNECTION_LOST = /^(Connection terminated|Client (has encountered|was closed)|timeout e)/;

/** What is thrown in place of an error of a statement. What is not the database's or the network's is a bug and stays. */
export function statementError(error: unknown, description: string): unknown {
  if (!(error instanceof Error) || error instanceof DaymarkError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === UNDEFINED_TABLE) return schemaMissing(description, { cause: error });
  if ('severity' in error) return failure(codeOf(code), error, description);
  const lost = 'syscall' in error || CONNECTION_LOST.test(error.message);
  return lost ? connectionError(error, description) : error;
}

/** What is thrown where no connection could be made: whatever the reason, the database cannot be reached. */
export function connectionError(error: unknown, description: string): DaymarkError {
  if (error instanceof DaymarkError) return error;
  return failure('STORE_UNREACHABLE', error, description);
}

/** True where the statement failed only because an earlier one of its transaction had failed. */
export function isAfterFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
}

function codeOf(sqlState: string): ErrorCode {
  const lengths = [sqlState.length, 3, 2];
  return lengths.map((length) => CODES[sqlState.slice(0, length)]).find(Boolean) ?? 'STORE_FAILED';
}

function failure(code: ErrorCode, error: unknown, description: string): DaymarkError {
  return new DaymarkError(code, `${description}: ${wordsOf(error)}.`, { cause: error });
}

/** A name with several addresses fails once for each, and the error around them says nothing. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return messageOf(error);
}
