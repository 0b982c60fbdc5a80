/** Reads the days of one endpoint of many customers. No roll-up holds them. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import {
  CUSTOMER_IDS_PAGE_ROWS,
  ENDPOINT_CUSTOMERS_AT_ONCE,
  ENDPOINT_DAYS_AT_ONCE,
  MERGED_DAY_KEYS,
  STORED_DAYS_PAGE_ROWS,
} from '../../limits.ts';
import { mergeStatistics } from '../../statistics/daily-statistics.ts';
import { StatusSums } from '../../statistics/status-counts.ts';
import type { DailyStatistics, StatusCount } from '../../statistics/types.ts';
import { compareUtf8 } from '../../window/key.ts';
import { CUSTOMER_ENDPOINTS, type SpanRange } from '../../window/kind.ts';
import type {
  CountedDays,
  CountedRange,
  CustomerCounts,
  CustomerSearch,
  CustomerStatistics,
  CustomersAsked,
  RankedDays,
} from '../customer-days.ts';
import { mergeById } from '../merge-by-id.ts';
import { chunksOf, type MakeParameter, Statement } from '../statement.ts';
import { statisticsTable, type Tables } from '../tables.ts';
import { HEAD_BYTES, statusesOf } from './state-heads.ts';

/** Asks for the next customers of an endpoint on one day. */
interface IdsPage {
  readonly endpoint: string;
  readonly date: string;
  readonly begin: string;
  readonly limit: number;
}

interface DatesAsked extends SpanRange {
  readonly endpoint: string;
}

/** Asks for the rows of some customers on some days. */
interface Cells {
  readonly endpoint: string;
  readonly ids: readonly string[];
  readonly dates: readonly string[];
}

/** A day of a customer with its state, or the beginning of it. */
interface CellRow {
  readonly customerId: string;
  readonly date: string;
  readonly state: Uint8Array;
}

type Id = Pick<CustomerCounts, 'customerId'>;

/** What is read of rows: the statuses at the beginning of their states, or the whole. */
interface Reading {
  readonly customers: number;
  readonly days: number;
  readonly rows: CellStatements;
}

interface Statements {
  readonly dates: Statement<DatesAsked, { date: string }>;
  readonly idsFrom: Statement<IdsPage, Id>;
  readonly idsBehind: Statement<IdsPage, Id>;
  readonly heads: Reading;
  readonly states: Reading;
}

export class EndpointCustomers {
  readonly #statements: Statements;

  constructor(db: Kysely<Tables>) {
    this.#statements = {
      dates: selectDates(db),
      idsFrom: selectIds(db, '>='),
      idsBehind: selectIds(db, '>'),
      heads: {
        ...{ customers: ENDPOINT_CUSTOMERS_AT_ONCE, days: ENDPOINT_DAYS_AT_ONCE },
        rows: new CellStatements(db, `substr(state, 1, ${HEAD_BYTES.most})`),
      },
      // Whole states may be large.
      states: { customers: 1, days: STORED_DAYS_PAGE_ROWS, rows: new CellStatements(db, 'state') },
    };
  }

  /** As `StoreSnapshot.customersOf`. @param db the snapshot. */
  of(db: Kysely<Tables>, endpoint: string): RankedDays {
    return new EndpointOfOneMoment(db, this.#statements, endpoint);
  }
}

class EndpointOfOneMoment implements RankedDays {
  readonly #db: Kysely<Tables>;
  readonly #statements: Statements;
  readonly #endpoint: string;

  constructor(db: Kysely<Tables>, statements: Statements, endpoint: string) {
    this.#db = db;
    this.#statements = statements;
    this.#endpoint = endpoint;
  }

  async table(): Promise<undefined> {
    return undefined;
  }

  async *counts(asked: CustomersAsked, range: CountedRange): AsyncGenerator<readonly CustomerCounts[]> {
    const { since, from, to } = range;
    for await (const { ids, rows } of this.#rows('heads', asked, { from: since ?? from, to })) {
      const [now, before] = [new StatusSums(), new StatusSums()];
      for await (const { customerId, date, state } of rows)
        (date < from ? before : now).add(customerId, statusesOf(state));
      yield ids
        .map((customerId) => ({ customerId, statuses: now.of(customerId), before: before.of(customerId) }))
        .filter((counts) => counts.statuses.length + counts.before.length > 0);
    }
  }

