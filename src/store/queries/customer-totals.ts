/** Reads the days of many customers, and adds them up. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import {
  COUNTED_DAYS_PAGE_ROWS,
  CUSTOMER_IDS_PAGE_ROWS,
  DAY_HEADS_PAGE_ROWS,
  STORED_DAYS_PAGE_ROWS,
} from '../../limits.ts';
import { mergeStatistics } from '../../statistics/daily-statistics.ts';
import { StatusSums } from '../../statistics/status-counts.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { dateOfDay, dayOfDate, FIRST_DATE } from '../../window/day.ts';
import { compareUtf8 } from '../../window/key.ts';
import { CUSTOMER_DAYS, type SpanRange } from '../../window/kind.ts';
import type {
  CountedDays,
  CountedRange,
  CustomerCounts,
  CustomerDayRange,
  CustomerDays,
  CustomerSearch,
  CustomerStatistics,
  CustomersAsked,
  CustomerTable,
  DayCounts,
  StatusClasses,
  TableOptions,
} from '../customer-days.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, RowsStatement, Statement } from '../statement.ts';
import { statisticsTable, type Tables } from '../tables.ts';
import { customerTable } from './customer-table.ts';
import { RollUpCache } from './roll-up-cache.ts';
import { countsOfRollUps } from './roll-up-counts.ts';
import { type CountRows, planRollUps } from './roll-up-plan.ts';
import type { RollUps } from './roll-ups.ts';
import {
  type Days,
  HEAD_BYTES,
  type HeadGroup,
  type HeadsRow,
  headStatements,
  isOfDays,
  lastKeyOf,
  statusesIn,
  statusesOf,
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
  /** The same of only the first days: it takes nearly twice as long, and is for ranges of more. */
  readonly firstHeads: Readonly<Record<HeadGroup, RowsStatement<Days, HeadsRow>>>;
  readonly longHeads: Readonly<Record<HeadGroup, RowsStatement<Days, HeadsRow>>>;
  readonly states: RowsStatement<Days, StateRow>;
  readonly dayHeads: RowsStatement<Days, StateRow>;
  /** The next ones behind a key. */
  readonly nextHeads: Statement<Pick<StateRow, 'customer_id' | 'date'>, StateRow>;
  readonly dayRanges: RowsStatement<string, Partial<CustomerDayRange>>;
}

export class CustomerTotals {
  readonly #statements: Statements;

  readonly #rollUps: RollUps;
  readonly #cache: RollUpCache;

