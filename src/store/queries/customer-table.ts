/** Adds up the requests of all customers at once, from unpacked roll-ups, and from rows where there are none. */

import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ROLLED_UP_NUMBERS_IN_ONE_PIECE } from '../../limits.ts';
import { addColumn } from '../../statistics/roll-up-part.ts';
import type { CountedRange, CustomerTable, StatusClasses } from '../customer-days.ts';
import type { Tables } from '../tables.ts';
import type { CachedRollUp, Directory, RollUpCache } from './roll-up-cache.ts';
import { type CountRows, type RollUpPlan, slotsOf } from './roll-up-plan.ts';

interface TableAsked extends CountedRange {
  readonly classOf: StatusClasses;
  readonly countRows: CountRows;
  /** Called again and again. What it throws ends the read. */
  readonly assertGoesOn: () => void;
}

/**
 * As `CustomerDays.table`. The roll-ups come first, then rows: both number customers, and the sums grow with them.
 * @returns undefined where there are too many customers.
 */
export async function customerTable(
  db: Kysely<Tables>,
  cache: RollUpCache,
  plan: RollUpPlan,
  asked: TableAsked,
): Promise<CustomerTable | undefined> {
  const cached = cache.begin(
    plan.ready.map(({ id }) => id),
    asked.classOf,
  );
  if (!cached) return undefined;
  const sums = {
    now: new ClassSums(cached.directory, asked.classOf),
    before: new ClassSums(cached.directory, asked.classOf),
  };
  for (const [at, rollUp] of plan.ready.entries()) {
    const slots = slotsOf(rollUp, asked);
    const wanted = [...slots.now, ...slots.before];
    const found = await cache.find(db, cached, rollUp.id, wanted, asked.assertGoesOn);
    if (!found) {
      cache.refuse(plan.ready.slice(0, at + 1).map(({ id }) => id));
      return undefined;
    }
    for (const slot of slots.now) await sums.now.addSlot(found, slot);
    for (const slot of slots.before) await sums.before.addSlot(found, slot);
  }
  if (!(await addGaps(cached.directory, plan, asked, sums))) return undefined;
  return { ids: cached.directory.ids, now: sums.now.columns, before: sums.before.columns };
}

/** @returns false where there are too many customers. */
async function addGaps(
  directory: Directory,
  { gaps }: RollUpPlan,
  { from, countRows, assertGoesOn }: TableAsked,
  { now, before }: Readonly<Record<'now' | 'before', ClassSums>>,
): Promise<boolean> {
  for (const gap of gaps) {
    for await (const customers of countRows(gap)) {
      assertGoesOn();
      for (const { customerId, statuses } of customers)
        for (const { status, requests } of statuses)
          (gap.to < from ? before : now).add(directory.numberOf(customerId), status, requests);
      if (directory.isFull) return false;
    }
  }
  return true;
}

/** The requests of each customer by class of status. */
class ClassSums {
  readonly #directory: Directory;
  readonly #classOf: StatusClasses;
  readonly #sums = new Map<number, Float64Array>();
  #added = 0;

  constructor(directory: Directory, classOf: StatusClasses) {
    this.#directory = directory;
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
    this.#sumsOf(this.#classOf[status])[number] += requests;
  }

  /** As long as the directory is now, or longer. */
  #sumsOf(key: number): Float64Array {
    const { length } = this.#directory.ids;
    const known = this.#sums.get(key);
    if (known && known.length >= length) return known;
    const longer = new Float64Array(known ? Math.max(length, 2 * known.length) : length);
    if (known) longer.set(known);
    this.#sums.set(key, longer);
    return longer;
  }

  /** By class, then by the number of the customer. */
  get columns(): ReadonlyMap<number, Float64Array> {
    return this.#sums;
  }
}
