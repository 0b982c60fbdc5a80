/** Reads the days of many customers, and adds them up. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { COUNTED_DAYS_PAGE_ROWS, CUSTOMER_IDS_PAGE_ROWS, STORED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { mergeStatistics, STATE_HEAD_BYTES } from '../../statistics/daily-statistics.ts';
import { StatusCounter, StatusReader } from '../../statistics/status-counts.ts';
import type { DailyStatistics, StatusCount } from '../../statistics/types.ts';
import { dateOfDay, dayOfDate } from '../../window/day.ts';
import { compareUtf8 } from '../../window/key.ts';
import { CUSTOMER_DAYS, type SpanRange } from '../../window/kind.ts';
import type {
  CountedRange,
  CustomerCounts,
  CustomerDays,
  CustomerSearch,
  CustomerStatistics,
  CustomersAsked,
  DayCounts,
} from '../customer-days.ts';
import type { StoreDialect } from '../dialect.ts';
import { RowsStatement, Statement } from '../statement.ts';
import { statisticsTable, type Tables } from '../tables.ts';
import { keyColumns } from './window-statements.ts';

/** Customers whose days one statement reads. With more, PostgreSQL plans longer than it saves. */
const MOST_CUSTOMERS_A_STATEMENT = 64;

interface DayRow {
  readonly customer_id: string;
  readonly date: string;
  /** A state, or its beginning. */
  readonly state: Uint8Array;
}

/** A customer of a statement, and the days. (A statement of rows takes all of its parameters from them.) */
interface Days extends SpanRange {
  readonly customerId: string;
}

interface Statements {
  /** The next ids from one on, and behind one. */
  readonly idsFrom: Statement<string, { id: string }>;
  readonly idsBehind: Statement<string, { id: string }>;
  readonly heads: RowsStatement<Days, DayRow>;
  readonly longHead: Statement<DayRow, { state: Uint8Array }>;
  readonly states: RowsStatement<Days, DayRow>;
}

