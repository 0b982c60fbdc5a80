/** Reads the days of many customers, and adds them up. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { COUNTED_DAYS_PAGE_ROWS, CUSTOMER_IDS_PAGE_ROWS, STORED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { mergeStatistics } from '../../statistics/daily-statistics.ts';
import { StatusSums } from '../../statistics/status-counts.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
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
import {
  type Counted,
  type Days,
  HEAD_BYTES,
  type HeadGroup,
  type HeadsRow,
  headStatements,
  isOfDays,
  statusesIn,
} from './state-heads.ts';
import { keyColumns } from './window-statements.ts';

/** Customers whose days one statement reads. With more, PostgreSQL plans longer than it saves. */
const MOST_CUSTOMERS_A_STATEMENT = 64;

/** A day with its state. */
interface StateRow {
  readonly customer_id: string;
  readonly date: string;
  readonly state: Uint8Array;
}

interface Statements {
  /** The next ids from one on, and behind one. */
  readonly idsFrom: Statement<string, { id: string }>;
  readonly idsBehind: Statement<string, { id: string }>;
  /** By what they are joined. */
  readonly heads: Readonly<Record<HeadGroup, RowsStatement<Days, HeadsRow>>>;
  readonly longHeads: Readonly<Record<HeadGroup, RowsStatement<Days, HeadsRow>>>;
  readonly states: RowsStatement<Days, StateRow>;
}

export class CustomerTotals {
  readonly #statements: Statements;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#statements = {
      idsFrom: selectIds(db, '>='),
      idsBehind: selectIds(db, '>'),
      heads: headStatements(dialect, HEAD_BYTES.usual),
      longHeads: headStatements(dialect, HEAD_BYTES.most),
      states: selectStates(db),
    };
  }

  /** As `StoreSnapshot.customers`. @param db the snapshot. */
  of(db: Kysely<Tables>): CustomerDays {
    return new DaysOfOneMoment(db, this.#statements);
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
    const parts = partsOf(range, COUNTED_DAYS_PAGE_ROWS);
    if (range.since !== undefined)
      parts.unshift(...partsOf({ from: range.since, to: dayBefore(range.from) }, COUNTED_DAYS_PAGE_ROWS));
    for await (const ids of this.#groups(asked, customersAtOnce(parts))) {
      const [now, before] = [new StatusSums(), new StatusSums()];
      for (const part of parts) {
        const sums = part.from < range.from ? before : now;
        for (const { id, statuses } of await this.#requests('customer_id', ids, part)) sums.add(id, statuses);
      }
      yield ids
        .map((customerId) => ({ customerId, statuses: now.of(customerId), before: before.of(customerId) }))
        .filter(({ statuses, before }) => statuses.length + before.length > 0);
    }
  }

  async *statistics(asked: CustomersAsked, range: SpanRange): AsyncGenerator<CustomerStatistics> {
    let last: CustomerStatistics | undefined;
    for await (const rows of this.#states(asked, range)) {
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
    const parts = partsOf(range, COUNTED_DAYS_PAGE_ROWS);
    const sums = new StatusSums();
    for await (const ids of this.#groups(asked, customersAtOnce(parts)))
      for (const part of parts)
        for (const { id, statuses } of await this.#requests('date', ids, part)) sums.add(id, statuses);
    return sums.ids.sort().map((date) => ({ date, statuses: sums.of(date) }));
  }

  /** The requests by status of each of these customers, or of each day of all of them. */
  async #requests(by: HeadGroup, ids: readonly string[], days: SpanRange): Promise<Counted[]> {
    const customers = ids.map((customerId) => ({ customerId, ...days }));
    const counted: Counted[] = [];
    for (const row of (await this.#statements.heads[by].run(this.#db, customers)).rows) {
      const statuses = statusesIn(row, HEAD_BYTES.usual);
      counted.push(...(statuses ? [{ id: row.id, statuses }] : await this.#longHeads(by, row.id, ids, days)));
    }
    // The embedded store never waits. Without this, the thread would hear nothing until the end.
    await setImmediate();
    return counted;
  }

  /** The same of one customer or day, some of whose states have longer heads. */
  async #longHeads(by: HeadGroup, id: string, ids: readonly string[], days: SpanRange): Promise<Counted[]> {
    const customers = by === 'customer_id' ? [id] : ids;
    const parts = by === 'date' ? [{ from: id, to: id }] : partsOf(days, STORED_DAYS_PAGE_ROWS);
    const counted: Counted[] = [];
    for (const part of parts) {
      const asked = customers.map((customerId) => ({ customerId, ...part }));
      for (const row of (await this.#statements.longHeads[by].run(this.#db, asked)).rows)
        counted.push({ id, statuses: statusesIn(row, HEAD_BYTES.most) ?? [] });
      await setImmediate();
    }
    return counted;
  }

  /** Days with their states, in the order of keys, in pieces. */
  async *#states(asked: CustomersAsked, range: SpanRange): AsyncGenerator<StateRow[]> {
    for await (const ids of this.#groups(asked, MOST_CUSTOMERS_A_STATEMENT)) {
      const parts: Days[][] = [ids.map((customerId) => ({ customerId, ...range }))];
      for (let part = parts.pop(); part; part = parts.pop()) {
        const { rows } = await this.#statements.states.run(this.#db, part);
        if (rows.length > 0) yield rows;
        if (rows.length === STORED_DAYS_PAGE_ROWS) parts.push(...restOf(part, rows[rows.length - 1]));
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
function restOf(asked: readonly Days[], { customer_id: lastId, date }: StateRow): Days[][] {
  const at = asked.findIndex(({ customerId }) => customerId === lastId);
  const { to } = asked[at];
  const others = asked.slice(at + 1);
  // A statement has one range of days for all of its customers, so the rest of this one is read alone.
  const own = { customerId: lastId, from: dayAfter(date), to };
  return [...(others.length > 0 ? [others] : []), ...(date < to ? [[own]] : [])];
}

/** No log can hold an id with a NUL, and PostgreSQL refuses it with an error. */
function canBeInLog(text: string): boolean {
  return !text.includes('\0');
}

/** The range in parts of at most so many days. */
function partsOf({ from, to }: SpanRange, days: number): SpanRange[] {
  const parts: SpanRange[] = [];
  const last = dayOfDate(to);
  for (let day = dayOfDate(from); day <= last; day += days)
    parts.push({ from: dateOfDay(day), to: dateOfDay(Math.min(day + days - 1, last)) });
  return parts;
}

/** How many customers have at most COUNTED_DAYS_PAGE_ROWS rows in each of these parts. */
function customersAtOnce(parts: readonly SpanRange[]): number {
  const days = Math.max(...parts.map(({ from, to }) => dayOfDate(to) - dayOfDate(from) + 1));
  return Math.max(1, Math.min(MOST_CUSTOMERS_A_STATEMENT, Math.floor(COUNTED_DAYS_PAGE_ROWS / days)));
}

function dayBefore(date: string): string {
  return dateOfDay(dayOfDate(date) - 1);
}

function dayAfter(date: string): string {
  return dateOfDay(dayOfDate(date) + 1);
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

function selectStates(db: Kysely<Tables>): RowsStatement<Days, StateRow> {
  return new RowsStatement((parameter, customers) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select([...keyColumns(CUSTOMER_DAYS), 'state'])
      .where(isOfDays(parameter, customers))
      .orderBy(sql`customer_id, date`)
      .limit(STORED_DAYS_PAGE_ROWS)
      .$castTo<StateRow>(),
  );
}
