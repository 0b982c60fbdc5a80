/**
 * Roll-ups: the requests by status of all customers in a period of days, packed, so that a ranking does not read a row for
 * each customer and day. They are made of the rows, and hold nothing else. A period without one is read from its rows.
 */

import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import {
  countsOfPart,
  IDS_SLOT,
  type PackedPart,
  ROLL_UP_DAYS,
  TOTAL_SLOT,
} from '../../statistics/roll-up-part.ts';
import { dayOfDate } from '../../window/day.ts';
import type { DayCounts } from '../customer-days.ts';
import type { StoreDialect } from '../dialect.ts';
import { RowsStatement, Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';

/** A roll-up that can be read. */
export interface RollUp {
  readonly period: number;
  readonly id: string;
  /** Days since 1970: the last day that it holds. */
  readonly lastDay: number;
}

/** Periods, both ends included. */
export interface Periods {
  readonly first: number;
  readonly last: number;
}

/** Asks for some slots of the next part. */
interface PartQuery {
  readonly id: string;
  /** Only parts with customers from this id on. */
  readonly from: string;
  /** Only parts behind this one. */
  readonly after: number;
  /** The slots, beside that of ids. */
  readonly slots: readonly number[];
}

interface SlotRow {
  readonly part: number;
  readonly slot: number;
  readonly data: Uint8Array;
}

/**
 * The part before all others. It holds the requests of all customers together: each day stands in it as a customer would, under
 * its date.
 */
export const DAYS_PART = -1;

/** @param date `YYYY-MM-DD`. */
export function periodOf(date: string): number {
  return Math.floor(dayOfDate(date) / ROLL_UP_DAYS);
}

export class RollUps {
  readonly #dialect: StoreDialect;
  readonly #ready: Statement<Periods, RollUp>;
  readonly #known: Statement<Periods, RollUp>;
  readonly #delete: Statement<number, unknown>;
  readonly #slots: RowsStatement<PartSlot, SlotRow>;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#dialect = dialect;
    const select = (isReady: boolean) =>
      new Statement<Periods, RollUp>((parameter) =>
        db
          .selectFrom('roll_ups')
          .select(['period', 'id', 'last_day as lastDay'])
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
    this.#slots = selectSlots(db);
  }

  /** The roll-ups that can be read. @param db the database, or a snapshot of it. */
  async ready(db: Kysely<Tables>, periods: Periods): Promise<readonly RollUp[]> {
    return (await this.#ready.run(db, periods)).rows;
  }

  /** The parts of a roll-up, in the order of ids: their ids and some of their other slots, as they are packed. */
  async *parts(db: Kysely<Tables>, query: Omit<PartQuery, 'after'>): AsyncGenerator<PackedPart> {
    for (let after = DAYS_PART; ; ) {
      const rows = await this.#part(db, { ...query, after });
      if (rows.length === 0) return;
      after = rows[0].part;
      yield new Map(rows.map(({ slot, data }) => [slot, data]));
    }
  }

  /** The requests of all customers by day. */
  async days(db: Kysely<Tables>, id: string): Promise<readonly DayCounts[]> {
    const rows = await this.#part(db, { id, from: '', after: DAYS_PART - 1, slots: [TOTAL_SLOT] });
    return countsOfPart(new Map(rows.map(({ slot, data }) => [slot, data])), [TOTAL_SLOT]).map(
      ({ customerId: date, statuses }) => ({ date, statuses }),
    );
  }

  async #part(db: Kysely<Tables>, { slots, ...query }: PartQuery): Promise<readonly SlotRow[]> {
    const asked = [IDS_SLOT, ...slots].map((slot) => ({ ...query, slot }));
    return (await this.#slots.run(db, asked)).rows;
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
    const firstDays = firstDaysOf(dates);
    const periods = [...firstDays.keys()];
    await this.#dialect.lockRollUps(transaction);
    const span = { first: Math.min(...periods), last: Math.max(...periods) };
    for (const { period, lastDay } of (await this.#known.run(transaction, span)).rows)
      if ((firstDays.get(period) ?? Infinity) <= lastDay) await this.#delete.run(transaction, period);
  }
}

/** The first of the days in each period that has any. */
function firstDaysOf(dates: ReadonlySet<string>): ReadonlyMap<number, number> {
  const days = [...dates].map(dayOfDate);
  const byPeriod = Map.groupBy(days, (day) => Math.floor(day / ROLL_UP_DAYS));
  return new Map([...byPeriod].map(([period, own]) => [period, Math.min(...own)]));
}

interface PartSlot extends Omit<PartQuery, 'slots'> {
  readonly slot: number;
}

/** Some slots of the first part that is asked for. All parameters but the slot are those of the first one. */
function selectSlots(db: Kysely<Tables>): RowsStatement<PartSlot, SlotRow> {
  return new RowsStatement((parameter, slots) => {
    const id = sql`${parameter(([{ id }]) => id)}`;
    const after = sql`${parameter(([{ after }]) => after)}`;
    const from = sql`${parameter(([{ from }]) => from)}`;
    const asked = slots.map((i) => sql`${parameter((parts) => parts[i].slot)}`);
    return db
      .selectFrom('roll_up_parts')
      .select(['part', 'slot', 'data'])
      .where(
        sql<boolean>`roll_up_id = ${id} and slot in (${sql.join(asked)}) and part = (
          select part from roll_up_parts
          where roll_up_id = ${id} and part > ${after} and last_customer_id >= ${from} order by part limit 1)`,
      );
  });
}
