/** What the key of a customer is told of all customers together. */

import { expect, test } from 'vitest';
import type { Store, StoreSnapshot } from '../../../src/store/contract.ts';
import { compareKeys, DAYS_OF_ALL, keyOfRow } from '../../../src/window/key.ts';
import { deltaOf, type Request, SUCCESS, statisticsOf } from '../requests.ts';
import { emptyStore, serve } from '../support.ts';
import { addKey } from './credentials.ts';

const LEAST = 3;
const FAILURE: Request = { status: 503, durationUs: 1_234_567 };
const QUIET = '2024-10-01';
const BUSY = '2024-10-02';
const OF_A_DAY: Record<string, Record<string, readonly Request[]>> = {
  // On the quiet day, there is only one customer beside the own one.
  [QUIET]: { own: [SUCCESS], other: [SUCCESS, SUCCESS, SUCCESS, FAILURE, FAILURE, FAILURE] },
  [BUSY]: { own: [SUCCESS], other: [SUCCESS, SUCCESS], third: [SUCCESS, FAILURE, SUCCESS] },
};

/** A store with days of these customers, and of all of them together. */
async function filledStore(): Promise<Store> {
  const store = await emptyStore();
  const deltas = Object.entries(OF_A_DAY).flatMap(([date, customers]) => [
    ...Object.entries(customers).map(([id, requests]) => deltaOf(id, date, requests)),
    {
      key: keyOfRow(DAYS_OF_ALL.kind, { date, shard: 0 }),
      statistics: statisticsOf(Object.values(customers).flat(), Date.parse(date)),
    },
  ]);
  deltas.sort((a, b) => compareKeys(a.key, b.key));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
  return store;
}

/** Counts the reads of customers. */
function counting(store: Store) {
  const reads = { count: 0 };
  const readSnapshot: Store['readSnapshot'] = (work) =>
    store.readSnapshot((snapshot) => {
      const customers = new Proxy(snapshot.customers, {
        get: (target, name) => {
          const value = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            reads.count++;
            return Reflect.apply(value, target, args);
          };
        },
      });
      return work(
        new Proxy(snapshot, {
          get: (target, name) => {
            if (name === 'customers') return customers;
            const value = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }) as StoreSnapshot,
      );
    });
  const counted = new Proxy(store, {
    get: (target, name) => {
      if (name === 'readSnapshot') return readSnapshot;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { counted, reads };
}

async function served(everyoneMinCustomers = LEAST) {
  const store = await filledStore();
  const [own, admin] = [await addKey(store, 'customer', ['own']), await addKey(store, 'admin')];
  const { counted, reads } = counting(store);
  const url = await serve({ store: counted, access: { keys: store.apiKeys }, everyoneMinCustomers });
  const everyone = async (from: string, to: string, key = own) => {
    const path = `/v1/customers/own/summary?from=${from}&to=${to}&share_under=0.5`;
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { everyone: Record<string, unknown> | null }).everyone;
  };
  return { everyone, admin, reads };
}

test('a range tells of everybody only where enough customers hide each other on each of its days', async () => {
  const { everyone, admin } = await served();
  expect(await everyone(QUIET, QUIET)).toBeNull();
  expect(await everyone(BUSY, BUSY)).not.toBeNull();
  // The two ranges differ by the quiet day: whoever had both could compute it.
  expect(await everyone(QUIET, BUSY)).toBeNull();
  // A day on which nobody has a request tells nothing.
  expect(await everyone(BUSY, '2024-10-05')).toEqual(await everyone(BUSY, BUSY));
  expect(await everyone('2024-10-05', '2024-10-05')).toBeNull();
  for (const to of [QUIET, BUSY]) expect(await everyone(QUIET, to, admin)).not.toBeNull();
});

test('an admin gets the exact numbers of everybody, and a customer rounded ones', async () => {
  const { everyone, admin } = await served();
  // Of six requests, one failed: five of 316 ms, one of 1,234.567 ms.
  expect(await everyone(BUSY, BUSY, admin)).toEqual({
    days_with_requests: 1,
    availability_percentage: (100 * 5) / 6,
    success_percentage: (100 * 5) / 6,
    uptime_percentage: (100 * 1_580_000) / 2_814_567,
    duration_mean: expect.closeTo(2.814567 / 6, 12),
    ...{ duration_p50: 0.316, duration_p90: 1.234567, duration_p95: 1.234567 },
    ...{ duration_p99: 1.234567, duration_p999: 1.234567, duration_precision: null },
    shares_under: [{ seconds: 0.5, percentage: (100 * 5) / 6 }],
  });
  expect(await everyone(BUSY, BUSY)).toEqual({
    ...{ days_with_requests: 1, availability_percentage: 83.3, success_percentage: 83.3 },
    ...{ uptime_percentage: 56.1, duration_mean: 0.47, duration_p50: 0.32, duration_p90: 1.2 },
    ...{ duration_p95: 1.2, duration_p99: 1.2, duration_p999: 1.2, duration_precision: 2 },
    shares_under: [],
  });
});

test('where everybody is never told of, no customer is read for it', async () => {
  const { everyone, admin, reads } = await served(0);
  expect(await everyone(BUSY, BUSY)).toBeNull();
  expect(await everyone(BUSY, BUSY, admin)).not.toBeNull();
  expect(reads.count).toBe(0);
});

test('where a day has fewer requests than customers are needed, no customer is read', async () => {
  const { everyone, reads } = await served(8);
  expect(await everyone(QUIET, BUSY)).toBeNull();
  expect(reads.count).toBe(0);
});
