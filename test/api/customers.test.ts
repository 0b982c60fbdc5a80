/** The ranking of customers, and requests by status. */

import { describe, expect, test } from 'vitest';
import { CustomerRankings } from '../../src/api/ranking/customer-rankings.ts';
import { SORT_NAMES, usualOrder } from '../../src/api/ranking/sort-names.ts';
import { availabilityDefinition } from '../../src/statistics/availability.ts';
import type { Store } from '../../src/store/contract.ts';
import { deltasOf, type Request, requestOf } from '../support/batches.ts';
import { naiveCustomers, naivePreceding, naiveRanking, oddRequests } from '../support/naive-ranking.ts';
import { randomNumbers } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { DEFAULT_DEFINITION, naiveStatuses } from '../support/summary-oracle.ts';
import { emptyStore, serve } from './support.ts';

const SEPTEMBER = { from: '2024-09-01', to: '2024-09-30' };
const RANGE = 'from=2024-09-01&to=2024-09-30';

interface Ranking {
  readonly customers: Record<string, unknown>[];
  readonly next_cursor: string | null;
}

const commitRows = (store: Store, requests: readonly Request[]) =>
  store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });

/** The days of all requests, and of those before the range. */
const ROLLED_UP = { from: '2024-07-20', to: '2024-10-05' };

async function rankingOf(url: string, query: string): Promise<Ranking> {
  const answer = await fetch(`${url}/v1/customers?${query}`);
  const body = (await answer.json()) as Ranking;
  expect([answer.status, body]).toEqual([200, body]);
  return body;
}

async function pagesOf(
  url: string,
  query: string,
  between: (page: number) => Promise<unknown> = async () => undefined,
): Promise<Record<string, unknown>[][]> {
  const pages: Record<string, unknown>[][] = [];
  let cursor = '';
  for (;;) {
    const { customers, next_cursor: next } = await rankingOf(url, query + cursor);
    pages.push(customers);
    if (next === null) return pages;
    cursor = `&cursor=${next}`;
    await between(pages.length);
  }
}

const idsOf = (customers: readonly Record<string, unknown>[]) => customers.map(({ customer_id: id }) => id);

const KINDS = STORE_KINDS.flatMap((kind) => [
  { kind, name: `${kind.name} without roll-ups`, hasRollUps: false },
  { kind, name: `${kind.name} with roll-ups`, hasRollUps: true },
]);

