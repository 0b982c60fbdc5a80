import type { Client, ClientConfig } from 'pg';
import { DaymarkError, messageOf } from '../../errors.ts';
import {
  ANSWER_CONNECT_TIMEOUT_MS,
  ANSWER_STATEMENT_TIMEOUT_MS,
  COMMIT_CONNECT_TIMEOUT_MS,
  COMMIT_STATEMENT_TIMEOUT_MS,
  COPY_PIECE_ROWS,
  MAX_POSTGRES_CONNECTIONS,
  MAX_SHARED_SPILLED_BYTES,
  STOPPING_SHARED_SPILL_BYTES,
} from '../../limits.ts';
import type { BulkWriter } from '../bulk.ts';
import type { SpillBounds, Store } from '../contract.ts';
import { openRunFile, takesRunFiles } from '../run-file.ts';
import { SqlStore } from '../sql-store.ts';
import { Backends } from './backends.ts';
import { postgresDialect } from './dialect.ts';
import type { Timeouts } from './driver.ts';
import { checkServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { TYPES } from './types.ts';

/** How long to wait for PostgreSQL. */
export interface PostgresTimeouts extends Timeouts {
  readonly connectTimeoutMs: number;
}

/** For commits. */
const COMMITTING: PostgresTimeouts = {
  connectTimeoutMs: COMMIT_CONNECT_TIMEOUT_MS,
  statementTimeoutMs: COMMIT_STATEMENT_TIMEOUT_MS,
};

/** For requests to the API: people do not wait for long. */
export const ANSWERING: PostgresTimeouts = {
  connectTimeoutMs: ANSWER_CONNECT_TIMEOUT_MS,
  statementTimeoutMs: ANSWER_STATEMENT_TIMEOUT_MS,
};

/** For migrations: making a large table anew takes as long as it takes. */
export const MIGRATING: PostgresTimeouts = {
  connectTimeoutMs: COMMIT_CONNECT_TIMEOUT_MS,
  statementTimeoutMs: undefined,
};

/** With fewer windows at once, a commit would make hundreds of temporary tables, whose locks last until its end. */
const SPILL_BOUNDS: SpillBounds = {
  mostBytes: MAX_SHARED_SPILLED_BYTES,
  stoppingBytes: STOPPING_SHARED_SPILL_BYTES,
  windowsAtOnce: COPY_PIECE_ROWS,
  isBesideStore: false,
};

/**
 * Opens the store in a PostgreSQL database. Any number of processes on any number of machines may use it.
 * @param url `postgres://user:password@host:port/database`
 * @param timeouts how long to wait for it. By default as long as for commits.
 * @param bulk how many windows are written at once. By default by COPY.
 * @param runDirectory where a reader of very many windows keeps runs of them. Undefined: nowhere.
 * @throws {DaymarkError} INVALID_SETTING, STORE_UNREACHABLE, STORE_REFUSED, STORE_ENCODING, STORE_FAILED.
 */
export async function openPostgresStore(
  url: string,
  timeouts: Partial<PostgresTimeouts> = {},
  bulk?: BulkWriter,
  runDirectory?: string,
): Promise<Store> {
  const patient = { ...COMMITTING, ...timeouts };
  // Imported here, so that a run with the embedded store never loads it.
  const { default: pg } = await import('pg');
  if (!/^postgres(ql)?:\/\//.test(url))
    throw invalidUrl('it does not begin with postgres:// or postgresql://');
  const { connectTimeoutMs } = patient;
  const newClient = () => new pg.Client(connectionConfig(url, patient));
  const client = parseUrl(newClient);
  const description = describe(client);
  await checkServer(client, description, connectTimeoutMs);
  const backends = new Backends(newClient, description, connectTimeoutMs);
  const sessions = new Sessions(patient.statementTimeoutMs);
  const pool = new pg.Pool({
    ...connectionConfig(url, patient),
    max: MAX_POSTGRES_CONNECTIONS,
    types: TYPES,
    onConnect: (client) => sessions.prepare(client as Client, description, connectTimeoutMs, backends),
  });
  // If a connection breaks while nobody uses it, nothing has failed. The pool opens another one.
  pool.on('error', () => {});
  const openRuns =
    runDirectory !== undefined && takesRunFiles(runDirectory)
      ? () => openRunFile(runDirectory, SPILL_BOUNDS)
      : undefined;
  return new SqlStore(
    postgresDialect(pool, description, patient, { backends, sessions, bulk, openRunFile: openRuns }),
  );
}

function connectionConfig(url: string, { connectTimeoutMs }: PostgresTimeouts): ClientConfig {
  return {
    connectionString: url,
    application_name: 'daymark',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

/** Has `pg` read the URL and its own environment variables. */
function parseUrl(parse: () => Client): Client {
  try {
    return parse();
  } catch (error) {
    // Without the cause: it may hold the URL, and with it the password.
    throw invalidUrl(messageOf(error));
  }
}

function describe({ host, port, database }: Client): string {
  return `PostgreSQL at ${host}:${port}, database ${JSON.stringify(database)}`;
}

function invalidUrl(why: string): DaymarkError {
  return new DaymarkError('INVALID_SETTING', `DATABASE_URL cannot be used: ${why}.`);
}
