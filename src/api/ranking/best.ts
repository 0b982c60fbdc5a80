/** The first places of a ranking. */

import { compareUtf8 } from '../../window/key.ts';
import type { Sort } from './sort-names.ts';

/** A place in a ranking: the number by which it is sorted, and the customer. */
export interface Place {
  /** Null where the number is not known. */
  readonly value: number | null;
  readonly customerId: string;
}

export type Compare = (a: Place, b: Place) => number;

/** Null comes last in both orders. Equal numbers are in the order of the ids' UTF-8 bytes. */
export function comparePlaces(sort: Sort, order: 'asc' | 'desc'): Compare {
  const sign = order === 'asc' ? 1 : -1;
  if (sort === 'customer_id') return (a, b) => sign * compareUtf8(a.customerId, b.customerId);
  return (a, b) => {
    if (a.value === b.value) return compareUtf8(a.customerId, b.customerId);
    if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
    return sign * (a.value - b.value);
  };
}

/** Keeps the first so many of the places that it is offered. Its memory does not grow with their number. */
export class Best {
  readonly #compare: Compare;
  readonly #limit: number;
  readonly #after: Place | undefined;
  /** In order. */
  readonly #places: Place[] = [];

  /** @param after only places behind this one count. */
  constructor(compare: Compare, limit: number, after?: Place) {
    this.#compare = compare;
    this.#limit = limit;
    this.#after = after;
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  get isFull(): boolean {
    return this.#places.length === this.#limit;
  }

  offer(place: Place): void {
    if (this.#after && this.#compare(place, this.#after) <= 0) return;
    if (this.isFull && this.#compare(place, this.#places[this.#limit - 1]) >= 0) return;
    this.#places.splice(this.#indexFor(place), 0, place);
    if (this.#places.length > this.#limit) this.#places.pop();
  }

  #indexFor(place: Place): number {
    let [from, to] = [0, this.#places.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#compare(this.#places[middle], place) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
