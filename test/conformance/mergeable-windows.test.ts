/** What is read of a store as of one moment, to be merged over spans of time, on every store. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_POSTGRES_CONNECTIONS, STORED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import { decodeStatistics } from '../../src/statistics/daily-statistics.ts';
import type { MergeableWindow, Store, StoreSnapshot } from '../../src/store/contract.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { customerDay, customerDays } from '../../src/window/key.ts';
import { CUSTOMER_DAYS } from '../../src/window/kind.ts';
import { add, SUCCESS, statisticsOf } from '../api/requests.ts';
import { compareBytes } from '../support/batches.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { plain } from '../support/oracle.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { tableOf } from '../support/zones.ts';

const PAGE = STORED_DAYS_PAGE_ROWS;
const ALL = { from: '0001-01-01', to: '9999-12-31' };
const daysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, i) => dateOfDay(dayOfDate(first) + i));

async function pagesOf(snapshot: StoreSnapshot, customerId: string, range = ALL) {
  const pages: (readonly MergeableWindow[])[] = [];
  for await (const page of snapshot.mergeableWindows({ ...customerDays(customerId), ...range }))
    pages.push(page);
  return pages;
}

const addDays = (store: Store, customerId: string, dates: readonly string[]) =>
  add(store, customerId, Object.fromEntries(dates.map((date) => [date, [SUCCESS]])));

describe.each(STORE_KINDS)('on $name', (kind) => {
  async function emptyPlace() {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    return { place, store };
  }

  test('the windows of a subject come with their states, in order, both ends of the range included', async () => {
    const { store } = await emptyPlace();
    const failure = { status: 503, durationUs: 1_234_567 };
    await add(store, 'cust_1', {
      '2024-02-28': [SUCCESS],
      '2024-02-29': [SUCCESS, failure],
      '2024-03-01': [failure],
    });
    await addDays(store, 'cust_2', ['2024-02-29']);
    const range = { from: '2024-02-29', to: '2024-03-01' };
    const [windows, ...more] = await store.readSnapshot((snapshot) => pagesOf(snapshot, 'cust_1', range));
    expect(more).toEqual([]);
    expect(
      windows.map(({ state, ...rest }) => ({ ...rest, statistics: plain(decodeStatistics(state)) })),
    ).toEqual(
      Object.entries({ '2024-02-29': [SUCCESS, failure], '2024-03-01': [failure] }).map(
        ([date, requests]) => ({
          key: customerDay('cust_1', date),
          lateEvents: 0,
          revisedMs: null,
          statistics: plain(statisticsOf(requests, Date.parse(date))),
        }),
      ),
    );
  });

  test('pages hold all windows of a subject once, and none of another one', async () => {
    const { store } = await emptyPlace();
    for (const [i, id] of HOSTILE_IDS.entries()) await addDays(store, id, daysFrom('2024-01-01', i + 1));
    const dates = daysFrom('2000-01-01', 2 * PAGE);
    await addDays(store, 'cust_1', dates);
    await store.readSnapshot(async (snapshot) => {
      const pages = await pagesOf(snapshot, 'cust_1');
      expect(pages.map((page) => page.length)).toEqual([PAGE, PAGE]);
      expect(pages.flat().map(({ key }) => key)).toEqual(dates.map((date) => customerDay('cust_1', date)));
      for (const [i, id] of HOSTILE_IDS.entries()) {
        const keys = (await pagesOf(snapshot, id)).flat().map(({ key }) => key);
        expect(keys).toEqual(daysFrom('2024-01-01', i + 1).map((date) => customerDay(id, date)));
      }
      expect(await pagesOf(snapshot, 'nobody')).toEqual([]);
      expect(await pagesOf(snapshot, 'no\0body')).toEqual([]);
      expect(await pagesOf(snapshot, 'cust_1', { from: '2010-01-01', to: '2010-12-31' })).toEqual([]);
    });
  });

  test('everything is as of one moment, and holds up neither commits nor other reads', async () => {
    const { place, store } = await emptyPlace();
    const writer = await place.open();
    const dates = daysFrom('2000-01-01', 2 * PAGE);
    await addDays(writer, 'cust_1', dates);
    const read = (snapshot: StoreSnapshot) => pagesOf(snapshot, 'cust_1');
    const before = await store.readSnapshot(read);
    await store.readSnapshot(async (snapshot) => {
      expect(await read(snapshot)).toEqual(before);
      await addDays(writer, 'cust_1', [...dates, '2024-01-01']);
      await addDays(writer, 'cust_2', dates);
      expect(await read(snapshot)).toEqual(before);
      expect(await snapshot.subjectsFrom(CUSTOMER_DAYS, '', 9)).toEqual(['cust_1']);
      expect((await store.readSnapshot(read)).flat()).toHaveLength(2 * PAGE + 1);
    });
  });

  test('late events and final days are told', async () => {
    const { store } = await emptyPlace();
    const finality = (nowMs: number) => ({ nowMs, waitMs: 0, zone: tableOf('UTC') });
    const partition = {
      ...{
        id: 'p',
        name: 'p',
        startOffset: 0,
        headFingerprint: 'p',
        headKey: '',
        inode: '',
        tailChecksum: '',
      },
      ...{ prefixChecksums: null, addedMs: 0 },
    };
    await store.addPartitions(() => [partition]);
    const counts = { lines: 1, accepted: 1, rejected: 0, late: 0, dropped: 0, excluded: 0 };
    const commit = (offset: number, clock: string, date: string, nowMs: number) =>
      store.commit({
        timeZone: 'UTC',
        advances: [
          {
            ...partition,
            ...counts,
            ...{ partitionId: 'p', isBeginning: offset === 0, fromOffset: offset, toOffset: offset + 1 },
            ...{ isFinished: false, clockMs: Date.parse(clock), firstEventMs: 0, lastEventMs: 0 },
            days: [{ date, lines: 1, fromOffset: offset, toOffset: offset + 1 }],
            ...{ rejectedByReason: new Map(), rejectedLines: [] },
          },
        ],
        deltas: [{ key: customerDay('cust_1', date), statistics: statisticsOf([SUCCESS], Date.parse(date)) }],
        finality: finality(nowMs),
      });
    await commit(0, '2024-10-02T12:00:00Z', '2024-10-01', 1000);
    await commit(1, '2024-10-05T00:00:00Z', '2024-10-04', 2000);
    await commit(2, '2024-10-05T01:00:00Z', '2024-10-02', 3000);
    await store.readSnapshot(async (snapshot) => {
      const of = (from: string) => snapshot.finalSpans(CUSTOMER_DAYS.granularity, from);
      const [first, second] = [
        { through: '2024-10-01', sinceMs: 1000 },
        { through: '2024-10-04', sinceMs: 2000 },
      ];
      expect(await of('2024-10-01')).toEqual([first, second]);
      expect(await of('2024-10-02')).toEqual([second]);
      expect(await of('2024-10-05')).toEqual([]);
      const windows = (await pagesOf(snapshot, 'cust_1')).flat();
      expect(windows.map(({ lateEvents, revisedMs }) => [lateEvents, revisedMs])).toEqual([
        [0, null],
        [1, 3000],
        [0, null],
      ]);
    });
  });

  test('subjects are found from any text on, in the order of their bytes', async () => {
    const { store } = await emptyPlace();
    for (const id of HOSTILE_IDS) await addDays(store, id, ['2024-10-01', '2024-10-02']);
    const sorted = [...HOSTILE_IDS].sort(compareBytes);
    await store.readSnapshot(async (snapshot) => {
      const from = (text: string, limit: number) => snapshot.subjectsFrom(CUSTOMER_DAYS, text, limit);
      expect(await from('', 100)).toEqual(sorted);
      expect(await from('', 3)).toEqual(sorted.slice(0, 3));
      for (const id of sorted) expect(await from(id, 1)).toEqual([id]);
      expect(await from('\u{10ffff}', 5)).toEqual([]);
      expect(await from('a\0', 5)).toEqual([]);
    });
  });

  test('the zone is that of the windows, and unknown before the first', async () => {
    const { store } = await emptyPlace();
    const zone = () => store.readSnapshot((snapshot) => snapshot.zone());
    expect(await zone()).toBeUndefined();
    await store.commit({ timeZone: 'Europe/Berlin', advances: [], deltas: [] });
    expect((await zone())?.name).toBe('Europe/Berlin');
  });

  test('reads that fail give their connection back', async () => {
    const { store } = await emptyPlace();
    await addDays(store, 'cust_1', daysFrom('2000-01-01', 2 * PAGE));
    for (let i = 0; i < 2 * MAX_POSTGRES_CONNECTIONS; i++) {
      const failing = store.readSnapshot(async (snapshot) => {
        for await (const _ of snapshot.mergeableWindows({ ...customerDays('cust_1'), ...ALL }))
          throw new Error('enough');
      });
      await expect(failing).rejects.toThrow('enough');
    }
    expect((await store.readSnapshot((snapshot) => pagesOf(snapshot, 'cust_1'))).flat()).toHaveLength(
      2 * PAGE,
    );
  });
});
