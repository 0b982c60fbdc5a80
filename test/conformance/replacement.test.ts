import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STORED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import type { Advance, ReplacedWindow, Replacement, Store } from '../../src/store/contract.ts';
import type { DayRange } from '../../src/window/kind.ts';
import { adding, advanceOf, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { daysOfCustomers } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('Replacing what is in a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let scratchPlace: StorePlace;
  let live: Store;
  let scratch: Store;

  beforeEach(async () => {
    place = await createPlace();
    scratchPlace = await STORE_KINDS[0].createPlace();
    [live, scratch] = [await place.open(), await scratchPlace.open()];
    for (const store of [live, scratch]) await store.migrate();
  });
  afterEach(async () => {
    await place.dispose();
    await scratchPlace.dispose();
  });

  const commit = (store: Store, requests: readonly Request[], advances: readonly Advance[] = []) =>
    store.commit({ timeZone: 'UTC', advances, deltas: deltasOf(requests) });

  const replace = async (change: Partial<Replacement> = {}) => {
    const notes: ReplacedWindow[] = [];
    const plain = { range: {}, source: scratch, nowMs: 1_000, isDryRun: false, prepare: async () => [] };
    await live.replace({ ...plain, note: (day) => notes.push(day), ...change });
    return notes;
  };

  const [A, B] = ['2024-10-01', '2024-10-02'];

  test('gives it the rows of the other, whatever stood there, and tells of each in key order', async () => {
    await commit(live, [
      requestOf('gone', A),
      requestOf('other', A),
      requestOf('same', A),
      requestOf('é', B),
    ]);
    const made = [requestOf('new', A), requestOf('other', A), requestOf('other', A), requestOf('same', A)];
    await commit(scratch, [...made, requestOf('é', B)]);
    const notes = await replace();
    const told = notes.map(({ key, before, after, isChanged }) => [
      key.values.join(' '),
      before?.success_requests,
      after?.success_requests,
      isChanged,
    ]);
    expect(told).toEqual([
      [`gone ${A}`, 1, undefined, true],
      [`new ${A}`, undefined, 1, true],
      [`other ${A}`, 1, 2, true],
      [`same ${A}`, 1, 1, false],
      [`é ${B}`, 1, 1, false],
    ]);
    expect(await daysOfCustomers(place)).toEqual(await daysOfCustomers(scratchPlace));
    expect((await replace()).every(({ isChanged }) => !isChanged)).toBe(true);
  });

  test('does so for any number of rows on both sides', async () => {
    const customers = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `customer ${from + i}`);
    const size = STORED_DAYS_PAGE_ROWS;
    await commit(
      live,
      customers(0, 3 * size).map((customer) => requestOf(customer, A)),
    );
    const made = customers(size, 5 * size + 1).flatMap((customer) =>
      [A, B].map((date) => requestOf(customer, date)),
    );
    await commit(scratch, made);
    const notes = await replace();
    expect(notes).toHaveLength(size + made.length);
    expect(await daysOfCustomers(place)).toEqual(await daysOfCustomers(scratchPlace));
  });

  test('sees every damage of a row', async () => {
    const requests = [requestOf('c', A)];
    await commit(live, requests);
    await commit(scratch, requests);
    for (const damage of [
      'failed_requests = 7',
      'duration_p50 = null',
      'uptime_percentage = 0.5',
      'success_percentage = 1',
    ]) {
      await place.query(`update customer_daily_stats set ${damage}`);
      expect(await replace()).toMatchObject([{ isChanged: true }]);
      expect(await daysOfCustomers(place)).toEqual(await daysOfCustomers(scratchPlace));
    }
  });

  const ranges: [DayRange, string[]][] = [
    [{ from: B }, [A, '9999-12-31']],
    [{ to: B }, [B, B]],
    [{ from: B, to: B }, [A, B]],
  ];
  test.each(ranges)('leaves the days outside of %j alone', async (range) => {
    const dates = ['0001-01-01', A, B, '2024-10-03', '9999-12-31'];
    await commit(
      live,
      dates.map((date) => requestOf('live', date)),
    );
    await commit(
      scratch,
      dates.map((date) => requestOf('made', date)),
    );
    await replace({ range });
    const { from = '', to = '9999-12-31' } = range;
    const isIn = (date: string) => date >= from && date <= to;
    const rows = await place.query('select customer_id, date from daily_stats');
    const expected = dates.map((date) => `${isIn(date) ? 'made' : 'live'} ${date}`);
    expect(rows.map((row) => `${row.customer_id} ${row.date}`).sort()).toEqual(expected.sort());
  });

  test('writes nothing where it is only asked what it would do, or where it fails on the way', async () => {
    await commit(live, [requestOf('live', A)]);
    await commit(scratch, [requestOf('made', A)]);
    const before = await daysOfCustomers(place);
    expect(await replace({ isDryRun: true })).toHaveLength(2);
    expect(await daysOfCustomers(place)).toEqual(before);
    const fail = () => {
      throw new Error('no further');
    };
    await expect(replace({ note: ({ key }) => key.values[0] === 'made' && fail() })).rejects.toThrow(
      'no further',
    );
    await expect(replace({ prepare: async () => fail() })).rejects.toThrow('no further');
    expect(await daysOfCustomers(place)).toEqual(before);
    await commit(live, [requestOf('live', A)]);
  });

  test('takes what late events changed away with the rows that go, and keeps it with the others', async () => {
    const late = deltasOf([requestOf('gone', A), requestOf('same', A)]);
    const deltas = late.map((delta) => ({ ...delta, lateEvents: 1 }));
    await live.commit({ timeZone: 'UTC', advances: [], deltas });
    await commit(scratch, [requestOf('same', A)]);
    await replace();
    expect(await place.query('select customer_id from revisions')).toEqual([{ customer_id: 'same' }]);
  });

  test('replaces the ledgers that it is told to, and no offset: who reads on goes on', async () => {
    const rejectedLines = [{ offset: 1, reason: 'empty_line', excerpt: 'x' }];
    const one = { rejected: 1, excluded: 0, rejectedByReason: new Map([['empty_line', 1]]), rejectedLines };
    const times = { firstEventMs: 10, lastEventMs: 20, clockMs: 30 };
    await live.addPartitions(() => adding('a', 'b', 'c'));
    await scratch.addPartitions(() => adding('a'));
    const read = ['a', 'b', 'c'].map((id) => advanceOf(id, 0, 3, { accepted: 2, ...one, clockMs: 40 }));
    await commit(live, [], read);
    const other = { lines: 12, accepted: 4, late: 5, dropped: 4, ...one, excluded: 3, ...times };
    await commit(
      scratch,
      [],
      [advanceOf('a', 0, 3, { ...other, rejectedLines: [{ ...rejectedLines[0], offset: 2 }] })],
    );
    const known: unknown[] = [];
    await replace({
      prepare: async (checkpoints) => {
        known.push(...checkpoints.map(({ id, offset }) => `${id} ${offset}`));
        return ['a', 'b'];
      },
    });
    expect(known).toEqual(['a 3', 'b 3', 'c 3']);
    const [a, b, c] = await live.ledger();
    const rejections = [{ reason: 'empty_line', lines: 1, kept: 1 }];
    expect(a).toMatchObject({
      offset: 3,
      lines: 12,
      accepted: 4,
      rejected: 1,
      late: 5,
      dropped: 4,
      excluded: 3,
      ...times,
      // A clock never goes back.
      clockMs: 40,
      rejections,
    });
    const nothing = { lines: 0, accepted: 0, rejected: 0, excluded: 0, rejections: [], firstEventMs: null };
    expect(b).toMatchObject({ offset: 3, ...nothing, clockMs: 40 });
    expect(c).toMatchObject({ offset: 3, lines: 3, accepted: 2, rejected: 1, rejections });
    const lines = await live.rejectedLines({ partitionId: 'a', fromOffset: 0, toOffset: 3, limit: 9 });
    expect(lines).toEqual([{ offset: 2, reason: 'empty_line', excerpt: 'x' }]);
    await commit(
      live,
      [],
      ['a', 'b', 'c'].map((id) => advanceOf(id, 3, 4)),
    );
    expect((await live.ledger()).map(({ lines: count }) => count)).toEqual([13, 1, 4]);
  });
});
