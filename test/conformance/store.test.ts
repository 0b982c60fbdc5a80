import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_REJECTED_LINES_KEPT } from '../../src/limits.ts';
import type { Advance, Checkpoint, Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { customerDay, customerDays, spanOf } from '../../src/window/key.ts';
import { adding, advanceOf, compareBytes, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const SEED = 20241002;

/** Ids that quote, end a statement, hold a placeholder, or sort otherwise by UTF-16 or in English. */
const HOSTILE_IDS = [
  `a'b"; drop table daily_stats;--`,
  '$1 ? :a @b %s \\x00 \\',
  ' ',
  'Ä',
  'Z',
  'a',
  'e\u0301',
  'é',
  'zebra',
  '\uff5e before \u{1f600} by UTF-16',
  '\u{1f600}\u{1f3fd}',
  `${'é'.repeat(127)}!`,
  '\u0001\u007f',
];

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

  const contents = async () => [
    await place.query('select * from daily_stats order by customer_id, date'),
    await store.checkpoints.all(),
    await place.query('select * from rejection_counts order by partition_id, reason'),
    await place.query('select * from rejected_lines order by partition_id, line_offset'),
  ];

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
        success_requests: 2,
        failed_requests: 1,
        duration_mean: 0.6223373333333333,
        duration_p50: 0.316,
        duration_p99: 1.551,
        uptime_percentage: 16.926082960366617,
        success_percentage: 66.66666666666667,
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

  describe('checkpoints', () => {
    test('are listed by id, in the order of its bytes', async () => {
      await addPartitions(...HOSTILE_IDS);
      const ids = (await store.checkpoints.all()).map(({ id }) => id);
      expect(ids).toEqual(HOSTILE_IDS.toSorted(compareBytes));
    });

    test('begin at 0 and add up with every commit', async () => {
      await addPartitions('p');
      const rejected = { accepted: 8, rejected: 1, rejectedByReason: new Map([['too long', 1]]) };
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
          ...{ lines: 20, accepted: 18, rejected: 1, late: 2, dropped: 1 },
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
      await place.query(`update daily_stats set state = substr(state, 1, 5) where customer_id = 'c'`);
      await refused([advanceOf('p', 5, 9)], {
        code: 'STORE_CORRUPT',
        message: expect.stringContaining('The customer is "c", the day 2024-10-02.'),
      });
    });
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
