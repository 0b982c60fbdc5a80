/** Adds up the requests of all customers at once, from unpacked roll-ups, and from rows where there are none. */

import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ROLL_UP_PART_CUSTOMERS, ROLLED_UP_NUMBERS_IN_ONE_PIECE } from '../../limits.ts';
import { addColumn, requestsAt } from '../../statistics/roll-up-part.ts';
import type { CountedRange, CustomerTable, StatusClasses } from '../customer-days.ts';
import type { Tables } from '../tables.ts';
import type { CachedRollUp, Directory, RollUpCache } from './roll-up-cache.ts';
import { type CountRows, type RollUpPlan, slotsOf } from './roll-up-plan.ts';

interface TableAsked extends CountedRange {
  readonly classOf: StatusClasses;
  /** Only these customers. Undefined: all. */
  readonly ids: readonly string[] | undefined;
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
  const newSums = () =>
    asked.ids
      ? new PickedSums(cached.directory, asked.classOf, asked.ids)
      : new ClassSums(cached.directory, asked.classOf);
  const sums = { now: newSums(), before: newSums() };
  for (const [at, rollUp] of plan.ready.entries()) {
    const slots = slotsOf(rollUp, asked);
    const wanted = [...slots.now, ...slots.before];
    const found = await cache.find(db, cached, rollUp.id, wanted, asked.assertGoesOn);
    if (!found) {
      cache.refuse(plan.ready.slice(0, at + 1).map(({ id }) => id));
      return undefined;
    }
    await sums.now.addSlots(found, slots.now);
    await sums.before.addSlots(found, slots.before);
  }
  if (!(await addGaps(cached.directory, plan, asked, sums))) return undefined;
  return { ids: asked.ids ?? cached.directory.ids, now: sums.now.columns, before: sums.before.columns };
}

/** @returns false where there are too many customers. */
async function addGaps(
  directory: Directory,
  { gaps }: RollUpPlan,
  { from, countRows, assertGoesOn }: TableAsked,
  { now, before }: Readonly<Record<'now' | 'before', Sums>>,
): Promise<boolean> {
  for (const gap of gaps) {
    for await (const customers of countRows(gap)) {
      assertGoesOn();
      for (const { customerId, statuses } of customers)
        for (const { status, requests } of statuses)
          (gap.to < from ? before : now).add(customerId, status, requests);
      if (directory.isFull) return false;
    }
  }
  return true;
}

/** The requests of customers by class of status. */
interface Sums {
  addSlots(rollUp: CachedRollUp, wanted: readonly number[]): Promise<void>;
  add(customerId: string, status: number, requests: number): void;
  /** By class, then by the number of the customer. */
  readonly columns: ReadonlyMap<number, Float64Array>;
}

/** Those of each customer. */
class ClassSums implements Sums {
  readonly #directory: Directory;
  readonly #classOf: StatusClasses;
  readonly #sums = new Map<number, Float64Array>();
  #added = 0;

  constructor(directory: Directory, classOf: StatusClasses) {
    this.#directory = directory;
    this.#classOf = classOf;
  }

  async addSlots({ numbers, slots }: CachedRollUp, wanted: readonly number[]): Promise<void> {
    for (const { first, column } of wanted.flatMap((slot) => slots.get(slot) ?? [])) {
      addColumn(column, this.#sumsOf(column.status), numbers, first);
      this.#added += column.requests.length;
      if (this.#added < ROLLED_UP_NUMBERS_IN_ONE_PIECE) continue;
      this.#added = 0;
      await setImmediate();
    }
  }

  add(customerId: string, status: number, requests: number): void {
    const number = this.#directory.numberOf(customerId);
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

  get columns(): ReadonlyMap<number, Float64Array> {
    return this.#sums;
  }
}

/** Those of a few customers, in their order. */
class PickedSums implements Sums {
  readonly #directory: Directory;
  readonly #classOf: StatusClasses;
  readonly #ids: readonly string[];
  readonly columns = new Map<number, Float64Array>();

  constructor(directory: Directory, classOf: StatusClasses, ids: readonly string[]) {
    this.#directory = directory;
    this.#classOf = classOf;
    this.#ids = ids;
  }

  async addSlots({ numbers, slots }: CachedRollUp, wanted: readonly number[]): Promise<void> {
    if (wanted.length === 0) return;
    const places = this.#placesIn(numbers);
    for (const { first, column } of wanted.flatMap((slot) => slots.get(slot) ?? []))
      for (let at = 0; at < places.length; at++) {
        const place = places[at] - first;
        if (place >= 0 && place < ROLL_UP_PART_CUSTOMERS)
          this.#sumsOf(column.status)[at] += requestsAt(column, place);
      }
  }

  /** Where the customers are among those of a roll-up; -1 where they are not. */
  #placesIn(numbers: Uint32Array): Int32Array {
    const places = new Int32Array(this.#directory.ids.length).fill(-1);
    for (let place = 0; place < numbers.length; place++) places[numbers[place]] = place;
    return Int32Array.from(this.#ids, (id) => places[this.#directory.find(id) ?? -1] ?? -1);
  }

  add(customerId: string, status: number, requests: number): void {
    this.#sumsOf(this.#classOf[status])[this.#ids.indexOf(customerId)] += requests;
  }

  #sumsOf(key: number): Float64Array {
    const known = this.columns.get(key) ?? new Float64Array(this.#ids.length);
    this.columns.set(key, known);
    return known;
  }
}
