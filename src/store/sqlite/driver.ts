import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { bug } from '../../errors.ts';

/** The program has about twenty statements. Past this bound, the one that was prepared first is dropped. */
const MAX_PREPARED_STATEMENTS = 100;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
  /**
   * Its columns, where rows come as lists: 30 days of a customer take 0.25 ms then, and 0.28 ms as objects of node:sqlite
   * (2026-11-30). Undefined where they come as objects: what `*` stands for changes when another process migrates, and only SQLite
   * knows it then.
   */
  readonly columns: readonly string[] | undefined;
}

/**
 * Kysely's driver over Node's own SQLite. The database is synchronous and has one connection; Kysely hands it to
 * one caller at a time, because `SqliteAdapter.supportsMultipleConnections` is false.
 */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #connection: SqliteConnection;
  readonly #assertInPlace: () => void;
  #commits = 0;

  /**
   * @param translate turns an error of SQLite into what is thrown.
   * @param assertInPlace throws if the file is no longer the one that was opened.
   * @param assertRead is called after each statement. It throws if the statement may have read two moments.
   */
  constructor(
    database: DatabaseSync,
    translate: (error: unknown) => unknown,
    assertInPlace: () => void = () => undefined,
    assertRead: () => void = () => undefined,
  ) {
    this.#database = database;
    this.#assertInPlace = assertInPlace;
    this.#connection = new SqliteConnection(database, translate, assertRead);
  }

  /** How many transactions this connection has committed. */
  get commits(): number {
    return this.#commits;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  /** Takes the lock for writing at once. A transaction that begins by reading may be too late to write. */
  async beginTransaction(): Promise<void> {
    // SQLite goes on writing to a deleted file. All of that would be lost when the process ends.
    this.#assertInPlace();
    this.#connection.run('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    this.#connection.run('commit');
    this.#commits++;
  }

  /** If the disk is full, SQLite has rolled back already. */
  async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) this.#connection.run('rollback');
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #translate: (error: unknown) => unknown;
  readonly #assertRead: () => void;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync, translate: (error: unknown) => unknown, assertRead: () => void) {
    this.#database = database;
    this.#translate = translate;
    this.#assertRead = assertRead;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const result = this.run<Row>(sql, parameters as readonly SQLInputValue[]);
    this.#assertRead();
    return result;
  }

  run<Row>(sql: string, parameters: readonly SQLInputValue[] = []): QueryResult<Row> {
    try {
      const { statement, returnsRows, columns } = this.#prepare(sql);
      if (columns) {
        const rows = statement.all(...parameters) as unknown as (readonly unknown[])[];
        return { rows: rows.map((values) => rowOf(columns, values) as Row) };
      }
      if (returnsRows) return { rows: statement.all(...parameters) as Row[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
    } catch (error) {
      throw this.#translate(error);
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const names = statement.columns().map(({ name }) => name);
    const returnsRows = names.length > 0;
    const areLists = returnsRows && !sql.includes('*');
    statement.setReturnArrays(areLists);
    const prepared = { statement, returnsRows, columns: areLists ? names : undefined };
    if (this.#prepared.size === MAX_PREPARED_STATEMENTS) this.#forgetOldest();
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #forgetOldest(): void {
    for (const sql of this.#prepared.keys()) {
      this.#prepared.delete(sql);
      return;
    }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing here streams.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw bug('the SQLite driver does not stream');
  }
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at++) row[columns[at]] = values[at];
  return row;
}
