/** Which partitions gave the lines of a day, and where they stand. */

import { type Kysely, sql, type Transaction } from 'kysely';
import { RETENTION_CHUNK_ROWS } from '../../limits.ts';
import { shiftedDate } from '../../window/calendar.ts';
import { FIRST_DATE, LAST_DATE } from '../../window/day.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { DayRange } from '../../window/types.ts';
import type { Advance, DayLineCounts, DaySource, DaySourcesQuery, StoredPartitionDay } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { shortTransaction } from '../short-transaction.ts';
import { chunksOf, type MakeParameter, RowsStatement, Statement } from '../statement.ts';
import type { PartitionDaysTable, Tables } from '../tables.ts';
import { compilable, unnest } from './window-arrays.ts';

type Key = Pick<PartitionDaysTable, 'date' | 'partition_id'>;

/** Rows from a key on, up to a day, which is included. */
interface Page extends Key {
  readonly to: string;
}

export class PartitionDays {
  readonly #dialect: StoreDialect;
  readonly #upsert: Pick<RowsStatement<PartitionDaysTable, unknown>, 'run'>;
  readonly #page: Statement<Page, PartitionDaysTable>;
  readonly #deleteRow: Statement<Key, unknown>;
  readonly #sources: Statement<DaySourcesQuery, DaySource>;
  readonly #counts: Statement<string, DayLineCounts>;

  constructor(dialect: StoreDialect) {
    const { db, hasOneWriter } = dialect;
    this.#dialect = dialect;
    this.#upsert = hasOneWriter ? upsertRows(db) : upsertArrays(db);
    this.#page = selectPage(db);
    this.#deleteRow = deleteRow(db);
    this.#sources = selectSources(db);
    this.#counts = selectCounts(db);
  }

  /** Adds the lines of a batch. The rows of a partition are changed only by who has moved its checkpoint. */
  async add(transaction: Transaction<Tables>, advances: readonly Advance[]): Promise<void> {
    const rows = advances.flatMap(({ partitionId, days }) =>
      days.map((day) => rowOf({ partitionId, ...day })),
    );
    // In the order in which old ones are deleted: with any other, both could wait for each other.
    await this.#write(transaction, rows.sort(compareRows));
  }

  async #write(transaction: Transaction<Tables>, rows: Iterable<PartitionDaysTable>): Promise<void> {
    for (const chunk of chunksOf(rows, this.#dialect.rowsPerStatement))
      await this.#upsert.run(transaction, chunk);
  }

  /** Puts the rows of some days in the place of those that are there. @param pages as {@link pages} gives them. */
  async replace(
    transaction: Transaction<Tables>,
    { from = FIRST_DATE, to = LAST_DATE }: DayRange,
    pages: AsyncIterable<readonly StoredPartitionDay[]>,
  ): Promise<void> {
    await transaction
      .deleteFrom('partition_days')
      .where('date', '>=', from)
      .where('date', '<=', to)
      .execute();
    for await (const page of pages) await this.#write(transaction, page.map(rowOf));
  }

  /** As `Store.partitionDays`. */
  async *pages({
    from = FIRST_DATE,
    to = LAST_DATE,
  }: DayRange): AsyncGenerator<readonly StoredPartitionDay[]> {
    for await (const rows of this.#pages(from, to))
      yield rows.map((row) => ({
        ...{ partitionId: row.partition_id, date: row.date, lines: row.lines },
        ...{ fromOffset: row.from_offset, toOffset: row.to_offset },
      }));
  }

  async *#pages(from: string, to: string): AsyncGenerator<readonly PartitionDaysTable[]> {
    let next: Key = { date: from, partition_id: '' };
    for (;;) {
      const { rows } = await this.#page.run(this.#dialect.db, { ...next, to });
      if (rows.length > 0) yield rows;
      if (rows.length < RETENTION_CHUNK_ROWS) return;
      const { date, partition_id } = rows[rows.length - 1];
      // The least id behind it: ids are compared by their bytes.
      next = { date, partition_id: `${partition_id}\u0001` };
    }
  }

  /** Deletes the rows before a day, a few in each transaction. */
  async deleteBefore(date: string, signal: AbortSignal): Promise<void> {
    const last = shiftedDate(date, -1);
    if (last === undefined) return;
    for await (const rows of this.#pages(FIRST_DATE, last)) {
      if (signal.aborted) return;
      await shortTransaction(this.#dialect.db, async (transaction) => {
        for (const row of rows) await this.#deleteRow.run(transaction, row);
      });
    }
  }

