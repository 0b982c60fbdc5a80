/** The numbers of all customers of a range, kept while the data are unchanged. */

import type { RankedNumbers } from './ranked-numbers.ts';
import { type Basis, type Sort, sortsOf } from './sort-names.ts';

/** An id takes this besides its characters: a place in a list, and the header of a string. */
const ID_OVERHEAD_BYTES = 40;

/** Numbers by column: 8 bytes each, a sixth of what an object for each customer would take. */
export class RankedTable {
  readonly ids: string[] = [];
  readonly #columns: ReadonlyMap<Sort, number[]>;
  #bytes = 0;

  constructor(basis: Basis) {
    this.#columns = new Map(sortsOf(basis).map((sort) => [sort, []]));
  }

  /** An estimate of the memory that it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  add({ customerId, numbers }: RankedNumbers): void {
    this.ids.push(customerId);
    for (const [sort, column] of this.#columns) column.push(numbers[sort] ?? Number.NaN);
    this.#bytes += ID_OVERHEAD_BYTES + 2 * customerId.length + 8 * this.#columns.size;
  }

  /** @param at the index of the id. */
  value(at: number, sort: Sort): number | null {
    const value = this.#columns.get(sort)?.[at] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  }
}

/** Keeps tables of one data version, bounded in bytes: a lookup with another version forgets all. */
export class RankedTables {
  readonly #maxBytes: number;
  /** Insertion order is order of use. */
  readonly #tables = new Map<string, RankedTable>();
  #version = '';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param version the store's data version, read after the request arrived. */
  get(key: string, version: string): RankedTable | undefined {
    if (version !== this.#version) this.#tables.clear();
    this.#version = version;
    const table = this.#tables.get(key);
    if (table) this.#keep(key, table);
    return table;
  }

  /** @param version the data version, read before the rows. */
  put(key: string, version: string, table: RankedTable): void {
    if (version !== this.#version) return;
    this.#keep(key, table);
    let bytes = [...this.#tables.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [oldest, { bytes: freed }] of this.#tables) {
      if (bytes <= this.#maxBytes) return;
      this.#tables.delete(oldest);
      bytes -= freed;
    }
  }

  #keep(key: string, table: RankedTable): void {
    this.#tables.delete(key);
    this.#tables.set(key, table);
  }
}
