import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayOf } from '../../src/api/answers.ts';
import type { Advance, Finality, Store } from '../../src/store/contract.ts';
import { customerDays, spanOf } from '../../src/window/key.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(`${time}Z`);
const MAX = Number.POSITIVE_INFINITY;

describe.each(STORE_KINDS)('The days of a $name store', ({ name, createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    await store.addPartitions(() => adding('p', 'q'));
  });
  afterEach(() => place.dispose());

  const finality = (nowMs: number, waitMs = HOUR_MS): Finality => ({ nowMs, waitMs, zone: UTC });
  /** How a partition stands: an advance that does not move it. */
  const standing = (id: string, clock: string | null, change: Partial<Advance> = {}) =>
    store.commit({
      timeZone: 'UTC',
      advances: [advanceOf(id, 0, 0, { clockMs: clock === null ? null : at(clock), ...change })],
      finality: finality(1000),
      deltas: [],
    });
  const add = (dates: readonly string[], nowMs: number, lateEvents?: number, waitMs?: number) =>
    store.commit({
      timeZone: 'UTC',
      advances: [],
      finality: finality(nowMs, waitMs),
      deltas: deltasOf(dates.map((date) => requestOf('c', date))).map((delta) => ({ ...delta, lateEvents })),
    });
  const days = async () =>
    (await store.windows({ ...customerDays('c'), from: '0001-01-01', limit: 100 })).map((row) => ({
      ...dayOf(row),
      date: spanOf(row.key),
    }));
  const states = async () => (await days()).map(({ date, state, revision }) => [date, state, revision]);

  test('are final when all live partitions have passed their end, by the wait', async () => {
    await add(['2024-10-01', '2024-10-02'], 1);
    await standing('p', '2024-10-03T01:00:00');
    expect((await states()).map(([, state]) => state)).toEqual(['open', 'open']);
    await standing('q', '2024-10-02T00:59:59.999');
    expect((await states()).map(([, state]) => state)).toEqual(['open', 'open']);
    await standing('q', '2024-10-02T01:00:00');
    expect((await states()).map(([, state]) => state)).toEqual(['final', 'open']);
    await standing('q', null, { isFinished: true });
    expect((await states()).map(([, state]) => state)).toEqual(['final', 'final']);
  });

  // SQLite has one writer at a time.
  test.runIf(name === 'PostgreSQL')('are final when two processes pass their end at once', async () => {
    const stores = [store, await place.open()];
    for (let day = 1; day <= 20; day++) {
      const date = `2024-10-${String(day).padStart(2, '0')}`;
      await add([date], 1);
      const clockMs = at(date) + 25 * HOUR_MS;
      await Promise.all(
        ['p', 'q'].map((id, i) =>
          stores[i]?.commit({
            timeZone: 'UTC',
            advances: [advanceOf(id, 0, 0, { clockMs })],
            finality: finality(1000),
            deltas: [],
          }),
        ),
      );
      expect((await states()).at(-1)).toEqual([date, 'final', 0]);
    }
  });

  test('stay final where a partition with an older clock turns up', async () => {
    await add(['2024-10-01'], 1);
    await standing('p', '2024-10-05T00:00:00', { isFinished: true });
    await standing('q', '2024-10-05T00:00:00');
    await store.addPartitions(() => adding('r'));
    await standing('r', '2024-01-01T00:00:00');
    expect(await states()).toEqual([['2024-10-01', 'final', 0]]);
  });

  test('are final by the furthest clock where no partition is live', async () => {
    await add(['2024-10-01', '2024-10-04'], 1);
    await standing('p', '2024-10-02T12:00:00', { isFinished: true });
    await standing('q', '2024-10-05T01:00:00', { isFinished: true });
    expect((await states()).map(([, state]) => state)).toEqual(['final', 'final']);
  });

  test('say since when they are in their state', async () => {
    await add(['2024-10-01'], 1);
    expect((await days())[0]).toMatchObject({ state: 'open', state_since: '2024-10-01T00:00:00.000Z' });
    await standing('p', '2024-10-05T00:00:00');
    await standing('q', '2024-10-05T00:00:00');
    expect((await days())[0]).toMatchObject({ state: 'final', state_since: '1970-01-01T00:00:01.000Z' });
    await add(['2024-10-01'], 2500, 1);
    expect((await days())[0]).toMatchObject({ state: 'revised', state_since: '1970-01-01T00:00:02.500Z' });
  });

  test('are revised by what was late before they were final, since they are', async () => {
    await add(['2024-10-01', '2024-10-01', '2024-10-02'], 500, 2);
    expect(await states()).toEqual([
      ['2024-10-01', 'open', 2],
      ['2024-10-02', 'open', 2],
    ]);
    for (const id of ['p', 'q']) await standing(id, '2024-10-02T02:00:00');
    expect((await days())[0]).toMatchObject({ state: 'revised', state_since: '1970-01-01T00:00:01.000Z' });
  });

  test('that are final are revised by all that is merged into them, late or not, with a wait or without', async () => {
    for (const id of ['p', 'q']) await standing(id, '2024-10-02T02:00:00');
    await add(['2024-10-01', '2024-10-01', '2024-10-02'], 2000);
    expect(await states()).toEqual([
      ['2024-10-01', 'revised', 2],
      ['2024-10-02', 'open', 0],
    ]);
    await add(['2024-10-01'], 3000, undefined, MAX);
    expect((await days())[0]).toMatchObject({ revision: 3, state_since: '1970-01-01T00:00:03.000Z' });
  });

  test('begin when they do in the time zone of the store', async () => {
    const other = await createPlace();
    try {
      const berlin = await other.open();
      await berlin.migrate();
      const deltas = deltasOf([requestOf('c', '2024-10-27'), requestOf('c', '2024-10-28')]);
      await berlin.commit({ timeZone: 'Europe/Berlin', advances: [], deltas });
      const rows = await berlin.windows({ ...customerDays('c'), from: '2024-01-01', limit: 9 });
      expect(rows.map(({ startMs }) => new Date(startMs).toISOString())).toEqual([
        '2024-10-26T22:00:00.000Z',
        '2024-10-27T23:00:00.000Z',
      ]);
    } finally {
      await other.dispose();
    }
  });
});
