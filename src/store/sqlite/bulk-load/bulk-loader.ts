/** Loads tables of windows into the embedded database. */

import { dirname } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { type Kysely, sql, type Transaction } from 'kysely';
import { bug, DaymarkError } from '../../../errors.ts';
import { STATISTICS_COLUMNS } from '../../../statistics/columns.ts';
import type { WindowKind } from '../../../window/kind.ts';
import type { BulkLoader, LoadFile, StoredState } from '../../bulk-load.ts';
import type { Tables } from '../../tables.ts';
import { openDatabase } from '../connect.ts';
import { TableFile } from './table-file.ts';

/** The name under which a file is attached. */
const ATTACHED = 'bulk_load';

/** What the kernel writes: keys of two values. */
const KEY_VALUES = 2;

type Row = Record<string, SQLOutputValue>;

export class SqliteBulkLoader implements BulkLoader {
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #file: string;
  readonly #translate: (error: unknown) => unknown;

  /** @param db over the database. @param file its path. @param translate turns an error of SQLite into what is thrown. */
  constructor(
    database: DatabaseSync,
    db: Kysely<Tables>,
    file: string,
    translate: (error: unknown) => unknown,
  ) {
    this.#database = database;
    this.#db = db;
    this.#file = file;
    this.#translate = translate;
  }

  bytes(): number {
    const select = 'select page_count * page_size as bytes from pragma_page_count, pragma_page_size';
    return Number(this.#all(select)[0].bytes);
  }

  foreignVersion(): number {
    return Number(this.#all('pragma data_version')[0].data_version);
  }

  loadable(kinds: readonly WindowKind[]): readonly WindowKind[] {
    // The kernel writes UTF-8, as SQLite does unless somebody made the database otherwise.
    const isUtf8 = this.#all('pragma encoding')[0].encoding === 'UTF-8';
    return isUtf8 ? kinds.filter((kind) => this.#isLoadable(kind)) : [];
  }

  /**
   * The kernel writes these columns in this order. An index of other columns would need another order of rows. Windows in shards are few,
   * and their dates are noted when they are added. What others have tied to the table must not see all of it go and come.
   */
  #isLoadable({ table, columns, shardColumn }: WindowKind): boolean {
    if (columns.length !== KEY_VALUES || shardColumn !== undefined) return false;
    const found = this.#all('select name from pragma_table_info(?) order by cid', table);
    const names = found.map(({ name }) => name).join();
    if (names !== [...columns, ...STATISTICS_COLUMNS, 'state'].join()) return false;
    if (this.#all('select name from pragma_index_list(?)', table).length !== 1) return false;
    const tied = this.#all(
      `select 1 from sqlite_schema where type = 'trigger' and tbl_name = ?1 collate nocase union all
        select 1 from sqlite_schema, pragma_foreign_key_list(sqlite_schema.name) as keys
        where type = 'table' and keys."table" = ?1 collate nocase limit 1`,
      table,
    );
    return tied.length === 0;
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
    } catch (error) {
      throw this.#translate(error);
    } finally {
      database.close();
    }
  }

  open(kinds: readonly WindowKind[]): LoadFile {
    const tables = kinds.map(({ table }) => {
      const [found] = this.#all("select sql from sqlite_schema where type = 'table' and name = ?", table);
      return { table, definition: String(found.sql) };
    });
    try {
      return new AttachedFile(this.#db, new TableFile(dirname(this.#file), tables));
    } catch (error) {
      throw this.#translate(error);
    }
  }

  #all(text: string, ...parameters: string[]): Row[] {
    try {
      return this.#database.prepare(text).all(...parameters);
    } catch (error) {
      throw this.#translate(error);
    }
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

  touch(): void {
    this.#file.touch();
  }

  async finish(): Promise<void> {
    const uri = this.#file.finish();
    try {
      await sql`attach database ${uri} as ${sql.id(ATTACHED)}`.execute(this.#db);
      this.#isAttached = true;
      for (const [table, rows] of this.#file.rows) {
        const count = sql<{ rows: number }>`select count(*) as rows from ${sql.id(ATTACHED, table)}`;
        assertSame(table, rows, (await count.execute(this.#db)).rows[0].rows);
      }
    } catch (error) {
      // The message would name the database, which is whole.
      const isDamaged = error instanceof DaymarkError && error.code === 'STORE_CORRUPT';
      throw isDamaged ? bug(`the file of rows is damaged: ${error.message}`) : error;
    }
    this.#file.unlink();
  }

  async copy(transaction: Transaction<Tables>, { table }: WindowKind): Promise<void> {
    // SQLite forgets a whole table without a look at its rows.
    await sql`delete from ${sql.id('main', table)}`.execute(transaction);
    // Without `or rollback`, SQLite would keep what the pages had before, to undo this statement alone.
    const { numAffectedRows } =
      await sql`insert or rollback into ${sql.id('main', table)} select * from ${sql.id(ATTACHED, table)}`.execute(
        transaction,
      );
    assertSame(table, this.#file.rows.get(table) ?? 0, Number(numAffectedRows));
  }

  free(): void {
    this.#file.free();
  }

  async close(): Promise<void> {
    try {
      if (this.#isAttached) await sql`detach database ${sql.id(ATTACHED)}`.execute(this.#db);
    } finally {
      this.#file.close();
    }
  }
}

function assertSame(table: string, written: number, read: number): void {
  if (written !== read) throw bug(`${written} rows of ${table} were written, and ${read} are read`);
}
