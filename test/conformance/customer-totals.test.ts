/** The days of many customers, added up, on every store. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { COUNTED_DAYS_PAGE_ROWS, CUSTOMER_IDS_PAGE_ROWS, STORED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import { availabilityDefinition } from '../../src/statistics/availability.ts';
import { summaryOf } from '../../src/statistics/summary.ts';
import type { Store } from '../../src/store/contract.ts';
import type { CountedRange, CustomersAsked } from '../../src/store/customer-days.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { compareBytes, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { oddRequests } from '../support/naive-ranking.ts';
import { randomNumbers } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { naiveStatuses, naiveSummary } from '../support/summary-oracle.ts';

const SEPTEMBER = { from: '2024-09-01', to: '2024-09-30', since: '2024-08-02' };

const commit = (store: Store, requests: readonly Request[]) =>
  store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

const countsOf = (store: Store, asked: CustomersAsked, range: CountedRange) =>
  store.readSnapshot(async ({ customers }) => (await all(customers.counts(asked, range))).flat());

const summariesOf = (store: Store, asked: CustomersAsked, range: CountedRange) =>
  store.readSnapshot(async ({ customers }) =>
    (await all(customers.statistics(asked, range))).map(({ customerId, statistics }) => ({
      customerId,
      ...summaryOf(statistics, availabilityDefinition()),
    })),
  );

const statusesOf = (store: Store, asked: CustomersAsked, range: CountedRange) =>
  store.readSnapshot(({ customers }) => customers.statuses(asked, range));

function isIn({ from, to }: { from: string; to: string }, { date }: Request): boolean {
  return date >= from && date <= to;
}

function byCustomer(requests: readonly Request[]): [string, Request[]][] {
  return [...Map.groupBy(requests, ({ customerId }) => customerId)].sort(([a], [b]) => compareBytes(a, b));
}

function naiveCounts(requests: readonly Request[], range: CountedRange) {
  const { from, since = from } = range;
  return byCustomer(requests.filter((request) => isIn({ ...range, from: since }, request))).map(
    ([customerId, own]) => ({
      customerId,
      statuses: naiveStatuses(own.filter(({ date }) => date >= from)),
      before: naiveStatuses(own.filter(({ date }) => date < from)),
    }),
  );
}

function naiveDays(requests: readonly Request[], range: CountedRange) {
  const inRange = requests.filter((request) => isIn(range, request));
  return [...Map.groupBy(inRange, ({ date }) => date)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([date, own]) => ({ date, statuses: naiveStatuses(own) }));
}

async function expectAll(store: Store, requests: readonly Request[], range: CountedRange): Promise<void> {
  expect(await countsOf(store, {}, range)).toEqual(naiveCounts(requests, range));
  expect(await statusesOf(store, {}, range)).toEqual(naiveDays(requests, range));
  const inRange = requests.filter((request) => isIn(range, request));
  expect(await summariesOf(store, {}, range)).toEqual(
    byCustomer(inRange).map(([customerId, own]) => ({ customerId, ...naiveSummary(own) })),
  );
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  async function emptyStores(): Promise<{ store: Store; writer: Store }> {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    return { store, writer: await place.open() };
  }

  test('customers have the numbers of their requests in the range, whatever their ids are', async () => {
    const { store } = await emptyStores();
    const requests = oddRequests(randomNumbers(1), 6_000);
    await commit(store, requests.slice(0, 2_500));
    await commit(store, requests.slice(2_500));
    await expectAll(store, requests, SEPTEMBER);
    await expectAll(store, requests, { from: '2024-09-05', to: '2024-09-05' });
    await expectAll(store, requests, { from: '2024-08-31', to: '2024-09-02', since: '2024-08-30' });
    await expectAll(store, requests, { from: '0001-01-01', to: '9999-12-31' });
    await expectAll(store, requests, { from: '2023-01-01', to: '2023-12-31', since: '2022-01-01' });
  });

  test('a search finds the ids with a prefix, behind an id, and those of which a condition is true', async () => {
    const { store } = await emptyStores();
    const requests = oddRequests(randomNumbers(2), 3_000);
    await commit(store, requests);
    const ids = byCustomer(requests).map(([id]) => id);
    const found = async (asked: CustomersAsked) =>
      (await countsOf(store, asked, { from: '2024-08-01', to: '2024-10-01' })).map(
        ({ customerId }) => customerId,
      );
    expect(await found({})).toEqual(ids);
    for (const prefix of ['cust_', 'cust_1', 'acme', '😀', '\uffff', '.', "it's", 'nobody', 'no\0body'])
      expect([prefix, await found({ prefix })]).toEqual([prefix, ids.filter((id) => id.startsWith(prefix))]);
    for (const after of [...ids, 'cust_1!', '', '~'])
      expect([after, await found({ after })]).toEqual([
        after,
        ids.filter((id) => compareBytes(id, after) > 0),
      ]);
    for (const after of ['', 'cust_', 'cust_15', 'cust_99', 'zzz'])
      expect(await found({ prefix: 'cust_', after })).toEqual(
        ids.filter((id) => id.startsWith('cust_') && compareBytes(id, after) > 0),
      );
    const matches = (id: string) => id.length % 2 === 0;
    expect(await found({ matches })).toEqual(ids.filter(matches));
    expect(await found({ ids: ['/', 'cust_1', 'no\0body', 'nobody', '😀'] })).toEqual(['/', 'cust_1', '😀']);
    expect(await found({ ids: [] })).toEqual([]);
  });

  test('more customers than are looked up at once are all found, each once', async () => {
    const { store } = await emptyStores();
    const ids = Array.from({ length: CUSTOMER_IDS_PAGE_ROWS + 3 }, (_, i) => `c${i}`);
    const requests = ids.map((id) => requestOf(id, '2024-09-05'));
    await commit(store, requests);
    await expectAll(store, requests, SEPTEMBER);
    await commit(store, [requestOf('c', '2024-09-05')]);
    await expectAll(store, [...requests, requestOf('c', '2024-09-05')], SEPTEMBER);
  });

  test('more days than are read at once all count, each once', async () => {
    const { store } = await emptyStores();
    const first = dayOfDate('2000-01-01');
    const days = COUNTED_DAYS_PAGE_ROWS + 2 * STORED_DAYS_PAGE_ROWS + 7;
    const requests = ['a', 'b', 'c'].flatMap((id, at) =>
      Array.from({ length: id === 'b' ? STORED_DAYS_PAGE_ROWS : days }, (_, day) => ({
        ...requestOf(id, dateOfDay(first + day)),
        status: 200 + ((day + at) % 7),
        durationUs: 1_000 * (day + at),
      })),
    );
    await commit(store, requests);
    const last = dateOfDay(first + days - 1);
    await expectAll(store, requests, { from: '2000-01-01', to: last });
    await expectAll(store, requests, { from: dateOfDay(first + 1000), to: last, since: '1999-01-01' });
    await expectAll(store, requests, {
      from: '2000-01-01',
      to: dateOfDay(first + STORED_DAYS_PAGE_ROWS - 1),
    });
  });

  test('days with more statuses than the usual beginning of a state holds count in full', async () => {
    const { store } = await emptyStores();
    const requests = Array.from({ length: 4_000 }, (_, i) => ({
      ...requestOf(i % 3 === 0 ? 'few' : 'many', i % 2 === 0 ? '2024-09-05' : '2024-09-06'),
      status: i % 3 === 0 ? 200 : 100 + (i % 500),
      durationUs: 86_000_000_000 - i,
    }));
    await commit(store, requests);
    await expectAll(store, requests, SEPTEMBER);
  });

  test('all reads are as of one moment, and hold up no commit', async () => {
    const { store, writer } = await emptyStores();
    const requests = oddRequests(randomNumbers(3), 1_000);
    await commit(writer, requests);
    await store.readSnapshot(async ({ customers }) => {
      const counts = (await all(customers.counts({}, SEPTEMBER))).flat();
      await commit(writer, requests);
      expect((await all(customers.counts({}, SEPTEMBER))).flat()).toEqual(counts);
      expect(await customers.statuses({}, SEPTEMBER)).toEqual(naiveDays(requests, SEPTEMBER));
    });
    expect(await countsOf(store, {}, SEPTEMBER)).toEqual(naiveCounts([...requests, ...requests], SEPTEMBER));
  });

  test('a state that is cut short is never counted', async () => {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    await commit(store, [requestOf('a', '2024-09-05'), requestOf('b', '2024-09-05')]);
    await place.query("update customer_daily_stats set state = substr(state, 1, 12) where customer_id = 'b'");
    const corrupt = { code: 'STORE_CORRUPT' };
    await expect(countsOf(store, {}, SEPTEMBER)).rejects.toMatchObject(corrupt);
    await expect(statusesOf(store, {}, SEPTEMBER)).rejects.toMatchObject(corrupt);
    await expect(summariesOf(store, {}, SEPTEMBER)).rejects.toMatchObject(corrupt);
    expect(await countsOf(store, { ids: ['a'] }, SEPTEMBER)).toHaveLength(1);
  });
});
