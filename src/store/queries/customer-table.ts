/** Adds up the requests of all customers at once, from unpacked roll-ups, and from rows where there are none. */

import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ROLLED_UP_NUMBERS_IN_ONE_PIECE } from '../../limits.ts';
import { addColumn } from '../../statistics/roll-up-part.ts';
import type { CountedRange, CustomerTable, StatusClasses } from '../customer-days.ts';
import type { Tables } from '../tables.ts';
import type { Cached, CachedRollUp, RollUpCache } from './roll-up-cache.ts';
import { type CountRows, type RollUpPlan, slotsOf } from './roll-up-plan.ts';

/**
 * As `CustomerDays.table`. The roll-ups come first, then rows: both number customers, and the sums grow with them.
 * @returns undefined where there are too many customers.
 */
export async function customerTable(
  db: Kysely<Tables>,
  cache: RollUpCache,
  { ready, gaps }: RollUpPlan,
  range: CountedRange,
  classOf: StatusClasses,
  countRows: CountRows,
): Promise<CustomerTable | undefined> {
  const cached = cache.begin(ready.map(({ id }) => id));
  if (!cached) return undefined;
  const { directory } = cached;
  const [now, before] = [new ClassSums(cached, classOf), new ClassSums(cached, classOf)];
  for (const [at, rollUp] of ready.entries()) {
    const slots = slotsOf(rollUp, range);
    const found = await cache.find(db, cached, rollUp.id, [...slots.now, ...slots.before]);
    if (!found) {
      cache.refuse(ready.slice(0, at + 1).map(({ id }) => id));
      return undefined;
    }
    for (const slot of slots.now) await now.addSlot(found, slot);
    for (const slot of slots.before) await before.addSlot(found, slot);
  }
  for (const gap of gaps) {
    const sums = gap.to < range.from ? before : now;
    for await (const customers of countRows(gap)) {
      for (const { customerId, statuses } of customers) {
        const number = directory.numberOf(customerId);
        for (const { status, requests } of statuses) sums.add(number, status, requests);
      }
      if (directory.isFull) return undefined;
    }
  }
  return { ids: directory.ids, now: now.take(), before: before.take() };
}

/** The requests of each customer by class of status. */
class ClassSums {
  readonly #cached: Cached;
  readonly #classOf: StatusClasses;
  readonly #sums = new Map<number, Float64Array>();
  #added = 0;

  constructor(cached: Cached, classOf: StatusClasses) {
    this.#cached = cached;
    this.#classOf = classOf;
  }

  async addSlot({ numbers, slots }: CachedRollUp, slot: number): Promise<void> {
    for (const { first, column } of slots.get(slot) ?? []) {
      addColumn(column, this.#sumsOf(column.status), numbers, first);
      this.#added += column.requests.length;
      if (this.#added < ROLLED_UP_NUMBERS_IN_ONE_PIECE) continue;
      this.#added = 0;
      await setImmediate();
    }
  }

  add(number: number, status: number, requests: number): void {
    this.#sumsOf(status)[number] += requests;
  }

  /** As long as the directory is now, or longer. */
  #sumsOf(status: number): Float64Array {
    const { length } = this.#cached.directory.ids;
    const key = this.#classOf[status];
    const known = this.#sums.get(key);
    if (known && known.length >= length) return known;
    const longer = new Float64Array(known ? Math.max(length, 2 * known.length) : length);
    if (known) longer.set(known);
    this.#sums.set(key, longer);
    return longer;
  }

  take(): ReadonlyMap<number, Float64Array> {
    return this.#sums;
  }
}
