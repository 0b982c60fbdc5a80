/** Tables that are loaded as pages: SQLite must find the rows in them that it would have written itself. */

import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RowBlock } from '../../../src/statistics/row-block.ts';
import { TableFile } from '../../../src/store/sqlite/bulk-load/table-file.ts';
import { compareUtf8 } from '../../../src/window/key.ts';
import { check, runsOf } from '../../support/property.ts';
import { SQLITE, type StorePlace } from '../../support/sqlite-place.ts';

const TABLE = 'customer_daily_stats';
const HOURS = 'hourly_stats';
/** The kinds of days and hours of customers, in the order of keys. */
const DAY_DIGIT = '3';

interface Row {
  readonly id: string;
  readonly span: string;
  readonly counts: readonly [number, number];
  readonly reals: readonly (number | null)[];
  readonly state: Uint8Array;
}

let place: StorePlace;
let definitions: ReadonlyMap<string, string>;
let directory: string;
const open: DatabaseSync[] = [];

beforeAll(async () => {
  place = await SQLITE.createPlace();
  await (await place.open()).migrate();
  const rows = await place.query("select name, sql from sqlite_schema where type = 'table'");
  definitions = new Map(rows.map(({ name, sql }) => [String(name), String(sql)]));
});
afterAll(() => place.dispose());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-bulk-load-'));
});
afterEach(() => {
  for (const database of open.splice(0)) database.close();
  rmSync(directory, { recursive: true });
});