  /** As `StoreSnapshot.daySources`. @param db the snapshot. */
  async sources(db: Kysely<Tables>, query: DaySourcesQuery): Promise<readonly DaySource[]> {
    return (await this.#sources.run(db, query)).rows.map((row) => ({ ...row }));
  }

  /** As `StoreSnapshot.dayLines`. @param db the snapshot. */
  async counts(db: Kysely<Tables>, date: string): Promise<DayLineCounts> {
    const { rows } = await this.#counts.run(db, date);
    return { ...rows[0] };
  }
}

function rowOf(day: StoredPartitionDay): PartitionDaysTable {
  const { partitionId, date, lines, fromOffset, toOffset } = day;
  return { date, partition_id: partitionId, lines, from_offset: fromOffset, to_offset: toOffset };
}

function compareRows(a: Key, b: Key): number {
  return compareUtf8(a.date, b.date) || compareUtf8(a.partition_id, b.partition_id);
}

const table = 'partition_days';
const COLUMNS = ['date', 'partition_id', 'lines', 'from_offset', 'to_offset'] as const;

/** What the rows that are there become. Not `least` and `greatest`: SQLite has other names for them. */
const ADDED = {
  lines: sql<number>`${sql.ref(`${table}.lines`)} + ${sql.ref('excluded.lines')}`,
  from_offset: better('from_offset', '<'),
  to_offset: better('to_offset', '>'),
};

function better(column: 'from_offset' | 'to_offset', operator: '<' | '>') {
  const [is, given] = [sql.ref(`${table}.${column}`), sql.ref(`excluded.${column}`)];
  return sql<number>`case when ${given} ${sql.raw(operator)} ${is} then ${given} else ${is} end`;
}

function upsertRows(db: Kysely<Tables>): RowsStatement<PartitionDaysTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto(table)
      .values(
        rows.map((i) => ({
          date: parameter((days) => days[i].date),
          partition_id: parameter((days) => days[i].partition_id),
          lines: parameter((days) => days[i].lines),
          from_offset: parameter((days) => days[i].from_offset),
          to_offset: parameter((days) => days[i].to_offset),
        })),
      )
      .onConflict((conflict) => conflict.columns(['date', 'partition_id']).doUpdateSet(ADDED)),
  );
}

/** The same with an array a column. */
function upsertArrays(db: Kysely<Tables>): Statement<readonly PartitionDaysTable[], unknown> {
  const types = ['date', 'text', 'bigint', 'bigint', 'bigint'];
  const updates = Object.entries(ADDED).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  return new Statement((parameter) => {
    const rows = unnest(parameter, types, (row, column) => row[COLUMNS[column]]);
    return compilable(
      db,
      sql`insert into ${sql.table(table)} (${sql.join(COLUMNS.map((column) => sql.ref(column)))}) select * from ${rows}
        on conflict (date, partition_id) do update set ${sql.join(updates)}`,
    );
  });
}

function selectPage(db: Kysely<Tables>): Statement<Page, PartitionDaysTable> {
  return new Statement((parameter) =>
    db
      .selectFrom(table)
      .select(COLUMNS)
      .where(isFrom(parameter))
      .where(
        'date',
        '<=',
        parameter(({ to }) => to),
      )
      .orderBy('date')
      .orderBy('partition_id')
      .limit(RETENTION_CHUNK_ROWS),
  );
}

function isFrom(parameter: MakeParameter<Page>) {
  const [date, id] = [parameter(({ date }) => date), parameter(({ partition_id }) => partition_id)];
  return sql<boolean>`(date, partition_id) >= (${date}, ${id})`;
}

function deleteRow(db: Kysely<Tables>): Statement<Key, unknown> {
  return new Statement((parameter) =>
    db
      .deleteFrom(table)
      .where(
        'date',
        '=',
        parameter(({ date }) => date),
      )
      .where(
        'partition_id',
        '=',
        parameter(({ partition_id }) => partition_id),
      ),
  );
}

function selectSources(db: Kysely<Tables>): Statement<DaySourcesQuery, DaySource> {
  return new Statement((parameter) =>
    db
      .selectFrom(table)
      .innerJoin('checkpoints', 'checkpoints.id', 'partition_days.partition_id')
      .select(['partition_days.partition_id as partitionId', 'checkpoints.name', 'checkpoints.state'])
      .select('checkpoints.source_name as sourceName')
      .select(['checkpoints.identity as headFingerprint', 'partition_days.date', 'partition_days.lines'])
      .select(['from_offset as fromOffset', 'to_offset as toOffset'])
      .where(
        'date',
        '=',
        parameter(({ date }) => date),
      )
      .where(
        'partition_id',
        '>=',
        parameter(({ fromId }) => fromId),
      )
      .orderBy('partition_id')
      .limit(parameter(({ limit }) => limit)),
  );
}

function selectCounts(db: Kysely<Tables>): Statement<string, DayLineCounts> {
  const sumOf = (what: '=' | '<>') =>
    sql<number>`cast(coalesce(sum(case when partition_id ${sql.raw(what)} '' then lines end), 0) as bigint)`;
  return new Statement((parameter) =>
    db
      .selectFrom(table)
      .select([sumOf('<>').as('lines'), sumOf('=').as('unknownLines')])
      .where(
        'date',
        '=',
        parameter((date) => date),
      ),
  );
}
