import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDriver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { bug } from '../../errors.ts';
import { connectionError, isAfterFailure, statementError } from './errors.ts';

type Config = ConstructorParameters<typeof PostgresDriver>[0];

/** Kysely's driver, with errors that say where and what. */
export class TranslatingPostgresDriver implements Driver {
  readonly #inner: Driver;
  readonly #description: string;

  constructor(config: Config, description: string) {
    this.#inner = new PostgresDriver(config);
    this.#description = description;
  }

  init(): Promise<void> {
    return this.#inner.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new TranslatingConnection(await this.#inner.acquireConnection(), this.#description);
    } catch (error) {
      throw connectionError(error, this.#description);
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await this.#inner.releaseConnection(innerOf(connection));
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#translate(this.#inner.beginTransaction(innerOf(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#translate(this.#inner.commitTransaction(innerOf(connection)));
  }

  /** It fails where the connection is gone, and then so has the transaction: the first error is the one that tells why. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#inner.rollbackTransaction(innerOf(connection)).catch(() => {});
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }

  async #translate(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw statementError(error, this.#description);
    }
  }
}

/** Made anew each time that a connection is taken from the pool, so it lives as long as one transaction. */
class TranslatingConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #description: string;
  #firstError: unknown;

  constructor(inner: DatabaseConnection, description: string) {
    this.inner = inner;
    this.#description = description;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return await this.inner.executeQuery<Row>(query);
    } catch (error) {
      // After a failure every statement of a transaction fails, and says only that. The first one says why.
      if (!isAfterFailure(error)) this.#firstError = statementError(error, this.#description);
      throw this.#firstError ?? error;
    }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw bug('the PostgreSQL driver does not stream');
  }
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  if (!(connection instanceof TranslatingConnection)) throw bug('a connection of another driver');
  return connection.inner;
}
