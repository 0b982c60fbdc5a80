/**
 * Rows of windows as the kernel writes them, in the order of keys. A row begins at a multiple of 8: the bytes of its key and of its state
 * (u32 each), its late events (f64; -1 where a store has the row as it is), its numbers in the order of STATISTICS_COLUMNS (f64 each; NaN
 * where there is none), the key and the state. `encoded-windows.ts` says what a key is.
 */

import type { WindowKind } from '../window/kind.ts';
import { STATISTICS_COLUMNS } from './columns.ts';
import { kindOfDigit } from './encoded-windows.ts';

/** Words of 8 bytes before the key. */
const ROW_WORDS = 2 + STATISTICS_COLUMNS.length;

const NUL = 0;

export class RowBlock {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly #words: Uint32Array;
  readonly #numbers: Float64Array;

  /** @param buffer holds nothing but rows, and does not change. */
  constructor(buffer: ArrayBuffer) {
    this.bytes = Buffer.from(buffer);
    this.#words = new Uint32Array(buffer);
    this.#numbers = new Float64Array(buffer);
  }

  /** Makes a block of one row. @param numbers null where there is none. */
  static of(
    key: Uint8Array,
    lateEvents: number,
    numbers: readonly (number | null)[],
    state: Uint8Array,
  ): RowBlock {
    const keyFrom = 8 * ROW_WORDS;
    const block = new RowBlock(new ArrayBuffer((keyFrom + key.length + state.length + 7) & ~7));
    block.#words.set([key.length, state.length]);
    block.#numbers.set([lateEvents, ...numbers.map((number) => number ?? Number.NaN)], 1);
    block.bytes.set(key, keyFrom);
    block.bytes.set(state, keyFrom + key.length);
    return block;
  }

  get rows(): number {
    let rows = 0;
    for (let row = 0; row < this.bytes.length; row = this.next(row)) rows++;
    return rows;
  }

  /** Parts that have windows of one kind each. */
  *byKind(): Generator<RowBlock> {
    const { buffer, length } = this.bytes;
    let from = 0;
    for (let row = 0; row < length; row = this.next(row)) {
      if (this.kind(row) === this.kind(from)) continue;
      yield new RowBlock(buffer.slice(from, row));
      from = row;
    }
    if (from === 0) yield this;
    else yield new RowBlock(buffer.slice(from));
  }

  /** Where the next row begins. */
  next(row: number): number {
    return (this.stateEnd(row) + 7) & ~7;
  }

  kind(row: number): WindowKind {
    return kindOfDigit(this.bytes[this.#keyFrom(row)]);
  }

  /** True where a store has the row as it is. */
  isStored(row: number): boolean {
    return this.lateEvents(row) < 0;
  }

  lateEvents(row: number): number {
    return this.#numbers[row / 8 + 1];
  }

  number(row: number, column: number): number {
    return this.#numbers[row / 8 + 2 + column];
  }

  #keyFrom(row: number): number {
    return row + 8 * ROW_WORDS;
  }

  /** Where the first value of its key begins. */
  valuesFrom(row: number): number {
    return this.#keyFrom(row) + 1;
  }

  /** Where the last value of its key ends, and its state begins. */
  stateFrom(row: number): number {
    return this.#keyFrom(row) + this.#words[row / 4];
  }

  stateEnd(row: number): number {
    return this.stateFrom(row) + this.#words[row / 4 + 1];
  }

  /** Where a value of its key ends. @param from where it begins. */
  valueEnd(row: number, from: number): number {
    const end = this.stateFrom(row);
    let at = from;
    while (at < end && this.bytes[at] !== NUL) at++;
    return at;
  }
}
