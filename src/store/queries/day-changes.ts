/** What late events and rebuilds changed of days that were final. */

import { expressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import { MAX_DAY_CHANGE_SOURCES, MAX_DAY_CHANGES_KEPT, RETENTION_CHUNK_ROWS } from '../../limits.ts';
import { dayNumbersOf } from '../../statistics/day-numbers.ts';
import type { Advance, DayChange, DayChangesQuery } from '../contract.ts';
import type { DayChangeSource } from '../day-changes.ts';
import type { StoreDialect } from '../dialect.ts';
import { shortTransaction } from '../short-transaction.ts';
import { chunksOf, type MakeParameter, RowsStatement, Statement } from '../statement.ts';
import type { DayChangeCause, DayChangesTable, Tables } from '../tables.ts';

type DayKey = Pick<DayChangesTable, 'customer_id' | 'date'>;
type Key = Pick<DayChangesTable, 'customer_id' | 'date' | 'number'>;

/** A final day of a customer with its states. */
export interface ChangedDay {
  readonly customerId: string;
  readonly date: string;
  /** Undefined where the customer had no request of this day, or has none any more. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** Why and when days change, and what of. */
export interface ChangeOrigin {
  readonly cause: DayChangeCause;
  /** In ms since 1970. */
  readonly nowMs: number;
  readonly sources: SourcesByDate;
}

/** The partitions that gave lines of a date in a batch. */
export type SourcesByDate = ReadonlyMap<string, readonly DayChangeSource[]>;

export function sourcesByDate(advances: readonly Advance[]): SourcesByDate {
  const byDate = new Map<string, DayChangeSource[]>();
  for (const { partitionId, name, days } of advances)
    for (const { date, ...lines } of days) {
      const sources = byDate.get(date);
      if (sources) sources.push({ partitionId, name, ...lines });
      else byDate.set(date, [{ partitionId, name, ...lines }]);
    }
  return byDate;
}

interface CountRow extends DayKey {
  readonly count: number;
}

interface ChangeRow extends DayChangesTable {
  readonly count: number;
}

export class DayChanges {
  readonly #dialect: StoreDialect;
  readonly #counts: RowsStatement<DayKey, CountRow>;
  readonly #insert: RowsStatement<DayChangesTable, unknown>;
  readonly #deleteThrough: Statement<Key, unknown>;
  readonly #deleteRow: Statement<Key, unknown>;
  readonly #select: Statement<DayChangesQuery, ChangeRow>;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#dialect = dialect;
    this.#counts = selectCounts(db);
    this.#insert = insertChanges(db);
    this.#deleteThrough = deleteChanges(db, '<=');
    this.#deleteRow = deleteChanges(db, '=');
    this.#select = selectChanges(db);
  }

  /** Notes changes of days whose rows the transaction has locked. Days whose numbers are the same are no changes. */
  async add(
    transaction: Transaction<Tables>,
    days: readonly ChangedDay[],
    origin: ChangeOrigin,
  ): Promise<void> {
    const rows = days.map((day) => rowOf(day, origin)).filter(hasChanged);
    for (const chunk of chunksOf(rows, this.#dialect.rowsPerStatement)) {
      const { rows: counted } = await this.#counts.run(transaction, chunk);
      const counts = new Map(counted.map((row) => [keyText(row), row.count]));
      const numbered = chunk.map((row) => ({ ...row, number: (counts.get(keyText(row)) ?? 0) + 1 }));
      await this.#insert.run(transaction, numbered);
      for (const { number, ...key } of numbered)
        if (number > MAX_DAY_CHANGES_KEPT)
          await this.#deleteThrough.run(transaction, { ...key, number: number - MAX_DAY_CHANGES_KEPT });
    }
  }

  /** As `StoreSnapshot.dayChanges`. @param db the snapshot. */
  async read(db: Kysely<Tables>, query: DayChangesQuery): Promise<readonly DayChange[]> {
    // No log can hold such an id, and PostgreSQL refuses it with an error.
    if (query.customerId.includes('\0')) return [];
    return (await this.#select.run(db, query)).rows.map(changeOf);
  }

  /** Deletes the changes of days before one, a few in each transaction. */
  async deleteBefore(date: string, signal: AbortSignal): Promise<void> {
    for (let rows = await this.#before(date); rows.length > 0; rows = await this.#before(date)) {
      if (signal.aborted) return;
      await shortTransaction(this.#dialect.db, async (transaction) => {
        for (const row of rows) await this.#deleteRow.run(transaction, row);
      });
    }
  }

  async #before(date: string): Promise<readonly Key[]> {
    return await this.#dialect.db
      .selectFrom('day_changes')
      .select(['customer_id', 'date', 'number'])
      .where('date', '<', date)
      .orderBy('customer_id')
      .orderBy('date')
      .orderBy('number')
      .limit(RETENTION_CHUNK_ROWS)
      .execute();
  }
}

function keyText({ customer_id, date }: DayKey): string {
  return `${date} ${customer_id}`;
}

function rowOf(
  { customerId, date, before, after }: ChangedDay,
  { cause, nowMs, sources }: ChangeOrigin,
): Omit<DayChangesTable, 'number'> {
  const all = sources.get(date) ?? [];
  return {
    ...{ customer_id: customerId, date, changed_ms: nowMs, cause },
    ...{ numbers_before: numbersText(before), numbers_after: numbersText(after) },
    sources: JSON.stringify(all.slice(0, MAX_DAY_CHANGE_SOURCES)),
    source_count: all.length,
  };
}

function numbersText(state: Uint8Array | undefined): string | null {
  return state ? JSON.stringify(dayNumbersOf(state)) : null;
}

function hasChanged({ numbers_before, numbers_after }: Omit<DayChangesTable, 'number'>): boolean {
  return numbers_before !== numbers_after;
}

function changeOf(row: ChangeRow): DayChange {
  return {
    ...{ date: row.date, number: row.number, count: row.count },
    ...{ changedMs: row.changed_ms, cause: row.cause },
    before: row.numbers_before === null ? null : JSON.parse(row.numbers_before),
    after: row.numbers_after === null ? null : JSON.parse(row.numbers_after),
    sources: JSON.parse(row.sources),
    sourceCount: row.source_count,
  };
}

function selectCounts(db: Kysely<Tables>): RowsStatement<DayKey, CountRow> {
  const eb = expressionBuilder<Tables, 'day_changes'>();
  return new RowsStatement((parameter, rows) =>
    db
      .selectFrom('day_changes')
      .select(['customer_id', 'date', (of) => of.fn.max('number').as('count')])
      .where(
        eb.or(
          rows.map((i) =>
            eb.and([
              eb(
                'customer_id',
                '=',
                parameter((keys) => keys[i].customer_id),
              ),
              eb(
                'date',
                '=',
                parameter((keys) => keys[i].date),
              ),
            ]),
          ),
        ),
      )
      .groupBy(['customer_id', 'date']),
  );
}

function insertChanges(db: Kysely<Tables>): RowsStatement<DayChangesTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db.insertInto('day_changes').values(
      rows.map((i) => ({
        customer_id: parameter((changes) => changes[i].customer_id),
        date: parameter((changes) => changes[i].date),
        number: parameter((changes) => changes[i].number),
        changed_ms: parameter((changes) => changes[i].changed_ms),
        cause: parameter((changes) => changes[i].cause),
        numbers_before: parameter((changes) => changes[i].numbers_before),
        numbers_after: parameter((changes) => changes[i].numbers_after),
        sources: parameter((changes) => changes[i].sources),
        source_count: parameter((changes) => changes[i].source_count),
      })),
    ),
  );
}

