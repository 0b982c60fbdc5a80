/** What every store does with checkpoints, and with batches that move them. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/statistics/columns.ts';
import { encodeStatistics, finalizeStatistics } from '../../src/statistics/daily-statistics.ts';
import type { Advance, Checkpoint, Store } from '../../src/store/contract.ts';
import { customerDays } from '../../src/window/key.ts';
import { adding, advanceOf, compareBytes, deltasOf, requestOf } from '../support/batches.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('A $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const addPartitions = (...ids: string[]) => store.addPartitions(() => adding(...ids));

  const daysOf = (customerId: string) =>
    store.windows({ ...customerDays(customerId), from: '0001-01-01', limit: 1000 });

  const contents = async () => [
    await place.query('select * from daily_stats order by customer_id, date'),
    await store.checkpoints.all(),
    await place.query('select * from rejection_counts order by partition_id, reason'),
    await place.query('select * from rejected_lines order by partition_id, line_offset'),
  ];

  describe('checkpoints', () => {
    test('are listed by id, in the order of its bytes', async () => {
      await addPartitions(...HOSTILE_IDS);
      const ids = (await store.checkpoints.all()).map(({ id }) => id);
      expect(ids).toEqual(HOSTILE_IDS.toSorted(compareBytes));
    });

    test('begin at 0 and add up with every commit', async () => {
      await addPartitions('p');
      const rejected = {
        accepted: 7,
        excluded: 1,
        rejected: 1,
        rejectedByReason: new Map([['too long', 1]]),
      };
      const late = {
        late: 2,
        dropped: 1,
        tailChecksum: 'new',
        clockMs: null,
        firstEventMs: 4,
        lastEventMs: 4,
      };
      const times = { clockMs: 7, firstEventMs: 3, lastEventMs: 5 };
      await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 10, times)], deltas: [] });
      const fingerprints = {
        headFingerprint: 'longer',
        headKey: 'key',
        inode: '1:2',
        prefixChecksums: Buffer.from('abcd'),
      };
      await store.commit({
        timeZone: 'UTC',
        advances: [advanceOf('p', 10, 20, { name: 'moved', ...fingerprints, ...rejected, ...late })],
        deltas: [],
      });
      expect(await store.checkpoints.all()).toStrictEqual([
        {
          ...{
            id: 'p',
            name: 'moved',
            headFingerprint: 'longer',
            offset: 20,
            tailChecksum: 'new',
            state: 'live',
          },
          ...{ sourceName: '', host: '' },
          ...{ lines: 20, accepted: 17, rejected: 1, late: 2, dropped: 1, excluded: 1 },
          ...{ clockMs: 7, firstEventMs: 3, lastEventMs: 5, addedMs: 0 },
          ...{ headKey: 'key', inode: '1:2', startOffset: 0, prefixChecksums: expect.anything() },
        },
      ]);
    });

    test('keep their checksums where a batch brings none', async () => {
      await addPartitions('p');
      const prefixChecksums = Buffer.from('abcd');
      const commit = (...advances: Advance[]) => store.commit({ timeZone: 'UTC', advances, deltas: [] });
      await commit(advanceOf('p', 0, 10, { prefixChecksums }));
      await commit(advanceOf('p', 10, 20));
      const [{ prefixChecksums: kept }] = await store.checkpoints.all();
      expect(Buffer.from(kept ?? []).toString()).toBe('abcd');
    });

    test('are found by id, by key and by whether they are live, each once, also where many are asked for', async () => {
      const keyed = [
        ['p', 'one'],
        ['q', 'two'],
        ['r', 'one'],
        ['s', ''],
      ] as const;
      await store.addPartitions(() =>
        keyed.map(([id, headKey]) => ({ ...adding(id)[0], headKey, startOffset: 7 })),
      );
      await store.commit({
        timeZone: 'UTC',
        advances: [advanceOf('q', 7, 7, { headKey: 'two', isFinished: true })],
        deltas: [],
      });
      const idsOf = async (found: Promise<readonly Pick<Checkpoint, 'id'>[]>) =>
        (await found).map(({ id }) => id).sort();
      const many = Array.from({ length: 1_200 }, (_, i) => `none ${i}`);
      const { byIds, byHeadKeys, live } = store.checkpoints;
      expect(await idsOf(byIds(['q', 's', 'q', ...many]))).toEqual(['q', 's']);
      expect(await idsOf(byHeadKeys([...many, 'one', 'one']))).toEqual(['p', 'r']);
      expect(await idsOf(byHeadKeys(['']))).toEqual(['s']);
      expect(await idsOf(live())).toEqual(['p', 'r', 's']);
      expect((await byIds(['p']))[0]).toMatchObject({ offset: 7, startOffset: 7 });
      expect(await byIds([])).toEqual([]);
    });

    test('hold offsets up to the largest safe integer', async () => {
      await addPartitions('p');
      const lines = { lines: 0, accepted: 0 };
      await store.commit({
        timeZone: 'UTC',
        advances: [advanceOf('p', 0, Number.MAX_SAFE_INTEGER - 1, lines)],
        deltas: [],
      });
      const advance = advanceOf('p', Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, lines);
      await store.commit({ timeZone: 'UTC', advances: [advance], deltas: [] });
      expect(await store.checkpoints.all()).toMatchObject([{ offset: Number.MAX_SAFE_INTEGER }]);
    });

    test('show who chooses a partition everything that is known', async () => {
      await addPartitions('p', 'q');
      await store.addPartitions(async (known) => {
        expect((await known.all()).map(({ id, offset }) => [id, offset])).toEqual([
          ['p', 0],
          ['q', 0],
        ]);
        return adding();
      });
      await expect(addPartitions('new', 'p')).rejects.toThrow('BUG: partition p is known already');
      expect(await store.checkpoints.all()).toHaveLength(2);
    });

    test('that an earlier daymark retired are not moved on any more', async () => {
      await addPartitions('p', 'q');
      await addPartitions('r');
      await place.query("update checkpoints set state = 'retired' where id = 'p'");
      expect((await store.checkpoints.all()).map(({ id, state }) => [id, state])).toEqual([
        ['p', 'retired'],
        ['q', 'live'],
        ['r', 'live'],
      ]);
      const commit = store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas: [] });
      await expect(commit).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    });
  });

  describe('a batch', () => {
    const refused = async (advances: Advance[], error: object | string) => {
      const before = await contents();
      const commit = store.commit({
        timeZone: 'UTC',
        advances,
        deltas: deltasOf([requestOf('c', '2024-10-02'), requestOf('new', '2024-10-02')]),
      });
      await (typeof error === 'string'
        ? expect(commit).rejects.toThrow(error)
        : expect(commit).rejects.toMatchObject(error));
      expect(await contents()).toEqual(before);
    };

    beforeEach(async () => {
      await addPartitions('p', 'q');
      const advances = [advanceOf('q', 0, 5), advanceOf('p', 0, 5)];
      await store.commit({ timeZone: 'UTC', advances, deltas: deltasOf([requestOf('c', '2024-10-02')]) });
    });

    test('that expects another offset stores nothing', async () => {
      await refused([advanceOf('p', 4, 9)], { code: 'CHECKPOINT_MOVED' });
      await refused([advanceOf('p', 6, 9)], { code: 'CHECKPOINT_MOVED' });
    });

    test('of two partitions, one of which has moved, stores nothing of either', async () => {
      await refused([advanceOf('p', 5, 9), advanceOf('q', 0, 9)], { code: 'CHECKPOINT_MOVED' });
    });

    test('of a partition that nobody added stores nothing', async () => {
      await refused([advanceOf('unknown', 0, 9)], { code: 'CHECKPOINT_MOVED' });
    });

    test.each([
      ['goes back', { toOffset: 4 }, 'goes back to 4'],
      ['does not add up', { accepted: 1 }, '4 lines, 1 accepted, 0 rejected'],
      ['rejects without a reason', { accepted: 3, rejected: 1 }, '1 rejected, 0 by reason'],
    ])('that %s is a bug and stores nothing', async (_, change, message) => {
      await refused([advanceOf('p', 5, 9, change)], `BUG: batch of partition p at 5: ${message}`);
    });

    test('whose deltas break off stores nothing', async () => {
      const before = await contents();
      function* deltas() {
        // More than one statement takes.
        yield* deltasOf(Array.from({ length: 150 }, (_, i) => requestOf(`c${i}`, '2024-10-02')));
        throw new Error('the source of the deltas broke');
      }
      const commit = store.commit({
        timeZone: 'UTC',
        advances: [advanceOf('p', 5, 9)],
        deltas: { [Symbol.iterator]: deltas },
      });
      await expect(commit).rejects.toThrow('the source of the deltas broke');
      expect(await contents()).toEqual(before);
      await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 5, 9)], deltas: [] });
    });

    // To decode them took half of the time of a large commit.
    test('writes rows that are ready as they are, and decodes no statistics for that', async () => {
      const [{ key, statistics }, plain] = deltasOf(
        ['ready', 'unready'].map((id) => requestOf(id, '2024-10-02')),
      );
      const numbers = Object.values(columnsOf(finalizeStatistics(statistics)));
      const row = [...key.values, ...numbers, encodeStatistics(statistics)];
      const ready = {
        ...{ key, row },
        get statistics(): never {
          throw new Error('they are not needed');
        },
      };
      await store.commit({ timeZone: 'UTC', advances: [], deltas: [ready, plain] });
      const [[first], [second]] = [await daysOf('ready'), await daysOf('unready')];
      expect(first).toEqual({ ...second, key });
    });

    test('whose deltas are out of key order, or name a key twice, is a bug', async () => {
      const [a, b] = deltasOf([requestOf('a', '2024-10-02'), requestOf('b', '2024-10-01')]);
      for (const deltas of [
        [b, a],
        [a, a],
      ])
        await expect(store.commit({ timeZone: 'UTC', advances: [], deltas })).rejects.toThrow(
          'BUG: deltas out of key order',
        );
      expect(await daysOf('a')).toEqual([]);
    });

    test('that meets a state which cannot be read says whose, and stores nothing', async () => {
      await place.query(
        `update customer_daily_stats set state = substr(state, 1, 5) where customer_id = 'c'`,
      );
      await refused([advanceOf('p', 5, 9)], {
        code: 'STORE_CORRUPT',
        message: expect.stringContaining('The customer is "c", the day 2024-10-02.'),
      });
    });
  });
});
