/** The table of a kind of windows and the index of its key, as pages of a database: a row a window, in the order of keys. */

import { bug } from '../../../errors.ts';
import { type Kernel, newKernel } from '../../../kernel/kernel.ts';
import { INDEX_TREE, PAGE_BYTES, type PageSink, TABLE_TREE, TreeWriter } from './b-tree.ts';

/** What the kernel stops for: see `assembly/pages/rows.ts`. */
const DONE = 0;
const ROWS_FULL = 1;
const KEYS_FULL = 2;
const REFUSED = 3;

/** For two pages, a key, and rows. */
const ROW_BYTES = 2 * 1024 * 1024;

/** The root pages of a table and of the index of its key. */
export interface Roots {
  readonly table: number;
  readonly key: number;
}

/** Makes the pages of one table after the other. */
export class RowPager {
  readonly #kernel: Kernel;
  readonly #memory: Uint8Array;
  readonly #rowLeaf: Uint8Array;
  readonly #keyLeaf: Uint8Array;
  readonly #sink: PageSink;
  #rows: TreeWriter | undefined;
  #keys: TreeWriter | undefined;

  constructor(sink: PageSink) {
    const kernel = newKernel(ROW_BYTES);
    if (kernel.LEAF_BYTES.value !== PAGE_BYTES) throw bug('the kernel has pages of other bytes');
    this.#kernel = kernel;
    this.#memory = new Uint8Array(kernel.buffer);
    this.#rowLeaf = new Uint8Array(kernel.buffer, kernel.ROW_LEAF.value, PAGE_BYTES);
    this.#keyLeaf = new Uint8Array(kernel.buffer, kernel.KEY_LEAF.value, PAGE_BYTES);
    this.#sink = sink;
  }

  /** Begins a table. */
  begin(roots: Roots): void {
    this.#rows = new TreeWriter(TABLE_TREE, this.#sink, roots.table);
    this.#keys = new TreeWriter(INDEX_TREE, this.#sink, roots.key);
    this.#kernel.beginTable();
  }

  /** The rows of the present table. */
  get rows(): number {
    return this.#kernel.pagedRows.value;
  }

  /**
   * Adds rows, whose keys are behind those before.
   * @param rows as `RowBlock` has them.
   * @returns false where one of them cannot be written here: it has late events, or a very long state.
   */
  add(rows: Uint8Array): boolean {
    const kernel = this.#kernel;
    const from = kernel.ROW_BLOCK.value;
    const end = from + rows.length;
    if (end > this.#memory.length) return false;
    this.#memory.set(rows, from);
    for (let at = from; ; at = kernel.nextRow.value) {
      const stop = kernel.pageRows(at, end);
      if (stop === DONE) return true;
      if (stop === REFUSED) return false;
      if (stop === ROWS_FULL) this.#endRowLeaf();
      else if (stop === KEYS_FULL) this.#endKeyLeaf();
      else throw bug('rows out of key order');
    }
  }

  #endRowLeaf(): void {
    const kernel = this.#kernel;
    const separator = varint(kernel.pagedRows.value);
    this.#rows?.addLeaf(this.#rowLeaf, kernel.rowCells.value, kernel.rowContent.value, separator);
    kernel.beginRowLeaf();
  }

  /** The last key goes up. */
  #endKeyLeaf(): void {
    const kernel = this.#kernel;
    const last = kernel.keyContent.value;
    const content = last + kernel.lastKeyCellBytes.value;
    const separator = this.#keyLeaf.slice(last, content);
    this.#keys?.addLeaf(this.#keyLeaf, kernel.keyCells.value - 1, content, separator);
    kernel.beginKeyLeaf();
  }

  /** Ends the present table. */
  end(): void {
    const { rowCells, rowContent, keyCells, keyContent } = this.#kernel;
    this.#rows?.end(this.#rowLeaf, rowCells.value, rowContent.value);
    this.#keys?.end(this.#keyLeaf, keyCells.value, keyContent.value);
  }
}

/** As SQLite writes it: the highest bits first. @param value below 2^53. */
function varint(value: number): Uint8Array {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) | 128);
  return Uint8Array.from(bytes);
}