describe.each(KINDS)('on $name', ({ kind, hasRollUps }) => {
  const commit = async (store: Store, requests: readonly Request[]) => {
    await commitRows(store, requests);
    if (hasRollUps) await store.rollUp(ROLLED_UP, 100, new AbortController().signal);
  };

  test('every number of every customer, in every order, is that of its raw requests', async () => {
    const store = await emptyStore(kind);
    const requests = oddRequests(randomNumbers(4), 5_000);
    await commit(store, requests.slice(0, 2_000));
    await commit(store, requests.slice(2_000));
    const url = await serve({ store });
    const customers = naiveCustomers(requests, SEPTEMBER);
    // The second round comes from rankings that are kept.
    for (const limit of [1000, 1000, 7])
      for (const sort of SORT_NAMES)
        for (const order of ['asc', 'desc'] as const) {
          const pages = await pagesOf(url, `${RANGE}&sort=${sort}&order=${order}&limit=${limit}`);
          for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
          expect(pages.flat()).toEqual(naiveRanking(customers, sort, order));
        }
  });

  test('a search keeps to the customers that it names', async () => {
    const store = await emptyStore(kind);
    const requests = oddRequests(randomNumbers(5), 3_000);
    await commit(store, requests);
    const names: Record<string, string> = { cust_1: 'Zebra', '😀': 'ACME Corporation' };
    const customers = {
      idOf: (id: string) => (id === 'key' ? 'cust_2' : id),
      nameOf: (id: string) => names[id],
      isPublic: () => false,
    };
    const url = await serve({ store, customers });
    const all = naiveRanking(naiveCustomers(requests, SEPTEMBER), 'requests', 'desc');
    const ids = all.map(({ customer_id }) => customer_id);
    for (let round = 0; round < 2; round++) {
      for (const prefix of ['cust_', 'acme', '😀', '.', ' ', '%2F', 'nobody']) {
        const pages = await pagesOf(
          url,
          `${RANGE}&sort=requests&limit=5&prefix=${encodeURIComponent(prefix)}`,
        );
        expect([prefix, pages.flatMap(idsOf)]).toEqual([prefix, ids.filter((id) => id.startsWith(prefix))]);
      }
      for (const [text, found] of [
        ['acme', ids.filter((id) => /acme/i.test(id) || id === '😀')],
        ['ZEB', ['cust_1']],
        ['key', ['cust_2']],
        ['É', ids.filter((id) => /é/iu.test(id))],
        ['nobody', []],
      ] as const) {
        const query = `&sort=requests&search=${encodeURIComponent(text)}`;
        expect([text, idsOf((await rankingOf(url, RANGE + query)).customers)]).toEqual([text, found]);
      }
      const [zebra] = (await rankingOf(url, `${RANGE}&search=zebra`)).customers;
      expect(zebra).toMatchObject({ customer_id: 'cust_1', customer_name: 'Zebra' });
      // The second round asks rankings that are kept.
      await rankingOf(url, `${RANGE}&sort=requests`);
    }
  });

  test('pages show each customer once whose number stays, while others change', async () => {
    const store = await emptyStore(kind);
    const requests = oddRequests(randomNumbers(6), 3_000);
    await commit(store, requests);
    const url = await serve({ store });
    for (const sort of ['requests', 'customer_id', 'availability_percentage', 'duration_p99']) {
      const before = naiveRanking(naiveCustomers(requests, SEPTEMBER), sort, usualOrder(sort as 'requests'));
      const changing = ['cust_5', 'cust_6', '漢字', `new ${sort}`];
      const pages = await pagesOf(url, `${RANGE}&sort=${sort}&limit=4`, async (page) => {
        const more = changing.flatMap((id) =>
          Array.from({ length: 30 * page }, () => requestOf(id, '2024-09-09')),
        );
        requests.push(...more);
        await commit(store, more);
      });
      const staying = (ids: unknown[]) => ids.filter((id) => !changing.includes(id as string));
      expect(staying(pages.flatMap(idsOf))).toEqual(staying(idsOf(before)));
    }
  });

  test('a commit shows in the next answer, also where a ranking was kept', async () => {
    const store = await emptyStore(kind);
    const url = await serve({ store });
    const requests: Request[] = [];
    for (let i = 0; i < 5; i++) {
      requests.push(
        requestOf('a', '2024-09-09'),
        ...Array.from({ length: i }, () => requestOf(`b${i}`, '2024-09-10')),
      );
      await commit(store, requests.slice(-1 - i));
      const query = `${RANGE}&sort=requests&order=desc`;
      const expected = naiveRanking(naiveCustomers(requests, SEPTEMBER), 'requests', 'desc');
      expect((await rankingOf(url, query)).customers).toEqual(expected);
      expect((await rankingOf(url, query)).customers).toEqual(expected);
    }
  });

  test('requests by day and status are those of the raw requests, of all and of one customer', async () => {
    const store = await emptyStore(kind);
    const requests = oddRequests(randomNumbers(7), 3_000);
    await commit(store, requests);
    const customers = {
      idOf: (id: string) => (id === 'key' ? 'cust_2' : id),
      nameOf: () => undefined,
      isPublic: () => false,
    };
    const url = await serve({ store, customers });
    const expected = (own: readonly Request[]) =>
      [
        ...Map.groupBy(
          own.filter(({ date }) => date >= SEPTEMBER.from && date <= SEPTEMBER.to),
          ({ date }) => date,
        ),
      ]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, ofDay]) => ({ date, requests: ofDay.length, statuses: naiveStatuses(ofDay) }));
    const statuses = async (query = '') => (await fetch(`${url}/v1/statuses?${RANGE}${query}`)).json();
    expect(await statuses()).toEqual({ ...SEPTEMBER, customer_id: null, days: expected(requests) });
    for (const id of ['.', '/', '😀', '"quoted"', 'cust_2']) {
      const own = requests.filter(({ customerId }) => customerId === id);
      const body = { ...SEPTEMBER, customer_id: id, days: expected(own) };
      expect(await statuses(`&customer_id=${encodeURIComponent(id)}`)).toEqual(body);
    }
    expect(await statuses('&customer_id=key')).toEqual(await statuses('&customer_id=cust_2'));
  });
});