  async *days(asked: CustomersAsked, range: SpanRange): AsyncGenerator<readonly CountedDays[]> {
    for await (const { ids, rows } of this.#rows('heads', asked, range)) {
      const days = new Map<string, Map<string, readonly StatusCount[]>>();
      for await (const { customerId, date, state } of rows) {
        const own = days.get(customerId) ?? new Map<string, readonly StatusCount[]>();
        days.set(customerId, own.set(date, statusesOf(state)));
      }
      yield ids.flatMap((customerId) => {
        const statuses = days.get(customerId);
        return statuses ? [{ customerId, statuses }] : [];
      });
    }
  }

  async *statistics(asked: CustomersAsked, range: SpanRange): AsyncGenerator<CustomerStatistics> {
    for await (const { ids, rows } of this.#rows('states', asked, range)) {
      let merged: DailyStatistics | undefined;
      let page: (DailyStatistics | Uint8Array)[] = [];
      for await (const { state } of rows) {
        if (page.push(state) < STORED_DAYS_PAGE_ROWS) continue;
        merged = mergeStatistics(merged ? [merged, ...page] : page);
        page = [];
      }
      if (page.length > 0) merged = mergeStatistics(merged ? [merged, ...page] : page);
      if (merged) yield { customerId: ids[0], statistics: merged };
    }
  }

  /** A few customers at a time, with the rows of them. Read all rows before the next. */
  async *#rows(what: 'heads' | 'states', asked: CustomersAsked, range: SpanRange) {
    const { customers, days, rows: statements } = this.#statements[what];
    const dates = await this.#dates(range);
    for await (const group of this.#groups(asked, dates)) {
      for (const ids of chunksOf(group, customers)) {
        yield { ids, rows: this.#cells(statements, ids, [...chunksOf(dates, days)]) };
        // The embedded store never waits. Without this, the thread would hear nothing until the end.
        await setImmediate();
      }
    }
  }

  async *#cells(statements: CellStatements, ids: readonly string[], parts: readonly string[][]) {
    for (const dates of parts)
      yield* await statements.run(this.#db, { endpoint: this.#endpoint, ids, dates });
  }