function deleteChanges(db: Kysely<Tables>, operator: '=' | '<='): Statement<Key, unknown> {
  return new Statement((parameter) =>
    db
      .deleteFrom('day_changes')
      .where(
        'customer_id',
        '=',
        parameter(({ customer_id }) => customer_id),
      )
      .where(
        'date',
        '=',
        parameter(({ date }) => date),
      )
      .where(
        'number',
        operator,
        parameter(({ number }) => number),
      ),
  );
}

function selectChanges(db: Kysely<Tables>): Statement<DayChangesQuery, ChangeRow> {
  return new Statement((parameter) =>
    db
      .selectFrom('day_changes')
      .selectAll()
      .select(
        sql<number>`(select max(number) from day_changes as newest
          where newest.customer_id = day_changes.customer_id and newest.date = day_changes.date)`.as('count'),
      )
      .where(
        'customer_id',
        '=',
        parameter(({ customerId }) => customerId),
      )
      .where(isFrom(parameter))
      .where(
        'date',
        '<=',
        parameter(({ to }) => to),
      )
      .orderBy('date')
      .orderBy('number')
      .limit(parameter(({ limit }) => limit)),
  );
}

function isFrom(parameter: MakeParameter<DayChangesQuery>) {
  const [date, number] = [parameter(({ from }) => from), parameter(({ fromNumber }) => fromNumber)];
  return sql<boolean>`(date, number) >= (${date}, ${number})`;
}
