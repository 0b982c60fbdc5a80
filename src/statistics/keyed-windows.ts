/** Gives the windows of an accumulator their keys, and their order. A new kind of windows is added here. */

import { dateOfDay } from '../window/day.ts';
import { compareUtf8, customerDay, type WindowKey } from '../window/key.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

export interface KeyedWindow {
  readonly key: WindowKey;
  /** The window's number in the accumulator. */
  readonly window: number;
}

/**
 * All windows, in the order of their keys.
 * @param customerIdOf the id of a customer by its number.
 */
export function* keyedWindows(
  accumulator: WindowAccumulator,
  customerIdOf: (customer: number) => string,
): Generator<KeyedWindow> {
  const windows = Array.from({ length: accumulator.windows }, (_, window) => window);
  const customers = windows.map((window) => accumulator.customer(window));
  const days = windows.map((window) => accumulator.day(window));
  const ids = new Map(Array.from(new Set(customers), (customer) => [customer, customerIdOf(customer)]));
  const ranks = ranksOf(customers, ids);
  windows.sort((a, b) => ranks[a] - ranks[b] || days[a] - days[b]);
  for (const window of windows) {
    const customerId = ids.get(customers[window]) as string;
    yield { key: customerDay(customerId, dateOfDay(days[window])), window };
  }
}

/** The place of each customer among them all, so that ids are compared once for each customer, and not for each window. */
function ranksOf(customers: readonly number[], ids: ReadonlyMap<number, string>): number[] {
  const named = [...ids].sort(([, a], [, b]) => compareUtf8(a, b));
  const rankOf = new Map(named.map(([customer], rank) => [customer, rank]));
  return customers.map((customer) => rankOf.get(customer) as number);
}
