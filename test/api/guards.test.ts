import { METHODS } from 'node:http';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { describe, expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, sendRaw, serve, UNHURRIED } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

/** One URL of every route, and URLs that no route takes or that are malformed. */
const URLS = [
  STATS,
  '/stats?customer_id=cust_1&from=2024-10-02',
  '/customers/cust_1/stats',
  '/v1/customers/cust_1/stats?from=2024-10-02',
  '/v1/stats?customer_id=cust_1&from=2024-10-02',
  '/v1/customers/cust_1/summary?from=2024-10-02&to=2024-10-02',
  '/v1/summary?customer_id=cust_1&from=2024-10-02&to=2024-10-02',
  '/v1/worst-days?from=2024-10-02&to=2024-10-02',
  '/v1/customers?from=2024-10-02&to=2024-10-02',
  '/v1/customers/cust_1/endpoints?from=2024-10-02&to=2024-10-02',
  '/v1/endpoints?from=2024-10-02&to=2024-10-02',
  '/v1/customers/cust_1/sources?date=2024-10-02',
  '/v1/day-sources?date=2024-10-02',
  '/v1/customers/cust_1/history?from=2024-10-02&to=2024-10-02',
  '/v1/history?from=2024-10-02&to=2024-10-02',
  '/v1/statuses?from=2024-10-02&to=2024-10-02',
  '/v1/sources',
  '/v1/rejected',
  '/v1/status',
  '/metrics',
  '/health/live',
  '/health/ready',
  '/v1/about',
  '/v1/customers/cust_1',
  '/v1/customer?customer_id=cust_1',
  '/v1/new-customers?from=2024-10-02&to=2024-10-02',
  '/v1/silent-customers?from=2024-10-02&to=2024-10-02',
  '/v1/hours-summary?from_hour=2024-10-02T00:00:00Z&to_hour=2024-10-02T01:00:00Z',
  '/v1/events',
  '/v1/session',
  '/v1/ingest',
  '/v1/logs',
  '/v1/customers/cust_1/badge.svg',
  '/v1/customers/cust_1/badge.json',
  '/v1/links',
  '/v1/links/0123456789abcdef',
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/yaml',
  '/docs/static/index.html',
  '/docs/static/swagger-ui.css',
  '/docs/static/swagger-initializer.js',
  '/docs/static/nothing',
  '/nothing',
  '/customers/%FF/stats?from=2024-10-02',
  `/customers/${'a'.repeat(5000)}/stats?from=2024-10-02`,
  '*',
];

const SENT_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/** A hook that refuses every request while `isOn`, as authentication would. It counts the requests that it sees. */
function guardOn(hook: 'onRequest' | 'preHandler') {
  const guard = { isOn: true, seen: 0 };
  const addHooks = (app: FastifyInstance) => {
    const refuse: onRequestHookHandler = (_request, reply, done) => {
      guard.seen++;
      if (guard.isOn) reply.code(401).send('refused');
      else done();
    };
    app.addHook(hook as 'onRequest', refuse);
  };
  return { guard, addHooks };
}

async function storeWithOneDay() {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  return store;
}

const request = (method: string, url: string, headers = '') =>
  `${method} ${url} HTTP/1.1\r\nHost: test\r\n${headers}Connection: close\r\n\r\n`;

describe('a hook that refuses everything', () => {
  test('is asked before every route, for every method, and before what no route takes', async () => {
    const { guard, addHooks } = guardOn('onRequest');
    const url = await serve({ store: await storeWithOneDay(), addHooks });
    for (const path of URLS) {
      for (const method of SENT_METHODS) {
        const seen = guard.seen;
        const { status, body } = await sendRaw(url, request(method, path));
        expect([method, path, status, guard.seen]).toEqual([method, path, 401, seen + 1]);
        expect(body).toBe(method === 'HEAD' ? '' : 'refused');
      }
    }
  });

  test('is asked for answers that are cached, too, whatever was answered before', async () => {
    for (const hook of ['onRequest', 'preHandler'] as const) {
      const { guard, addHooks } = guardOn(hook);
      const url = await serve({ store: await storeWithOneDay(), addHooks });
      // Each URL is refused, answered twice, then refused twice.
      for (const path of [
        STATS,
        '/stats?customer_id=cust_1&from=2024-10-02',
        '/openapi.json',
        '/docs/json',
      ]) {
        const statuses: number[] = [];
        for (const isOn of [true, false, false, true, true]) {
          guard.isOn = isOn;
          statuses.push((await getRaw(url, path)).status);
        }
        expect([hook, path, statuses]).toEqual([hook, path, [401, 200, 200, 401, 401]]);
      }
    }
  });

  test('is asked for each of several requests on one connection', async () => {
    const { guard, addHooks } = guardOn('onRequest');
    const url = await serve({ store: await storeWithOneDay(), addHooks });
    guard.isOn = false;
    expect((await getRaw(url, STATS)).status).toBe(200);
    guard.isOn = true;
    const pipelined = `GET ${STATS} HTTP/1.1\r\nHost: test\r\n\r\n`.repeat(3) + request('GET', STATS);
    const { status, body } = await sendRaw(url, pipelined);
    expect(status).toBe(401);
    expect(body.match(/HTTP\/1\.1 \d+/g)).toEqual(Array(3).fill('HTTP/1.1 401'));
  });

  test('is asked where the client says that it has the answer', async () => {
    const { guard, addHooks } = guardOn('onRequest');
    const url = await serve({ store: await storeWithOneDay(), addHooks });
    guard.isOn = false;
    const { etag } = (await getRaw(url, STATS)).headers;
    const conditional = request('GET', STATS, `If-None-Match: ${etag}\r\n`);
    expect((await sendRaw(url, conditional)).status).toBe(304);
    guard.isOn = true;
    expect((await sendRaw(url, conditional)).status).toBe(401);
  });
});

test('every route that the app has is among the guarded URLs', async () => {
  const routes: string[] = [];
  const app = await buildApp({
    ...UNHURRIED,
    store: await emptyStore(),
    addHooks: (root) => root.addHook('onRoute', ({ url }) => void routes.push(url)),
  });
  await app.close();
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.filter((route) => !URLS.some((url) => matches(route, url)))).toEqual([]);
});

/** @param route a pattern of Fastify: `:name` is a segment, `*` the rest. */
function matches(route: string, url: string): boolean {
  const pattern = route.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.+');
  return new RegExp(`^${pattern}$`).test(url.split('?')[0]);
}
