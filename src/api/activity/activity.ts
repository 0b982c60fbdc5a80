/** Customers that are new in a range of days, and those that fell silent in it. */

import { setImmediate } from 'node:timers/promises';
import { CUSTOMER_IDS_PAGE_ROWS, RANKED_IN_ONE_PIECE } from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { alikeStatuses, countNumbersOf } from '../../statistics/count-numbers.ts';
import type { StatusCount } from '../../statistics/types.ts';
import type { CustomerDays, StoreSnapshot } from '../../store/contract.ts';
import { precedingRange, shiftedDate } from '../../window/calendar.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { CustomerNames } from '../customer-names.ts';
import { Best, comparePlaces, type Place } from '../ranking/best.ts';

/**
 * `new`: the first day of the customer lies in the range. `silent`: it has requests in the days before the range, and none in
 * it.
 */
export type Activity = 'new' | 'silent';

export interface ActivityAsked extends SpanRange {
  readonly activity: Activity;
  /** The first of the days before the range. Undefined: as many days as the range has. Only for `silent`. */
  readonly since: string | undefined;
  /** Customers of the page at the most. */
  readonly limit: number;
  /** The last place of the page before. */
  readonly after: Place | undefined;
}

export interface ActivityBasis {
  readonly definition: AvailabilityDefinition;
  readonly names: CustomerNames;
  /** Is called again and again. What it throws ends the work. */
  readonly assertGoesOn: () => void;
}

export interface ActivityPage {
  /** How many customers there are, on all pages. */
  readonly count: number;
  readonly customers: readonly ActiveCustomer[];
  /** The last place of the page; undefined where no page follows. */
  readonly last: Place | undefined;
}

/** The days before a range. Undefined: there is none. */
export function daysBefore({
  from,
  to,
  since,
}: Pick<ActivityAsked, 'from' | 'to' | 'since'>): SpanRange | undefined {
  const preceding = precedingRange(from, to);
  if (since === undefined) return preceding;
  const last = shiftedDate(from, -1);
  return last === undefined ? undefined : { from: since, to: last };
}

/** Those with most requests come first, and equal ones in the order of their ids. */
export async function customersByActivity(
  { customers }: StoreSnapshot,
  asked: ActivityAsked,
  basis: ActivityBasis,
): Promise<ActivityPage> {
  const found = new Found(asked);
  const before = daysBefore(asked);
  const candidates = candidatesOf(customers, asked, before, basis);
  for await (const piece of candidates) {
    basis.assertGoesOn();
    found.offer(asked.activity === 'new' ? await withoutEarlier(customers, piece, asked) : piece);
  }
  const shown = asked.activity === 'new' ? asked : before;
  return {
    count: found.count,
    customers: shown ? await rowsOf(customers, found.places, shown, basis) : [],
    last: found.last,
  };
}

class Found {
  count = 0;
  readonly #best: Best;
  readonly #limit: number;

  constructor({ limit, after }: ActivityAsked) {
    // One place more than the page has: it tells whether another page follows.
    this.#best = new Best(comparePlaces('requests', 'desc'), limit + 1, after);
    this.#limit = limit;
  }

  offer(places: readonly Place[]): void {
    this.count += places.length;
    for (const place of places) this.#best.offer(place);
  }

  get places(): readonly Place[] {
    return this.#best.places.slice(0, this.#limit);
  }

  get last(): Place | undefined {
    return this.#best.places.length > this.#limit ? this.places.at(-1) : undefined;
  }
}

/**
 * With the requests by which they are sorted, in pieces: customers with requests in only one of the two ranges. Those of `new`
 * may have had others before both.
 */
async function* candidatesOf(
  customers: CustomerDays,
  { activity, from, to }: ActivityAsked,
  before: SpanRange | undefined,
  { definition, assertGoesOn }: ActivityBasis,
): AsyncGenerator<readonly Place[]> {
  const range = { from, to, since: before?.from };
  const placeOf = (customerId: string, now: number, past: number): Place[] => {
    const [value, other] = activity === 'new' ? [now, past] : [past, now];
    return value > 0 && other === 0 ? [{ customerId, value }] : [];
  };
  const table = await customers.table(range, alikeStatuses(definition), { assertGoesOn });
  if (!table) {
    for await (const piece of customers.counts({}, range))
      yield piece.flatMap((one) => placeOf(one.customerId, sumOf(one.statuses), sumOf(one.before)));
    return;
  }
  const [now, past] = [table.now, table.before].map((columns) => [...columns.values()]);
  const sumAt = (columns: readonly Float64Array[], at: number): number =>
    // A column ends behind its last request.
    columns.reduce((sum, column) => sum + (column[at] ?? 0), 0);
  for (let first = 0; first < table.ids.length; first += RANKED_IN_ONE_PIECE) {
    await setImmediate();
    const ids = table.ids.slice(first, first + RANKED_IN_ONE_PIECE);
    yield ids.flatMap((id, i) => placeOf(id, sumAt(now, first + i), sumAt(past, first + i)));
  }
}

/** Those whose first day is in the range. */
async function withoutEarlier(
  customers: CustomerDays,
  places: readonly Place[],
  { from }: SpanRange,
): Promise<readonly Place[]> {
  const isNew = new Set<string>();
  for (let at = 0; at < places.length; at += CUSTOMER_IDS_PAGE_ROWS) {
    const ids = places.slice(at, at + CUSTOMER_IDS_PAGE_ROWS).map(({ customerId }) => customerId);
    for await (const ranges of customers.dayRanges(ids))
      for (const { customerId, first } of ranges) if (first >= from) isNew.add(customerId);
  }
  return places.filter(({ customerId }) => isNew.has(customerId));
}

function sumOf(statuses: readonly StatusCount[]): number {
  return statuses.reduce((sum, { requests }) => sum + requests, 0);
}

export type ActiveCustomer = ReturnType<typeof rowOf>;

/** The numbers of the customers of the page, from their days. */
async function rowsOf(
  customers: CustomerDays,
  places: readonly Place[],
  range: SpanRange,
  basis: ActivityBasis,
): Promise<readonly ActiveCustomer[]> {
  const rows = new Map<string, ActiveCustomer>();
  const ids = places.map(({ customerId }) => customerId).sort(compareUtf8);
  for await (const piece of customers.days({ ids }, range)) {
    basis.assertGoesOn();
    for (const { customerId, statuses } of piece) rows.set(customerId, rowOf(customerId, statuses, basis));
  }
  return places.flatMap(({ customerId }) => rows.get(customerId) ?? []);
}

/** The order of the fields is part of the API. */
function rowOf(
  customerId: string,
  days: ReadonlyMap<string, readonly StatusCount[]>,
  { definition, names }: ActivityBasis,
) {
  const dates = [...days.keys()];
  const name = names.nameOf(customerId);
  return {
    customer_id: customerId,
    first_date: dates[0],
    last_date: dates[dates.length - 1],
    days_with_requests: dates.length,
    ...countNumbersOf([...days.values()].flat(), definition),
    ...(name === undefined ? {} : { customer_name: name }),
  };
}