export class CustomerTotals {
  readonly #dialect: StoreDialect;
  readonly #statements: Statements;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#dialect = dialect;
    this.#statements = {
      idsFrom: selectIds(db, '>='),
      idsBehind: selectIds(db, '>'),
      heads: selectDays(db, STATE_HEAD_BYTES.usual, COUNTED_DAYS_PAGE_ROWS),
      longHead: selectLongHead(db),
      states: selectDays(db, undefined, STORED_DAYS_PAGE_ROWS),
    };
  }

  /** As `Store.customerDays`. */
  async read<T>(work: (days: CustomerDays) => Promise<T>): Promise<T> {
    const snapshot = await this.#dialect.openSnapshot();
    try {
      return await work(new DaysOfOneMoment(snapshot.db, this.#statements));
    } finally {
      await snapshot.close();
    }
  }
}

class DaysOfOneMoment implements CustomerDays {
  readonly #db: Kysely<Tables>;
  readonly #statements: Statements;

  constructor(db: Kysely<Tables>, statements: Statements) {
    this.#db = db;
    this.#statements = statements;
  }

  async *counts(asked: CustomersAsked, range: CountedRange): AsyncGenerator<readonly CustomerCounts[]> {
    const days = { from: range.since ?? range.from, to: range.to };
    const reader = new StatusReader();
    const [now, before] = [new StatusCounter(), new StatusCounter()];
    let customerId: string | undefined;
    const take = (id: string): CustomerCounts => ({
      customerId: id,
      statuses: now.take(),
      before: before.take(),
    });
    for await (const rows of this.#rows(asked, days, this.#statements.heads, COUNTED_DAYS_PAGE_ROWS)) {
      const complete: CustomerCounts[] = [];
      for (const row of rows) {
        if (customerId !== undefined && customerId !== row.customer_id) complete.push(take(customerId));
        customerId = row.customer_id;
        await this.#readHead(row, reader);
        (row.date < range.from ? before : now).add(reader);
      }
      if (complete.length > 0) yield complete;
    }
    if (customerId !== undefined) yield [take(customerId)];
  }

  async *statistics(asked: CustomersAsked, range: SpanRange): AsyncGenerator<CustomerStatistics> {
    let last: CustomerStatistics | undefined;
    for await (const rows of this.#rows(asked, range, this.#statements.states, STORED_DAYS_PAGE_ROWS)) {
      for (const [customerId, days] of Map.groupBy(rows, ({ customer_id }) => customer_id)) {
        const isSame = last?.customerId === customerId;
        if (last && !isSame) yield last;
        const known: DailyStatistics[] = last && isSame ? [last.statistics] : [];
        last = { customerId, statistics: mergeStatistics([...known, ...days.map(({ state }) => state)]) };
      }
    }
    if (last) yield last;
  }

  async statuses(asked: CustomersAsked, range: SpanRange): Promise<readonly DayCounts[]> {
    const reader = new StatusReader();
    const byDate = new Map<string, Map<number, number>>();
    for await (const rows of this.#rows(asked, range, this.#statements.heads, COUNTED_DAYS_PAGE_ROWS)) {
      for (const row of rows) {
        await this.#readHead(row, reader);
        const requests = byDate.get(row.date) ?? new Map<number, number>();
        byDate.set(row.date, requests);
        for (let i = 0; i < reader.length; i++) {
          const status = reader.statuses[i];
          requests.set(status, (requests.get(status) ?? 0) + reader.requests[i]);
        }
      }
    }
    return [...byDate]
      .map(([date, requests]) => ({ date, statuses: sorted(requests) }))
      .sort((a, b) => (a.date < b.date ? -1 : 1));
  }

  async #readHead(row: DayRow, reader: StatusReader): Promise<void> {
    try {
      reader.read(row.state);
    } catch (error) {
      if (row.state.length < STATE_HEAD_BYTES.usual) throw error;
      // The state has so many statuses that its beginning was cut off among them, or it is corrupt.
      const [{ state }] = (await this.#statements.longHead.run(this.#db, row)).rows;
      reader.read(state);
    }
  }

  /** The rows in the order of keys, in pieces of at most `pieceRows`. */
  async *#rows(
    asked: CustomersAsked,
    range: SpanRange,
    statement: RowsStatement<Days, DayRow>,
    pieceRows: number,
  ): AsyncGenerator<DayRow[]> {
    const days = dayOfDate(range.to) - dayOfDate(range.from) + 1;
    const customers = Math.min(MOST_CUSTOMERS_A_STATEMENT, Math.max(1, Math.floor(pieceRows / days)));
    for await (const ids of this.#groups(asked, customers)) {
      const parts: Days[][] = [ids.map((customerId) => ({ customerId, ...range }))];
      for (let part = parts.pop(); part; part = parts.pop()) {
        const { rows } = await statement.run(this.#db, part);
        if (rows.length > 0) yield rows;
        if (rows.length === pieceRows) parts.push(...restOf(part, rows[rows.length - 1]));
        // The embedded store never waits. Without this, the thread would hear nothing until the end.
        await setImmediate();
      }
    }
  }

  /** The ids that are asked for, in groups of at most `size`. */
  async *#groups(asked: CustomersAsked, size: number): AsyncGenerator<readonly string[]> {
    if ('ids' in asked) {
      const ids = asked.ids.filter(canBeInLog);
      for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
      return;
    }
    let group: string[] = [];
    for await (const ids of this.#found(asked)) {
      for (const id of ids) {
        if (group.push(id) < size) continue;
        yield group;
        group = [];
      }
    }
    if (group.length > 0) yield group;
  }

  async *#found({ after, prefix = '', matches }: CustomerSearch): AsyncGenerator<readonly string[]> {
    if (!canBeInLog(prefix)) return;
    const begin = after !== undefined && compareUtf8(after, prefix) >= 0 ? after : undefined;
    let page = await (begin === undefined
      ? this.#statements.idsFrom.run(this.#db, prefix)
      : this.#statements.idsBehind.run(this.#db, begin));
    while (page.rows.length > 0) {
      const ids = page.rows.map(({ id }) => id);
      const found = ids.filter((id) => id.startsWith(prefix));
      yield matches ? found.filter(matches) : found;
      if (found.length < ids.length || ids.length < CUSTOMER_IDS_PAGE_ROWS) return;
      await setImmediate();
      page = await this.#statements.idsBehind.run(this.#db, ids[ids.length - 1]);
    }
  }
}

