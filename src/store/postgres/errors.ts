import { DaymarkError, type ErrorCode, messageOf } from '../../errors.ts';
import { schemaMissing } from '../schema-missing.ts';

/** The meaning of a PostgreSQL error for the operator, and why it passes by itself or not. */
interface SqlState {
  /** Five characters; or two or three, which stand for all codes that begin with them. */
  readonly state: string;
  /** PostgreSQL's own name (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
  readonly name: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** The longest entry that an error code begins with counts. Any other code is STORE_FAILED and ends the run. */
export const SQL_STATES: readonly SqlState[] = [
  ...rows('STORE_UNREACHABLE', [
    [
      '08',
      'connection_exception',
      'The connection is gone, or a pooler has no server now. A new one is opened.',
    ],
    [
      '25P03',
      'idle_in_transaction_session_timeout',
      'The server ended a session that paused within a transaction.',
    ],
    ['25P04', 'transaction_timeout', 'The server ended a session whose transaction took too long.'],
    ['53300', 'too_many_connections', 'Other sessions end, or somebody raises the limit.'],
    [
      '55000',
      'object_not_in_prerequisite_state',
      'The database takes no connections for now (`allow_connections`).',
    ],
    ['57', 'operator_intervention', 'The administrator ended the session, not the server.'],
    ['57P01', 'admin_shutdown', 'The server is stopped or restarted.'],
    ['57P02', 'crash_shutdown', 'Another session crashed; the server recovers.'],
    ['57P03', 'cannot_connect_now', 'The server starts, stops or recovers.'],
    ['57P05', 'idle_session_timeout', 'The server ended an idle session.'],
  ]),
  ...rows('STORE_UNWRITABLE', [
    [
      '25006',
      'read_only_sql_transaction',
      'A standby, until it is promoted; or somebody made the database read-only.',
    ],
    ['53100', 'disk_full', 'Somebody frees space for data, write-ahead log or temporary files.'],
    [
      '54000',
      'program_limit_exceeded',
      'Transaction numbers ran out; vacuuming frees them. daymark reaches no other limit of this kind.',
    ],
    ['58', 'system_error', 'The operating system of the server failed.'],
    ['58000', 'system_error', 'The operating system of the server failed: no memory, no more files.'],
    ['58030', 'io_error', 'The disk failed, or its network did.'],
    ['58P01', 'undefined_file', 'A volume is not mounted, or a file is lost and somebody must restore it.'],
    ['58P02', 'duplicate_file', 'A crash left a file behind; the next try takes another name.'],
  ]),
  ...rows('STORE_BUSY', [
    ['40000', 'transaction_rollback', 'The transaction lost against another one.'],
    [
      '40001',
      'serialization_failure',
      'The transaction lost against another one, or against recovery on a standby.',
    ],
    [
      '40003',
      'statement_completion_unknown',
      'The outcome of the commit is unknown. The positions in the store show it.',
    ],
    ['40P01', 'deadlock_detected', 'The other transaction continues and ends.'],
    ['53', 'insufficient_resources', 'Other sessions free resources.'],
    ['53200', 'out_of_memory', 'Other sessions free memory or locks.'],
    [
      '53400',
      'configuration_limit_exceeded',
      'The server reached a limit (`temp_file_limit`). Somebody can raise it while daymark runs.',
    ],
    ['55006', 'object_in_use', 'Another session uses it, and will end.'],
    [
      '55P03',
      'lock_not_available',
      'The wait took as long as `lock_timeout`. The session with the lock will end.',
    ],
    [
      '57014',
      'query_canceled',
      'The statement took as long as `statement_timeout`, or somebody cancelled it.',
    ],
    ['72000', 'snapshot_too_old', 'The next try takes a new snapshot.'],
  ]),
  ...rows('STORE_REFUSED', [
    [
      '28',
      'invalid_authorization_specification',
      'The password or user is wrong, or may not connect from here.',
    ],
    ['3D000', 'invalid_catalog_name', 'There is no such database.'],
    ['42501', 'insufficient_privilege', 'Somebody must grant the privilege.'],
    ['57P04', 'database_dropped', 'The rows are gone. A new database starts empty.'],
  ]),
  ...rows('STORE_CORRUPT', [
    ['XX001', 'data_corrupted', 'Reading again finds the same damaged rows.'],
    ['XX002', 'index_corrupted', 'Reading again finds the same damage. `reindex` repairs an index.'],
  ]),
  ...rows('STORE_FAILED', [
    ['0A', 'feature_not_supported', 'This server cannot do it.'],
    ['40002', 'transaction_integrity_constraint_violation', 'The same rows would violate it again.'],
    ['55', 'object_not_in_prerequisite_state', 'The same statement would meet the same state.'],
    ['XX', 'internal_error', 'A fault in the server. If it could not open a session, see above.'],
  ]),
];

/**
 * The state of an internal error. A server that cannot open a session, or ends one, may have no better state: with a
 * full disk it says "could not write init file".
 */
const INTERNAL_ERROR = 'XX000';
const ENDS_SESSION = /^(FATAL|PANIC)$/;

function rows(code: ErrorCode, of: readonly (readonly [string, string, string])[]): SqlState[] {
  return of.map(([state, name, reason]) => ({ state, name, code, reason }));
}

const CODES = new Map(SQL_STATES.map(({ state, code }) => [state, code]));

const UNDEFINED_TABLE = '42P01';
const IN_FAILED_TRANSACTION = '25P02';

/** The errors of `pg` for a connection that is gone, or was not made in time. They have no code. */
const CONNECTION_LOST =
  /^(Connection terminated|Client (has encountered|was closed)|timeout e|Query read timeout|There was an error establishing an SSL connection)/;

/**
 * Codes of Node's network: `ECONNREFUSED`, `EAI_AGAIN`. Those of TLS (`ERR_TLS_…`, `CERT_HAS_EXPIRED`) do not pass by
 * themselves.
 */
const NETWORK_CODE = /^E(?!RR_)[A-Z_]+$/;

/** Turns an error of a statement into what is thrown. An error of neither database nor network is a bug, and stays. */
export function statementError(error: unknown, description: string): unknown {
  if (!(error instanceof Error) || error instanceof DaymarkError) return error;
  const code = stateOf(error);
  if (code === UNDEFINED_TABLE) return schemaMissing(description, { cause: error });
  if ('severity' in error) return failure(answerCode(error), error, description);
  return isLost(error) ? failure('STORE_UNREACHABLE', error, description) : error;
}

/**
 * Turns the error of a connection that could not be made into what is thrown. An error of neither server nor network
 * is a refusal: a missing password, a certificate that nobody trusts.
 */
export function connectionError(error: unknown, description: string): DaymarkError {
  if (error instanceof DaymarkError) return error;
  if (isLost(error)) return failure('STORE_UNREACHABLE', error, description);
  if (!(error instanceof Error && 'severity' in error)) return failure('STORE_REFUSED', error, description);
  const code = stateOf(error) === INTERNAL_ERROR ? 'STORE_UNREACHABLE' : answerCode(error);
  return failure(code, error, description);
}

/** The code for an error that a server sent. */
function answerCode(error: Error & { readonly severity?: unknown }): ErrorCode {
  const state = stateOf(error);
  const isOver = state === INTERNAL_ERROR && ENDS_SESSION.test(String(error.severity));
  return isOver ? 'STORE_UNREACHABLE' : codeOf(state);
}

/** True if a server does not answer, not yet, or not any more. A server that says it is full is there. */
export function isAway(error: unknown): boolean {
  if (error instanceof DaymarkError) return error.code === 'STORE_UNREACHABLE';
  return isLost(error) || (error instanceof Error && /^57P0[1-3]$/.test(stateOf(error)));
}

/** True if the connection is gone, or could not be made, and the server has not said why. */
export function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error) || 'severity' in error) return false;
  return 'syscall' in error || NETWORK_CODE.test(stateOf(error)) || CONNECTION_LOST.test(error.message);
}

function stateOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True if the statement failed only because an earlier one of its transaction had failed. */
export function isAfterFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
}

/** What an SQLSTATE means. */
export function codeOf(sqlState: string): ErrorCode {
  const lengths = [sqlState.length, 3, 2];
  return lengths.map((length) => CODES.get(sqlState.slice(0, length))).find(Boolean) ?? 'STORE_FAILED';
}

function failure(code: ErrorCode, error: unknown, description: string): DaymarkError {
  return new DaymarkError(code, `${description}: ${wordsOf(error)}.`, { cause: error });
}

/** A name with several addresses fails once for each, and the error around them says nothing. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return messageOf(error);
}
