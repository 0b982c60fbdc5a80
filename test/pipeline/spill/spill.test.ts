/** Windows that cannot be spilled, and what is left beside the embedded store. */

import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import type { RowBlock } from '../../../src/statistics/row-block.ts';
import type { Commit, FileRun, RunFile, Store, WindowDelta } from '../../../src/store/contract.ts';
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

const { logs, newPlace, undisturbed, withoutSpill, pathOf } = spillingTests(SQLITE);

/** The files of rows that are about to be loaded. */
const loadFilesIn = (dataDir: string) => readdirSync(dataDir).filter((name) => /^daymark-load-/.test(name));

/** The same batch, of which something happens behind its last block. */
function disturbed(batch: Commit, disturb: () => Promise<void>): Commit {
  const { deltas } = batch;
  if (!('blocks' in deltas)) throw new Error('the windows are not merged');
  const { bytes, pause, blocks } = deltas;
  async function* disturbedBlocks(stored?: FileRun): AsyncGenerator<RowBlock> {
    yield* blocks(stored);
    await disturb();
  }
  const pieces = () => deltas[Symbol.asyncIterator]();
  return { ...batch, deltas: { bytes, pause, blocks: disturbedBlocks, [Symbol.asyncIterator]: pieces } };
}

it('are loaded into a store without windows, and leave no file', async () => {
  const { place, store } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  const found: string[] = [];
  const commit: Store['commit'] = (batch) =>
    store.commit(disturbed(batch, async () => void found.push(...loadFilesIn(dataDir))));
  expect((await read(changed(store, { commit }), logs.first)).commits).toHaveLength(1);
  expect(found).toHaveLength(1);
  expect(loadFilesIn(dataDir)).toEqual([]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('are loaded together with what the store has, and change nothing else of it', async () => {
  const { place, store } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  const found: string[] = [];
  const commit: Store['commit'] = (batch) =>
    store.commit(disturbed(batch, async () => void found.push(...loadFilesIn(dataDir))));
  // Days that the other log does not have.
  const earlier = pathOf('earlier.log');
  writeFileSync(earlier, logOf(1_500, 1).replaceAll('2024-10-', '2024-05-'));
  const { place: expected, store: other } = await newPlace();
  for (const path of [earlier, logs.second]) await read(changed(other, { openRunFile: undefined }), path);
  await read(store, earlier);
  const { commits } = await read(changed(store, { commit }), logs.second);
  expect(commits.map(({ windows }) => windows)).toEqual([CUSTOMERS]);
  expect(found).toHaveLength(1);
  expect(await contents(place)).toEqual(await contents(expected));
});

it.each([
  'create table notes (id text, date text, foreign key (id, date) references customer_daily_stats on delete cascade)',
  'create trigger noted before delete on customer_daily_stats begin select raise(abort, "deleted"); end',
  'create index noted on customer_daily_stats (failed_requests)',
])('are added one by one where others have tied something to the table: %s', async (definition) => {
  const { place, store } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  const database = new DatabaseSync(join(dataDir, 'daymark.db'));
  database.exec(definition);
  database.close();
  const found: string[] = [];
  const commit: Store['commit'] = (batch) =>
    store.commit(disturbed(batch, async () => void found.push(...loadFilesIn(dataDir))));
  expect((await read(changed(store, { commit }), logs.first)).problems).toEqual([]);
  expect(found).toEqual([]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('are added one by one where somebody has made the database in UTF-16', async () => {
  const { place } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name));
  const database = new DatabaseSync(join(dataDir, 'daymark.db'));
  database.exec("pragma encoding = 'UTF-16'; create table notes (id text)");
  database.close();
  const store = await place.open();
  await store.migrate();
  expect((await read(store, logs.first)).problems).toEqual([]);
  expect(await contents(place)).toEqual(await undisturbed());
});

it('are added to what another process commits while they are merged', async () => {
  const { place, store } = await newPlace();
  const other = await place.open();
  const commit: Store['commit'] = (batch) =>
    store.commit(
      disturbed(batch, async () => {
        await read(changed(other, { openRunFile: undefined }), logs.second);
      }),
    );
  expect((await read(changed(store, { commit }), logs.first)).problems).toEqual([]);
  expect(await contents(place)).toEqual(await contents(await withoutSpill([logs.second, logs.first])));
});

it('go on without a spill where the rows to load have no room', async () => {
  const { place, store } = await newPlace();
  const { dataDir } = place.location as { dataDir: string };
  let isGone = false;
  const commit: Store['commit'] = (batch) => {
    if (isGone || !('blocks' in batch.deltas)) return store.commit(batch);
    isGone = true;
    // Its pages are on the disk, and its name is gone: SQLite cannot open it.
    return store.commit(
      disturbed(batch, async () => {
        for (const name of loadFilesIn(dataDir)) rmSync(join(dataDir, name));
      }),
    );
  };
  const { problems, isComplete } = await read(changed(store, { commit }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(await contents(place)).toEqual(await undisturbed());
});

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
  const directory = openSync(tmpdir(), 'r');
  const openRunFile = changedFile(store, (file) => ({
    bounds: { ...file.bounds, isBesideStore: false },
    run: (...part) => ({ ...file.run(...part), descriptor: directory }),
  }));
  const { problems, isComplete } = await read(changed(store, { openRunFile }), logs.first);
  expect([problems, isComplete]).toEqual([['SPILL_FAILED'], true]);
  expect(await contents(place)).toEqual(await undisturbed());
  closeSync(directory);
});

it('go on without a spill where the runs are gone when a commit is tried again', async () => {
  const { place, store } = await newPlace();
  const directory = openSync(tmpdir(), 'r');
  const openRunFile = changedFile(store, (file) => ({
    run: (...part) => ({ ...file.run(...part), descriptor: directory }),
  }));
  // As where the transaction cannot be rolled back: that error comes in the place of the first one.
  const first = failingFirst(store, async (batch) => {
    await failBehind(batch, 1).catch(() => undefined);
    throw new DaymarkError('STORE_BUSY', 'The transaction cannot be rolled back.');
  });
  const { problems } = await read(changed(store, { commit: first.commit, openRunFile }), logs.first);
  expect(problems).toEqual(['SPILL_FAILED']);
  expect(await contents(place)).toEqual(await undisturbed());
  closeSync(directory);
});

it.each([
  [
    'cannot be started',
    () => {
      throw new Error('too many threads');
    },
  ],
  ['has no memory', () => new Worker(`throw new RangeError('out of memory')`, { eval: true })],
])('go on without a spill where a thread to merge %s', async (_, startMergeThread) => {
  const { place, store } = await newPlace();
  const { problems, isComplete } = await read(store, logs.first, { startMergeThread });
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
  const pathTo = (name: string) => join(dataDir, `daymark-${name}`);
  const left = [pathTo('runs-0123456789abcdef'), pathTo('load-0123456789abcdef')];
  const filled = [pathTo('runs-00000000000000ff'), pathTo('load-of-mine')];
  const others = [pathTo('runs-of-mine'), ...filled];
  for (const path of [...left, ...others]) {
    writeFileSync(path, filled.includes(path) || path === left[1] ? 'not empty' : '');
    utimesSync(path, 1, 1);
  }
  const young = [pathTo('runs-00000000000000aa'), pathTo('load-00000000000000aa')];
  for (const path of young) writeFileSync(path, '');
  const file = store.openRunFile?.() as RunFile;
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  const names = readdirSync(dataDir).filter((name) => /^daymark-(runs|load)-/.test(name));
  expect(names.map((name) => join(dataDir, name)).sort()).toEqual([...others, ...young].sort());
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
