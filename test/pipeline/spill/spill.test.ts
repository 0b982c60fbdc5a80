/** Reads of more windows than there is room for, into the embedded store. */

import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import type { PipelineEvents, StoredCommit } from '../../../src/pipeline/types.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import type { RunFile, Store } from '../../../src/store/contract.ts';
import { pipelineOf, type TestPipeline } from '../../support/pipeline.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { SQLITE, type StorePlace } from '../../support/sqlite-place.ts';
import { digestOf } from '../../support/table-digest.ts';

/** With their endpoints, 4,096 lines leave too little room for the next ones. */
const BATCH_WINDOWS = 12_000;
const CUSTOMERS = 7_000;
const KEYS: Readonly<Record<string, readonly string[]>> = {
  customer_daily_stats: ['customer_id', 'date'],
  daily_endpoint_stats: ['customer_id', 'date', 'endpoint'],
  hourly_stats: ['customer_id', 'hour'],
  all_hourly_stats: ['shard', 'hour'],
  all_daily_stats: ['shard', 'date'],
  all_daily_endpoint_stats: ['date', 'endpoint', 'shard'],
};
const SCAN = { ...scanSettings('default'), endpoints: { kind: 'auto' as const } };

let directory: string;
let logs: { readonly first: string; readonly second: string };
const places: StorePlace[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-spill-'));
  logs = { first: join(directory, 'first.log'), second: join(directory, 'second.log.gz') };
  writeFileSync(logs.first, logOf(CUSTOMERS, 3));
  writeFileSync(logs.second, gzipSync(logOf(CUSTOMERS, 7)));
  utimesSync(logs.second, 1, 1);
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(async () => {
  for (const place of places.splice(0)) await place.dispose();
});

/** A line of each customer, in no order. */
function logOf(customers: number, step: number): string {
  const lines: string[] = [];
  for (let i = 0; i < customers; i++) {
    const customer = (i * 7919) % customers;
    const second = String(i % 60).padStart(2, '0');
    lines.push(
      `2024-10-0${1 + (i % step)} 05:10:${second} c${customer} /r${i % 2} ${200 + (i % 3)} 0.${100 + (i % 800)}\n`,
    );
  }
  return lines.join('');
}

async function newPlace(): Promise<{ readonly place: StorePlace; readonly store: Store }> {
  const place = await SQLITE.createPlace();
  places.push(place);
  const store = await place.open();
  await store.migrate();
  return { place, store };
}

interface Reading {
  readonly commits: readonly StoredCommit[];
  readonly problems: readonly string[];
  readonly isComplete: boolean;
}

async function read(store: Store, path: string, change: Partial<TestPipeline> = {}): Promise<Reading> {
  const [commits, problems]: [StoredCommit[], string[]] = [[], []];
  const events: Partial<PipelineEvents> = {
    ...change.events,
    committed: (commit) => commits.push(commit),
    problem: ({ code }) => problems.push(code),
  };
  const source = new FilesSource([path], { isFollowing: false });
  const pipeline = pipelineOf({
    ...{ source, store, scan: SCAN, batchWindows: BATCH_WINDOWS, isFollowing: false },
    ...{ signal: new AbortController().signal, pause: async () => undefined, systemTimeMs: Date.now },
    ...change,
    events,
  });
  try {
    return { commits, problems, isComplete: (await pipeline.run()).isComplete };
  } finally {
    source.close();
  }
}

/** The same store, with something else about it. */
function changed(store: Store, change: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name in change) return change[name as keyof Store];
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function contents({ query }: StorePlace, others: Readonly<Record<string, readonly string[]>> = {}) {
  const tables = Object.entries({ ...KEYS, ...others });
  const lines = await query('select name, lines, accepted, next_offset, mark from checkpoints order by name');
  const days = await query(
    'select date, lines, from_offset, to_offset from partition_days order by date, lines',
  );
  const rollUps = await query(
    `select period, last_day, is_ready, part, slot, last_customer_id, hex(data) as data from roll_ups
      join roll_up_parts on roll_up_id = id order by period, part, slot`,
  );
  const digests = await Promise.all(tables.map(([table, key]) => digestOf({ query }, table, key)));
  return { lines, days, digests, rollUps };
}

/** What reading gives that commits each batch. */
async function withoutSpill(paths: readonly string[], change: Partial<TestPipeline> = {}) {
  const { place, store } = await newPlace();
  for (const path of paths)
    expect(
      (await read(changed(store, { openRunFile: undefined }), path, change)).commits.length,
    ).toBeGreaterThan(1);
  return place;
}

let whole: ReturnType<typeof contents> | undefined;
const undisturbed = () => {
  whole ??= withoutSpill([logs.first]).then(contents);
  return whole;
};

it('are one commit, into a store without and with rows, and give the rows of many commits', async () => {
  const { place, store } = await newPlace();
  expect((await read(store, logs.first)).commits).toHaveLength(1);
  expect(await contents(place)).toEqual(await undisturbed());
  // An archive, with the same customers.
  expect((await read(store, logs.second)).commits).toHaveLength(1);
  expect(await contents(place)).toEqual(await contents(await withoutSpill([logs.first, logs.second])));
});

it('count late events, and what they change of final days, as many commits do', async () => {
  const revisions = {
    revisions: ['customer_id', 'date'],
    daily_endpoint_revisions: ['customer_id', 'date', 'endpoint'],
  };
  const late = { eventTime: { waitMs: 3_600_000 }, systemTimeMs: () => Date.UTC(2024, 9, 20) };
  const { place, store } = await newPlace();
  for (const path of [logs.first, logs.second])
    expect((await read(store, path, late)).commits.filter(({ rows }) => rows > 0)).toHaveLength(1);
  const expected = await withoutSpill([logs.first, logs.second], late);
  expect(await contents(place, revisions)).toEqual(await contents(expected, revisions));
  const [{ late_events: events }] = await place.query(
    'select sum(late_events) as late_events from revisions',
  );
  expect(Number(events)).toBeGreaterThan(CUSTOMERS);
});

it('count once where another process commits the same lines meanwhile', async () => {
  const { place, store } = await newPlace();
  const other = await place.open();
  let overtaken = 0;
  const commit: Store['commit'] = async (batch) => {
    if (overtaken++ === 0) await read(changed(other, { openRunFile: undefined }), logs.first);
    await store.commit(batch);
  };
  expect((await read(changed(store, { commit }), logs.first)).isComplete).toBe(true);
  expect(overtaken).toBeGreaterThan(0);
  expect(await contents(place)).toEqual(await undisturbed());
});

/** A file for runs of a store, of which something is otherwise. */
function changedFile(store: Store, change: (file: RunFile) => Partial<RunFile>): () => RunFile {
  return () => {
    const file = store.openRunFile?.() as RunFile;
    return {
      append: (bytes) => file.append(bytes),
      read: (target, position) => file.read(target, position),
      freeBytes: () => file.freeBytes(),
      close: () => file.close(),
      ...change(file),
    };
  };
}

it.each([1, 4])('go on without a spill where its disk is full, at piece %d', async (pieces) => {
  const { place, store } = await newPlace();
  let left = pieces;
  const openRunFile = changedFile(store, (file) => ({
    append: (bytes) => {
      if (left-- === 0) throw new DaymarkError('STORE_UNWRITABLE', 'No space left on device.');
      file.append(bytes);
    },
  }));
  const { problems, commits, isComplete } = await read(changed(store, { openRunFile }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(commits.length).toBeGreaterThan(1);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('go on without a spill where nobody can say how much room is left', async () => {
  const { place, store } = await newPlace();
  const openRunFile = changedFile(store, () => ({
    freeBytes: () => {
      throw new DaymarkError('STORE_UNWRITABLE', 'Input/output error.');
    },
  }));
  const { problems, isComplete } = await read(changed(store, { openRunFile }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('go on without a spill where the database has no room for what is merged', async () => {
  const { place, store } = await newPlace();
  let tries = 0;
  const commit: Store['commit'] = async (batch) => {
    if (tries++ === 0) throw new DaymarkError('STORE_UNWRITABLE', 'No space left on device.');
    await store.commit(batch);
  };
  const { problems } = await read(changed(store, { commit }), logs.first);
  expect(problems).toEqual(['SPILL_FAILED']);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('commit what is there before a partition that is mostly rejected is given up', async () => {
  const { place, store } = await newPlace();
  const path = join(directory, 'bad.log');
  writeFileSync(path, logOf(CUSTOMERS, 3));
  appendFileSync(path, 'no line of a log\n'.repeat(30_000));
  const { commits } = await read(store, path);
  expect(commits.reduce((sum, { lines }) => sum + lines, 0)).toBe(CUSTOMERS + 30_000);
  expect((await contents(place)).digests).toEqual((await undisturbed()).digests);
});

it('leave nothing beside the store, and take away what a killed process has left', async () => {
  const { place, store } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  const left = join(dataDir, 'daymark-runs-0123456789abcdef');
  const others = [join(dataDir, 'daymark-runs-of-mine'), join(dataDir, 'daymark-runs-00000000000000ff')];
  for (const path of [left, ...others]) writeFileSync(path, path === others[1] ? 'not empty' : '');
  for (const path of [left, ...others]) utimesSync(path, 1, 1);
  const young = join(dataDir, 'daymark-runs-00000000000000aa');
  writeFileSync(young, '');
  const file = store.openRunFile?.() as RunFile;
  expect([left, ...others, young].map((path) => existsSync(path))).toEqual([false, true, true, true]);
  const names = readdirSync(dataDir).filter((name) => name.startsWith('daymark-runs-'));
  expect(names).toHaveLength(3);
  file.append(Buffer.from('abc'));
  file.append(Buffer.from('def'));
  const bytes = Buffer.alloc(4);
  file.read(bytes, 1);
  expect(bytes.toString()).toBe('bcde');
  expect(file.freeBytes()).toBeGreaterThan(0);
  file.close();
});
