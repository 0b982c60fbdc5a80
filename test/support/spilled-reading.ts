/** Reads of more windows than there is room for, and what they leave in a store. */

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { PipelineEvents, StoredCommit } from '../../src/pipeline/types.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { RunFile, Store } from '../../src/store/contract.ts';
import { pipelineOf, type TestPipeline } from './pipeline.ts';
import { scanSettings } from './scan-settings.ts';
import type { StoreKind, StorePlace } from './sqlite-place.ts';
import { digestOf } from './table-digest.ts';

/** With their endpoints, 4,096 lines leave too little room for the next ones. */
const BATCH_WINDOWS = 12_000;
export const CUSTOMERS = 7_000;
const KEYS: Readonly<Record<string, readonly string[]>> = {
  customer_daily_stats: ['customer_id', 'date'],
  daily_endpoint_stats: ['customer_id', 'date', 'endpoint'],
  hourly_stats: ['customer_id', 'hour'],
  all_hourly_stats: ['shard', 'hour'],
  all_daily_stats: ['shard', 'date'],
  all_daily_endpoint_stats: ['date', 'endpoint', 'shard'],
};
const SCAN = { ...scanSettings('default'), endpoints: { kind: 'auto' as const } };

/** A line of each customer, in no order. */
export function logOf(customers: number, step: number): string {
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

export interface Reading {
  readonly commits: readonly StoredCommit[];
  readonly problems: readonly string[];
  readonly isComplete: boolean;
}

export async function read(store: Store, path: string, change: Partial<TestPipeline> = {}): Promise<Reading> {
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
export function changed(store: Store, change: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name in change) return change[name as keyof Store];
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A file for runs of a store, of which something is otherwise. */
export function changedFile(store: Store, change: (file: RunFile) => Partial<RunFile>): () => RunFile {
  return () => {
    const file = store.openRunFile?.() as RunFile;
    return {
      bounds: file.bounds,
      append: (bytes) => file.append(bytes),
      read: (target, position) => file.read(target, position),
      run: (from, bytes) => file.run(from, bytes),
      freeBytes: () => file.freeBytes(),
      close: () => file.close(),
      ...change(file),
    };
  };
}

export async function contents(
  { query }: Pick<StorePlace, 'query'>,
  others: Readonly<Record<string, readonly string[]>> = {},
) {
  const tables = Object.entries({ ...KEYS, ...others });
  const lines = await query('select name, lines, accepted, next_offset, mark from checkpoints order by name');
  const days = await query(
    'select date, lines, from_offset, to_offset from partition_days order by date, lines',
  );
  const partial = await query('select date from partial_days order by date');
  const rollUps = await query(
    `select period, last_day, is_ready, part, slot, last_customer_id, data from roll_ups
      join roll_up_parts on roll_up_id = id order by period, part, slot`,
  );
  const digests = await Promise.all(tables.map(([table, key]) => digestOf({ query }, table, key)));
  const packed = rollUps.map(({ data, ...row }) => ({
    ...row,
    data: Buffer.from(data as Uint8Array).toString('hex'),
  }));
  return { lines, days, partial, digests, rollUps: packed };
}

/** Two logs and places of stores, for the tests of a file. */
export function spillingTests(kind: StoreKind) {
  let directory = '';
  const places: StorePlace[] = [];
  const logs = { first: '', second: '' };
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-spill-'));
    logs.first = join(directory, 'first.log');
    logs.second = join(directory, 'second.log.gz');
    writeFileSync(logs.first, logOf(CUSTOMERS, 3));
    writeFileSync(logs.second, gzipSync(logOf(CUSTOMERS, 7)));
    utimesSync(logs.second, 1, 1);
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(async () => {
    for (const place of places.splice(0)) await place.dispose();
  });

  async function newPlace(): Promise<{ readonly place: StorePlace; readonly store: Store }> {
    const place = await kind.createPlace();
    places.push(place);
    const store = await place.open();
    await store.migrate();
    return { place, store };
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
    whole ??= withoutSpill([logs.first]).then((place) => contents(place));
    return whole;
  };
  return { logs, newPlace, withoutSpill, undisturbed, pathOf: (name: string) => join(directory, name) };
}
