/** Who used one endpoint: the customers of it, and its days. */

import { describe, expect, test } from 'vitest';
import { SORT_NAMES } from '../../src/api/ranking/sort-names.ts';
import type { Store } from '../../src/store/contract.ts';
import { statisticsTable } from '../../src/store/tables.ts';
import { compareKeys } from '../../src/window/key.ts';
import { ALL_DAYS, ALL_ENDPOINTS, CUSTOMER_ENDPOINTS } from '../../src/window/kind.ts';
import { deltasOf, type Request } from '../support/batches.ts';
import { naiveStrip } from '../support/naive-activity.ts';
import { naiveCustomers, naiveRanking, oddRequests } from '../support/naive-ranking.ts';
import { SEED } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { naiveSummary } from '../support/summary-oracle.ts';
import { emptyStore, placeOf, serve } from './support.ts';

const RANGE = { from: '2024-09-01', to: '2024-09-30' };
const ENDPOINTS = ['GET /orders/{id}', 'POST /orders', '(not found)', "GET /it's/%/{id}"];

interface Asked extends Request {
  readonly endpoint: string;
}

function randomAsked(seed: number, count: number): Asked[] {
  const random = randomNumbers(seed);
  return oddRequests(random, count).map((request) => ({
    ...request,
    endpoint: ENDPOINTS[Math.floor(random() ** 3 * ENDPOINTS.length)],
  }));
}

/** Commits the days of customers, of their endpoints, and of all endpoints together. */
async function commit(store: Store, requests: readonly Asked[]): Promise<void> {
  const byEndpoint = [...Map.groupBy(requests, ({ endpoint }) => endpoint)];
  const together = (own: readonly Asked[]) => deltasOf(own.map((one) => ({ ...one, customerId: '' })));
  const deltas = [
    ...deltasOf(requests),
    ...together(requests).map(({ key, statistics }) => ({
      key: { kind: ALL_DAYS, values: ['0', key.values[1]] },
      statistics,
    })),
    ...byEndpoint.flatMap(([endpoint, own]) => [
      ...deltasOf(own).map(({ key, statistics }) => ({
        key: { kind: CUSTOMER_ENDPOINTS, values: [...key.values, endpoint] },
        statistics,
      })),
      ...together(own).map(({ key, statistics }) => ({
        key: { kind: ALL_ENDPOINTS, values: [key.values[1], endpoint, '0'] },
        statistics,
      })),
    ]),
  ];
  deltas.sort((a, b) => compareKeys(a.key, b.key));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
}

interface Ranking {
  readonly customers: Record<string, unknown>[];
  readonly next_cursor: string | null;
}

const queryOf = (values: Record<string, string | number>) =>
  new URLSearchParams(
    Object.fromEntries(Object.entries({ ...RANGE, ...values }).map(([name, value]) => [name, String(value)])),
  );

