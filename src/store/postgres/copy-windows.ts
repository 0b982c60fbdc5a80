/**
 * Many windows at once by COPY: new rows go straight into their table, with a third of the write-ahead log of other inserts, and
 * the others through a temporary table. `docs/benchmarks.md` has how much faster that is.
 *
 * **The order of locks.** All writers lock the rows of windows in the order of keys, so they never wait for each other in a circle.
 * COPY inserts the new rows of a piece after the old ones of the whole piece were locked, and these are two orders. So COPY must not
 * wait: where another transaction makes the same row, it gives up after COPY_WAIT_MS. Then the piece is undone with its locks, and
 * written row by row in the order of keys instead.
 */

import { type Kysely, sql, type Transaction } from 'kysely';
import { bug, DaymarkError } from '../../errors.ts';
import {
  COPY_LEAST_ROWS,
  COPY_PIECE_ROWS,
  COPY_STATES_BYTES,
  COPY_UPDATE_BYTES,
  COPY_WAIT_MS,
  STORE_BUSY_TIMEOUT_MS,
} from '../../limits.ts';
import { STATISTICS_COLUMNS } from '../../statistics/columns.ts';
import type { WindowKey } from '../../window/key.ts';
import type { WindowKind } from '../../window/kind.ts';
import type { BulkWriter, ChangedRow, LockedRow, RowState } from '../bulk.ts';
import { mapped } from '../statement.ts';
import type { Tables } from '../tables.ts';
import { keyType, type RowValues, refs, STATISTICS_TYPES, WRITTEN } from '../window-columns.ts';
import { CopyData, type CopyType } from './copy-rows.ts';

type Run = Transaction<Tables>;

const SAVEPOINT = 'daymark_piece';
const KEYS = 'daymark_keys';
const ROWS = 'daymark_rows';

const LOCK_NOT_AVAILABLE = '55P03';
const UNIQUE_VIOLATION = '23505';

const WRITTEN_TYPES: readonly CopyType[] = [
  ...STATISTICS_COLUMNS.map((column) => STATISTICS_TYPES[column]),
  'bytea',
];

export class CopyWriter implements BulkWriter {
  readonly leastRows: number;
  readonly pieceRows: number;
  readonly statesBytes: number;
  readonly updateBytes: number;
  #isAllowed: boolean | undefined;

  constructor(
    leastRows = COPY_LEAST_ROWS,
    pieceRows = COPY_PIECE_ROWS,
    statesBytes = COPY_STATES_BYTES,
    updateBytes = COPY_UPDATE_BYTES,
  ) {
    this.leastRows = leastRows;
    this.pieceRows = pieceRows;
    this.statesBytes = statesBytes;
    this.updateBytes = updateBytes;
  }

  async isAllowed(transaction: Run): Promise<boolean> {
    this.#isAllowed ??= await mayMakeTemporaryTables(transaction);
    return this.#isAllowed;
  }

