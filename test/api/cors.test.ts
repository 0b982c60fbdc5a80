/** Pages of other origins. */

import { describe, expect, test } from 'vitest';
import { DaymarkError } from '../../src/errors.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, sendRaw, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';
const APP = 'https://app.example.com';
const OTHER = 'https://evil.example.com';
const ALLOWED = 'access-control-allow-origin';

async function storeWithOneDay() {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  return store;
}

const get = (url: string, origin: string, headers = {}) => fetch(url, { headers: { origin, ...headers } });

const preflight = (url: string, path: string, origin: string) =>
  sendRaw(
    url,
    `OPTIONS ${path} HTTP/1.1\r\nHost: test\r\nOrigin: ${origin}\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: if-none-match\r\nConnection: close\r\n\r\n`,
  );

const options = (url: string, path: string) =>
  sendRaw(url, `OPTIONS ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);

test('unless it is set, no origin may read anything, and OPTIONS is refused', async () => {
  const url = await serve({ store: await storeWithOneDay() });
  const { headers } = await get(url + STATS, APP);
  expect([headers.get(ALLOWED), headers.get('vary')]).toEqual([null, 'Accept, Accept-Encoding']);
  const { status, headers: answered } = await preflight(url, STATS, APP);
  expect([status, answered.allow, answered[ALLOWED]]).toEqual([405, 'GET, HEAD', undefined]);
});

describe('exact origins', () => {
  const corsOrigins = ['http://localhost:3000', APP];

  test('may read answers of every status; others may not, and caches tell them apart', async () => {
    const url = await serve({ store: await storeWithOneDay(), corsOrigins });
    const { etag = '' } = Object.fromEntries((await fetch(url + STATS)).headers);
    for (const [path, status, headers] of [
      [STATS, 200, {}],
      [STATS, 304, { 'if-none-match': etag }],
      ['/customers/cust_1/stats', 422, {}],
      ['/nothing', 404, {}],
      [STATS, 406, { accept: 'image/png' }],
      ['/health/live', 200, {}],
      ['/openapi.json', 200, {}],
    ] as const) {
      for (const [origin, allowed] of [
        [APP, APP],
        ['http://localhost:3000', 'http://localhost:3000'],
        [OTHER, null],
        ['null', null],
        [`${APP}.evil.com`, null],
        ['http://app.example.com', null],
      ] as const) {
        const answer = await get(url + path, origin, headers);
        expect([path, origin, answer.status, answer.headers.get(ALLOWED)]).toEqual([
          ...[path, origin, status, allowed],
        ]);
        expect(answer.headers.get('vary')).toMatch(/^Origin\b/);
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      }
      expect((await fetch(url + path, { headers })).headers.get('vary')).toMatch(/^Origin\b/);
    }
  });

  test('are told before a request what they may send, wherever they ask', async () => {
    const url = await serve({ store: await storeWithOneDay(), corsOrigins });
    for (const path of [STATS, '/health/ready', '/nothing']) {
      const { status, headers, body } = await preflight(url, path, APP);
      expect([status, body, headers[ALLOWED]]).toEqual([204, '', APP]);
      expect(headers['access-control-allow-methods']).toBe('GET, HEAD');
      expect(headers['access-control-allow-headers']).toBe('if-none-match');
      expect(headers['access-control-max-age']).toBe('7200');
      expect((await preflight(url, path, OTHER)).headers[ALLOWED]).toBeUndefined();
    }
  });

  test('other methods stay refused, OPTIONS that is no preflight included', async () => {
    const url = await serve({ store: await storeWithOneDay(), corsOrigins });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await fetch(url + STATS, { method, headers: { origin: APP } });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
      expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
    expect((await options(url, '/nothing')).status).toBe(404);
    expect((await options(url, '*')).status).toBe(204);
  });

  test('may read the headers that tell them of tags and limits', async () => {
    const url = await serve({ store: await storeWithOneDay(), corsOrigins, rateLimitPerMinute: 1 });
    const first = await get(url + STATS, APP);
    const refused = await get(url + STATS, APP);
    expect([first.status, refused.status, refused.headers.get(ALLOWED)]).toEqual([200, 429, APP]);
    for (const { headers } of [first, refused]) {
      const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(', ') ?? [];
      const unsaid = ['etag', 'retry-after', ...[...headers.keys()].filter((name) => name.includes('limit'))];
      expect(exposed).toEqual(expect.arrayContaining(unsaid));
    }
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await preflight(url, STATS, APP)).status).toBe(204);
  });
});

test('`*` lets every origin read, without naming it', async () => {
  const url = await serve({ store: await storeWithOneDay(), corsOrigins: ['*'] });
  for (const origin of [APP, OTHER, 'null']) {
    const { headers } = await get(url + STATS, origin);
    expect([headers.get(ALLOWED), headers.get('access-control-allow-credentials')]).toEqual(['*', null]);
  }
});

test('a hook that refuses every request is asked for preflight requests, too', async () => {
  let seen = 0;
  const url = await serve({
    store: await emptyStore(),
    corsOrigins: ['*'],
    addHooks: (app) =>
      app.addHook('onRequest', (_request, _reply, done) => {
        seen++;
        done(new DaymarkError('NOT_FOUND', 'refused'));
      }),
  });
  expect((await preflight(url, STATS, APP)).status).toBe(404);
  expect(seen).toBe(1);
});
