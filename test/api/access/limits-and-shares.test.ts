import { expect, test } from 'vitest';
import { newKey } from '../../../src/api/access/key-text.ts';
import { Answers } from '../../../src/api/answers.ts';
import { MAX_DAYS_IN_ONE_PIECE, MAX_KEY_CUSTOMERS } from '../../../src/limits.ts';
import { availabilityDefinition } from '../../../src/statistics/availability.ts';
import { add, SUCCESS } from '../requests.ts';
import { emptyStore, serve } from '../support.ts';
import { addKey } from './credentials.ts';

const DAY = '2024-10-02';

async function ask(url: string, path: string, key: string) {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

test('each key has a rate limit of its own, from whatever address', async () => {
  const store = await emptyStore();
  const [first, second] = [await addKey(store, 'admin'), await addKey(store, 'admin')];
  const url = await serve({ store, access: { keys: store.apiKeys }, rateLimitPerMinute: 3 });
  const statuses: number[] = [];
  for (const key of [first, first, first, first, second, second, second, second])
    statuses.push((await ask(url, '/v1/status', key)).status);
  expect(statuses).toEqual([200, 200, 200, 429, 200, 200, 200, 429]);
  expect((await ask(url, '/v1/status', first)).headers.get('retry-after')).toMatch(/^\d+$/);
});

test.each([
  ['without a key', '/v1/status', undefined, 401],
  ['without a key, of nothing', '/nothing', undefined, 401],
  ['that no key may read', '/v1/status', 'own', 403],
  ['of another customer', `/customers/b/stats?from=${DAY}`, 'own', 404],
  ['of nothing', '/nothing', 'own', 404],
] as const)('a request %s counts, too, though it is refused', async (_name, path, sender, status) => {
  const store = await emptyStore();
  await add(store, 'b', { [DAY]: [SUCCESS] });
  const key = await addKey(store, 'customer', ['a']);
  const url = await serve({ store, access: { keys: store.apiKeys }, rateLimitPerMinute: 3 });
  const headers: Record<string, string> = sender ? { authorization: `Bearer ${key}` } : {};
  const statuses: number[] = [];
  for (const method of ['GET', 'HEAD', 'GET', 'GET', 'HEAD'])
    statuses.push((await fetch(url + path, { method, headers })).status);
  expect(statuses).toEqual([status, status, status, 429, 429]);
  const limited = await fetch(url + path, { headers });
  expect(await limited.json()).toMatchObject({ code: 'RATE_LIMITED' });
  expect(limited.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(limited.headers.get('www-authenticate')).toBeNull();
  // Health checks have no limit.
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
});

test('wrong keys count by address, and a good key from there has a limit of its own', async () => {
  const store = await emptyStore();
  const admin = await addKey(store, 'admin');
  const url = await serve({ store, access: { keys: store.apiKeys }, rateLimitPerMinute: 2 });
  const statuses: number[] = [];
  for (const key of [newKey().text, newKey().text, newKey().text, admin, admin, admin])
    statuses.push((await ask(url, '/v1/status', key)).status);
  expect(statuses).toEqual([401, 401, 429, 200, 200, 429]);
});

test('an answer to a key may be kept by its client alone', async () => {
  const store = await emptyStore();
  await add(store, 'a', { [DAY]: [SUCCESS] });
  const key = await addKey(store, 'customer', ['a']);
  const url = await serve({ store, access: { keys: store.apiKeys } });
  const { headers } = await ask(url, `/customers/a/stats?from=${DAY}`, key);
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(headers.get('vary')).toBe('Authorization, Cookie, Accept, Accept-Encoding');
  expect((await fetch(`${url}/health/live`)).headers.get('vary')).toBeNull();
});

test('a key that asks for much pushes none of another key’s answers out of the cache', async () => {
  const store = await emptyStore();
  for (let i = 0; i < 40; i++) await add(store, `c${i}`, { [DAY]: [SUCCESS] });
  let reads = 0;
  const counted = {
    dataVersion: () => store.dataVersion(),
    windows: (query: Parameters<typeof store.windows>[0]) => {
      reads++;
      return store.windows(query);
    },
  };
  const answers = new Answers(counted, availabilityDefinition(), 8_192);
  const find = (id: string, owner: string) => answers.find({ customerId: id, from: DAY }, owner);
  await find('c0', 'modest');
  for (let round = 0; round < 3; round++) for (let i = 1; i < 40; i++) await find(`c${i}`, 'greedy');
  const before = reads;
  await find('c0', 'modest');
  expect(reads).toBe(before);
  // The greedy one has lost its own: they do not fit.
  await find('c1', 'greedy');
  expect(reads).toBe(before + 1);
});

test('the hint at similar customers is for admins alone, also for an own customer without requests', async () => {
  const store = await emptyStore();
  for (const id of ['secret_1', 'secret_2']) await add(store, id, { [DAY]: [SUCCESS] });
  const own = await addKey(store, 'customer', ['secret_3']);
  const admin = await addKey(store, 'admin');
  const url = await serve({ store, access: { keys: store.apiKeys } });
  const path = `/v1/customers/secret_3/summary?from=${DAY}&to=${DAY}`;
  expect((await ask(url, path, admin)).body).toMatch(/Did you mean secret_[12]/);
  const [{ status, body }, foreign] = [
    await ask(url, path, own),
    await ask(url, path.replace('secret_3', 'secret_1'), own),
  ];
  expect(status).toBe(404);
  expect(body).not.toMatch(/secret_[12]/);
  expect(foreign.body.replaceAll('secret_1', 'secret_3')).toBe(body);
});

test('a key reads a customer by its aliases, and several customers by their ids', async () => {
  const store = await emptyStore();
  for (const id of ['a', 'b', 'c']) await add(store, id, { [DAY]: [SUCCESS] });
  const aliases: Record<string, string> = { old_a: 'a', old_c: 'c' };
  const customers = {
    idOf: (id: string) => aliases[id] ?? id,
    nameOf: () => undefined,
    isPublic: () => false,
  };
  const key = await addKey(store, 'customer', ['old_a', 'b']);
  const url = await serve({ store, customers, access: { keys: store.apiKeys } });
  const statuses = [];
  for (const id of ['a', 'old_a', 'b', 'c', 'old_c', 'd'])
    statuses.push((await ask(url, `/customers/${id}/stats?from=${DAY}`, key)).status);
  expect(statuses).toEqual([200, 200, 200, 404, 404, 404]);
  const twice = await ask(url, `/stats?customer_id=a&customer_id=c&from=${DAY}`, key);
  expect(twice.status).toBe(404);
});

test('a key never reads another customer’s rows, also where an alias moves while it is answered', async () => {
  const store = await emptyStore();
  for (const id of ['a', 'b']) await add(store, id, { [DAY]: [SUCCESS] });
  const key = await addKey(store, 'customer', ['a']);
  let resolved = 0;
  // The first look-up of a request finds `a`, and all later ones `b`.
  const idOf = (id: string) => (id === 'moving' ? (resolved++ === 0 ? 'a' : 'b') : id);
  const customers = { idOf, nameOf: () => undefined, isPublic: () => false };
  const url = await serve({ store, customers, access: { keys: store.apiKeys } });
  for (const path of [
    `/customers/moving/stats?from=${DAY}`,
    `/stats?customer_id=moving&from=${DAY}`,
    `/v1/customers/moving/stats?from=${DAY}`,
    `/v1/stats?customer_id=moving&from=${DAY}`,
    `/v1/customers/moving/summary?from=${DAY}&to=${DAY}`,
    `/v1/customers/moving/endpoints?from=${DAY}&to=${DAY}`,
    `/v1/statuses?customer_id=moving&from=${DAY}&to=${DAY}`,
  ]) {
    resolved = 0;
    const { status, body } = await ask(url, path, key);
    expect([path, status, body]).toEqual([path, 200, expect.not.stringContaining('"b"')]);
    expect([path, resolved]).toEqual([path, 1]);
  }
});

test('a request that names customers many times costs a key with many customers little', async () => {
  const store = await emptyStore();
  const key = await addKey(
    store,
    'customer',
    Array.from({ length: MAX_KEY_CUSTOMERS }, (_, i) => `c${i}`),
  );
  let resolved = 0;
  const idOf = (id: string) => {
    resolved++;
    return id;
  };
  const customers = { idOf, nameOf: () => undefined, isPublic: () => false };
  const url = await serve({ store, customers, access: { keys: store.apiKeys } });
  for (const [id, status] of [
    ['c999', 422],
    ['d', 404],
  ] as const) {
    resolved = 0;
    const path = `/stats?from=${DAY}${`&customer_id=${id}`.repeat(700)}`;
    expect((await ask(url, path, key)).status).toBe(status);
    expect(resolved).toBeLessThan(2 * MAX_KEY_CUSTOMERS);
  }
});

test('pages of other origins may ask whether they may ask, and read a refusal', async () => {
  const store = await emptyStore();
  const origin = 'https://app.example.com';
  const url = await serve({ store, access: { keys: store.apiKeys }, corsOrigins: [origin] });
  const headers = {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  };
  const preflight = await fetch(`${url}/v1/status`, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
  const refused = await fetch(`${url}/v1/status`, { headers: { origin } });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
});

test('an answer that is too long for the cache, and is streamed, is guarded like any other', async () => {
  const store = await emptyStore();
  const dates = Array.from({ length: MAX_DAYS_IN_ONE_PIECE + 1 }, (_, i) =>
    new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10),
  );
  await add(store, 'a', Object.fromEntries(dates.map((date) => [date, [SUCCESS]])));
  const [own, other] = [await addKey(store, 'customer', ['a']), await addKey(store, 'customer', ['b'])];
  const url = await serve({ store, access: { keys: store.apiKeys } });
  const path = '/customers/a/stats?from=2020-01-01';
  for (const round of [1, 2]) {
    const { body, headers } = await ask(url, path, own);
    expect([round, JSON.parse(body).length, headers.get('etag')]).toEqual([round, dates.length, null]);
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect((await ask(url, path, other)).status).toBe(404);
  }
});

test('what no route takes is told to those with a key, and to nobody else', async () => {
  const store = await emptyStore();
  const own = await addKey(store, 'customer', ['a']);
  const url = await serve({ store, access: { keys: store.apiKeys } });
  const asked = async (path: string, method: string, key?: string) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return (await fetch(url + path, { method, headers })).status;
  };
  const requests = [
    ['/nothing', 'GET'],
    ['/v1/status', 'POST'],
  ] as const;
  expect(await Promise.all(requests.map(([path, method]) => asked(path, method)))).toEqual([401, 401]);
  expect(await Promise.all(requests.map(([path, method]) => asked(path, method, own)))).toEqual([404, 405]);
});