  /**
   * The planner knows nothing of a table that was just filled. With its own plan, an update of 50,000 rows took 21.7 s instead of
   * 1.6 s (2026-11-28).
   */
  async begin(transaction: Run): Promise<void> {
    await sql`savepoint ${sql.ref(SAVEPOINT)}`.execute(transaction);
    await sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`.execute(transaction);
  }

  /** A loop over the keys in the order in which they were sent, which looks each one up in the index. */
  async lock(transaction: Run, kind: WindowKind, keys: readonly WindowKey[]): Promise<readonly LockedRow[]> {
    const { table, columns } = kind;
    const types = columns.map(keyType);
    const definitions = columns.map(
      (column, at) =>
        sql`${sql.ref(column)} ${sql.raw(types[at] === 'text' ? 'text collate "C"' : types[at])}`,
    );
    await sql`create temporary table ${sql.ref(KEYS)} (at int4, ${sql.join(definitions)}) on commit drop`.execute(
      transaction,
    );
    const rows = keys.map(({ values }, at) => [at, ...values]);
    await copy(transaction, KEYS, ['at', ...columns], ['int4', ...types], rows);
    const isSame = sql.join(
      columns.map((column) => sql`${sql.ref(`${table}.${column}`)} = ${sql.ref(`given.${column}`)}`),
      sql` and `,
    );
    const locked =
      await sql<LockedRow>`select given.at, found.place, found.bytes from ${sql.ref(KEYS)} as given
      cross join lateral (select ctid as place, octet_length(state) as bytes from ${sql.table(table)}
        where ${isSame} offset 0 for no key update) as found`.execute(transaction);
    await sql`drop table ${sql.ref(KEYS)}`.execute(transaction);
    return locked.rows;
  }

  async states(
    transaction: Run,
    { table }: WindowKind,
    rows: readonly LockedRow[],
  ): Promise<readonly RowState[]> {
    const found = await sql<RowState>`select given.at, found.state
      from unnest(${rows.map(({ at }) => at)}::int4[], ${rows.map(({ place }) => place)}::tid[]) as given(at, place)
      cross join lateral (select state from ${sql.table(table)} where ctid = given.place offset 0) as found`.execute(
      transaction,
    );
    if (found.rows.length !== rows.length) throw bug('a locked row is not at its place');
    return found.rows;
  }

  async insert(
    transaction: Run,
    { table, columns }: WindowKind,
    rows: Iterable<RowValues>,
  ): Promise<boolean> {
    const types = [...columns.map(keyType), ...WRITTEN_TYPES];
    await waitForLocks(transaction, COPY_WAIT_MS);
    try {
      await copy(transaction, table, [...columns, ...WRITTEN], types, rows);
    } catch (error) {
      if ([LOCK_NOT_AVAILABLE, UNIQUE_VIOLATION].includes(sqlStateOf(error))) return false;
      throw error;
    }
    await waitForLocks(transaction, STORE_BUSY_TIMEOUT_MS);
    return true;
  }

  async stage(transaction: Run, { table }: WindowKind, rows: Iterable<ChangedRow>): Promise<void> {
    await sql`create temporary table if not exists ${sql.ref(ROWS)} on commit drop as
      select ctid as place, ${refs(WRITTEN)} from ${sql.table(table)} with no data`.execute(transaction);
    const changed = mapped(rows, ({ place, values }) => [place, ...values.slice(-WRITTEN.length)]);
    await copy(transaction, ROWS, ['place', ...WRITTEN], ['tid', ...WRITTEN_TYPES], changed);
  }

  async update(transaction: Run, { table }: WindowKind, staged: number): Promise<void> {
    const changes = WRITTEN.map((column) => sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`);
    const { numAffectedRows } = await sql`update ${sql.table(table)} set ${sql.join(changes)}
      from ${sql.ref(ROWS)} as given where ${sql.ref(`${table}.ctid`)} = given.place`.execute(transaction);
    if (numAffectedRows !== BigInt(staged)) throw bug(`${numAffectedRows} of ${staged} rows were written`);
    await sql`drop table ${sql.ref(ROWS)}`.execute(transaction);
  }

  async end(transaction: Run): Promise<void> {
    await sql`release savepoint ${sql.ref(SAVEPOINT)}`.execute(transaction);
  }

  async undo(transaction: Run): Promise<void> {
    await sql`rollback to savepoint ${sql.ref(SAVEPOINT)}`.execute(transaction);
    await sql`release savepoint ${sql.ref(SAVEPOINT)}`.execute(transaction);
  }
}

/** Users with rights that an earlier daymark gave them may not. */
async function mayMakeTemporaryTables(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select has_database_privilege(current_database(), 'TEMPORARY') as may`.execute(db);
  return rows[0].may;
}

async function waitForLocks(transaction: Run, ms: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(ms)}, true)`.execute(transaction);
}

async function copy(
  transaction: Run,
  table: string,
  columns: readonly string[],
  types: readonly CopyType[],
  rows: Iterable<readonly unknown[]>,
): Promise<void> {
  const statement = sql`copy ${sql.table(table)} (${refs(columns)}) from stdin (format binary)`;
  await transaction.executeQuery({
    ...statement.compile(transaction),
    parameters: [new CopyData(types, rows)],
  });
}

/** The SQLSTATE behind what the driver threw. */
function sqlStateOf(error: unknown): string {
  if (!(error instanceof DaymarkError)) return '';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
