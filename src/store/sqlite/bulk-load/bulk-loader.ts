/** Loads tables of windows into the embedded database. */

import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Kysely, sql, type Transaction } from 'kysely';
import { bug } from '../../../errors.ts';
import { STATISTICS_COLUMNS } from '../../../statistics/columns.ts';
import type { WindowKind } from '../../../window/kind.ts';
import type { BulkLoader, LoadFile, StoredState } from '../../bulk-load.ts';
import type { Tables } from '../../tables.ts';
import { openDatabase } from '../connect.ts';
import { TableFile } from './table-file.ts';

/** The name under which the file is attached. */
const ATTACHED = 'bulk_load';

/** What the kernel writes: keys of two values. */
const KEY_VALUES = 2;

export class SqliteBulkLoader implements BulkLoader {
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #file: string;

  /** @param db over the database. @param file its path. */
  constructor(database: DatabaseSync, db: Kysely<Tables>, file: string) {
    this.#database = database;
    this.#db = db;
    this.#file = file;
  }

  bytes(): number {
    const row = this.#database
      .prepare('select page_count * page_size as bytes from pragma_page_count, pragma_page_size')
      .get();
    return Number(row?.bytes);
  }

  loadable(kinds: readonly WindowKind[]): readonly WindowKind[] {
    return kinds.filter((kind) => this.#isLoadable(kind));
  }

  /** Rows of the kernel have this order of columns. An index of other columns would need another order of rows. */
  #isLoadable({ table, columns }: WindowKind): boolean {
    if (columns.length !== KEY_VALUES) return false;
    const rows = this.#database.prepare('select name from pragma_table_info(?) order by cid').all(table);
    const indexes = this.#database.prepare('select origin from pragma_index_list(?)').all(table);
    const names = rows.map(({ name }) => name).join();
    return names === [...columns, ...STATISTICS_COLUMNS, 'state'].join() && indexes.length === 1;
  }

  /**
   * Over a connection of its own: many statements may come between two rows. 2.5 million states took 5.3 s as digits and 7.5 s as bytes,
   * each of which is an object with memory of its own (2026-11-30, a busy machine).
   */
  *stored({ table, columns }: WindowKind): Generator<StoredState> {
    const database = openDatabase(this.#file, true);
    try {
      const key = columns.map((column) => `"${column}"`).join();
      const select = database.prepare(`select ${key}, hex(state) from "${table}" order by ${key}`);
      select.setReturnArrays(true);
      for (const row of select.iterate() as unknown as Iterable<[string, string, string]>) {
        const [subject, span, stateHex] = row;
        yield { values: [subject, span], stateHex };
      }
    } finally {
      database.close();
    }
  }

  open(kinds: readonly WindowKind[]): LoadFile {
    const select = this.#database.prepare("select sql from sqlite_schema where type = 'table' and name = ?");
    const tables = kinds.map(({ table }) => ({ table, definition: String(select.get(table)?.sql) }));
    return new AttachedFile(this.#db, new TableFile(dirname(this.#file), tables));
  }
}

class AttachedFile implements LoadFile {
  readonly #db: Kysely<Tables>;
  readonly #file: TableFile;
  #isAttached = false;

  constructor(db: Kysely<Tables>, file: TableFile) {
    this.#db = db;
    this.#file = file;
  }

  add({ table }: WindowKind, rows: Uint8Array): boolean {
    return this.#file.add(table, rows);
  }

  async finish(): Promise<void> {
    await sql`attach database ${this.#file.finish()} as ${sql.id(ATTACHED)}`.execute(this.#db);
    this.#isAttached = true;
    for (const [table, rows] of this.#file.rows) {
      const counted = await sql<{
        rows: number;
      }>`select count(*) as rows from ${sql.id(ATTACHED, table)}`.execute(this.#db);
      if (counted.rows[0].rows !== rows)
        throw bug(`${rows} rows of ${table} were written, and others are read`);
    }
    this.#file.unlink();
  }

  async copy(transaction: Transaction<Tables>, kinds: Iterable<WindowKind>): Promise<void> {
    for (const { table } of kinds) {
      // SQLite forgets a whole table without a look at its rows.
      await sql`delete from ${sql.id('main', table)}`.execute(transaction);
      // Without `or rollback`, SQLite would keep what the pages had before, to undo this statement alone.
      await sql`insert or rollback into ${sql.id('main', table)} select * from ${sql.id(ATTACHED, table)}`.execute(
        transaction,
      );
    }
    this.#file.free();
  }

  async close(): Promise<void> {
    this.#file.close();
    if (this.#isAttached) await sql`detach database ${sql.id(ATTACHED)}`.execute(this.#db);
  }
}
