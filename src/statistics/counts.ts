/** Lists of values with their counts, as histograms hold them. */

import type { Counts } from './types.ts';

/** A larger buffer is given back after use. A commit merges thousands of windows, and few are as large. */
const MAX_KEPT_VALUES = 2 ** 17;

/** A list that is written value by value, in ascending order, and used again for other lists. */
export class CountsBuffer {
  #values = new Float64Array(64);
  #counts = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Makes room, and forgets what was there. @returns the arrays to write to. Say {@link taken} after that. */
  begin(length: number): { readonly values: Float64Array; readonly counts: Float64Array } {
    this.#length = 0;
    const isTooLarge = this.#values.length > MAX_KEPT_VALUES && length <= MAX_KEPT_VALUES;
    if (length > this.#values.length || isTooLarge) {
      this.#values = new Float64Array(roomFor(length));
      this.#counts = new Float64Array(roomFor(length));
    }
    return { values: this.#values, counts: this.#counts };
  }

  /** What was written since {@link begin}. It is a view, valid until the buffer is used again. */
  taken(length: number): Counts {
    this.#length = length;
    return this.view();
  }

  /** True of a view of what was written. */
  holds({ buffer }: Float64Array): boolean {
    return buffer === this.#values.buffer;
  }

  view(): Counts {
    return {
      values: this.#values.subarray(0, this.#length),
      counts: this.#counts.subarray(0, this.#length),
    };
  }

  /** Adds to a value that is not below the last one. */
  put(value: number, count: number): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#values[last] === value) {
      this.#counts[last] += count;
      return;
    }
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length] = value;
    this.#counts[this.#length++] = count;
  }

  #grow(): void {
    const before = this.#values;
    this.#values = new Float64Array(2 * before.length);
    this.#values.set(before);
    const counts = this.#counts;
    this.#counts = new Float64Array(2 * counts.length);
    this.#counts.set(counts);
  }
}

function roomFor(length: number): number {
  return Math.max(length, Math.min(2 * length, MAX_KEPT_VALUES));
}

/** Adds two lists up. @param into holds neither of them. @returns a view of it. */
export function mergeCounts(a: Counts, b: Counts, into: CountsBuffer): Counts {
  const { values, counts } = into.begin(a.values.length + b.values.length);
  const [aValues, bValues, aCounts, bCounts] = [a.values, b.values, a.counts, b.counts];
  let i = 0;
  let j = 0;
  let length = 0;
  while (i < aValues.length && j < bValues.length) {
    const difference = aValues[i] - bValues[j];
    values[length] = difference <= 0 ? aValues[i] : bValues[j];
    counts[length++] = (difference <= 0 ? aCounts[i++] : 0) + (difference >= 0 ? bCounts[j++] : 0);
  }
  const [restValues, restCounts, from] = i < aValues.length ? [aValues, aCounts, i] : [bValues, bCounts, j];
  values.set(restValues.subarray(from), length);
  counts.set(restCounts.subarray(from), length);
  return into.taken(length + restValues.length - from);
}
