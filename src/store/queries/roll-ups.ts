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
import { DAY_MS, dayOfDate, FIRST_DATE } from '../../window/day.ts';
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

/** What the ids of a part are known by: parts with the same have the same ids. It stands beside the slots of the part. */
export const IDS_DIGEST_SLOT = -1;

/** @param date `YYYY-MM-DD`. */
export function periodOf(date: string): number {
  return Math.floor(dayOfDate(date) / ROLL_UP_DAYS);
}

const FIRST_DAY = dayOfDate(FIRST_DATE);

/** The first day that an event may be of, as days since 1970: a zone is less than a day off. @param eventMs in ms since 1970. */
export function firstDayOf(eventMs: number): number {
  return Math.max(FIRST_DAY, Math.floor(eventMs / DAY_MS) - 1);
}

/** Puts the row of a roll-up in the place of one of the same period. @param lastDay as days since 1970. */
export async function replaceRollUp(
  transaction: Transaction<Tables>,
  { period, id, lastDay }: RollUp,
  isReady: boolean,
): Promise<void> {
  await transaction.deleteFrom('roll_ups').where('period', '=', period).execute();
  await transaction
    .insertInto('roll_ups')
    .values({ period, id, last_day: lastDay, is_ready: isReady ? 1 : 0 })
    .execute();
}

export class RollUps {
  readonly #dialect: StoreDialect;
  readonly #ready: Statement<Periods, RollUp>;
  readonly #known: Statement<Periods, RollUp>;
  readonly #delete: Statement<number, unknown>;
  readonly #slots: RowsStatement<PartSlot, SlotRow>;
  readonly #someParts: RowsStatement<SlotOfParts, SlotRow>;
  readonly #digests: Statement<string, { digest: Uint8Array | null }>;

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
    this.#someParts = selectSomeParts(db);
    this.#digests = selectDigests(db);
  }

  /** The roll-ups that can be read. @param db the database, or a snapshot of it. */
  async ready(db: Kysely<Tables>, periods: Periods): Promise<readonly RollUp[]> {
    return (await this.#ready.run(db, periods)).rows;
  }

  /** The parts of a roll-up, in the order of ids. */
  async *parts(db: Kysely<Tables>, query: Omit<PartQuery, 'after'>): AsyncGenerator<PackedPart> {
    for (let after = DAYS_PART; ; ) {
      const rows = await this.#read(db, { ...query, after });
      if (rows.length === 0) return;
      after = rows[0].part;
      yield packedOf(rows);
    }
  }

  /** One part, by its number. Slots in which it has nothing are not in it. */
  async part(db: Kysely<Tables>, id: string, part: number, slots: readonly number[]): Promise<PackedPart> {
    return packedOf(await this.#read(db, { id, from: '', after: part - 1, slots }));
  }

  /** Some slots of parts that follow each other, by part. */
  async partsIn(
    db: Kysely<Tables>,
    id: string,
    parts: readonly number[],
    slots: readonly number[],
  ): Promise<ReadonlyMap<number, PackedPart>> {
    const [first, last] = [parts[0], parts[parts.length - 1]];
    const { rows } = await this.#someParts.run(
      db,
      slots.map((slot) => ({ id, first, last, slot })),
    );
    return new Map([...Map.groupBy(rows, ({ part }) => part)].map(([part, own]) => [part, packedOf(own)]));
  }

  /** What the ids of each part are known by, in the order of parts. Null where that was not noted. */
  async idDigests(db: Kysely<Tables>, id: string): Promise<readonly (string | null)[]> {
    const { rows } = await this.#digests.run(db, id);
    return rows.map(({ digest }) => digest && Buffer.from(digest).toString('hex'));
  }

  /** The requests of all customers by day. */
  async days(db: Kysely<Tables>, id: string): Promise<readonly DayCounts[]> {
    const days = await this.part(db, id, DAYS_PART, [IDS_SLOT, TOTAL_SLOT]);
    return countsOfPart(days, [TOTAL_SLOT]).map(({ customerId: date, statuses }) => ({ date, statuses }));
  }

  async #read(db: Kysely<Tables>, { slots, ...query }: PartQuery): Promise<readonly SlotRow[]> {
    const asked = slots.map((slot) => ({ ...query, slot }));
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

function packedOf(rows: readonly SlotRow[]): PackedPart {
  return new Map(rows.map(({ slot, data }) => [slot, data]));
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

interface SlotOfParts {
  readonly id: string;
  readonly first: number;
  readonly last: number;
  readonly slot: number;
}

/** All parameters but the slot are those of the first one. */
function selectSomeParts(db: Kysely<Tables>): RowsStatement<SlotOfParts, SlotRow> {
  return new RowsStatement((parameter, slots) => {
    const asked = slots.map((i) => sql`${parameter((of) => of[i].slot)}`);
    return db
      .selectFrom('roll_up_parts')
      .select(['part', 'slot', 'data'])
      .where(sql<boolean>`roll_up_id = ${parameter(([{ id }]) => id)} and part between
        ${parameter(([{ first }]) => first)} and ${parameter(([{ last }]) => last)} and slot in (${sql.join(asked)})`)
      .orderBy('part');
  });
}

function selectDigests(db: Kysely<Tables>): Statement<string, { digest: Uint8Array | null }> {
  return new Statement((parameter) =>
    db
      .selectFrom('roll_up_parts as ids')
      .leftJoin('roll_up_parts as digests', (join) =>
        join
          .onRef('digests.roll_up_id', '=', 'ids.roll_up_id')
          .onRef('digests.part', '=', 'ids.part')
          .on('digests.slot', '=', sql.lit(IDS_DIGEST_SLOT)),
      )
      .select('digests.data as digest')
      .where(
        'ids.roll_up_id',
        '=',
        parameter((id) => id),
      )
      .where('ids.part', '>', sql.lit(DAYS_PART))
      .where('ids.slot', '=', sql.lit(IDS_SLOT))
      .orderBy('ids.part'),
  );
}
