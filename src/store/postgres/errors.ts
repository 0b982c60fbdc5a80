import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema.ts';

/**
 * SQLSTATE codes, or their first two characters, which name a class
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html), by what they mean to the operator.
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  '08': 'STORE_UNREACHABLE', // connection exception
  '25006': 'STORE_UNWRITABLE', // read-only transaction: a standby, or one that was told so
  '25P03': 'STORE_UNREACHABLE', // terminated: idle for too long within a transaction
  '25P04': 'STORE_UNREACHABLE', // terminated: the transaction took too long
  '28': 'STORE_REFUSED', // wrong password, unknown role, not allowed from here
  '3D000': 'STORE_REFUSED', // there is no such database
  '40001': 'STORE_BUSY', // serialization failure
  '40P01': 'STORE_BUSY', // deadlock
  '42501': 'STORE_REFUSED', // permission denied
  '53': 'STORE_BUSY', // out of memory and the like
  '53100': 'STORE_UNWRITABLE', // disk full
  '53300': 'STORE_UNREACHABLE', // too many connections
  '55P03': 'STORE_BUSY', // waited for a lock for as long as `lock_timeout`
  '57014': 'STORE_BUSY', // took as long as `statement_timeout`
  '57P': 'STORE_UNREACHABLE', // shut down, crashed, starting up, terminated
  '57P04': 'STORE_REFUSED', // the database was dropped
  '58030': 'STORE_UNWRITABLE', // the disk failed
  XX001: 'STORE_CORRUPT', // data corrupted
  XX002: 'STORE_CORRUPT', // index corrupted
};

const UNDEFINED_TABLE = '42P01';
const IN_FAILED_TRANSACTION = '25P02';

/** What `pg` throws where the connection is gone, or does not come about in time. It gives these no code. */
const CONNECTION_LOST =
  /^(Connection terminated|Client (has encountered|was closed)|timeout e|Query read timeout|There was an error establishing an SSL connection)/;

/** Of Node's network: `ECONNREFUSED`, `EAI_AGAIN`. Those of TLS (`ERR_TLS_…`, `CERT_HAS_EXPIRED`) do not pass by themselves. */
const NETWORK_CODE = /^E(?!RR_)[A-Z_]+$/;

/** What is thrown in place of an error of a statement. What is not the database's or the network's is a bug and stays. */
export function statementError(error: unknown, description: string): unknown {
  if (!(error instanceof Error) || error instanceof DaymarkError) return error;
  const code = stateOf(error);
  if (code === UNDEFINED_TABLE) return schemaMissing(description, { cause: error });
  if ('severity' in error) return failure(codeOf(code), error, description);
  return isLost(error) ? failure('STORE_UNREACHABLE', error, description) : error;
}

/**
 * What is thrown where no connection could be made. What neither the server nor the network says is a refusal: no
 * password where one is wanted, a certificate that nobody trusts.
 */
export function connectionError(error: unknown, description: string): DaymarkError {
  if (error instanceof DaymarkError) return error;
  if (isLost(error)) return failure('STORE_UNREACHABLE', error, description);
  const hasState = error instanceof Error && 'severity' in error;
  return failure(hasState ? codeOf(stateOf(error)) : 'STORE_REFUSED', error, description);
}

/** True where the connection is gone, or none came about, and nobody has said why. */
export function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error) || 'severity' in error) return false;
  return 'syscall' in error || NETWORK_CODE.test(stateOf(error)) || CONNECTION_LOST.test(error.message);
}

function stateOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
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