function blockOf(rows: readonly Row[], lateEvents = 0): RowBlock {
  const blocks = rows.map(({ id, span, counts, reals, state }) =>
    RowBlock.of(Buffer.from(`${DAY_DIGIT}${id}\0${span}`), lateEvents, [...counts, ...reals], state),
  );
  const bytes = Buffer.concat(blocks.map((block) => block.bytes));
  return new RowBlock(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
}

function newFile(...tables: string[]): TableFile {
  return new TableFile(
    directory,
    tables.map((table) => ({ table, definition: definitions.get(table) ?? '' })),
  );
}

/** A database with the tables, empty, and a file attached to it. */
function attached(file: TableFile, ...tables: string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  open.push(database);
  for (const table of tables) database.exec(definitions.get(table) ?? '');
  database.prepare('attach database ? as loaded').run(file.finish());
  file.close();
  return database;
}

function inserted(rows: readonly Row[], table = TABLE): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  open.push(database);
  database.exec(`${definitions.get(table)}; begin`);
  const insert = database.prepare(`insert into ${table} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  for (const { id, span, counts, reals, state } of rows)
    insert.run(...([id, span, ...counts, ...reals, state] as SQLInputValue[]));
  database.exec('commit');
  return database;
}

const all = (database: DatabaseSync, table: string): unknown[] => {
  const select = database.prepare(`select rowid, * from ${table}`);
  select.setReadBigInts(true);
  return select.all();
};
const isWhole = (database: DatabaseSync, schema: string) =>
  database
    .prepare(`pragma ${schema}.integrity_check`)
    .all()
    .map((row) => row.integrity_check);
/** The bytes of all records, without the pages that they are on. */
const payload = (database: DatabaseSync, schema: string) =>
  database
    .prepare(`select name, sum(payload) as bytes from dbstat(?) where pagetype = 'leaf' group by name`)
    .all(schema);

const row = fc.record({
  id: fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      fc.constantFrom('a', 'b', 'a\u{10ffff}'),
    )
    .filter((id) => id.isWellFormed() && !id.includes('\0') && Buffer.byteLength(id) <= 255),
  span: fc.constantFrom('2024-02-28', '2024-02-29', '2024-10-27T02+02:00'),
  counts: fc.tuple(fc.maxSafeNat(), fc.oneof(fc.nat(300), fc.maxSafeNat())),
  reals: fc.tuple(
    ...Array.from({ length: 4 }, () =>
      fc.option(fc.oneof(fc.nat(100), fc.double({ min: 0, max: 1e18, noNaN: true }), fc.maxSafeNat())),
    ),
    fc.double({ min: 0, max: 100, noNaN: true }),
  ),
  state: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc.nat(65_000).map((bytes) => new Uint8Array(bytes).fill(7)),
  ),
});

const byKey = (a: Row, b: Row) => compareUtf8(a.id, b.id) || compareUtf8(a.span, b.span);

describe('a table that is loaded', () => {
  it('has the rows that SQLite would have written, to the last byte', () => {
    const rows = fc.uniqueArray(row, { maxLength: 60, selector: ({ id, span }) => `${id}\0${span}` });
    check(
      fc.property(rows, fc.integer({ min: 1, max: 60 }), (found, atOnce) => {
        const sorted = found.toSorted(byKey);
        const file = newFile(TABLE);
        for (let i = 0; i < sorted.length; i += atOnce)
          expect(file.add(TABLE, blockOf(sorted.slice(i, i + atOnce)).bytes)).toBe(true);
        const database = attached(file, TABLE);
        const expected = inserted(sorted);
        expect(isWhole(database, 'loaded')).toEqual(['ok']);
        expect(all(database, `loaded.${TABLE}`)).toEqual(all(expected, TABLE));
        database.exec(`insert into main.${TABLE} select * from loaded.${TABLE}`);
        expect(isWhole(database, 'main')).toEqual(['ok']);
        expect(all(database, `main.${TABLE}`)).toEqual(all(expected, TABLE));
        expect(payload(database, 'main')).toEqual(payload(expected, 'main'));
        for (const opened of open.splice(0)) opened.close();
      }),
      runsOf({ fast: 20, normal: 60, long: 1000 }),
    );
  });

  it('has several levels of pages, beside another table', () => {
    const ids = Array.from({ length: 60_000 }, (_, i) => String(i).padStart(8, '0').padEnd(255, 'x'));
    const rows = ids.map((id, i): Row => {
      const state = Buffer.from([1, 2, 3]);
      return { id, span: '2024-02-29', counts: [i, 1], reals: [null, 0.25, 100, null, 50], state };
    });
    const file = newFile(TABLE, HOURS);
    for (let i = 0; i < rows.length; i += 1000)
      expect(file.add(TABLE, blockOf(rows.slice(i, i + 1000)).bytes)).toBe(true);
    const few = rows.slice(0, 3);
    expect(file.add(HOURS, blockOf(few).bytes)).toBe(true);
    expect([...file.rows]).toEqual([
      [TABLE, rows.length],
      [HOURS, few.length],
    ]);
    const database = attached(file, TABLE, HOURS);
    const interior = database
      .prepare("select max(length(path) - length(replace(path, '/', ''))) as levels from dbstat('loaded')")
      .get();
    expect(interior?.levels).toBeGreaterThan(2);
    expect(isWhole(database, 'loaded')).toEqual(['ok']);
    expect(all(database, `loaded.${TABLE}`)).toEqual(all(inserted(rows), TABLE));
    expect(all(database, `loaded.${HOURS}`)).toEqual(all(inserted(few, HOURS), HOURS));
    const find = database.prepare(`select success_requests from loaded.${TABLE} where customer_id = ?`);
    for (let i = 0; i < rows.length; i += 997) expect(find.get(ids[i])).toEqual({ success_requests: i });
  });

  it('leaves out the page that SQLite never uses, in the middle of its rows', () => {
    // Behind a gigabyte of zeros, a few pages before that page.
    const zeros =
      'create table zeros (bytes blob); insert into zeros values (zeroblob(6e8)), (zeroblob(473e6))';
    const file = new TableFile(directory, [
      { table: TABLE, definition: `${definitions.get(TABLE)};${zeros}` },
    ]);
    const rows = Array.from({ length: 60 }, (_, i): Row => {
      const id = String(i).padStart(2, '0');
      return {
        id,
        span: '2024-02-29',
        counts: [i, 1],
        reals: [null, 1, 2, 3, 4],
        state: new Uint8Array(60_000),
      };
    });
    for (const one of rows) expect(file.add(TABLE, blockOf([one]).bytes)).toBe(true);
    const database = attached(file, TABLE);
    expect(database.prepare(`pragma loaded.integrity_check(${TABLE})`).get()).toEqual({
      integrity_check: 'ok',
    });
    expect(all(database, `loaded.${TABLE}`)).toEqual(all(inserted(rows), TABLE));
    const leaves = database
      .prepare(
        "select min(pageno) as first, max(pageno) as last from dbstat(?) where name = ? and pagetype = 'leaf'",
      )
      .get('loaded', TABLE);
    expect(Number(leaves?.first)).toBeLessThan(2 ** 14 + 1);
    expect(Number(leaves?.last)).toBeGreaterThan(2 ** 14 + 1);
  });

  it('takes no row with late events or with a very long state, and none out of order', () => {
    const usual: Row = {
      ...{ id: 'b', span: '2024-02-29', counts: [1, 0], reals: [1, 1, 1, 1, 1] },
      state: new Uint8Array(3),
    };
    const add = (...blocks: RowBlock[]) => {
      const file = newFile(TABLE);
      try {
        return blocks.map(({ bytes }) => file.add(TABLE, bytes));
      } finally {
        file.close();
      }
    };
    expect(add(blockOf([usual]), blockOf([{ ...usual, id: 'c' }], 1))).toEqual([true, false]);
    for (const bytes of [65_536, 3_000_000])
      expect(add(blockOf([{ ...usual, state: new Uint8Array(bytes) }]))).toEqual([false]);
    for (const id of ['a', 'b'])
      expect(() => add(blockOf([usual]), blockOf([{ ...usual, id }]))).toThrow('rows out of key order');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is nobody else’s to read, and is missed where somebody deletes it', () => {
    const file = newFile(TABLE);
    const [name] = readdirSync(directory);
    expect(name).toMatch(/^daymark-load-[0-9a-f]{16}$/);
    const path = join(directory, name);
    expect(statSync(path).mode & 0o077).toBe(0);
    utimesSync(path, 1, 1);
    file.touch();
    expect(statSync(path).mtimeMs).toBeGreaterThan(1000);
    rmSync(path);
    expect(() => file.finish()).toThrow('was deleted while daymark wrote it');
    file.close();
  });
});
