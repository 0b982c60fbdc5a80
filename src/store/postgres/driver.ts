import { once } from 'node:events';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { bug, DaymarkError } from '../../errors.ts';
import { STORE_CLOSE_GRACE_MS } from '../../limits.ts';
import { inTime } from './answer.ts';
import type { Backends } from './backends.ts';
import { connectionError, isAfterFailure, isLost, statementError } from './errors.ts';

/** How long a statement may go without an answer. */
export interface Timeouts {
  /** Undefined: for as long as the server works at it. */
  readonly statementTimeoutMs: number | undefined;
  /** From then on less: a process that is to end waits for nobody. */
  readonly stop?: AbortSignal | undefined;
}

/** What a connection is used with. */
interface Parts {
  readonly description: string;
  readonly timeouts: Timeouts;
  /** Undefined: nobody asks for the server's side. */
  readonly backends: Backends | undefined;
  /** A connection was given up, for no answer came. */
  readonly givenUp: (client: PoolClient) => void;
}

/**
 * Kysely's driver over a pool of `pg`, with errors that say where and what. Kysely's own has no way to give up a
 * connection that does not answer: that of `pg` leaves the statement on it, for the next one to wait behind.
 */
export class PooledPostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #parts: Parts;
  readonly #clients = new Set<PoolClient>();
  /** Those that nobody uses now. */
  readonly #idle = new Set<PoolClient>();

  constructor(pool: Pool, description: string, timeouts: Timeouts, backends?: Backends) {
    this.#pool = pool;
    const givenUp = (client: PoolClient): void => {
      backends?.abandon(client);
      this.#destroyIdle();
    };
    this.#parts = { description, timeouts, backends, givenUp };
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
    await pooled(connection).run(`start transaction${level}`);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const { command } = await pooled(connection).run('commit');
    // Of a transaction that had failed before, PostgreSQL says so and not that it fails.
    if (command === 'ROLLBACK') throw bug('a transaction that failed was to be committed');
  }

  /** It fails where the connection is gone, and then so has the transaction: the first error is the one that tells why. */
  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return pooled(connection).rollBack();
  }

  /** What silenced one connection has silenced those of before, too. Each of them would cost a wait of its own. */
  #destroyIdle(): void {
    for (const { connection } of this.#idle) connection.stream.destroy();
  }

  /** Says goodbye to the server, where it still listens. May be called twice. */
  async destroy(): Promise<void> {
    if (this.#pool.ending) return;
    const graceIsOver = setTimeout(() => {
      for (const { connection } of this.#clients) connection.stream.destroy();
    }, STORE_CLOSE_GRACE_MS);
    await this.#pool.end();
    // The pool forgets a client that it ends. Its connection keeps the process alive until it is closed.
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

/** Made anew each time that a connection is taken from the pool, so it lives as long as one transaction. */
class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #parts: Parts;
  #firstError: unknown;
  /** Nothing can be asked over it any more. */
  #isBroken = false;

  constructor(client: PoolClient, parts: Parts) {
    this.#client = client;
    this.#parts = parts;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.run(sql, parameters);
    const isWriting = WRITING.has(command);
    return { ...(isWriting && { numAffectedRows: BigInt(rowCount ?? 0) }), rows: rows as Row[] };
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    const { description } = this.#parts;
    try {
      return await this.#inTime(this.#client.query(sql, [...parameters]));
    } catch (error) {
      this.#isBroken ||= isLost(error) || error instanceof DaymarkError;
      // After a failure every statement of a transaction fails, and says only that. The first one says why.
      if (!isAfterFailure(error)) this.#firstError = statementError(error, description);
      throw this.#firstError ?? error;
    }
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
