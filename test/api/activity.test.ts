/** New and silent customers, strips, and who a customer is. */

import { describe, expect, test } from 'vitest';
import { MAX_ALIASES_PER_ANSWER } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { deltasOf, type Request, requestOf } from '../support/batches.ts';
import {
  naiveCustomer,
  naiveNewCustomers,
  naiveSilentCustomers,
  naiveStrip,
} from '../support/naive-activity.ts';
import { naivePreceding, oddRequests } from '../support/naive-ranking.ts';
import { SEED } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { emptyStore, serve } from './support.ts';

const DAY_MS = 86_400_000;
const ROLLED_UP = { from: '2024-07-20', to: '2024-10-05' };
const KINDS = STORE_KINDS.flatMap((kind) => [
  { kind, name: `${kind.name} without roll-ups`, hasRollUps: false },
  { kind, name: `${kind.name} with roll-ups`, hasRollUps: true },
]);

const commitRows = (store: Store, requests: readonly Request[]) =>
  store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });

/** Customers of whom each has requests only in a random stretch of the two months, and with random days left out. */
function comingAndGoing(seed: number): Request[] {
  const random = randomNumbers(seed);
  const dayOf = () => Date.UTC(2024, 7, 1) + Math.floor(random() * 62) * DAY_MS;
  const stretches = new Map<string, readonly [number, number]>();
  return oddRequests(random, 2_500).filter(({ customerId, eventMs }) => {
    const [from, to] = stretches.get(customerId) ?? [dayOf(), dayOf()].sort((a, b) => a - b);
    stretches.set(customerId, [from, to]);
    return eventMs >= from && eventMs <= to;
  });
}

interface Page {
  readonly customers: Record<string, unknown>[];
  readonly customer_count: number;
  readonly next_cursor: string | null;
}

async function pagesOf(url: string, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor = ''; ; ) {
    const answer = await fetch(`${url}/v1/${path}${cursor}`);
    const page = (await answer.json()) as Page;
    expect([path, answer.status, page]).toEqual([path, 200, page]);
    pages.push(page);
    if (page.next_cursor === null) return pages;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

describe.each(KINDS)('on $name', ({ kind, hasRollUps }) => {
  test(`new and silent customers are those of the raw requests, on every page (TEST_SEED=${SEED})`, async () => {
    const store = await emptyStore(kind);
    const requests = comingAndGoing(SEED);
    await commitRows(store, requests);
    if (hasRollUps) await store.rollUp(ROLLED_UP, 100, new AbortController().signal);
    const url = await serve({ store });
    let found = 0;
    for (const range of [
      { from: '2024-09-01', to: '2024-09-30' },
      { from: '2024-08-20', to: '2024-08-26' },
      { from: '2024-09-30', to: '2024-09-30' },
      { from: '2024-07-01', to: '2024-10-30' },
    ]) {
      const query = `from=${range.from}&to=${range.to}`;
      const asked = [
        [`new-customers?${query}`, naiveNewCustomers(requests, range)],
        [`silent-customers?${query}`, naiveSilentCustomers(requests, range)],
        [`silent-customers?${query}&since=2024-06-01`, naiveSilentCustomers(requests, range, '2024-06-01')],
      ] as const;
      for (const [path, expected] of asked)
        for (const limit of [1000, 7]) {
          const pages = await pagesOf(url, `${path}&limit=${limit}`);
          for (const { customer_count: count } of pages)
            expect([path, count]).toEqual([path, expected.length]);
          expect([path, pages.flatMap(({ customers }) => customers)]).toEqual([path, expected]);
          found += expected.length;
        }
    }
    expect(found).toBeGreaterThan(50);
  });
});

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('each customer of a page brings along its last days, up to the last one of the range', async () => {
    const store = await emptyStore(kind);
    const requests = comingAndGoing(SEED + 1);
    await commitRows(store, requests);
    const url = await serve({ store });
    for (const [days, limit, sort] of [
      [1, 1000, 'customer_id'],
      [30, 7, 'requests'],
      [90, 100, 'duration_p99'],
    ] as const) {
      const query = `from=2024-08-15&to=2024-09-20&sort=${sort}&limit=${limit}&strip_days=${days}`;
      const rows = (await pagesOf(url, `customers?${query}`)).flatMap(({ customers }) => customers);
      expect(rows.length).toBeGreaterThan(10);
      for (const { customer_id: id, days: shown } of rows) {
        const own = requests.filter(({ customerId }) => customerId === id);
        expect([id, shown]).toEqual([id, naiveStrip(own, '2024-09-20', days)]);
      }
    }
  });

  test('a customer has its first and its last day, its name and its aliases', async () => {
    const store = await emptyStore(kind);
    const requests = comingAndGoing(SEED + 2).slice(0, 500);
    await commitRows(store, requests);
    const many = Array.from({ length: MAX_ALIASES_PER_ANSWER + 3 }, (_, i) => `key-${i}`);
    const known: Record<string, readonly string[]> = { idle: ['key', '<b>'], many };
    const customers = {
      idOf: (id: string) => (id === 'key' ? 'idle' : id),
      nameOf: (id: string) => ({ idle: 'Idle Ltd.', many: 'Many' })[id],
      aliasesOf: (id: string) => known[id] ?? [],
      isPublic: () => false,
    };
    const url = await serve({ store, customers });
    const ask = async (id: string) =>
      (await fetch(`${url}/v1/customer?customer_id=${encodeURIComponent(id)}`)).json();
    for (const [id, own] of Map.groupBy(requests, ({ customerId }) => customerId))
      expect(await ask(id)).toEqual(naiveCustomer(id, own));
    const idle = {
      ...{ customer_id: 'idle', customer_name: 'Idle Ltd.', aliases: ['key', '<b>'], alias_count: 2 },
      ...{ first_date: null, last_date: null },
    };
    expect([await ask('idle'), await ask('key')]).toEqual([idle, idle]);
    expect(await ask('many')).toMatchObject({
      ...{ aliases: many.slice(0, MAX_ALIASES_PER_ANSWER), alias_count: many.length },
    });
    expect(await ask('nobody')).toMatchObject({ status: 404, code: 'CUSTOMER_UNKNOWN' });
  });
});

