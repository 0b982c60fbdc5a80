import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_DAY_CHANGE_SOURCES, MAX_DAY_CHANGES_KEPT, RETENTION_CHUNK_ROWS } from '../../src/limits.ts';
import type { Advance, DayChangesQuery, PartitionDay, Store } from '../../src/store/contract.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { customerDays } from '../../src/window/key.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, advanceOf, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { migrateTo } from '../support/old-store.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const never = new AbortController().signal;
const [A, B, C] = ['2024-10-01', '2024-10-02', '2024-10-03'];

/** Moves a partition on by so many bytes, with these accepted lines. */
const advance = (id: string, from: number, to: number, days: readonly PartitionDay[]): Advance => {
  const lines = days.reduce((sum, day) => sum + day.lines, 0);
  return advanceOf(id, from, to, { lines, accepted: lines, days });
};
const day = (date: string, lines: number, fromOffset: number, toOffset: number): PartitionDay => ({
  ...{ date, lines, fromOffset, toOffset },
});

describe.each(STORE_KINDS)('Where the numbers of a $name store come from', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const commit = (advances: readonly Advance[], requests: readonly Request[] = [], to = store) =>
    to.commit({ timeZone: 'UTC', advances, deltas: deltasOf(requests) });
  const sourcesOf = (date: string, fromId = '', limit = 1_000, of = store) =>
    of.readSnapshot((snapshot) => snapshot.daySources({ date, fromId, limit }));
  const linesOf = (date: string) => store.readSnapshot((snapshot) => snapshot.dayLines(date));
  const shown = async (date: string, of = store) =>
    (await sourcesOf(date, '', 1_000, of)).map(({ partitionId, lines, fromOffset, toOffset }) => [
      ...[partitionId, lines, fromOffset, toOffset],
    ]);

  describe('the partitions of a day', () => {
    test('have all lines that were committed of it, from the first to the end of the last', async () => {
      await store.addPartitions(() => adding('p', 'q'));
      await commit([
        advance('p', 0, 100, [day(A, 2, 10, 90), day(B, 1, 30, 50)]),
        advance('q', 0, 20, [day(B, 3, 0, 20)]),
      ]);
      await commit([advance('p', 100, 300, [day(A, 5, 100, 250), day(C, 1, 250, 300)])]);
      expect(await shown(A)).toEqual([['p', 7, 10, 250]]);
      expect(await shown(B)).toEqual([
        ['p', 1, 30, 50],
        ['q', 3, 0, 20],
      ]);
      expect(await shown(C)).toEqual([['p', 1, 250, 300]]);
      expect(await shown('2024-10-04')).toEqual([]);
      expect(await linesOf(B)).toEqual({ lines: 4, unknownLines: 0 });
      expect((await sourcesOf(A))[0]).toEqual({
        ...{ partitionId: 'p', name: '/logs/p.log', state: 'live', headFingerprint: 'headFingerprint of p' },
        sourceName: '',
        ...day(A, 7, 10, 250),
      });
    });

    test('come in pages, in the order of their ids, whatever these are', async () => {
      await store.addPartitions(() => adding(...HOSTILE_IDS));
      await commit(HOSTILE_IDS.map((id) => advance(id, 0, 10, [day(A, 1, 0, 10)])));
      await commit(HOSTILE_IDS.map((id) => advance(id, 10, 20, [day(A, 1, 10, 20)])));
      const all = await sourcesOf(A);
      const ids = all.map(({ partitionId }) => partitionId);
      expect(ids.toSorted()).toEqual(HOSTILE_IDS.toSorted());
      expect(all.every(({ lines, toOffset }) => lines === 2 && toOffset === 20)).toBe(true);
      const paged: string[] = [];
      for (let from: string | undefined = ''; from !== undefined; ) {
        const page: Awaited<ReturnType<typeof sourcesOf>> = await sourcesOf(A, from, 3);
        paged.push(...page.slice(0, 2).map(({ partitionId }) => partitionId));
        from = page[2]?.partitionId;
      }
      expect(paged).toEqual(ids);
    });

    test('are not stored where the batch is not, and a batch that does not add up is refused', async () => {
      await store.addPartitions(() => adding('p'));
      const moved = commit([advance('p', 5, 10, [day(A, 1, 5, 10)])]);
      await expect(moved).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
      const wrong = { ...advance('p', 0, 10, [day(A, 1, 0, 10)]), days: [] };
      await expect(commit([wrong])).rejects.toThrow('1 accepted, 0 by day');
      expect(await shown(A)).toEqual([]);
    });

    test('are deleted with the days', async () => {
      const ids = Array.from({ length: RETENTION_CHUNK_ROWS + 5 }, (_, i) => `p${i}`);
      await store.addPartitions(() => adding(...ids));
      const days = [day(A, 1, 0, 1), day(B, 1, 1, 2), day(C, 1, 2, 3)];
      await commit(
        ids.map((id) => advance(id, 0, 3, days)),
        [requestOf('c', A), requestOf('c', B), requestOf('c', C)],
      );
      await store.deleteDaysBefore(C, never);
      expect(await shown(A)).toEqual([]);
      expect(await shown(B)).toEqual([]);
      expect(await shown(C)).toHaveLength(ids.length);
      await store.deleteDaysBefore('0001-01-01', never);
      expect(await shown(C)).toHaveLength(ids.length);
    });

    test('are replaced with the days of a rebuild, and no others', async () => {
      await store.addPartitions(() => adding('p', 'q'));
      const days = [day(A, 1, 0, 10), day(B, 2, 10, 30), day(C, 1, 30, 40)];
      await commit([advance('p', 0, 40, days), advance('q', 0, 5, [day(B, 1, 0, 5)])], [requestOf('c', A)]);
      const other = await STORE_KINDS[0].createPlace();
      try {
        const source = await other.open();
        await source.migrate();
        await source.addPartitions(() => adding('p'));
        const many = Array.from({ length: 3 * RETENTION_CHUNK_ROWS }, (_, i) =>
          day(dateOfDay(dayOfDate(B) + i), 1, i, i + 1),
        );
        await commit([advance('p', 0, 40, [day(A, 9, 0, 40), ...many])], [requestOf('c', A)], source);
        const replace = (isDryRun: boolean) =>
          store.replace({
            ...{ range: { from: B }, source, nowMs: 0, isDryRun },
            ...{ prepare: async () => [], note: () => undefined },
          });
        await replace(true);
        expect(await shown(B)).toHaveLength(2);
        await replace(false);
        expect(await shown(A)).toEqual([['p', 1, 0, 10]]);
        expect(await shown(B)).toEqual([['p', 1, 0, 1]]);
        for (const { date } of many) expect(await shown(date)).toEqual(await shown(date, source));
      } finally {
        await other.dispose();
      }
    });
  });

  test('is not known of lines that an earlier daymark read, and it says of how many', async () => {
    const old = await createPlace();
    try {
      await migrateTo(old.location, '0010-roll-ups');
      const insert = (id: string, date: string, successes: number, failures: number) =>
        old.query(
          `insert into daily_stats values ('${id}', '${date}', ${successes}, ${failures}, 1, 1, 1, 1, 1, $1)`,
          [Buffer.of(0)],
        );
      await insert('a', A, 3, 4);
      await insert('b', A, 5, 0);
      await insert('a', B, 0, 1);
      const upgraded = await old.open();
      await upgraded.migrate();
      await upgraded.addPartitions(() => adding('p'));
      await commit([advance('p', 0, 10, [day(A, 2, 0, 10)])], [], upgraded);
      const counts = (date: string) => upgraded.readSnapshot((snapshot) => snapshot.dayLines(date));
      expect(await counts(A)).toEqual({ lines: 2, unknownLines: 12 });
      expect(await counts(B)).toEqual({ lines: 0, unknownLines: 1 });
      expect(await counts(C)).toEqual({ lines: 0, unknownLines: 0 });
      expect(await shown(A, upgraded)).toEqual([['p', 2, 0, 10]]);
      await upgraded.deleteDaysBefore(B, never);
      expect(await counts(A)).toEqual({ lines: 0, unknownLines: 0 });
    } finally {
      await old.dispose();
    }
  });

  describe('the changes of final days', () => {
    const changesOf = (customerId: string, query: Partial<DayChangesQuery> = {}) =>
      store.readSnapshot((snapshot) =>
        snapshot.dayChanges({ customerId, from: A, to: C, fromNumber: 0, limit: 1_000, ...query }),
      );

    beforeEach(async () => {
      await store.addPartitions(() => adding('p', 'q'));
      await commit([], [requestOf('c', A), requestOf('c', C), { ...requestOf('é', A), status: 500 }]);
      // Everything up to B is final.
      await store.commit({
        timeZone: 'UTC',
        advances: ['p', 'q'].map((id) => advanceOf(id, 0, 0, { clockMs: Date.parse(C) })),
        finality: { nowMs: 500, waitMs: 0, zone: UTC },
        deltas: [],
      });
    });
    const late = (
      nowMs: number,
      requests: readonly Request[],
      advances: readonly Advance[] = [],
    ): Promise<void> =>
      store.commit({
        ...{ timeZone: 'UTC', advances, deltas: deltasOf(requests) },
        finality: { nowMs, waitMs: 0, zone: UTC },
      });
    const numbers = (successes: number, failures: number, p99: number) => ({
      ...{ success_requests: successes, failed_requests: failures },
      ...{ duration_p50: expect.any(Number), duration_p99: p99, duration_mean: expect.any(Number) },
      ...{ uptime_percentage: expect.any(Number), success_percentage: expect.any(Number) },
    });

    test('are kept with the numbers before and after, when, and from which partitions', async () => {
      const slow = { ...requestOf('c', A), status: 503, durationUs: 2_000_000 };
      await late(
        7_000,
        [slow, requestOf('c', B), requestOf('c', C)],
        [
          advance('p', 0, 100, [day(A, 7, 0, 90), day(C, 2, 90, 100)]),
          advance('q', 0, 50, [day(B, 1, 0, 50)]),
        ],
      );
      const of = (id: string) => ({ partitionId: id, name: `/logs/${id}.log` });
      expect(await changesOf('c')).toEqual([
        {
          ...{ date: A, number: 1, count: 1, changedMs: 7_000, cause: 'late' },
          before: { ...numbers(1, 0, 0.001), statuses: [{ status: 200, requests: 1 }] },
          after: {
            ...numbers(1, 1, 2),
            statuses: [
              { status: 200, requests: 1 },
              { status: 503, requests: 1 },
            ],
          },
          sources: [{ ...of('p'), lines: 7, fromOffset: 0, toOffset: 90 }],
          sourceCount: 1,
        },
        {
          ...{ date: B, number: 1, count: 1, changedMs: 7_000, cause: 'late' },
          before: null,
          after: { ...numbers(1, 0, 0.001), statuses: [{ status: 200, requests: 1 }] },
          sources: [{ ...of('q'), lines: 1, fromOffset: 0, toOffset: 50 }],
          sourceCount: 1,
        },
      ]);
      expect(await changesOf('é')).toEqual([]);
      expect(await changesOf('c\0')).toEqual([]);
    });

    test('chain: each begins with the numbers that the one before ended with, and the last has those that are served', async () => {
      for (let i = 0; i < 5; i++)
        await late(i, [{ ...requestOf('c', A), durationUs: 1_000 * i, status: 200 + i }]);
      const changes = await changesOf('c');
      expect(changes.map(({ number, count }) => [number, count])).toEqual([1, 2, 3, 4, 5].map((n) => [n, 5]));
      for (const [i, { before }] of changes.entries())
        if (i > 0) expect(before).toEqual(changes[i - 1].after);
      const [served] = await store.windows({ ...customerDays('c'), from: A, limit: 1 });
      const { statuses, ...columns } = changes[4].after ?? { statuses: [] };
      expect(served).toMatchObject(columns);
      expect(statuses).toHaveLength(5);
    });

    test('are the last ones, with the number of all', async () => {
      for (let i = 1; i <= MAX_DAY_CHANGES_KEPT + 3; i++) await late(i, [requestOf('c', A)]);
      const changes = await changesOf('c');
      expect(changes).toHaveLength(MAX_DAY_CHANGES_KEPT);
      expect(changes[0]).toMatchObject({ number: 4, changedMs: 4, count: MAX_DAY_CHANGES_KEPT + 3 });
      expect(changes.at(-1)).toMatchObject({ number: MAX_DAY_CHANGES_KEPT + 3 });
    });

    test('name a few of many partitions, and how many there were', async () => {
      const ids = Array.from({ length: MAX_DAY_CHANGE_SOURCES + 4 }, (_, i) => `many ${i}`);
      await store.addPartitions(() => adding(...ids));
      await late(
        1,
        [requestOf('c', A)],
        ids.map((id) => advance(id, 0, 1, [day(A, 1, 0, 1)])),
      );
      const [change] = await changesOf('c');
      expect(change.sources).toHaveLength(MAX_DAY_CHANGE_SOURCES);
      expect(change.sourceCount).toBe(ids.length);
    });

    test('come in pages, by day and number', async () => {
      for (let i = 0; i < 3; i++) await late(i, [requestOf('c', A), requestOf('c', B)]);
      const places = async (query: Partial<DayChangesQuery>) =>
        (await changesOf('c', query)).map(({ date, number }) => [date, number]);
      expect(await places({ limit: 4 })).toEqual([
        [A, 1],
        [A, 2],
        [A, 3],
        [B, 1],
      ]);
      expect(await places({ from: A, fromNumber: 3 })).toEqual([
        [A, 3],
        [B, 1],
        [B, 2],
        [B, 3],
      ]);
      expect(await places({ to: A })).toHaveLength(3);
    });

    test('are of rebuilds, too, where these change the numbers', async () => {
      const other = await STORE_KINDS[0].createPlace();
      try {
        const source = await other.open();
        await source.migrate();
        await commit(
          [],
          [requestOf('c', A), requestOf('c', A), requestOf('new', B), requestOf('c', C)],
          source,
        );
        const replace = (isDryRun: boolean) =>
          store.replace({
            ...{ range: {}, source, nowMs: 9_000, isDryRun },
            ...{ prepare: async () => [], note: () => undefined },
          });
        await replace(true);
        expect(await changesOf('c')).toEqual([]);
        await replace(false);
        await replace(false);
        const about = {
          cause: 'rebuild',
          changedMs: 9_000,
          number: 1,
          count: 1,
          sources: [],
          sourceCount: 0,
        };
        const counts = (successes: number, failures: number) => ({
          ...{ success_requests: successes, failed_requests: failures },
        });
        expect(await changesOf('c')).toMatchObject([
          { ...about, date: A, before: counts(1, 0), after: counts(2, 0) },
        ]);
        expect(await changesOf('é')).toMatchObject([
          { ...about, date: A, before: counts(0, 1), after: null },
        ]);
        expect(await changesOf('new')).toMatchObject([
          { ...about, date: B, before: null, after: counts(1, 0) },
        ]);
      } finally {
        await other.dispose();
      }
    });

    test('are deleted with the days', async () => {
      const customers = Array.from({ length: RETENTION_CHUNK_ROWS + 2 }, (_, i) => `customer ${i}`);
      await late(
        1,
        [...customers, 'c'].flatMap((id) => [requestOf(id, A), requestOf(id, B)]),
      );
      await store.deleteDaysBefore(B, never);
      expect((await changesOf('c')).map(({ date }) => date)).toEqual([B]);
      expect(await place.query('select 1 as one from day_changes')).toHaveLength(customers.length + 1);
    });
  });
});