async function customersOf(
  url: string,
  values: Record<string, string | number>,
): Promise<Ranking['customers']> {
  const found: Ranking['customers'] = [];
  for (let cursor = {}; ; ) {
    const answer = await fetch(`${url}/v1/customers?${queryOf({ ...values, ...cursor })}`);
    const page = (await answer.json()) as Ranking;
    expect([answer.status, page]).toEqual([200, page]);
    found.push(...page.customers);
    if (page.next_cursor === null) return found;
    cursor = { cursor: page.next_cursor };
  }
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  test(`the customers of an endpoint are those of its raw requests, in every order (TEST_SEED=${SEED})`, async () => {
    const store = await emptyStore(kind);
    const requests = randomAsked(SEED, 1_500);
    await commit(store, requests.slice(0, 500));
    await commit(store, requests.slice(500));
    const url = await serve({ store });
    for (const endpoint of [ENDPOINTS[0], ENDPOINTS[3], 'GET /nobody']) {
      const own = requests.filter((request) => request.endpoint === endpoint);
      const customers = naiveCustomers(own, RANGE);
      for (const [limit, sorts] of [
        [1000, endpoint === ENDPOINTS[0] ? SORT_NAMES : []],
        [12, ['customer_id', 'error_requests', 'duration_p99']],
      ] as const)
        for (const sort of sorts)
          for (const order of ['asc', 'desc'] as const)
            expect([endpoint, sort, await customersOf(url, { endpoint, sort, order, limit })]).toEqual([
              ...[endpoint, sort, naiveRanking(customers, sort, order)],
            ]);
      for (const prefix of ['cust_1', '漢', '%2F', 'nobody']) {
        const ids = naiveRanking(customers, 'customer_id', 'asc').map(({ customer_id: id }) => id);
        const found = await customersOf(url, { endpoint, prefix, limit: 2 });
        expect(found.map(({ customer_id: id }) => id)).toEqual(ids.filter((id) => id.startsWith(prefix)));
      }
      for (const row of await customersOf(url, { endpoint, strip_days: 40, limit: 50 }))
        expect(row.days).toEqual(
          naiveStrip(
            own.filter(({ customerId }) => customerId === row.customer_id),
            RANGE.to,
            40,
          ),
        );
    }
  });

  test('the days and the summary of an endpoint are those of its raw requests, of all and of one customer', async () => {
    const store = await emptyStore(kind);
    const requests = randomAsked(SEED + 1, 1_000);
    await commit(store, requests);
    const url = await serve({ store });
    for (const endpoint of [...ENDPOINTS, 'GET /nobody'])
      for (const id of [undefined, 'cust_5', '.']) {
        const own = requests.filter(
          (one) => one.endpoint === endpoint && (id === undefined || one.customerId === id),
        );
        const asked = queryOf({ endpoint, ...(id === undefined ? {} : { customer_id: id }) });
        const rows = (await (await fetch(`${url}/v1/stats?${asked}`)).json()) as Record<string, unknown>[];
        const inRange = own.filter(({ date }) => date >= RANGE.from && date <= RANGE.to);
        const days = [...Map.groupBy(inRange, ({ date }) => date)].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(rows).toEqual(
          days.map(([span, same]) => expect.objectContaining({ span, ...near(naiveSummary(same)) })),
        );
        const summary = await (await fetch(`${url}/v1/summary?${asked}`)).json();
        expect(summary).toMatchObject({
          ...{ customer_id: id ?? null, endpoint, days_with_requests: days.length },
          ...{ everyone: null, best_hour: null, ...near(naiveSummary(inRange)) },
        });
      }
  });

  test('looks up the customers of an endpoint by an index', async () => {
    const place = await placeOf(kind);
    const store = await place.open();
    await store.migrate();
    await commit(store, randomAsked(SEED + 2, 500));
    const table = statisticsTable(CUSTOMER_ENDPOINTS);
    const explain = kind.name === 'SQLite' ? 'explain query plan' : 'explain';
    const plan = async (sql: string) => JSON.stringify(await place.query(`${explain} ${sql}`));
    const ids = `select customer_id from ${table} where endpoint = 'GET /x' and date = '2024-09-09'
      and customer_id > 'a' order by customer_id limit 100`;
    const cells = `select customer_id, date from ${table} where endpoint = 'GET /x' and customer_id in ('a', 'b')
      and date in ('2024-09-09', '2024-09-10') order by customer_id, date`;
    if (kind.name === 'SQLite') {
      expect(await plan(ids)).toMatch(
        /SEARCH \w+ USING (COVERING )?INDEX daily_endpoint_stats_by_endpoint \(endpoint=\? AND date=\? AND customer_id>\?\)/,
      );
      expect(await plan(cells)).toMatch(
        /SEARCH .*(customer_id=\? AND date=\? AND endpoint=\?|endpoint=\? AND date=\? AND customer_id=\?)/,
      );
    } else {
      // It reads a table of a few rows as a whole.
      const indexes = `select indexdef from pg_indexes where tablename = '${table}'`;
      expect(JSON.stringify(await place.query(indexes))).toContain('(endpoint, date, customer_id)');
    }
  });
});

test('what cannot be asked of an endpoint is refused', async () => {
  const store = await emptyStore();
  await commit(store, randomAsked(SEED, 50));
  const url = await serve({ store });
  for (const path of [
    `stats?${queryOf({ endpoint: 'GET /x', granularity: 'hour' })}`,
    `stats?${queryOf({ endpoint: '' })}`,
    `stats?${queryOf({ endpoint: 'a\u0000b' })}`,
    `summary?${queryOf({ endpoint: 'é' })}`,
    `customers?${queryOf({ endpoint: 'x'.repeat(241) })}`,
  ]) {
    const answer = await fetch(`${url}/v1/${path}`);
    expect([path, answer.status, await answer.json()]).toMatchObject([
      path,
      422,
      { code: 'INVALID_REQUEST' },
    ]);
  }
  const [one] = await customersOf(url, { endpoint: ENDPOINTS[0], limit: 1000 });
  const first = await fetch(`${url}/v1/customers?${queryOf({ endpoint: ENDPOINTS[0], limit: 1 })}`);
  const { next_cursor: cursor } = (await first.json()) as Ranking;
  expect(one).toBeDefined();
  // A cursor belongs to its endpoint.
  const other = await fetch(
    `${url}/v1/customers?${queryOf({ endpoint: ENDPOINTS[1], cursor: cursor ?? '' })}`,
  );
  expect(other.status).toBe(422);
});

/** The last digits of what is divided differ with the order in which numbers are added. */
function near(numbers: ReturnType<typeof naiveSummary>) {
  const of = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));
  return {
    ...{ ...numbers, duration_mean: of(numbers.duration_mean) },
    uptime_percentage: of(numbers.uptime_percentage),
  };
}
