/**
 * Roll-ups: the requests by status of all customers in a period of days, packed, so that a ranking does not read a row for
 * each customer and day. They are made of the rows, and hold nothing else. A period without one is read from its rows.
 */

import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { ROLL_UP_DAYS, type RolledUpCustomer, rolledUpCustomers } from '../../statistics/roll-up-part.ts';
import { dayOfDate } from '../../window/day.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';

/** A roll-up that can be read. */
export interface RollUp {
  readonly period: number;
  readonly id: string;
}

/** Periods, both ends included. */
export interface Periods {
  readonly first: number;
  readonly last: number;
}

interface PartQuery {
  readonly id: string;
  /** Only parts with customers from this id on. */
  readonly from: string;
  /** Only parts behind this one. */
  readonly after: number;
}

interface PartRow {
  readonly part: number;
  readonly data: Uint8Array;
}

/** @param date `YYYY-MM-DD`. */
export function periodOf(date: string): number {
  return Math.floor(dayOfDate(date) / ROLL_UP_DAYS);
}

export class RollUps {
  readonly #dialect: StoreDialect;
  readonly #ready: Statement<Periods, RollUp>;
  readonly #known: Statement<Periods, { period: number }>;
  readonly #delete: Statement<number, unknown>;
  readonly #part: Statement<PartQuery, PartRow>;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#dialect = dialect;
    const select = (isReady: boolean) =>
      new Statement<Periods, RollUp>((parameter) =>
        db
          .selectFrom('roll_ups')
          .select(['period', 'id'])
          .where(
            'period',
            '>=',
            parameter(({ first }) => first),
          )
          .where(
            'period',
            '<=',
            parameter(({ last }) => last),
          )
          .$if(isReady, (ready) => ready.where('is_ready', '=', 1))
          .orderBy('period'),
      );
    this.#ready = select(true);
    this.#known = select(false);
    this.#delete = new Statement((parameter) =>
      db.deleteFrom('roll_ups').where(
        'period',
        '=',
        parameter((period) => period),
      ),
    );
    this.#part = selectPart(db);
  }

  /** The roll-ups that can be read. @param db the database, or a snapshot of it. */
  async ready(db: Kysely<Tables>, periods: Periods): Promise<readonly RollUp[]> {
    return (await this.#ready.run(db, periods)).rows;
  }

  /** The customers of a roll-up from an id on, in the order of ids and in pieces. */
  async *customersOf(
    db: Kysely<Tables>,
    id: string,
    from: string,
  ): AsyncGenerator<readonly RolledUpCustomer[]> {
    for (let after = -1; ; ) {
      const [row] = (await this.#part.run(db, { id, from, after })).rows;
      if (!row) return;
      after = row.part;
      yield rolledUpCustomers(row.data);
    }
  }

  /**
   * Deletes the roll-ups of days that a transaction changes. Call it at the end of the transaction, before it locks final
   * spans. The lock comes first: a roll-up that begins behind it reads the rows as they are after the transaction. One that
   * had begun before has its row in the table, which is found here, so it is never ready.
   *
   * Rows are deleted in the order of periods. With any other, two writers could wait for each other.
   */
  async forget(transaction: Transaction<Tables>, dates: ReadonlySet<string>): Promise<void> {
    if (dates.size === 0) return;
    const periods = new Set([...dates].map(periodOf));
    const span = { first: Infinity, last: -Infinity };
    for (const period of periods) {
      span.first = Math.min(span.first, period);
      span.last = Math.max(span.last, period);
    }
    await this.#dialect.lockRollUps(transaction);
    for (const { period } of (await this.#known.run(transaction, span)).rows)
      if (periods.has(period)) await this.#delete.run(transaction, period);
  }
}

function selectPart(db: Kysely<Tables>): Statement<PartQuery, PartRow> {
  return new Statement((parameter) =>
    db
      .selectFrom('roll_up_parts')
      .select(['part', 'data'])
      .where(
        'roll_up_id',
        '=',
        parameter(({ id }) => id),
      )
      .where(
        'part',
        '>',
        parameter(({ after }) => after),
      )
      .where(
        'last_customer_id',
        '>=',
        parameter(({ from }) => from),
      )
      .orderBy(sql`part`)
      .limit(1),
  );
}
