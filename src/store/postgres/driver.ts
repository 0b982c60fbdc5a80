import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { bug, DaymarkError } from '../../errors.ts';
import { STORE_CLOSE_GRACE_MS } from '../../limits.ts';
import { inTime } from './answer.ts';
import type { Backends } from './backends.ts';
import { CopyData } from './copy-rows.ts';
import { connectionError, isAfterFailure, isLost, statementError } from './errors.ts';
import type { Sessions } from './sessions.ts';

/** How long a statement may go without an answer. */
export interface Timeouts {
  /** Undefined: for as long as the server works at it. */
  readonly statementTimeoutMs: number | undefined;
  /** After it, waits are shorter: a process that is to end waits for nobody. */
  readonly stop?: AbortSignal | undefined;
}

/** What all connections share. */
interface Parts {
  readonly description: string;
  readonly timeouts: Timeouts;
  /** Undefined: nobody checks the server's side. */
  readonly backends: Backends | undefined;
  /** Undefined: no session is behind a pooler. */
  readonly sessions: Sessions | undefined;
  /** Hears that a connection was given up, because no answer came. */
  readonly givenUp: (client: PoolClient) => void;
}

/**
 * Kysely's driver over a pool of `pg`, with errors that say what happened, and where. Kysely's own driver cannot give
 * up a connection that does not answer: `pg` leaves the statement on it, and the next one waits behind.
 */
export class PooledPostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #parts: Parts;
  readonly #clients = new Set<PoolClient>();
  /** The clients that nobody uses now. */
  readonly #idle = new Set<PoolClient>();

  constructor(pool: Pool, description: string, timeouts: Timeouts, backends?: Backends, sessions?: Sessions) {
    this.#pool = pool;
    const givenUp = (client: PoolClient): void => {
      backends?.abandon(client);
      this.#destroyIdle();
    };
    this.#parts = { description, timeouts, backends, sessions, givenUp };
    pool.on('connect', (client) => this.#clients.add(client));
    pool.on('acquire', (client) => this.#idle.delete(client));
    pool.on('release', (_error, client) => this.#idle.add(client));
    pool.on('remove', (client) => {
      this.#clients.delete(client);
      this.#idle.delete(client);
    });
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new PooledConnection(await this.#pool.connect(), this.#parts);
    } catch (error) {
      throw connectionError(error, this.#parts.description);
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    pooled(connection).release();
  }

  async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel }: TransactionSettings,
  ): Promise<void> {
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    await pooled(connection).begin(level);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await pooled(connection).commit();
  }

  /** Never fails. If the connection is gone, so is the transaction, and an earlier error has told why. */
  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return pooled(connection).rollBack();
  }

  /** What silenced one connection has silenced the older ones, too. Each of them would cost a wait of its own. */
  #destroyIdle(): void {
    for (const { connection } of this.#idle) connection.stream.destroy();
  }

  /** Says goodbye to the server, if it still listens. May be called twice. */
  async destroy(): Promise<void> {
    if (this.#pool.ending) return;
    const graceIsOver = setTimeout(() => {
      for (const { connection } of this.#clients) connection.stream.destroy();
    }, STORE_CLOSE_GRACE_MS);
    await this.#pool.end();
    // The pool forgets the clients that it ends. Their connections keep the process alive until they are closed.
    await Promise.all(Array.from(this.#clients, isClosed));
    clearTimeout(graceIsOver);
  }
}

async function isClosed({ connection: { stream } }: PoolClient): Promise<void> {
  if (!stream.closed) await once(stream, 'close').catch(() => undefined);
}

interface Result {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: unknown[];
}

const WRITING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Lives from taking a connection from the pool to giving it back: as long as one transaction. */
class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #parts: Parts;
  #firstError: unknown;
  /** True when the connection cannot be used any more. */
  #isBroken = false;
  #isInTransaction = false;

  constructor(client: PoolClient, parts: Parts) {
    this.#client = client;
    this.#parts = parts;
  }

  async begin(level: string): Promise<void> {
    const { sessions } = this.#parts;
    await this.run(sessions?.begin(this.#client, level) ?? `start transaction${level}`);
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    const { command } = await this.run('commit');
    this.#isInTransaction = false;
    // PostgreSQL answers so if the transaction has failed before. It is no error there.
    if (command === 'ROLLBACK') throw bug('a transaction that failed was to be committed');
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#runInTransaction(sql, parameters);
    const isWriting = WRITING.has(command);
    return { ...(isWriting && { numAffectedRows: BigInt(rowCount ?? 0) }), rows: rows as Row[] };
  }

  /** Behind a pooler, a statement that has no transaction gets one, with the settings that it relies on. */
  async #runInTransaction(sql: string, parameters: readonly unknown[]): Promise<Result> {
    if (this.#isInTransaction || !this.#parts.sessions?.isBehindPooler(this.#client))
      return this.run(sql, parameters);
    await this.begin('');
    try {
      const result = await this.run(sql, parameters);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollBack();
      throw error;
    }
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    const { description } = this.#parts;
    try {
      const [first] = parameters;
      const answer =
        first instanceof CopyData ? this.#copy(sql, first) : this.#client.query(sql, [...parameters]);
      return await this.#inTime(answer);
    } catch (error) {
      this.#isBroken ||= isLost(error) || error instanceof DaymarkError;
      // After a failure, every statement of a transaction fails, and says only that. The first error says why.
      if (!isAfterFailure(error)) this.#firstError = statementError(error, description);
      throw this.#firstError ?? error;
    }
  }

  async #copy(sql: string, data: CopyData): Promise<Result> {
    // Imported here, so that a process that only answers never loads it.
    const { from } = await import('pg-copy-streams');
    const into = this.#client.query(from(sql));
    await pipeline(Readable.from(data.pieces(), { objectMode: false }), into);
    return { command: 'COPY', rowCount: into.rowCount, rows: [] };
  }

  async #inTime(answer: Promise<Result>): Promise<Result> {
    const { description, timeouts, backends, givenUp } = this.#parts;
    const client = this.#client;
    const { statementTimeoutMs: timeoutMs, stop } = timeouts;
    try {
      const isGone = backends && (() => backends.isGone(client));
      return await inTime(client, description, answer, { timeoutMs, stop, isGone });
    } catch (error) {
      if (error instanceof DaymarkError) givenUp(client);
      throw error;
    }
  }

  async rollBack(): Promise<void> {
    this.#isInTransaction = false;
    if (this.#isBroken) return;
    await this.run('rollback').catch(() => {
      this.#isBroken = true;
    });
  }

  release(): void {
    this.#client.release(this.#isBroken);
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw bug('the PostgreSQL driver does not stream');
  }
}

function pooled(connection: DatabaseConnection): PooledConnection {
  if (!(connection instanceof PooledConnection)) throw bug('a connection of another driver');
  return connection;
}
