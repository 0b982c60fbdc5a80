/** Windows that cannot be spilled, and what is left beside the embedded store. */

import { appendFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import type { Commit, RunFile, Store, WindowDelta } from '../../../src/store/contract.ts';
import { openRunFile, takesRunFiles } from '../../../src/store/run-file.ts';
import {
  CUSTOMERS,
  changed,
  changedFile,
  contents,
  logOf,
  read,
  spillingTests,
} from '../../support/spilled-reading.ts';
import { SQLITE } from '../../support/sqlite-place.ts';

const { logs, newPlace, undisturbed, pathOf } = spillingTests(SQLITE);

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

/** Commits to a store, but for the first time. */
function failingFirst(store: Store, fail: Store['commit']) {
  let tries = 0;
  const commit: Store['commit'] = async (batch) => {
    if (tries++ === 0) await fail(batch);
    await store.commit(batch);
  };
  return { commit, tries: () => tries };
}

it('go on without a spill where the database has no room for what is merged', async () => {
  const { place, store } = await newPlace();
  const first = failingFirst(store, async () => {
    throw new DaymarkError('STORE_UNWRITABLE', 'No space left on device.');
  });
  const { problems } = await read(changed(store, { commit: first.commit }), logs.first);
  expect(problems).toEqual(['SPILL_FAILED']);
  expect(await contents(place)).toEqual(await undisturbed());
});

it.each([1, 9_000, 21_005])(
  'are merged anew where a commit fails behind %d windows and is tried again',
  async (taken) => {
    const { place, store } = await newPlace();
    const first = failingFirst(store, (batch) => failBehind(batch, taken));
    const { commits, problems } = await read(changed(store, { commit: first.commit }), logs.first);
    expect([commits.length, problems, first.tries()]).toEqual([1, [], 2]);
    expect(await contents(place)).toEqual(await undisturbed());
  },
);

/** Takes some of the windows, and fails as a database does that is away. */
async function failBehind({ deltas }: Commit, windows: number): Promise<void> {
  let left = windows;
  for await (const piece of deltas as AsyncIterable<Iterable<WindowDelta>>)
    for (const { statistics } of piece)
      if (statistics && left-- === 0) throw new DaymarkError('STORE_BUSY', 'The database is away.');
  throw new Error(`there were only ${windows - left} windows`);
}

it('wait for a store on another disk that cannot be written at the moment', async () => {
  const { place, store } = await newPlace();
  const first = failingFirst(store, async () => {
    throw new DaymarkError('STORE_UNWRITABLE', 'It is a standby still.');
  });
  const openRunFile = changedFile(store, ({ bounds }) => ({ bounds: { ...bounds, isBesideStore: false } }));
  const { commits, problems } = await read(changed(store, { commit: first.commit, openRunFile }), logs.first);
  expect([commits.length, problems, first.tries()]).toEqual([1, [], 2]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('go on without a spill where the runs cannot be read again', async () => {
  const { place, store } = await newPlace();
  const openRunFile = changedFile(store, ({ bounds }) => ({
    bounds: { ...bounds, isBesideStore: false },
    read: () => {
      throw new DaymarkError('STORE_UNWRITABLE', 'Input/output error.');
    },
  }));
  const { problems, isComplete } = await read(changed(store, { openRunFile }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('commit what is there before a partition that is mostly rejected is given up', async () => {
  const { place, store } = await newPlace();
  const path = pathOf('bad.log');
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

it('go on without a spill where the directory of runs cannot be made', async () => {
  const { place, store } = await newPlace();
  const file = pathOf('a-file');
  writeFileSync(file, '');
  const bounds = { mostBytes: 1_000, stoppingBytes: 0, windowsAtOnce: 10, isBesideStore: false };
  const unusable = () => openRunFile(join(file, 'runs'), bounds);
  const { problems, isComplete } = await read(changed(store, { openRunFile: unusable }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('need a directory that is there, or can be made', () => {
  const directory = pathOf('there');
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), '');
  const places = [
    directory,
    join(directory, 'new/and/below'),
    join(directory, 'file'),
    join(directory, 'file/x'),
  ];
  expect(places.map(takesRunFiles)).toEqual([true, true, false, false]);
  expect(existsSync(join(directory, 'new'))).toBe(false);
});
