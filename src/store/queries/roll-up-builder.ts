/** Builds roll-ups while other processes commit. */

import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { ROLL_UP_PART_CUSTOMERS } from '../../limits.ts';
import { ROLL_UP_DAYS, RollUpPartWriter } from '../../statistics/roll-up-part.ts';
import { StatusSums } from '../../statistics/status-counts.ts';
import { dateOfDay, dayOfDate, FIRST_DATE, LAST_DATE } from '../../window/day.ts';
import type { DayRange } from '../../window/kind.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { CustomerTotals } from './customer-totals.ts';
import { insertPart, packed } from './roll-up-parts.ts';
import { DAYS_PART, firstDayOf, periodOf, type RollUp, replaceRollUp } from './roll-ups.ts';

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
    const missing = await this.#missing(range);
    if (missing.length > 0) await this.#deleteGarbage();
    let built = 0;
    for (const planned of missing) {
      if (signal.aborted || built === limit) break;
      const id = await this.#begin(planned);
      // A commit is under way. The next call tries again.
      if (id === undefined) break;
      if (!(await this.#writeParts(planned, id, signal))) await this.#giveUp(id);
      else if (await this.#finish(id)) built++;
    }
    return built;
  }

  /** The periods without a roll-up that is ready and holds as many days, the last one first. */
  async #missing({ from = FIRST_DATE, to = LAST_DATE }: DayRange): Promise<Planned[]> {
    const firstDate = await this.#firstDate();
    const [first, last] = [periodOf(from > firstDate ? from : firstDate), periodOf(to)];
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

  /** @returns false where the signal ended it. */
  async #writeParts(planned: Planned, id: string, signal: AbortSignal): Promise<boolean> {
    const { db, close } = await this.#dialect.openSnapshot();
    try {
      const writer = new RollUpPartWriter();
      const sums = new StatusSums();
      let part = 0;
      let lastId = '';
      const dates = datesOf(planned);
      const days = dates.filter(isDay);
      const range = { from: days[0], to: days[days.length - 1] };
      for await (const customers of this.#totals.daysOfAll(db, range)) {
        if (signal.aborted) return false;
        for (const { customerId, statuses } of customers) {
          writer.add(
            customerId,
            dates.map((date) => statuses.get(date ?? '')),
          );
          for (const [date, counts] of statuses) sums.add(date, counts);
          lastId = customerId;
          if (writer.length === ROLL_UP_PART_CUSTOMERS) await this.#writePart(id, part++, lastId, writer);
        }
      }
      if (writer.length > 0) await this.#writePart(id, part, lastId, writer);
      for (const date of sums.ids.sort()) writer.add(date, [sums.of(date)]);
      await this.#writePart(id, DAYS_PART, '', writer);
      return true;
    } finally {
      await close();
    }
  }

  async #writePart(id: string, part: number, lastId: string, writer: RollUpPartWriter): Promise<void> {
    const rows = packed({ id, part, lastId }, writer);
    await this.#transact((transaction) => insertPart(transaction, rows));
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

/** The days of a period. Undefined: no calendar has it, or the roll-up does not hold it. */
function datesOf({ period, lastDay }: Planned): (string | undefined)[] {
  return Array.from({ length: ROLL_UP_DAYS }, (_, at) => {
    const day = period * ROLL_UP_DAYS + at;
    return day < FIRST_DAY || day > Math.min(lastDay, LAST_DAY) ? undefined : dateOfDay(day);
  });
}

function isDay(date: string | undefined): date is string {
  return date !== undefined;
}