/** What is still to be read after a piece that ends with a row; the last part comes first. */
function restOf(asked: readonly Days[], { customer_id: lastId, date }: DayRow): Days[][] {
  const at = asked.findIndex(({ customerId }) => customerId === lastId);
  const { to } = asked[at];
  const others = asked.slice(at + 1);
  // A statement has one range of days for all of its customers, so the rest of this one is read alone.
  const own = { customerId: lastId, from: dateOfDay(dayOfDate(date) + 1), to };
  return [...(others.length > 0 ? [others] : []), ...(date < to ? [[own]] : [])];
}

/** No log can hold an id with a NUL, and PostgreSQL refuses it with an error. */
function canBeInLog(text: string): boolean {
  return !text.includes('\0');
}

function sorted(requests: ReadonlyMap<number, number>): StatusCount[] {
  return Array.from(requests, ([status, count]) => ({ status, requests: count })).sort(
    (a, b) => a.status - b.status,
  );
}

/**
 * The next ids, each found by a step of its own in the index of the key. `select distinct` reads all days of all
 * customers for them.
 */
function selectIds(db: Kysely<Tables>, begin: '>' | '>='): Statement<string, { id: string }> {
  const table = sql.table(statisticsTable(CUSTOMER_DAYS));
  return new Statement((parameter) => ({
    compile: () =>
      sql<{ id: string }>`with recursive ids (id) as (
        select min(customer_id) from ${table} where customer_id ${sql.raw(begin)} ${parameter((id) => id)}
        union all
        select (select min(customer_id) from ${table} where customer_id > ids.id) from ids where ids.id is not null
      ) select id from ids where id is not null limit ${sql.lit(CUSTOMER_IDS_PAGE_ROWS)}`.compile(db),
  }));
}

/** @param headBytes how much of each state to read; undefined: all. */
function selectDays(
  db: Kysely<Tables>,
  headBytes: number | undefined,
  pieceRows: number,
): RowsStatement<Days, DayRow> {
  const state = headBytes === undefined ? sql`state` : sql`substr(state, 1, ${sql.lit(headBytes)})`;
  return new RowsStatement((parameter, customers) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select([...keyColumns(CUSTOMER_DAYS), state.as('state')])
      .where(
        sql.ref<string>('customer_id'),
        'in',
        customers.map((i) => parameter((days) => days[i].customerId)),
      )
      .where(
        sql.ref<string>('date'),
        '>=',
        parameter(([{ from }]) => from),
      )
      .where(
        sql.ref<string>('date'),
        '<=',
        parameter(([{ to }]) => to),
      )
      .orderBy(sql`customer_id, date`)
      .limit(pieceRows)
      .$castTo<DayRow>(),
  );
}

function selectLongHead(db: Kysely<Tables>): Statement<DayRow, { state: Uint8Array }> {
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select(sql<Uint8Array>`substr(state, 1, ${sql.lit(STATE_HEAD_BYTES.most)})`.as('state'))
      .where(
        sql.ref<string>('customer_id'),
        '=',
        parameter((row) => row.customer_id),
      )
      .where(
        sql.ref<string>('date'),
        '=',
        parameter((row) => row.date),
      ),
  );
}