test('a customer that comes back after a long time is not new', async () => {
  const store = await emptyStore();
  await commitRows(store, [requestOf('back', '2001-01-01'), requestOf('back', '2024-09-09')]);
  await commitRows(store, [requestOf('new', '2024-09-09')]);
  const url = await serve({ store });
  const [page] = await pagesOf(url, 'new-customers?from=2024-09-01&to=2024-09-30');
  expect(page.customers.map(({ customer_id: id }) => id)).toEqual(['new']);
});

test('what was added since is in the next answer', async () => {
  const store = await emptyStore();
  const url = await serve({ store });
  const range = { from: '2024-09-01', to: '2024-09-30' };
  const requests: Request[] = [];
  for (const [id, date] of [
    ['a', '2024-08-20'],
    ['b', '2024-09-02'],
    ['a', '2024-09-03'],
    ['b', '2024-08-03'],
  ] as const) {
    requests.push(requestOf(id, date));
    await commitRows(store, requests.slice(-1));
    for (const [path, expected] of [
      ['new-customers', naiveNewCustomers(requests, range)],
      ['silent-customers', naiveSilentCustomers(requests, range)],
    ] as const) {
      const [page] = await pagesOf(url, `${path}?from=${range.from}&to=${range.to}`);
      expect(page.customers).toEqual(expected);
    }
  }
});

test('an answer says what it is of, in every form, and what cannot be answered is refused', async () => {
  const store = await emptyStore();
  await commitRows(store, [requestOf('a', '2024-09-09'), requestOf('b', '2024-09-09')]);
  const url = await serve({ store });
  const RANGE = 'from=2024-09-01&to=2024-09-30';
  const answer = await fetch(`${url}/v1/new-customers?${RANGE}&limit=1`);
  expect(await answer.json()).toEqual({
    ...{ from: '2024-09-01', to: '2024-09-30' },
    preceding: naivePreceding({ from: '2024-09-01', to: '2024-09-30' }),
    ...{ customer_count: 2, customers: [expect.objectContaining({ customer_id: 'a' })] },
    next_cursor: expect.any(String),
  });
  expect(answer.headers.get('link')).toMatch(/cursor=.*rel="next"/);
  const csv = await (await fetch(`${url}/v1/new-customers?${RANGE}&format=csv`)).text();
  expect(csv.split('\r\n').length === 1 ? csv.split('\n')[1] : csv.split('\r\n')[1]).toMatch(
    /^a,2024-09-09,2024-09-09,1,1,1,0,0,1,100,100,/,
  );
  const strips = await (await fetch(`${url}/v1/customers?${RANGE}&strip_days=30&format=csv`)).text();
  expect(strips).toContain('""date"":""2024-09-09""');
  const without = await (await fetch(`${url}/v1/customers?${RANGE}&format=csv`)).text();
  expect(without).not.toContain('days');
  for (const [path, status, code] of [
    ['new-customers?from=2024-09-02&to=2024-09-01', 422, 'INVALID_REQUEST'],
    [`new-customers?${RANGE}&since=2024-08-01`, 422, 'INVALID_REQUEST'],
    [`silent-customers?${RANGE}&since=2024-09-01`, 422, 'INVALID_REQUEST'],
    [`silent-customers?${RANGE}&since=0001-01-01`, 422, 'RANGE_TOO_LARGE'],
    [`silent-customers?${RANGE}&limit=0`, 422, 'INVALID_REQUEST'],
    [`silent-customers?${RANGE}&cursor=abc`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&strip_days=0`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&strip_days=91`, 422, 'INVALID_REQUEST'],
    [`customers?${RANGE}&strip_days=90&limit=101`, 422, 'RANGE_TOO_LARGE'],
    [`customer?customer_id=`, 422, 'INVALID_REQUEST'],
  ] as const) {
    const refused = await fetch(`${url}/v1/${path}`);
    const { code: found } = (await refused.json()) as { code: string };
    expect([path, refused.status, found]).toEqual([path, status, code]);
  }
});