  constructor(dialect: StoreDialect, rollUps: RollUps) {
    const { db } = dialect;
    this.#rollUps = rollUps;
    this.#cache = new RollUpCache(rollUps);
    this.#statements = {
      idsFrom: selectIds(db, '>='),
      idsBehind: selectIds(db, '>'),
      heads: headStatements(dialect, HEAD_BYTES.usual),
      firstHeads: headStatements(dialect, HEAD_BYTES.usual, COUNTED_DAYS_PAGE_ROWS),
      longHeads: headStatements(dialect, HEAD_BYTES.most, STORED_DAYS_PAGE_ROWS),
      states: selectStates(db),
      dayHeads: selectDayHeads(db),
      nextHeads: selectNextHeads(db),
      dayRanges: selectDayRanges(db),
    };
  }

  /** As `StoreSnapshot.customers`. @param db the snapshot. */
  of(db: Kysely<Tables>): CustomerDays {
    return new DaysOfOneMoment(db, this.#statements, this.#rollUps, this.#cache);
  }

  /**
   * The days of all customers, from rows alone, in the order of keys and in pieces.
   * @param db a snapshot.
   */
  async *daysOfAll(db: Kysely<Tables>, range: SpanRange): AsyncGenerator<readonly StateRow[]> {
    yield* new DaysOfOneMoment(db, this.#statements, this.#rollUps, this.#cache).heads({}, range);
  }

  /** All days that there are, in the same way: for ranges that hold most of them, it takes two thirds of the time. */
  async *allDays(db: Kysely<Tables>): AsyncGenerator<readonly StateRow[]> {
    let last: Pick<StateRow, 'customer_id' | 'date'> | undefined = { customer_id: '', date: FIRST_DATE };
    while (last) {
      const { rows } = await this.#statements.nextHeads.run(db, last);
      if (rows.length > 0) yield rows;
      last = rows.length === DAY_HEADS_PAGE_ROWS ? rows[rows.length - 1] : undefined;
      await setImmediate();
    }
  }
}

class DaysOfOneMoment implements CustomerDays {
  readonly #db: Kysely<Tables>;
  readonly #statements: Statements;
  readonly #rollUps: RollUps;
  readonly #cache: RollUpCache;

  constructor(db: Kysely<Tables>, statements: Statements, rollUps: RollUps, cache: RollUpCache) {
    this.#db = db;
    this.#statements = statements;
    this.#rollUps = rollUps;
    this.#cache = cache;
  }

  async *counts(asked: CustomersAsked, range: CountedRange): AsyncGenerator<readonly CustomerCounts[]> {
    const search = 'ids' in asked || !canBeInLog(asked.prefix ?? '') ? undefined : asked;
    const plan = search && (await planRollUps(this.#db, this.#rollUps, range));
    const countRows: CountRows = (days) => this.countRows(asked, days);
    if (plan) yield* countsOfRollUps(this.#db, this.#rollUps, plan, search, range, countRows);
    else yield* this.countRows(asked, range);
  }

  async table(
    range: CountedRange,
    classOf: StatusClasses,
    { ids, assertGoesOn = () => {} }: TableOptions = {},
  ): Promise<CustomerTable | undefined> {
    const plan = await planRollUps(this.#db, this.#rollUps, range);
    if (!plan) return undefined;
    const countRows: CountRows = (days) => this.countRows(ids ? { ids } : {}, days);
    return customerTable(this.#db, this.#cache, plan, { ...range, classOf, ids, countRows, assertGoesOn });
  }

  async *days(asked: CustomersAsked, range: SpanRange): AsyncGenerator<readonly CountedDays[]> {
    for await (const rows of this.heads(asked, range)) {
      const days = Map.groupBy(rows, ({ customer_id }) => customer_id);
      yield [...days].map(([customerId, own]) => ({
        customerId,
        statuses: new Map(own.map(({ date, state }) => [date, statusesOf(state)])),
      }));
    }
  }

  /** The days of customers with the beginnings of their states. All of a customer are in one piece. */
  async *heads(asked: CustomersAsked, range: SpanRange): AsyncGenerator<readonly StateRow[]> {
    const most = Math.max(1, Math.floor(DAY_HEADS_PAGE_ROWS / daysIn(range)));
    for await (const group of this.#groups(asked)) {
      for (const ids of chunksOf(group, most)) {
        yield (await this.#statements.dayHeads.run(this.#db, daysOf(ids, range))).rows;
        await setImmediate();
      }
    }
  }

  async *dayRanges(ids: readonly string[]): AsyncGenerator<readonly CustomerDayRange[]> {
    for (const some of chunksOf(ids.filter(canBeInLog), CUSTOMER_IDS_PAGE_ROWS)) {
      const { rows } = await this.#statements.dayRanges.run(this.#db, some);
      yield rows.filter((row): row is CustomerDayRange => typeof row.first === 'string');
      await setImmediate();
    }
  }

  /** As {@link counts}, from rows alone. */
  async *countRows(asked: CustomersAsked, range: CountedRange): AsyncGenerator<readonly CustomerCounts[]> {
    const { since, from, to } = range;
    for await (const ids of this.#groups(asked)) {
      const [now, before] = [new StatusSums(), new StatusSums()];
      if (since !== undefined)
        await this.#addRequests('customer_id', daysOf(ids, { from: since, to: dayBefore(from) }), before);
      await this.#addRequests('customer_id', daysOf(ids, { from, to }), now);
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

  async statuses(
    asked: CustomersAsked,
    range: SpanRange,
    assertGoesOn = () => {},
  ): Promise<readonly DayCounts[]> {
    const { from, to } = range;
    const sums = new StatusSums();
    const plan = isOfAll(asked) ? await planRollUps(this.#db, this.#rollUps, { from, to }) : undefined;
    for (const { id } of plan?.ready ?? [])
      for (const { date, statuses } of await this.#rollUps.days(this.#db, id))
        if (date >= from && date <= to) sums.add(date, statuses);
    for (const days of plan?.gaps ?? [{ from, to }]) {
      for await (const ids of this.#groups(asked)) {
        assertGoesOn();
        await this.#addRequests('date', daysOf(ids, days), sums);
      }
    }
    return sums.ids.sort().map((date) => ({ date, statuses: sums.of(date) }));
  }

  /** Adds the requests by status of each of these customers, or of each day of all of them. */
  async #addRequests(by: HeadGroup, days: Days[], sums: StatusSums): Promise<void> {
    const parts = [...chunksOf(days, customersAtOnce(days[0]))].reverse();
    for (let part = parts.pop(); part; part = parts.pop()) {
      const isLong = daysIn(part[0]) > COUNTED_DAYS_PAGE_ROWS;
      const statements = isLong ? this.#statements.firstHeads : this.#statements.heads;
      const { rows } = await statements[by].run(this.#db, part);
      for (const row of rows) {
        const statuses = statusesIn(row, HEAD_BYTES.usual);
        if (statuses) sums.add(row.id, statuses);
        else await this.#addLongHeads(by, row, part, sums);
      }
      if (isLong && rows.reduce((sum, row) => sum + row.days, 0) === COUNTED_DAYS_PAGE_ROWS)
        parts.push(...restOf(part, lastKeyOf(rows)));
      // The embedded store never waits. Without this, the thread would hear nothing until the end.
      await setImmediate();
    }
  }

  /** Adds the days of a row, some of whose states have longer heads. */
  async #addLongHeads(by: HeadGroup, row: HeadsRow, asked: readonly Days[], sums: StatusSums): Promise<void> {
    const [{ from }] = asked;
    const parts: Days[][] =
      by === 'customer_id'
        ? [[{ customerId: row.id, from, to: row.lastDate }]]
        : [
            asked
              .filter(({ customerId }) => compareUtf8(customerId, row.lastCustomerId) <= 0)
              .map(({ customerId }) => ({ customerId, from: row.id, to: row.id })),
          ];
    for (let part = parts.pop(); part; part = parts.pop()) {
      const { rows } = await this.#statements.longHeads[by].run(this.#db, part);
      for (const long of rows) sums.add(row.id, statusesIn(long, HEAD_BYTES.most) ?? []);
      if (rows.reduce((sum, { days }) => sum + days, 0) === STORED_DAYS_PAGE_ROWS)
        parts.push(...restOf(part, lastKeyOf(rows)));
      await setImmediate();
    }
  }

  /** Days with their states, in the order of keys, in pieces. */
  async *#states(asked: CustomersAsked, range: SpanRange): AsyncGenerator<StateRow[]> {
    // With as many as fit on a page, all pages have one statement. It is prepared anew for each snapshot.
    const most = 'ids' in asked ? Math.floor(STORED_DAYS_PAGE_ROWS / daysIn(range)) : undefined;
    for await (const ids of this.#groups(asked, most)) {
      const parts = [daysOf(ids, range)];
      for (let part = parts.pop(); part; part = parts.pop()) {
        const { rows } = await this.#statements.states.run(this.#db, part);
        if (rows.length > 0) yield rows;
        if (rows.length === STORED_DAYS_PAGE_ROWS) parts.push(...restOf(part, keyOf(rows[rows.length - 1])));
        await setImmediate();
      }
    }
  }

  /** The ids that are asked for, in groups. @param most ids of a group where they are given. */
  async *#groups(
    asked: CustomersAsked,
    most = MOST_CUSTOMERS_A_STATEMENT,
  ): AsyncGenerator<readonly string[]> {
    if ('ids' in asked) {
      yield* chunksOf(asked.ids.filter(canBeInLog), Math.min(Math.max(1, most), MOST_CUSTOMERS_A_STATEMENT));
      return;
    }
    let group: string[] = [];
    for await (const ids of this.#found(asked)) {
      for (const id of ids) {
        if (group.push(id) < MOST_CUSTOMERS_A_STATEMENT) continue;
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

function isOfAll(asked: CustomersAsked): boolean {
  return !('ids' in asked || asked.after !== undefined || asked.prefix || asked.matches);
}

function daysOf(ids: readonly string[], { from, to }: SpanRange): Days[] {
  return ids.map((customerId) => ({ customerId, from, to }));
}

/** What is still to be read after a piece that ends with a key; the last part comes first. */
function restOf(
  asked: readonly Days[],
  last: { readonly customerId: string; readonly date: string },
): Days[][] {
  const at = asked.findIndex(({ customerId }) => customerId === last.customerId);
  const { to } = asked[at];
  const others = asked.slice(at + 1);
  // A statement has one range of days for all of its customers, so the rest of this one is read alone.
  const own = { customerId: last.customerId, from: dayAfter(last.date), to };
  return [...(others.length > 0 ? [others] : []), ...(last.date < to ? [[own]] : [])];
}

/** No log can hold an id with a NUL, and PostgreSQL refuses it with an error. */
function canBeInLog(text: string): boolean {
  return !text.includes('\0');
}

function keyOf({ customer_id: customerId, date }: StateRow) {
  return { customerId, date };
}

/** How many customers have at most COUNTED_DAYS_PAGE_ROWS days in a range. */
function customersAtOnce(range: SpanRange): number {
  return Math.max(1, Math.floor(COUNTED_DAYS_PAGE_ROWS / daysIn(range)));
}

function daysIn({ from, to }: SpanRange): number {
  return dayOfDate(to) - dayOfDate(from) + 1;
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

/** A row for each state, with the beginning that holds all statuses. */
function selectDayHeads(db: Kysely<Tables>): RowsStatement<Days, StateRow> {
  return new RowsStatement((parameter, customers) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select(keyColumns(CUSTOMER_DAYS))
      .select(sql`substr(state, 1, ${sql.lit(HEAD_BYTES.most)})`.as('state'))
      .where(isOfDays(parameter, customers))
      .orderBy(sql`customer_id, date`)
      .$castTo<StateRow>(),
  );
}

function selectNextHeads(db: Kysely<Tables>): Statement<Pick<StateRow, 'customer_id' | 'date'>, StateRow> {
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select(keyColumns(CUSTOMER_DAYS))
      .select(sql`substr(state, 1, ${sql.lit(HEAD_BYTES.most)})`.as('state'))
      .where(
        sql<boolean>`(customer_id, date) > (${parameter(({ customer_id }) => customer_id)}, ${parameter(({ date }) => date)})`,
      )
      .orderBy(sql`customer_id, date`)
      .limit(sql.lit(DAY_HEADS_PAGE_ROWS))
      .$castTo<StateRow>(),
  );
}

/** Each end is found by a step of its own in the index of the key. */
function selectDayRanges(db: Kysely<Tables>): RowsStatement<string, Partial<CustomerDayRange>> {
  const table = sql.table(statisticsTable(CUSTOMER_DAYS));
  return new RowsStatement((parameter, customers) => {
    const ids = customers.map((i) => sql`select ${parameter((all) => all[i])} as id`);
    const end = (of: 'min' | 'max') =>
      sql`(select ${sql.raw(of)}(date) from ${table} where customer_id = ids.id)`;
    return {
      compile: () =>
        sql<
          Partial<CustomerDayRange>
        >`select id as "customerId", ${end('min')} as first, ${end('max')} as last
          from (${sql.join(ids, sql` union all `)}) as ids`.compile(db),
    };
  });
}
