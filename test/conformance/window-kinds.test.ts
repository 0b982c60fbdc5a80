import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RETENTION_CHUNK_ROWS, STORED_DAYS_PAGE_ROWS, STREAMED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import type { MergeableWindow, ReplacedWindow, StoredWindow, WindowDelta } from '../../src/store/contract.ts';
import type { StoreDialect } from '../../src/store/dialect.ts';
import { postgresDialect } from '../../src/store/postgres/dialect.ts';
import { TYPES } from '../../src/store/postgres/types.ts';
import { SqlStore } from '../../src/store/sql-store.ts';
import { openDatabase } from '../../src/store/sqlite/connect.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { compareKeys, customerDay, type WindowKey } from '../../src/window/key.ts';
import { CUSTOMER_DAYS, type WindowKind } from '../../src/window/kind.ts';
import { SUCCESS, statisticsOf } from '../api/requests.ts';
import { adding, advanceOf } from '../support/batches.ts';
import {
  ALL_DAYS,
  CUSTOMER_HOURS,
  createTables,
  ENDPOINT_DAYS,
  SHARDED_DAYS,
} from '../support/made-up-kinds.ts';
import { createDatabase } from '../support/postgres-database.ts';
import { tableOf } from '../support/zones.ts';

const KINDS = [ALL_DAYS, CUSTOMER_DAYS, CUSTOMER_HOURS, ENDPOINT_DAYS, SHARDED_DAYS];
const BERLIN = 'Europe/Berlin';
const HOUR_MS = 3_600_000;
const MANY = 10_000;
const never = new AbortController().signal;

interface Place {
  readonly dialect: StoreDialect;
  dispose(): Promise<void>;
}

async function createSqlite(): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-kinds-'));
  const file = join(directory, 'daymark.db');
  const dispose = async () => rmSync(directory, { recursive: true });
  return { dialect: sqliteDialect(openDatabase(file, false), file), dispose };
}

async function createPostgres(): Promise<Place> {
  const { url, drop } = await createDatabase();
  const options = '-c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1';
  const pool = new pg.Pool({ connectionString: url, types: TYPES, options });
  return { dialect: postgresDialect(pool, 'PostgreSQL'), dispose: drop };
}

