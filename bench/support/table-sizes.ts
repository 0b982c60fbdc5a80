/** What the tables of a store take on the disk, with their indexes. */

import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** By the name of the table. */
export type TableSizes = ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>;

const KEY_COLUMNS = '(id, hash, role, customers, name, created_ms, expires_ms, revoked_ms, last_used_ms)';

const keyOf = (i: number) => {
  const hash = createHash('sha256').update(String(i)).digest();
  const id = hash.toString('hex', 0, 8);
  return [id, hash, 'customer', `["cust_${i}"]`, `Customer ${i}, dashboard`, 1.7e12, null, null, 1.7e12];
};

export class SqliteTables {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
  }

  /** Whole pages: the last one of a table may be nearly empty. */
  sizes(): TableSizes {
    const found = this.#database
      .prepare(
        `select tbl_name as name, sum(pgsize) as bytes from dbstat join sqlite_schema using (name)
          where name not like 'sqlite%' or tbl_name not like 'sqlite%' group by tbl_name`,
      )
      .all();
    return new Map(
      found.map(({ name, bytes }) => {
        const [row] = this.#database.prepare(`select count(*) as rows from "${name}"`).all();
        return [String(name), { rows: Number(row?.rows), bytes: Number(bytes) }];
      }),
    );
  }

  addKeys(count: number): void {
    const insert = this.#database.prepare(`insert into api_keys ${KEY_COLUMNS} values (?,?,?,?,?,?,?,?,?)`);
    this.#database.exec('begin');
    for (let i = 0; i < count; i++) insert.run(...keyOf(i));
    this.#database.exec('commit');
  }

  compact(): void {
    this.#database.exec('vacuum');
  }

  close(): void {
    this.#database.close();
  }
}

export class PostgresTables {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 1 });
  }

  async sizes(): Promise<TableSizes> {
    const { rows } = await this.#pool.query(
      `select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    const sizes = new Map<string, { rows: number; bytes: number }>();
    for (const { name, bytes } of rows) {
      const counted = await this.#pool.query(`select count(*)::float8 as rows from ${name}`);
      sizes.set(name, { rows: counted.rows[0].rows, bytes });
    }
    return sizes;
  }

  async addKeys(count: number): Promise<void> {
    for (let i = 0; i < count; i++)
      await this.#pool.query(
        `insert into api_keys ${KEY_COLUMNS} values ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
        keyOf(i),
      );
  }

  async compact(): Promise<void> {
    await this.#pool.query('vacuum full');
  }

  /** Written since the server was made, with the pages that it writes in full, as by default. */
  async writeAheadBytes(): Promise<number> {
    await this.#pool.query('alter system set full_page_writes = on');
    await this.#pool.query('select pg_reload_conf()');
    const { rows } = await this.#pool.query(
      `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`,
    );
    return rows[0].bytes;
  }

  /** An empty database. */
  async dropAll(): Promise<void> {
    await this.#pool.query('drop schema public cascade');
    await this.#pool.query('create schema public');
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
