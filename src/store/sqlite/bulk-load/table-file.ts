/**
 * A file beside the database, in SQLite's format, with rows that are to be copied into tables. SQLite copies a table of the same definition
 * that is empty as it is, without a look into its rows ("transfer optimization" of its `insert.c`): 800,000 rows took 0.3 s, and 1.5 s as
 * parameters of statements (2026-11-30).
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, futimesSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { bug, DaymarkError } from '../../../errors.ts';
import { inDirectory, LOAD_FILE_PREFIX, removeLeftovers } from '../../run-file.ts';
import { createNew } from '../private-file.ts';
import { PAGE_BYTES, type PageSink } from './b-tree.ts';
import { type Roots, RowPager } from './row-pager.ts';

/** Where the number of pages stands in the header of a database (section 1.3 of the format). */
const PAGES_AT = 28;

/** SQLite locks the byte at 2^30 on some systems, and never uses its page (section 1.3.1, "the lock-byte page"). */
const LOCK_BYTE_PAGE = 2 ** 30 / PAGE_BYTES + 1;

export interface TableDefinition {
  readonly table: string;
  /** The statement that makes it. */
  readonly definition: string;
}

export class TableFile implements PageSink {
  readonly #directory: string;
  readonly #path: string;
  readonly #descriptor: number;
  readonly #roots: ReadonlyMap<string, Roots>;
  readonly #rows = new Map<string, number>();
  #pages: number;
  #pager: RowPager | undefined;
  #open: string | undefined;

  /** @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE. */
  constructor(directory: string, tables: readonly TableDefinition[]) {
    this.#directory = directory;
    this.#path = join(directory, `${LOAD_FILE_PREFIX}${randomBytes(8).toString('hex')}`);
    this.#descriptor = inDirectory(directory, () => {
      removeLeftovers(directory);
      createNew(this.#path);
      return openSync(this.#path, 'r+');
    });
    try {
      this.#roots = makeTables(this.#path, tables);
      this.#pages = inDirectory(directory, () => fstatSync(this.#descriptor)).size / PAGE_BYTES;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The tables that have rows, and how many. */
  get rows(): ReadonlyMap<string, number> {
    return this.#rows;
  }

  /**
   * Adds rows to a table. Tables come one after the other, and rows in the order of keys.
   * @returns false where a row cannot be written in this way. Then the file is of no use.
   */
  add(table: string, rows: Uint8Array): boolean {
    const pager = this.#pagerOf(table);
    const isAdded = pager.add(rows);
    this.#rows.set(table, pager.rows);
    return isAdded;
  }

  #pagerOf(table: string): RowPager {
    if (this.#pager && table === this.#open) return this.#pager;
    const roots = this.#roots.get(table);
    if (!roots || this.#rows.has(table)) throw bug(`rows of ${table} out of order`);
    this.#open = table;
    this.#pager?.end();
    this.#pager ??= new RowPager(this);
    this.#pager.begin(roots);
    return this.#pager;
  }

  append(page: Uint8Array): number {
    this.#pages++;
    if (this.#pages === LOCK_BYTE_PAGE) this.#pages++;
    this.replace(this.#pages, page);
    return this.#pages;
  }

  replace(number: number, page: Uint8Array): void {
    this.#write(page, (number - 1) * PAGE_BYTES);
  }

  #write(bytes: Uint8Array, position: number): void {
    inDirectory(this.#directory, () => {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, position + written);
    });
  }

  /** Says that the file is still used. */
  touch(): void {
    const now = new Date();
    inDirectory(this.#directory, () => futimesSync(this.#descriptor, now, now));
  }

  /** Ends the file. @returns under what SQLite can attach it. No other process changes it. */
  finish(): string {
    this.#pager?.end();
    const pages = Buffer.alloc(4);
    pages.writeUInt32BE(this.#pages);
    this.#write(pages, PAGES_AT);
    const { nlink } = inDirectory(this.#directory, () => fstatSync(this.#descriptor));
    if (nlink === 0)
      throw new DaymarkError('STORE_UNWRITABLE', `${this.#path} was deleted while daymark wrote it.`);
    const url = pathToFileURL(this.#path);
    url.searchParams.set('mode', 'ro');
    url.searchParams.set('immutable', '1');
    return url.href;
  }

  /** Takes its name. Who has it open can still read it. */
  unlink(): void {
    rmSync(this.#path, { force: true });
  }

  /** Frees its disk. Nobody may read it any more. */
  free(): void {
    inDirectory(this.#directory, () => ftruncateSync(this.#descriptor));
  }

  close(): void {
    this.unlink();
    closeSync(this.#descriptor);
  }
}

/** @returns the root pages of each table. */
function makeTables(path: string, tables: readonly TableDefinition[]): ReadonlyMap<string, Roots> {
  const database = new DatabaseSync(path);
  try {
    // It is written once, and of no use to another process.
    database.exec(`pragma page_size = ${PAGE_BYTES}; pragma journal_mode = off; pragma synchronous = off`);
    for (const { definition } of tables) database.exec(definition);
    const roots = database.prepare('select type, rootpage as page from sqlite_schema where tbl_name = ?');
    return new Map(
      tables.map(({ table }) => {
        const pages = roots.all(table) as unknown as { type: string; page: number }[];
        const [of, key] = ['table', 'index'].map((type) => pages.filter((page) => page.type === type));
        if (of.length !== 1 || key.length !== 1) throw bug(`${table} has ${key.length} indexes`);
        return [table, { table: of[0].page, key: key[0].page }];
      }),
    );
  } finally {
    database.close();
  }
}
