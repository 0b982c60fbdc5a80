import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { PartitionReading, Store } from '../../src/store/contract.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { migrateTo } from '../support/old-store.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('A $name store and the settings with which lines were read', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  const deltas = deltasOf([requestOf('c', '2024-10-02')]);
  const commit = (readingSettings: string | undefined, ...moves: [id: string, from: number, to: number][]) =>
    store.commit({
      timeZone: 'UTC',
      advances: moves.map(([id, from, to]) => advanceOf(id, from, to)),
      readingSettings,
      deltas,
    });
  const otherwise = async (settings: string): Promise<PartitionReading[]> =>
    (await store.readOtherwise(settings, await allIds())).toSorted((a, b) =>
      a.partitionId < b.partitionId ? -1 : 1,
    );
  const allIds = async () => (await store.checkpoints.all()).map(({ id }) => id);

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    await store.addPartitions(() => adding('p', 'q'));
  });
  afterEach(() => place.dispose());

  test('says so only of the partitions that are asked for', async () => {
    await commit('A', ['p', 0, 10], ['q', 0, 5]);
    expect((await store.readOtherwise('B', ['q'])).map(({ partitionId }) => partitionId)).toEqual(['q']);
    expect(await store.readOtherwise('B', [])).toEqual([]);
  });

  test('knows none of what was not read', async () => {
    expect(await otherwise('A')).toEqual([]);
  });

  test('keeps those of the first batch of a partition, whatever later ones are read with', async () => {
    await commit('A', ['p', 0, 10]);
    await commit('B', ['p', 10, 20], ['q', 0, 5]);
    expect(await otherwise('A')).toEqual([{ partitionId: 'q', settings: 'B', rejectedFor: [] }]);
    expect(await otherwise('B')).toEqual([{ partitionId: 'p', settings: 'A', rejectedFor: [] }]);
    expect(await otherwise('C')).toHaveLength(2);
  });

  test('keeps none of a batch that moves a partition nowhere, or is not told any', async () => {
    await commit('A', ['p', 0, 0]);
    await commit(undefined, ['q', 0, 5]);
    expect(await otherwise('B')).toEqual([]);
    await commit('A', ['q', 5, 9]);
    expect(await otherwise('B')).toEqual([]);
  });

  test('keeps none of a batch that was not stored', async () => {
    await expect(commit('A', ['p', 0, 10], ['q', 7, 9])).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    expect(await otherwise('B')).toEqual([]);
  });

  test('says for which reasons lines of a partition were rejected', async () => {
    const rejectedByReason = new Map([
      ['event_too_old', 2],
      ['empty_line', 1],
    ]);
    const advance = advanceOf('p', 0, 10, { accepted: 7, rejected: 3, rejectedByReason });
    await store.commit({ timeZone: 'UTC', advances: [advance], readingSettings: 'A', deltas });
    const [reading] = await otherwise('B');
    expect(reading?.rejectedFor.toSorted()).toEqual(['empty_line', 'event_too_old']);
  });

  test('keeps those of many partitions, and texts of any characters', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `many-${String(i).padStart(3, '0')}`);
    await store.addPartitions(() => adding(...ids));
    const settings = JSON.stringify({ LOG_FORMAT: `'$a' "é漢\u{1f600}" \\n\n`.repeat(500) });
    await commit(settings, ...ids.map((id): [string, number, number] => [id, 0, 1]));
    const readings = await otherwise('A');
    expect(readings.map(({ partitionId }) => partitionId)).toEqual(ids);
    expect(new Set(readings.map((reading) => reading.settings))).toEqual(new Set([settings]));
    expect(await otherwise(settings)).toEqual([]);
  });

  test('takes those of a replacement for the partitions whose ledgers are replaced', async () => {
    await commit('A', ['p', 0, 10], ['q', 0, 5]);
    const empty = await createPlace();
    onTestFinished(() => empty.dispose());
    const source = await empty.open();
    await source.migrate();
    const replace = (ids: string[], isDryRun: boolean) =>
      store.replace({
        range: {},
        prepare: async () => ids,
        readingSettings: 'B',
        source,
        note: () => undefined,
        nowMs: 0,
        isDryRun,
      });
    await replace(['p', 'q'], true);
    expect(await otherwise('A')).toEqual([]);
    await replace(['p'], false);
    expect(await otherwise('A')).toEqual([{ partitionId: 'p', settings: 'B', rejectedFor: [] }]);
  });

  test('is the same for several processes that begin to read with the same settings at once', async () => {
    const job = (customerId: string) => ({
      location: place.location,
      kind: 'commit' as const,
      batches: [[{ customerId, date: '2024-10-02' }]],
      readingSettings: 'A',
    });
    await runInProcesses(['a', 'b', 'c', 'd'].map(job));
    expect(await otherwise('B')).toHaveLength(4);
    expect(await place.query('select * from reading_settings')).toHaveLength(1);
  });

  test('knows none of what an earlier daymark read, also when it is read on', async () => {
    const old = await createPlace();
    try {
      await migrateTo(old.location, '0004-living-files');
      await old.query(
        `insert into checkpoints (id, name, identity, next_offset, lines, accepted, rejected, updated_at)
           values ('p', 'a.log', 'sha256:1:0', 10, 10, 10, 0, '2024-10-02 00:00:00')`,
      );
      store = await old.open();
      await store.migrate();
      await commit('A', ['p', 10, 20]);
      expect(await otherwise('B')).toEqual([]);
    } finally {
      await old.dispose();
    }
  });
});
