/** Builds roll-ups while other processes commit. */

import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { MAX_GROWING_ROLL_UP_NUMBERS, ROLL_UPS_BUILT_AT_ONCE } from '../../limits.ts';
import { ROLL_UP_DAYS } from '../../statistics/roll-up-part.ts';
import { dateOfDay, dayOfDate, FIRST_DATE, LAST_DATE } from '../../window/day.ts';
import type { DayRange, SpanRange } from '../../window/kind.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { CustomerTotals } from './customer-totals.ts';
import { GrowingRollUps } from './growing-roll-ups.ts';
import { insertPart } from './roll-up-parts.ts';
import { firstDayOf, periodOf, type RollUp, replaceRollUp } from './roll-ups.ts';

const [FIRST_DAY, LAST_DAY] = [FIRST_DATE, LAST_DATE].map(dayOfDate);

/** A roll-up to build, and the last day that it is to hold, as days since 1970. */
type Planned = Pick<RollUp, 'period' | 'lastDay'>;

/**
 * A roll-up is begun, read and written, and made ready, each in transactions of its own.
 * 1. Its row is inserted while no transaction holds the lock of those that change days. So each of these either has
 *    committed, and its rows are read in 2, or takes the lock later, finds the row, and deletes it.
 * 2. A snapshot that begins behind 1 is read. It holds no lock.
 * 3. The row is updated. Where it was deleted there is nothing to update, and the parts are garbage. A delete that is not
 *    committed yet is waited for.
 */
export class RollUpBuilder {
  readonly #dialect: StoreDialect;
  readonly #totals: CustomerTotals;

  constructor(dialect: StoreDialect, totals: CustomerTotals) {
    this.#dialect = dialect;
    this.#totals = totals;
  }

  /** As `Store.rollUp`. */
  async build(range: DayRange, limit: number, signal: AbortSignal): Promise<number> {
    const { from = FIRST_DATE, to = LAST_DATE } = range;
    const firstDate = await this.#firstDate();
    const missing = await this.#missing(Math.max(periodOf(from), periodOf(firstDate)), to);
    if (missing.length > 0) await this.#deleteGarbage();
    let built = 0;
    for (let left = missing; left.length > 0 && built < limit && !signal.aborted; ) {
      const planned = neighbours(left, Math.min(ROLL_UPS_BUILT_AT_ONCE, limit - built));
      left = left.slice(planned.length);
      const begun = await this.#beginAll(planned);
      const days = daysOf(begun);
      // Half of the days that there are, as far as one can tell, or more.
      const isMost = 2 * lengthOf(days) >= lengthOf({ from: firstDate, to });
      const all = (db: Kysely<Tables>) =>
        isMost ? this.#totals.allDays(db) : this.#totals.daysOfAll(db, days);
      const isWritten = begun.length > 0 && (await this.#writeParts(begun, all, signal));
      for (const { id } of begun) {
        if (!isWritten) await this.#giveUp(id);
        else if (await this.#finish(id)) built++;
      }
      // A commit is under way. The next call tries again.
      if (begun.length < planned.length) break;
    }
    return built;
  }

  /** The periods from one on without a roll-up that is ready and holds as many days, the last one first. */
  async #missing(first: number, to: string): Promise<Planned[]> {
    const last = periodOf(to);
    const ready = await this.#dialect.db
      .selectFrom('roll_ups')
      .select(['period', 'last_day'])
      .where('is_ready', '=', 1)
      .execute();
    const lastDays = new Map(ready.map(({ period, last_day }) => [period, last_day]));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => last - i)
      .map((period) => ({ period, lastDay: Math.min((period + 1) * ROLL_UP_DAYS - 1, dayOfDate(to)) }))
      .filter(({ period, lastDay }) => (lastDays.get(period) ?? -Infinity) < lastDay);
  }