  /** The days on which the endpoint has requests of anybody. */
  async #dates(range: SpanRange): Promise<readonly string[]> {
    const { rows } = await this.#statements.dates.run(this.#db, { ...range, endpoint: this.#endpoint });
    return rows.map(({ date }) => date);
  }

  /** The customers that are asked for, in groups. */
  async *#groups(asked: CustomersAsked, dates: readonly string[]): AsyncGenerator<readonly string[]> {
    if ('ids' in asked) yield* chunksOf(asked.ids.filter(canBeInLog), CUSTOMER_IDS_PAGE_ROWS);
    else if (canBeInLog(asked.prefix ?? '')) {
      const limit = Math.max(1, Math.floor(MERGED_DAY_KEYS / Math.max(1, dates.length)));
      const streams = dates.map((date) => this.#idsOf(date, asked, Math.min(limit, CUSTOMER_IDS_PAGE_ROWS)));
      for await (const piece of mergeById(streams)) {
        const ids = piece.map(({ customerId }) => customerId);
        yield asked.matches ? ids.filter(asked.matches) : ids;
      }
    }
  }

  /** The customers of one day, in the order of ids. */
  async *#idsOf(
    date: string,
    { after, prefix = '' }: CustomerSearch,
    limit: number,
  ): AsyncGenerator<readonly Id[]> {
    const { idsFrom, idsBehind } = this.#statements;
    const asked = { endpoint: this.#endpoint, date, limit };
    const isBehind = after !== undefined && compareUtf8(after, prefix) >= 0;
    let page = await (isBehind
      ? idsBehind.run(this.#db, { ...asked, begin: after })
      : idsFrom.run(this.#db, { ...asked, begin: prefix }));
    for (;;) {
      const found = page.rows.filter(({ customerId }) => customerId.startsWith(prefix));
      if (found.length > 0) yield found;
      if (found.length < limit) return;
      page = await idsBehind.run(this.#db, { ...asked, begin: found[found.length - 1].customerId });
    }
  }
}

/** No log can hold an id with a NUL, and PostgreSQL refuses it with an error. */
function canBeInLog(text: string): boolean {
  return !text.includes('\0');
}

/**
 * The rows of customers and days, each looked up by its whole key, in the order of customers and days. A list of days and not a
 * range: with a range, a database would read all endpoints of these customers, or all customers of the endpoint.
 */
class CellStatements {
  readonly #db: Kysely<Tables>;
  readonly #state: string;
  readonly #statements = new Map<string, Statement<Cells, CellRow>>();

  /** @param state an expression. */
  constructor(db: Kysely<Tables>, state: string) {
    this.#db = db;
    this.#state = state;
  }

  /** @param db the snapshot. */
  async run(db: Kysely<Tables>, { endpoint, ids, dates }: Cells): Promise<readonly CellRow[]> {
    const cells = { endpoint, ids: filledUp(ids), dates: filledUp(dates) };
    const shape = `${cells.ids.length} ${cells.dates.length}`;
    const statement = this.#statements.get(shape) ?? this.#select(cells);
    this.#statements.set(shape, statement);
    return (await statement.run(db, cells)).rows;
  }

  #select({ ids, dates }: Cells): Statement<Cells, CellRow> {
    return new Statement((parameter) => ({
      compile: () =>
        sql<CellRow>`select customer_id as "customerId", date, ${sql.raw(this.#state)} as state
          from ${sql.table(statisticsTable(CUSTOMER_ENDPOINTS))}
          where endpoint = ${parameter(({ endpoint }) => endpoint)}
            and customer_id in (${listOf(ids, (i) => parameter(({ ids }) => ids[i]))})
            and date in (${listOf(dates, (i) => parameter(({ dates }) => dates[i]))})
          order by customer_id, date`.compile(this.#db),
    }));
  }
}

/** Repeats the last value up to the next power of two, so that there are few statements. */
function filledUp(values: readonly string[]): readonly string[] {
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return Array.from({ length }, (_, i) => values[Math.min(i, values.length - 1)]);
}

const listOf = (values: readonly string[], read: (i: number) => unknown) =>
  sql.join(values.map((_, i) => sql`${read(i)}`));

/** Each day is found by a step of its own in the index. */
function selectDates(db: Kysely<Tables>): Statement<DatesAsked, { date: string }> {
  const table = sql.table(statisticsTable(CUSTOMER_ENDPOINTS));
  return new Statement((parameter: MakeParameter<DatesAsked>) => {
    const endpoint = () => sql`${parameter((asked) => asked.endpoint)}`;
    const from = sql`${parameter((asked) => asked.from)}`;
    const to = () => sql`${parameter((asked) => asked.to)}`;
    return {
      compile: () =>
        sql<{ date: string }>`with recursive dates (date) as (
          select min(date) from ${table} where endpoint = ${endpoint()} and date >= ${from} and date <= ${to()}
          union all
          select (select min(date) from ${table}
            where endpoint = ${endpoint()} and date > dates.date and date <= ${to()})
          from dates where dates.date is not null
        ) select date from dates where date is not null`.compile(db),
    };
  });
}

function selectIds(db: Kysely<Tables>, begin: '>' | '>='): Statement<IdsPage, Id> {
  return new Statement((parameter) => ({
    compile: () =>
      sql<Id>`select customer_id as "customerId" from ${sql.table(statisticsTable(CUSTOMER_ENDPOINTS))}
        where endpoint = ${parameter(({ endpoint }) => endpoint)}
          and date = ${parameter(({ date }) => date)}
          and customer_id ${sql.raw(begin)} ${parameter(({ begin: id }) => id)}
        order by customer_id limit ${parameter(({ limit }) => limit)}`.compile(db),
  }));
}
