/**
 * B-trees in SQLite's file format (https://www.sqlite.org/fileformat2.html, section 1.6), of leaf pages that come in the order of keys.
 */

import { bug } from '../../../errors.ts';

/** The largest pages that there are: they are the fewest. */
export const PAGE_BYTES = 65_536;

/** The kinds of pages, by their first bytes. */
interface TreeKind {
  readonly leaf: number;
  readonly interior: number;
}

export const TABLE_TREE: TreeKind = { leaf: 0x0d, interior: 0x05 };
export const INDEX_TREE: TreeKind = { leaf: 0x0a, interior: 0x02 };

const INTERIOR_HEADER_BYTES = 12;
const POINTER_BYTES = 2;
const CHILD_BYTES = 4;
/** So that each page has several children. The longest key has a customer id and an hour. */
const MAX_SEPARATOR_BYTES = 2048;

/** Where pages go. */
export interface PageSink {
  /** Takes a page. @returns its number. */
  append(page: Uint8Array): number;
  /** Takes a page in the place of one that is there. */
  replace(number: number, page: Uint8Array): void;
}

/** A page, and what parts it from the next one: the cell of an interior page without its child. */
interface Child {
  readonly page: number;
  readonly separator: Uint8Array;
}

/** Puts a tree on its leaf pages. */
export class TreeWriter {
  readonly #kind: TreeKind;
  readonly #sink: PageSink;
  readonly #root: number;
  readonly #leaves: Child[] = [];

  /** @param root the number of its root page, which is there already. */
  constructor(kind: TreeKind, sink: PageSink, root: number) {
    this.#kind = kind;
    this.#sink = sink;
    this.#root = root;
  }

  /**
   * Adds a leaf that is not the last one.
   * @param page all but its header.
   * @param content where its cells begin.
   * @param separator of a table, the greatest row id in the leaf. Of an index, the key between this leaf and the next one, which is in
   * neither.
   */
  addLeaf(page: Uint8Array, cells: number, content: number, separator: Uint8Array): void {
    writeHeader(page, this.#kind.leaf, cells, content);
    this.#leaves.push({ page: this.#sink.append(page), separator });
  }

  /** Adds the last leaf, and writes all that stands above. */
  end(page: Uint8Array, cells: number, content: number): void {
    writeHeader(page, this.#kind.leaf, cells, content);
    const root = this.#leaves.length === 0 ? page : this.#rootAbove(page, cells);
    this.#sink.replace(this.#root, root);
  }

  #rootAbove(last: Uint8Array, cells: number): Uint8Array {
    if (cells === 0) throw bug('the last page of a tree is empty');
    this.#leaves.push({ page: this.#sink.append(last), separator: new Uint8Array() });
    let level: readonly Child[] = this.#leaves;
    for (;;) {
      const pages = [...this.#above(level)];
      if (pages.length === 1) return pages[0].bytes;
      level = pages.map(({ bytes, separator }) => ({ page: this.#sink.append(bytes), separator }));
    }
  }

  /** The pages above some. All have about as many children, so none has a single one. */
  *#above(children: readonly Child[]): Generator<{ bytes: Uint8Array; separator: Uint8Array }> {
    const longest = children.reduce((most, { separator }) => Math.max(most, separator.length), 0);
    if (longest > MAX_SEPARATOR_BYTES) throw bug('a key is too long for a page');
    const cellBytes = POINTER_BYTES + CHILD_BYTES + longest;
    const most = Math.floor((PAGE_BYTES - INTERIOR_HEADER_BYTES) / cellBytes) + 1;
    const pages = Math.ceil(children.length / most);
    for (let i = 0; i < pages; i++) {
      const [from, to] = [i, i + 1].map((part) => Math.floor((part * children.length) / pages));
      yield this.#interior(children.slice(from, to));
    }
  }

  #interior(children: readonly Child[]): { bytes: Uint8Array; separator: Uint8Array } {
    const bytes = Buffer.alloc(PAGE_BYTES);
    const last = children[children.length - 1];
    let content = PAGE_BYTES;
    for (const [i, { page, separator }] of children.slice(0, -1).entries()) {
      content -= CHILD_BYTES + separator.length;
      bytes.writeUInt32BE(page, content);
      bytes.set(separator, content + CHILD_BYTES);
      bytes.writeUInt16BE(content, INTERIOR_HEADER_BYTES + i * POINTER_BYTES);
    }
    writeHeader(bytes, this.#kind.interior, children.length - 1, content);
    bytes.writeUInt32BE(last.page, 8);
    return { bytes, separator: last.separator };
  }
}

function writeHeader(page: Uint8Array, kind: number, cells: number, content: number): void {
  const header = Buffer.from(page.buffer, page.byteOffset, INTERIOR_HEADER_BYTES);
  header[0] = kind;
  header.writeUInt16BE(cells, 3);
  // 0 stands for 65,536: there are no cells.
  header.writeUInt16BE(content & 0xffff, 5);
}