  /** A date that no event is before, as far as partitions know it. */
  async #firstDate(): Promise<string> {
    const { firstMs } = await this.#dialect.db
      .selectFrom('checkpoints')
      .select(({ fn }) => fn.min<number | null>('first_event_ms').as('firstMs'))
      .executeTakeFirstOrThrow();
    return firstMs === null ? FIRST_DATE : dateOfDay(firstDayOf(firstMs));
  }

  /** @returns those that were begun: fewer where a transaction that changes days is under way. */
  async #beginAll(all: readonly Planned[]): Promise<readonly RollUp[]> {
    const begun: RollUp[] = [];
    for (const planned of all) {
      const id = await this.#begin(planned);
      if (id === undefined) break;
      begun.push({ ...planned, id });
    }
    return begun;
  }

  /** @returns the id of the new roll-up; undefined where a transaction that changes days is under way. */
  async #begin({ period, lastDay }: Planned): Promise<string | undefined> {
    const id = randomUUID();
    const isBegun = await this.#transact(async (transaction) => {
      if (!(await this.#dialect.tryLockToRollUp(transaction))) return false;
      // A process that was killed has left it, or one that builds the same. The latter finds its row gone, and gives up.
      await replaceRollUp(transaction, { period, id, lastDay }, false);
      return true;
    });
    return isBegun ? id : undefined;
  }

  /**
   * @param rollUps of neighbouring periods, the last one first. @param daysIn gives their days, and maybe others, in the order of keys.
   * @returns false where the signal ended it.
   */
  async #writeParts(
    rollUps: readonly RollUp[],
    daysIn: (snapshot: Kysely<Tables>) => ReturnType<CustomerTotals['allDays']>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { db, close } = await this.#dialect.openSnapshot();
    try {
      const growing = new GrowingRollUps(rollUps, MAX_GROWING_ROLL_UP_NUMBERS);
      for await (const days of daysIn(db)) {
        if (signal.aborted) return false;
        for (const { customer_id, date, state } of days) growing.add(customer_id, date, state);
        await this.#write(growing);
      }
      growing.end();
      await this.#write(growing);
      return true;
    } finally {
      await close();
    }
  }

  async #write(growing: GrowingRollUps): Promise<void> {
    for (const part of growing.take()) await this.#transact((transaction) => insertPart(transaction, part));
  }

  /** @returns false where the roll-up was deleted meanwhile. */
  async #finish(id: string): Promise<boolean> {
    const { length } = await this.#transact((transaction) =>
      transaction.updateTable('roll_ups').set({ is_ready: 1 }).where('id', '=', id).returning('id').execute(),
    );
    return length === 1;
  }

  async #giveUp(id: string): Promise<void> {
    await this.#transact((transaction) => transaction.deleteFrom('roll_ups').where('id', '=', id).execute());
  }

  /** Deletes parts without a roll-up. One that is being built has its row, or else it will not be finished. */
  async #deleteGarbage(): Promise<void> {
    const garbage = await this.#dialect.db
      .selectFrom('roll_up_parts')
      .select('roll_up_id')
      .distinct()
      .where('roll_up_id', 'not in', (eb) => eb.selectFrom('roll_ups').select('id'))
      .execute();
    for (const { roll_up_id: id } of garbage)
      await this.#transact((transaction) =>
        transaction.deleteFrom('roll_up_parts').where('roll_up_id', '=', id).execute(),
      );
  }

  /** Read committed, as all that writes: stricter levels fail where a row was deleted meanwhile. */
  #transact<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#dialect.db.transaction().setIsolationLevel('read committed').execute(work);
  }
}

/** The first of some periods, as long as each is right before the one before. @param most so many at the most. */
function neighbours(planned: readonly Planned[], most: number): readonly Planned[] {
  const end = planned.findIndex(({ period }, i) => i === most || (planned[0]?.period ?? 0) - period !== i);
  return end < 0 ? planned : planned.slice(0, end);
}

function lengthOf({ from, to }: SpanRange): number {
  return dayOfDate(to) - dayOfDate(from) + 1;
}

/** The days of neighbouring periods that a calendar has. @param rollUps the last one first. */
function daysOf(rollUps: readonly RollUp[]): SpanRange {
  const firstDay = (rollUps.at(-1)?.period ?? 0) * ROLL_UP_DAYS;
  const lastDay = rollUps[0]?.lastDay ?? firstDay;
  return {
    from: dateOfDay(Math.max(FIRST_DAY, firstDay)),
    to: dateOfDay(Math.min(LAST_DAY, lastDay)),
  };
}