describe.each([
  { name: 'SQLite', createPlace: createSqlite },
  { name: 'PostgreSQL', createPlace: createPostgres },
])('A $name store with further kinds of windows', ({ createPlace }) => {
  const closing: (() => Promise<void>)[] = [];

  async function openStore(create: () => Promise<Place>): Promise<SqlStore> {
    const { dialect, dispose } = await create();
    const store = new SqlStore(dialect, KINDS);
    closing.push(async () => {
      await store.close();
      await dispose();
    });
    await store.migrate();
    for (const kind of KINDS) if (kind !== CUSTOMER_DAYS) await createTables(dialect, kind);
    return store;
  }

  let store: SqlStore;
  beforeEach(async () => {
    store = await openStore(createPlace);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const keyOf = (kind: WindowKind, ...values: string[]): WindowKey => ({ kind, values });
  const hour = (customer: string, text: string) => keyOf(CUSTOMER_HOURS, customer, text);
  const deltasOf = (keys: readonly WindowKey[]): WindowDelta[] =>
    keys
      .map((key) => ({ key, statistics: statisticsOf([SUCCESS], Date.parse('2024-10-02')) }))
      .sort((a, b) => compareKeys(a.key, b.key));
  const commit = (to: SqlStore, ...keys: readonly WindowKey[]) =>
    to.commit({ timeZone: BERLIN, advances: [], deltas: deltasOf(keys) });
  /** All windows of a kind, with how many requests each has. */
  async function stored(of: SqlStore, kind: WindowKind): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for await (const window of of.storedWindows(kind, {}))
      found[window.key.values.join(' ')] = window.success_requests;
    return found;
  }

  test('commits them beside the days of customers, each kind into tables of its own', async () => {
    const keys = [
      keyOf(ALL_DAYS, '2024-10-02'),
      customerDay('a', '2024-10-02'),
      hour('a', '2024-10-02T05'),
      hour('é', '2024-10-02T05'),
      keyOf(ENDPOINT_DAYS, 'a', '2024-10-02', '/x'),
      keyOf(ENDPOINT_DAYS, 'a', '2024-10-02', '/y'),
    ];
    await commit(store, ...keys);
    await commit(store, ...keys.slice(0, 3));
    expect(await stored(store, ALL_DAYS)).toEqual({ '2024-10-02': 2 });
    expect(await stored(store, CUSTOMER_DAYS)).toEqual({ 'a 2024-10-02': 2 });
    expect(await stored(store, CUSTOMER_HOURS)).toEqual({ 'a 2024-10-02T05': 2, 'é 2024-10-02T05': 1 });
    expect(await stored(store, ENDPOINT_DAYS)).toEqual({ 'a 2024-10-02 /x': 1, 'a 2024-10-02 /y': 1 });
  });

  test('takes them in the order of kinds and keys only, in which rows are locked', async () => {
    const deltas = deltasOf([customerDay('z', '2024-10-02'), hour('a', '2024-10-02T05')]);
    await expect(store.commit({ timeZone: BERLIN, advances: [], deltas: deltas.reverse() })).rejects.toThrow(
      'out of key order',
    );
    expect(await stored(store, CUSTOMER_DAYS)).toEqual({});
  });

  test('serves the windows of a subject, at once and in pages', async () => {
    const hours = Array.from({ length: STREAMED_DAYS_PAGE_ROWS + 3 }, (_, i) =>
      new Date(i * HOUR_MS).toISOString().slice(0, 13),
    );
    await commit(store, ...hours.map((text) => hour('a', text)), hour('b', '1970-01-01T00'));
    const query = { kind: CUSTOMER_HOURS, subject: ['a'], from: '1970-01-01T01', limit: MANY };
    const rows = await store.windows(query);
    expect(rows.map(({ key }) => key)).toEqual(hours.slice(1).map((text) => hour('a', text)));
    expect(rows[0]).toMatchObject({ startMs: HOUR_MS, success_requests: 1, finalSinceMs: null });
    expect(await store.windows({ ...query, to: '1970-01-01T03', limit: 2 })).toEqual(rows.slice(0, 2));
    const pages = [];
    for await (const page of store.windowPages(query)) pages.push(page);
    expect(pages.flat()).toEqual(rows);
    expect(pages).toHaveLength(2);
    await commit(store, keyOf(ALL_DAYS, '2024-10-01'), keyOf(ALL_DAYS, '2024-10-03'));
    const all = { kind: ALL_DAYS, subject: [], from: '2024-10-02', limit: MANY };
    expect((await store.windows(all)).map(({ key }) => key.values)).toEqual([['2024-10-03']]);
  });

  test('gives the states of all shards of a span one after the other, also over several pages', async () => {
    const dates = Array.from({ length: 30 }, (_, i) => dateOfDay(dayOfDate('2024-10-01') + i));
    const shards = ['0', '10', '11', '2', '9'];
    const keys = dates.flatMap((date) => shards.map((shard) => keyOf(SHARDED_DAYS, shard, date)));
    await commit(store, ...keys, hour('a', '2024-10-02T05'), hour('b', '2024-10-02T06'));
    const inRange = keys.filter(({ values: [, date] }) => date >= '2024-10-02' && date <= '2024-10-29');
    expect(inRange.length).toBeGreaterThan(2 * STORED_DAYS_PAGE_ROWS);
    const pages: (readonly MergeableWindow[])[] = [];
    const hours: WindowKey[] = [];
    await store.readSnapshot(async (snapshot) => {
      const range = { from: '2024-10-02', to: '2024-10-29' };
      for await (const page of snapshot.mergeableWindows({ kind: SHARDED_DAYS, subject: [], ...range }))
        pages.push(page);
      const ofHours = { from: '2024-10-02T00', to: '2024-10-02T23' };
      const query = { kind: CUSTOMER_HOURS, subject: ['a'], ...ofHours };
      for await (const page of snapshot.mergeableWindows(query)) hours.push(...page.map(({ key }) => key));
    });
    expect(pages.flat().map(({ key }) => key)).toEqual(inRange);
    expect(pages.map((page) => page.length)).toEqual([STORED_DAYS_PAGE_ROWS, STORED_DAYS_PAGE_ROWS, 12]);
    expect(hours).toEqual([hour('a', '2024-10-02T05')]);
  });

  test('deletes those of days that are too old, in the time zone of the store', async () => {
    const customers = Array.from({ length: RETENTION_CHUNK_ROWS + 5 }, (_, i) => `c${i}`);
    await commit(
      store,
      ...customers.map((customer) => hour(customer, '2024-09-30T21')),
      ...['2024-09-30T21', '2024-09-30T22', '2024-10-01T05'].map((text) => hour('a', text)),
      ...['2024-09-30', '2024-10-01'].flatMap((date) => [
        keyOf(ALL_DAYS, date),
        customerDay('a', date),
        keyOf(ENDPOINT_DAYS, 'a', date, '/x'),
      ]),
    );
    expect(await store.daysBefore('2024-10-01')).toMatchObject({ days: 1, rows: 1 });
    expect(await store.deleteDaysBefore('2024-10-01', never)).toBe(customers.length + 4);
    expect(await stored(store, CUSTOMER_HOURS)).toEqual({ 'a 2024-09-30T22': 1, 'a 2024-10-01T05': 1 });
    expect(await stored(store, ALL_DAYS)).toEqual({ '2024-10-01': 1 });
    expect(await stored(store, CUSTOMER_DAYS)).toEqual({ 'a 2024-10-01': 1 });
    expect(await stored(store, ENDPOINT_DAYS)).toEqual({ 'a 2024-10-01 /x': 1 });
  });

  test('replaces those of some days, and leaves the others', async () => {
    const made = await openStore(createSqlite);
    const customers = Array.from({ length: 2 * STORED_DAYS_PAGE_ROWS + 1 }, (_, i) => `c${i}`);
    await commit(store, hour('gone', '2024-10-02T05'), hour('same', '2024-10-02T05'));
    await commit(store, hour('kept', '2024-10-01T21'), keyOf(ALL_DAYS, '2024-10-02'));
    const hours = ['2024-10-01T22', '2024-10-02T21', '2024-10-02T22'];
    await commit(made, hour('same', '2024-10-02T05'), ...hours.map((text) => hour('new', text)));
    await commit(made, ...customers.map((customer) => keyOf(ENDPOINT_DAYS, customer, '2024-10-02', '/')));
    const notes: ReplacedWindow[] = [];
    const day = { from: '2024-10-02', to: '2024-10-02' };
    await store.replace({
      range: day,
      source: made,
      prepare: async () => [],
      note: (window) => notes.push(window),
      nowMs: 0,
      isDryRun: false,
    });
    expect(await stored(store, CUSTOMER_HOURS)).toEqual({
      'kept 2024-10-01T21': 1,
      'new 2024-10-01T22': 1,
      'new 2024-10-02T21': 1,
      'same 2024-10-02T05': 1,
    });
    expect(await stored(store, ALL_DAYS)).toEqual({});
    expect(await stored(store, ENDPOINT_DAYS)).toEqual(await stored(made, ENDPOINT_DAYS));
    const sides = (window: ReplacedWindow) =>
      [window.before, window.after].map((side?: StoredWindow) => !!side);
    expect(notes.filter(({ key }) => key.values[0] === 'same').map(sides)).toEqual([[true, true]]);
    expect(notes.filter(({ isChanged }) => isChanged)).toHaveLength(4 + customers.length);
  });

  test('makes each kind final by its own spans, and revises what comes later', async () => {
    const zone = tableOf(BERLIN);
    await store.addPartitions(() => adding('p'));
    const keys = [customerDay('a', '2024-10-02'), hour('a', '2024-10-02T05'), hour('a', '2024-10-02T07')];
    const add = (nowMs: number, clock: string) =>
      store.commit({
        timeZone: BERLIN,
        advances: [advanceOf('p', 0, 0, { clockMs: Date.parse(clock) })],
        finality: { nowMs, waitMs: HOUR_MS, zone },
        deltas: deltasOf(keys),
      });
    await add(1, '2024-10-02T07:00Z');
    await add(2, '2024-10-02T08:00Z');
    const state = async (kind: WindowKind) =>
      (await store.windows({ kind, subject: ['a'], from: '2024-10-02', limit: MANY })).map(
        ({ key, finalSinceMs, lateEvents, revisedMs }) => [
          key.values[1],
          finalSinceMs,
          lateEvents,
          revisedMs,
        ],
      );
    expect(await state(CUSTOMER_HOURS)).toEqual([
      ['2024-10-02T05', 1, 1, 2],
      ['2024-10-02T07', null, 0, null],
    ]);
    expect(await state(CUSTOMER_DAYS)).toEqual([['2024-10-02', null, 0, null]]);
    await add(3, '2024-10-02T23:00Z');
    expect(await state(CUSTOMER_DAYS)).toEqual([['2024-10-02', 3, 0, null]]);
  });
});
