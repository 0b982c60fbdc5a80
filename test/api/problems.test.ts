import { METHODS } from 'node:http';
import { Writable } from 'node:stream';
import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../src/errors.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, placeOf, sendRaw, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

/** A logger, and what was written to it. */
function memoryLog() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { logger: fastify({ logger: { stream } }).log, text: () => lines.join('') };
}

test('where nothing is answers 404', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const path of [
    '/nothing',
    '/customers',
    '/customers/c',
    `${STATS.replace('?', '/?')}`,
    '/docs/static/x',
    '//',
    '/*',
  ]) {
    const answer = await getRaw(url, path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'NOT_FOUND',
      title: ERRORS.NOT_FOUND.title,
      status: 404,
    });
  }
});

test('every method but GET and HEAD answers 405 where something is, and 404 elsewhere', async () => {
  const url = await serve({ store: await emptyStore() });
  const ask = (method: string, path: string) =>
    sendRaw(url, `${method} ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
  // CONNECT asks for a tunnel: Node hangs up on it.
  for (const method of METHODS.filter((name) => !['GET', 'HEAD', 'CONNECT'].includes(name))) {
    for (const path of [
      STATS,
      '/stats',
      '/openapi.json',
      '/docs',
      '/docs/static/swagger-ui.css',
      '/health/live',
    ]) {
      const answer = await ask(method, path);
      expect([method, path, answer.status]).toEqual([method, path, 405]);
      expect(answer.headers.allow).toBe('GET, HEAD');
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
    }
    expect([method, (await ask(method, '/nothing')).status]).toEqual([method, 404]);
  }
});

test('a body of any kind is thrown away, and past the bound the connection is closed', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const type of ['application/json', 'text/xml', 'nonsense', 'multipart/form-data']) {
    const answer = await fetch(url + STATS, { method: 'POST', body: '{', headers: { 'content-type': type } });
    expect([type, answer.status]).toEqual([type, 405]);
  }
  const long = await fetch(url + STATS, { method: 'POST', body: 'a'.repeat(20_000) });
  expect([long.status, long.headers.get('connection')]).toEqual([405, 'close']);
});

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('a store without a schema answers 503, and only the log says where it is', async () => {
    const place = await placeOf(kind);
    const { logger, text } = memoryLog();
    const url = await serve({ store: await place.open(), logger });
    for (const path of [STATS, '/health/ready']) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const problem = (await answer.json()) as { instance: string };
      expect(problem).toEqual({
        type: 'urn:daymark:error:SCHEMA_MISSING',
        title: ERRORS.SCHEMA_MISSING.title,
        status: 503,
        detail: ERRORS.SCHEMA_MISSING.advice,
        instance: expect.stringMatching(/^urn:uuid:/),
        code: 'SCHEMA_MISSING',
      });
      expect(text()).toContain(problem.instance);
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await (await place.open()).migrate();
    expect((await fetch(url + STATS)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  test('what the database says of a failure stays in the log, and the next request is answered', async () => {
    const place = await placeOf(kind);
    const store = await place.open();
    await store.migrate();
    await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
    const { logger, text } = memoryLog();
    const url = await serve({ store, logger });
    await place.query('alter table customer_daily_stats rename column uptime_percentage to hidden');
    const [failed, other] = await Promise.all([fetch(url + STATS), fetch(`${url}${STATS}&to=2024-10-02`)]);
    expect([failed.status, other.status]).toEqual([503, 503]);
    const problem = await failed.json();
    expect(problem).toMatchObject({ code: 'STORE_FAILED', detail: ERRORS.STORE_FAILED.advice });
    expect(JSON.stringify(problem)).not.toMatch(/uptime_percentage|daily_stats|\/tmp|postgres:/);
    expect(text()).toContain('uptime_percentage');
    await place.query('alter table customer_daily_stats rename column hidden to uptime_percentage');
    expect((await fetch(url + STATS)).status).toBe(200);
  });
});

test('a fault of daymark answers 500 without its words, and the server stays up', async () => {
  const store = await emptyStore();
  const { logger, text } = memoryLog();
  const url = await serve({ store, logger });
  await store.close();
  for (const path of [STATS, STATS, '/health/ready']) {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      type: 'urn:daymark:error:INTERNAL',
      title: ERRORS.INTERNAL.title,
      status: 500,
      detail: ERRORS.INTERNAL.advice,
      instance: expect.stringMatching(/^urn:uuid:/),
      code: 'INTERNAL',
    });
  }
  expect(text()).toContain('stack');
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
});

test('the log of a fault names its route, and nothing of what was asked', async () => {
  const store = await emptyStore();
  const { logger, text } = memoryLog();
  const url = await serve({ store, logger });
  await store.close();
  const asked = `${url}/customers/secret-alias/stats?from=2024-10-01`;
  expect((await fetch(asked)).status).toBe(500);
  expect(text()).toContain('"method":"GET","route":"/customers/{customer_id}/stats"');
  expect(text()).not.toMatch(/secret|2024-10-01/);
});