test.each([true, false])(
  'the availability follows the definition of the store (roll-ups: %s)',
  async (has) => {
    const store = await emptyStore();
    const requests = oddRequests(randomNumbers(8), 3_000);
    await commitRows(store, requests);
    if (has) await store.rollUp(ROLLED_UP, 100, new AbortController().signal);
    const url = await serve({ store, availability: availabilityDefinition('404,500-599', '0,200,429') });
    const definition = {
      ...DEFAULT_DEFINITION,
      isFailed: (status: number) => status === 404 || status >= 500,
      isIgnored: (status: number) => [0, 200, 429].includes(status),
    };
    const sort = 'availability_percentage';
    expect((await rankingOf(url, `${RANGE}&sort=${sort}`)).customers).toEqual(
      naiveRanking(naiveCustomers(requests, SEPTEMBER, definition), sort, 'asc'),
    );
  },
);

test('an answer says what it is of, and has a tag', async () => {
  const store = await emptyStore();
  await commitRows(store, [requestOf('a', '2024-09-09'), requestOf('b', '2024-09-09')]);
  const url = await serve({ store });
  const answer = await fetch(`${url}/v1/customers?${RANGE}&limit=1`);
  expect(await answer.json()).toEqual({
    ...SEPTEMBER,
    preceding: naivePreceding(SEPTEMBER),
    sort: 'customer_id',
    order: 'asc',
    customers: [expect.objectContaining({ customer_id: 'a' })],
    next_cursor: expect.any(String),
  });
  const headers = { 'if-none-match': answer.headers.get('etag') ?? '' };
  expect((await fetch(`${url}/v1/customers?${RANGE}&limit=1`, { headers })).status).toBe(304);
  expect((await fetch(`${url}/v1/customers?${RANGE}&limit=2`, { headers })).status).toBe(200);
  const first = await rankingOf(url, 'from=0001-01-01&to=0001-01-02');
  expect(first).toMatchObject({ preceding: null, customers: [], next_cursor: null });
});

test('what cannot be answered is refused with its reason', async () => {
  const store = await emptyStore();
  await commitRows(store, [requestOf('cust_1', '2024-09-09')]);
  const url = await serve({ store });
  for (const [path, status, code] of [
    [`customers?to=2024-09-30`, 422, 'INVALID_REQUEST'],
    [`customers?from=2024-09-01`, 422, 'INVALID_REQUEST'],
    [`customers?from=2024-09-31&to=2024-10-01`, 422, 'INVALID_REQUEST'],
    [`customers?from=2024-09-02&to=2024-09-01`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&sort=p99`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&order=up`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&limit=0`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&limit=1001`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&limit=1e3`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&cursor=`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&cursor=abc`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&cursor=${'a'.repeat(2000)}`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&prefix=a&search=b`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&search=`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&search=%00`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&prefix=${'a'.repeat(256)}`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&prefix=%ff`, 400, 'BAD_REQUEST'],
    [`customers?${RANGE}&offset=3`, 422, 'INVALID_REQUEST'],
    [`customers?from=0001-01-01&to=9999-12-31`, 422, 'RANGE_TOO_LARGE'],
    [`statuses?from=2000-01-01&to=2024-12-31`, 422, 'RANGE_TOO_LARGE'],
    [`statuses?from=2024-09-02&to=2024-09-01`, 422, 'INVALID_REQUEST'],
    [`statuses?${RANGE}&customer_id=`, 422, 'INVALID_REQUEST'],
    [`statuses?${RANGE}&customer_id=cust_2`, 404, 'CUSTOMER_UNKNOWN'],
  ] as const) {
    const answer = await fetch(`${url}/v1/${path}`);
    const { code: found, detail } = (await answer.json()) as { code: string; detail: string };
    expect([path, answer.status, found]).toEqual([path, status, code]);
    expect(detail).not.toMatch(/customer id is too long/);
  }
});

test.each([true, false])(
  'a ranking that takes too long is given up, and leaves room for the next (roll-ups: %s)',
  async (has) => {
    const store = await emptyStore();
    await commitRows(store, [requestOf('a', '2024-09-09')]);
    if (has) await store.rollUp(ROLLED_UP, 100, new AbortController().signal);
    const query = { ...SEPTEMBER, sort: 'requests', order: 'asc', limit: 1 } as const;
    const hurried = new CustomerRankings(store, availabilityDefinition(), -1);
    for (let i = 0; i < 10; i++)
      await expect(hurried.page(query)).rejects.toMatchObject({ code: 'ANSWER_TOO_SLOW' });
    const rankings = new CustomerRankings(store, availabilityDefinition());
    for (let i = 0; i < 10; i++) await expect(rankings.page(query, AbortSignal.abort())).rejects.toThrow();
    expect((await rankings.page(query)).customers).toHaveLength(1);
  },
);
