import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { bug, DaymarkError } from '../../errors.ts';
import { STOPPING_STATEMENT_TIMEOUT_MS, STORE_CLOSE_GRACE_MS } from '../../limits.ts';
import { connectionError, isAfterFailure, isLost, statementError } from './errors.ts';

/** How long a statement may go without an answer. */
export interface Patience {
  /** Undefined: for as long as TCP believes in the connection. */
  readonly statementTimeoutMs: number | undefined;
  /** From then on less: a process that is to end waits for nobody. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * Kysely's driver over a pool of `pg`, with errors that say where and what. Kysely's own has no way to give up a
 * connection that does not answer: that of `pg` leaves the statement on it, for the next one to wait behind.
 */
export class PooledPostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #description: string;
  readonly #patience: Patience;
  readonly #clients = new Set<PoolClient>();

  constructor(pool: Pool, description: string, patience: Patience) {
    this.#pool = pool;
    this.#description = description;
    this.#patience = patience;
    pool.on('connect', (client) => this.#clients.add(client));
    pool.on('remove', (client) => this.#clients.delete(client));
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new PooledConnection(await this.#pool.connect(), this.#description, this.#patience);
    } catch (error) {
      throw connectionError(error, this.#description);
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

  /** Says goodbye to the server, where it still listens. */
  async destroy(): Promise<void> {
    const graceIsOver = setTimeout(() => {
      for (const { connection } of this.#clients) connection.stream.destroy();
    }, STORE_CLOSE_GRACE_MS);
    await this.#pool.end();
    clearTimeout(graceIsOver);
  }
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
  readonly #description: string;
  readonly #patience: Patience;
  #firstError: unknown;
  /** Nothing can be asked over it any more. */
  #isBroken = false;

  constructor(client: PoolClient, description: string, patience: Patience) {
    this.#client = client;
    this.#description = description;
    this.#patience = patience;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.run(sql, parameters);
    const isWriting = WRITING.has(command);
    return { ...(isWriting && { numAffectedRows: BigInt(rowCount ?? 0) }), rows: rows as Row[] };
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    try {
      return await this.#inTime(this.#client.query(sql, [...parameters]));
    } catch (error) {
      this.#isBroken ||= isLost(error) || error instanceof DaymarkError;
      // After a failure every statement of a transaction fails, and says only that. The first one says why.
      if (!isAfterFailure(error)) this.#firstError = statementError(error, this.#description);
      throw this.#firstError ?? error;
    }
  }

  /** Gives the connection up where no answer comes. */
  async #inTime(answer: Promise<Result>): Promise<Result> {
    const { statementTimeoutMs, stop } = this.#patience;
    let givenUpAfterMs: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const waitFor = (timeoutMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        givenUpAfterMs = timeoutMs;
        this.#client.connection.stream.destroy();
      }, timeoutMs);
    };
    const hurry = (): void => waitFor(STOPPING_STATEMENT_TIMEOUT_MS);
    if (stop?.aborted) hurry();
    else if (statementTimeoutMs !== undefined) waitFor(statementTimeoutMs);
    stop?.addEventListener('abort', hurry);
    try {
      return await answer;
    } catch (error) {
      if (givenUpAfterMs === undefined) throw error;
      const detail = `${this.#description}: no answer for ${givenUpAfterMs / 1000} seconds.`;
      throw new DaymarkError('STORE_UNREACHABLE', detail, { cause: error });
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', hurry);
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
