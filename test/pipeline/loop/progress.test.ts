/** What a run says of how far the store is behind the logs. */

import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import { unstoredSizes } from '../../../src/pipeline/loop/progress.ts';
import type { Progress } from '../../../src/pipeline/types.ts';
import type { Assigned } from '../../../src/source/contract.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import type { Commit, Store } from '../../../src/store/contract.ts';
import { pipelineOf } from '../../support/pipeline.ts';
import { SQLITE, type StorePlace } from '../../support/sqlite-place.ts';
import { WrappedSource } from '../../support/wrapped-source.ts';

let place: StorePlace;
let store: Store;
let directory: string;
/** Bytes of the logs that are in the store. */
let storedBytes: number;

beforeEach(async () => {
  place = await SQLITE.createPlace();
  store = await place.open();
  await store.migrate();
  directory = mkdtempSync(join(tmpdir(), 'daymark-progress-'));
  storedBytes = 0;
});
afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

const linesOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => {
    const time = `05:${String(Math.floor((from + i) / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
    return `2024-10-02 ${time} cust_${(from + i) % 7} /api 200 0.${String(100 + i)}\n`;
  }).join('');

/** The store, whose commits are counted from outside. */
function counting(): Store {
  const commit = async (batch: Commit) => {
    await store.commit(batch);
    for (const { fromOffset, toOffset } of batch.advances) storedBytes += toOffset - fromOffset;
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = name === 'commit' ? commit : Reflect.get(target, name);
      return typeof value === 'function' && name !== 'commit' ? value.bind(target) : value;
    },
  });
}

/** Follows the directory, and reports as often as it can. @param onPause is called with the number of the pause. */
async function follow(
  onPause: (pause: number, stop: () => void) => void,
  hear: (progress: Progress) => void,
  source = new FilesSource([directory], { isFollowing: true }) as WrappedSource | FilesSource,
): Promise<void> {
  const stop = new AbortController();
  let [nowMs, pauses, systemMs] = [0, 0, 1_000_000];
  await pipelineOf({
    ...{ source, store: counting(), isFollowing: true, signal: stop.signal, batchLines: 50 },
    now: () => (nowMs += 1_000),
    systemTimeMs: () => systemMs++,
    pause: async () => onPause(pauses++, () => stop.abort()),
    events: { progress: hear },
  }).run();
  source.close();
}

test('the bytes behind are those that are in the logs and not in the store, at every moment', async () => {
  const logs = ['a.log', 'b.log'].map((name) => join(directory, name));
  logs.forEach((log, i) => {
    writeFileSync(log, linesOf(300, 40 * i));
  });
  const size = () => logs.reduce((sum, log) => sum + statSync(log).size, 0);
  const seen = new Set<number | undefined>();
  await follow(
    (pause, stop) => {
      // Each time more is appended after everything was read.
      expect(storedBytes).toBe(size());
      if (pause < 3) for (const [i, log] of logs.entries()) appendFileSync(log, linesOf(90 + pause, 7 * i));
      else stop();
    },
    ({ bytesBehind, messagesBehind }) => {
      expect(bytesBehind).toBe(size() - storedBytes);
      expect(messagesBehind).toBeUndefined();
      seen.add(bytesBehind);
    },
  );
  expect(seen.size).toBeGreaterThan(5);
  expect(seen).toContain(0);
});

test('all is stored up to the last poll that found nothing more, and no poll moves that back', async () => {
  const log = join(directory, 'a.log');
  writeFileSync(log, linesOf(120));
  const reports: Progress[] = [];
  await follow(
    (pause, stop) => {
      if (pause === 2) appendFileSync(log, linesOf(200, 5));
      if (pause === 6) stop();
    },
    (progress) => reports.push({ ...progress }),
  );
  const through = reports.map(({ storedThroughMs }) => storedThroughMs);
  expect(through[0]).toBeUndefined();
  // Nothing is known to be whole while there is something to read.
  for (const { bytesBehind, storedThroughMs } of reports)
    if (storedThroughMs === undefined) expect(bytesBehind).not.toBe(0);
  const known = through.filter((ms) => ms !== undefined);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(new Set(known).size).toBeGreaterThan(4);
  const whileBehind = reports.filter(({ bytesBehind }) => (bytesBehind ?? 0) > 0);
  const after = whileBehind.filter(({ storedThroughMs }) => storedThroughMs !== undefined);
  expect(new Set(after.map(({ storedThroughMs }) => storedThroughMs)).size).toBe(1);
});

test('nobody can know the bytes behind while a large archive is read', async () => {
  writeFileSync(join(directory, 'a.log.gz'), gzipSync(linesOf(9_000)));
  const reports: Progress[] = [];
  let nowMs = 1_000;
  const source = new FilesSource([directory], { isFollowing: false });
  await pipelineOf({
    ...{ source, store, isFollowing: false, signal: new AbortController().signal, batchLines: 1_000 },
    ...{ now: () => (nowMs += 1_000), systemTimeMs: () => 0, pause: async () => undefined },
    events: { progress: (progress) => reports.push(progress) },
  }).run();
  source.close();
  expect(reports.length).toBeGreaterThan(1);
  for (const { bytesBehind } of reports.slice(0, -1)) expect(bytesBehind).toBeUndefined();
  expect(reports.at(-1)).toMatchObject({ bytesBehind: 0, storedThroughMs: 0 });
});

/** A poll that finds a log away, for some polls. */
class AwaySource extends WrappedSource {
  polls = 3;

  protected override assigned(assigned: Assigned): Assigned {
    if (this.polls-- <= 0) return assigned;
    const error = new DaymarkError('SOURCE_UNAVAILABLE', 'away');
    return { ...assigned, problems: [{ error, isNamed: false, input: join(directory, 'nfs') }] };
  }
}

test('while a log is away, the bytes behind are not known, and nothing is said to be whole', async () => {
  writeFileSync(join(directory, 'a.log'), linesOf(30));
  const source = new AwaySource(new FilesSource([directory], { isFollowing: true }));
  const reports: Progress[] = [];
  await follow(
    (pause, stop) => pause === 12 && stop(),
    (progress) => reports.push({ ...progress }),
    source,
  );
  const away = reports.filter(({ bytesBehind }) => bytesBehind === undefined);
  expect(away.length).toBeGreaterThan(0);
  for (const { storedThroughMs } of away) expect(storedThroughMs).toBeUndefined();
  expect(reports.at(-1)).toMatchObject({ bytesBehind: 0, storedThroughMs: expect.any(Number) });
});

test('a log that is found and cannot be read is behind by all that it has', () => {
  const assignment = (id: string, availableBytes: number | undefined) =>
    ({ partition: { id }, availableBytes }) as Assigned['assignments'][number];
  const assignments = [assignment('read', 5), assignment('away', 7)];
  const ended = new Set(['read']);
  const isWaiting = { isWaiting: true };
  expect(unstoredSizes({ assignments, problems: [] }, ended, isWaiting)).toMatchObject({ bytes: [7] });
  const nothing = { assignments: [], problems: [] };
  expect(unstoredSizes(nothing, ended, isWaiting)).toEqual({ bytes: [undefined], messages: [undefined] });
  expect(unstoredSizes(nothing, ended, { isWaiting: false })).toEqual({ bytes: [], messages: [] });
});
