import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_REJECTED_LINES_KEPT } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { customerDay, customerDays, spanOf } from '../../src/window/key.ts';
import { adding, advanceOf, compareBytes, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const SEED = 20241002;

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

  /** Without a partition: what a batch adds to the windows does not depend on where it was read. */
  const add = (...requests: Request[]) =>
    store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });

  const daysOf = (customerId: string) =>
    store.windows({ ...customerDays(customerId), from: '0001-01-01', limit: 1000 });

  describe('serving days', () => {
    const dates = ['2024-10-01', '2024-10-02', '2024-10-03', '2024-10-04'];
    beforeEach(() => add(...dates.map((date) => requestOf('c', date)), requestOf('other', '2024-10-02')));

    const datesOf = async (from: string, to: string | undefined, limit: number) =>
      (await store.windows({ ...customerDays('c'), from, ...(to && { to }), limit })).map(({ key }) =>
        spanOf(key),
      );

    test('gives the days of one customer in order, both ends included', async () => {
      expect(await datesOf('2024-10-02', undefined, 10)).toEqual(dates.slice(1));
      expect(await datesOf('2024-10-02', '2024-10-03', 10)).toEqual(dates.slice(1, 3));
    });

    test('gives no more days than asked for, the first ones', async () => {
      expect(await datesOf('0001-01-01', undefined, 2)).toEqual(dates.slice(0, 2));
      expect(await datesOf('0001-01-01', '2024-10-04', 2)).toEqual(dates.slice(0, 2));
    });

    test('gives nothing for a range or a customer without days', async () => {
      expect(await datesOf('2024-10-05', undefined, 10)).toEqual([]);
      expect(await datesOf('2024-10-03', '2024-10-02', 10)).toEqual([]);
      expect(await daysOf('nobody')).toEqual([]);
    });

    test('gives nothing for a customer id that no log can hold', async () => {
      expect(await daysOf('c\0')).toEqual([]);
    });
  });

  test('serves the statistics of a day, in seconds and percent, to the last digit', async () => {
    const day = { customerId: 'c', date: '2024-10-02', eventMs: Date.parse('2024-10-02') };
    await add(
      { ...day, status: 200, durationUs: 316_000 },
      { ...day, status: 204, durationUs: 12 },
      { ...day, status: 500, durationUs: 1_551_000 },
    );
    expect(await daysOf('c')).toStrictEqual([
      {
        key: customerDay('c', '2024-10-02'),
        statuses: [
          { status: 200, requests: 1, durationUs: 316_000n },
          { status: 204, requests: 1, durationUs: 12n },
          { status: 500, requests: 1, durationUs: 1_551_000n },
        ],
        success_requests: 2,
        failed_requests: 1,
        duration_mean: 0.6223373333333333,
        duration_p50: 0.316,
        duration_p99: 1.551,
        uptime_percentage: 16.926082960366617,
        success_percentage: 66.66666666666667,
        durationPrecision: null,
        startMs: Date.parse('2024-10-02'),
        lateEvents: 0,
        revisedMs: null,
        finalSinceMs: null,
      },
    ]);
  });

  test('serves no number of durations of a day until a request has one', async () => {
    const day = { customerId: 'c', date: '2024-10-02', eventMs: Date.parse('2024-10-02') };
    await add({ ...day, status: 200, durationUs: -1 }, { ...day, status: 500, durationUs: -1 });
    const none = { duration_mean: null, duration_p50: null, duration_p99: null, uptime_percentage: null };
    const counts = { success_requests: 1, failed_requests: 1, success_percentage: 50 };
    expect(await daysOf('c')).toMatchObject([{ ...counts, ...none }]);
    await add({ ...day, status: 200, durationUs: 1000 });
    const numbers = {
      duration_mean: 0.001,
      duration_p50: 0.001,
      duration_p99: 0.001,
      uptime_percentage: 100,
    };
    expect(await daysOf('c')).toMatchObject([{ ...numbers, success_requests: 2, failed_requests: 1 }]);
  });

  test('keeps hostile and foreign customer ids apart and in the order of their bytes', async () => {
    await add(...HOSTILE_IDS.map((id) => requestOf(id, '2024-10-02')));
    await add(...HOSTILE_IDS.map((id) => requestOf(id, '2024-10-02')), requestOf('last', '2024-10-02'));
    for (const id of HOSTILE_IDS)
      expect(await daysOf(id)).toEqual([
        expect.objectContaining({ key: customerDay(id, '2024-10-02'), success_requests: 2 }),
      ]);
    const stored = await place.query('select customer_id from daily_stats order by customer_id');
    expect(stored.map((row) => row.customer_id)).toEqual([...HOSTILE_IDS, 'last'].sort(compareBytes));
  });

  test('keeps every day of the years 1 to 9999', async () => {
    const first = Date.parse('0001-01-01');
    const days = fc.integer({ min: 0, max: 3_652_058 }).map((day) => new Date(first + day * 86_400_000));
    const dates = fc.sample(days, { numRuns: 200, seed: SEED }).map((day) => day.toISOString().slice(0, 10));
    const all = [
      ...new Set(['0001-01-01', '0099-12-31', '1969-12-31', '2024-02-29', '9999-12-31', ...dates]),
    ].sort();
    await add(...all.map((date) => requestOf('c', date)));
    await add(...all.map((date) => requestOf('c', date)));
    const served = await daysOf('c');
    expect(served.map(({ key }) => spanOf(key))).toEqual(all);
    expect(served.every(({ success_requests }) => success_requests === 2)).toBe(true);
  });

  test('merges commits to the same bytes as one commit of everything', async () => {
    const request = (customer: string): fc.Arbitrary<Request> =>
      fc.record({
        customerId: fc.constantFrom('a', 'b', 'é').map((id) => `${customer} ${id}`),
        date: fc.constantFrom('2024-10-01', '2024-10-02', '2024-10-03'),
        status: fc.constantFrom(200, 201, 404, 500),
        durationUs: fc.oneof(fc.integer({ min: -1, max: 50 }), fc.integer({ min: 0, max: 86_400_000_000 })),
        eventMs: fc.integer({ min: 1_727_740_800_000, max: 1_727_999_999_999 }),
      });
    const split = fc.array(fc.array(request('split'), { maxLength: 20 }), { minLength: 1, maxLength: 6 });
    const rowsOf = async (customer: string) =>
      (
        await place.query('select * from daily_stats where customer_id like $1 order by customer_id, date', [
          `${customer} %`,
        ])
      ).map((row) => ({ ...row, customer_id: String(row.customer_id).replace(customer, '') }));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(split, async (batches) => {
        // Each run has customers of its own; a new store for each would take a minute.
        const rename = (name: string) => (r: Request) => ({
          ...r,
          customerId: r.customerId.replace('split', name),
        });
        const [apart, whole] = [`apart${run}`, `whole${run++}`];
        for (const batch of batches) await add(...batch.map(rename(apart)));
        await add(...batches.flat().map(rename(whole)));
        expect(await rowsOf(apart)).toEqual(await rowsOf(whole));
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('keeps the first rejected lines of a partition, and counts all of them', async () => {
    await addPartitions('p', 'q');
    const batch = (from: number, count: number) => {
      const offsets = Array.from({ length: count }, (_, i) => from + i);
      const reasonOf = (offset: number) => (offset % 3 === 0 ? 'bad status' : 'bad date');
      const byReason = Map.groupBy(offsets, reasonOf).entries();
      return {
        accepted: 0,
        rejected: count,
        rejectedByReason: new Map([...byReason].map(([reason, group]) => [reason, group.length])),
        rejectedLines: offsets.map((offset) => ({
          offset,
          reason: reasonOf(offset),
          excerpt: `line ${offset} \\u0000 'é'`,
        })),
      };
    };
    const size = MAX_REJECTED_LINES_KEPT * 0.7;
    for (const from of [0, size, 2 * size])
      await store.commit({
        timeZone: 'UTC',
        advances: [advanceOf('p', from, from + size, batch(from, size))],
        deltas: [],
      });
    await store.commit({ timeZone: 'UTC', advances: [advanceOf('q', 0, 3, batch(0, 3))], deltas: [] });

    const counts = await place.query('select * from rejection_counts order by partition_id, lines');
    expect(counts.map((row) => [row.partition_id, row.reason, row.lines])).toEqual(
      [
        ['p', 'bad status', size],
        ['p', 'bad date', 2 * size],
        ['q', 'bad date', 2],
        ['q', 'bad status', 1],
      ].toSorted(([a, , m], [b, , n]) => compareBytes(String(a), String(b)) || Number(m) - Number(n)),
    );
    const kept = await place.query(
      `select * from rejected_lines where partition_id = 'p' order by line_offset`,
    );
    expect(kept.map((row) => row.line_offset)).toEqual(
      Array.from({ length: MAX_REJECTED_LINES_KEPT }, (_, i) => i),
    );
    expect(kept[699]).toMatchObject({ reason: 'bad status', excerpt: `line 699 \\u0000 'é'` });
    expect(await place.query(`select * from rejected_lines where partition_id = 'q'`)).toHaveLength(3);
  });

  describe('its data version', () => {
    test('changes with every commit, its own and those of others', async () => {
      const other = await place.open();
      await addPartitions('p');
      const seen = [await store.dataVersion()];
      for (let i = 0; i < 6; i++) {
        const writer = i % 2 === 0 ? store : other;
        await writer.commit({
          timeZone: 'UTC',
          advances: [advanceOf('p', i, i + 1)],
          deltas: deltasOf([requestOf('c', '2024-10-02')]),
        });
        seen.push(await store.dataVersion());
      }
      expect(new Set(seen).size).toBe(seen.length);
    });

    test('stays equal where nothing happens, also while it reads', async () => {
      const differs = async () => {
        const before = await store.dataVersion();
        await daysOf('c');
        return before !== (await store.dataVersion());
      };
      // Other tests share the PostgreSQL server, and what they write shows. None writes all the time.
      let attempts = 0;
      while ((await differs()) && attempts < 1000) attempts++;
      expect(attempts).toBeLessThan(1000);
    });
  });

  describe('its schema', () => {
    test('can be checked', async () => {
      await store.checkSchema();
      expect(await store.migrate()).toEqual([]);
    });

    test('is refused where it is newer, and left as it is', async () => {
      await place.query(
        `insert into daymark_migrations (name, timestamp) values ('9999-future', '9999-01-01T00:00:00Z')`,
      );
      const newer = { code: 'SCHEMA_NEWER', message: expect.stringContaining('9999-future') };
      await expect(store.checkSchema()).rejects.toMatchObject(newer);
      await expect(store.migrate()).rejects.toMatchObject(newer);
      expect(await place.query('select name from daymark_migrations order by name')).toHaveLength(
        MIGRATION_NAMES.length + 1,
      );
    });
  });
});

describe.each(STORE_KINDS)('A $name store without a schema', ({ createPlace }) => {
  let place: StorePlace;
  beforeEach(async () => {
    place = await createPlace();
  });
  afterEach(() => place.dispose());

  test('says so, whatever it is asked, and writes nothing', async () => {
    const store = await place.open();
    const missing = { code: 'SCHEMA_MISSING', message: expect.stringContaining(store.description) };
    await expect(store.checkSchema()).rejects.toMatchObject(missing);
    await expect(store.checkpoints.all()).rejects.toMatchObject(missing);
    await expect(store.windows({ ...customerDays('c'), from: '2024-10-02', limit: 1 })).rejects.toMatchObject(
      missing,
    );
    await expect(store.addPartitions(() => adding('p'))).rejects.toMatchObject(missing);
    await expect(
      store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas: [] }),
    ).rejects.toMatchObject(missing);
    expect(await store.migrate()).toEqual(MIGRATION_NAMES);
  });
});
