import { expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { EVENT_LOOP_SAMPLE_MS } from '../../src/limits.ts';
import { emptyStore, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

test('an address that asks more often than it may is told how long to wait', async () => {
  const url = await serve({ store: await emptyStore(), rateLimitPerMinute: 3 });
  const statuses: number[] = [];
  for (const path of [STATS, '/nothing', STATS, STATS, '/nothing', '/'])
    statuses.push((await fetch(url + path)).status);
  expect(statuses).toEqual([200, 404, 200, 429, 429, 429]);
  const refused = await fetch(url + STATS);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  for (const path of ['/health/live', '/health/ready']) expect((await fetch(url + path)).status).toBe(200);
});

test('without a limit an address may ask any number of times', async () => {
  const url = await serve({ store: await emptyStore() });
  for (let i = 0; i < 100; i++) expect((await fetch(url + STATS)).status).toBe(200);
});

test('a forwarded address is not believed', async () => {
  const url = await serve({ store: await emptyStore(), rateLimitPerMinute: 2 });
  const ask = (i: number) => fetch(url + STATS, { headers: { 'x-forwarded-for': `10.0.0.${i}` } });
  for (const [i, status] of [200, 200, 429].entries()) expect((await ask(i)).status).toBe(status);
});

test('while the event loop is late requests are turned away, and afterwards they are answered again', async () => {
  const url = await serve({ store: await emptyStore(), maxEventLoopDelayMs: 100 });
  const untilStatus = async (status: number) => {
    while ((await fetch(url + STATS)).status !== status);
  };
  await untilStatus(200);
  const blocker = setInterval(() => blockEventLoop(200), 1);
  onTestFinished(() => clearInterval(blocker));
  await untilStatus(503);
  for (const path of [STATS, '/health/ready']) {
    const refused = await fetch(url + path);
    expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'OVERLOADED', status: 503 });
  }
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  clearInterval(blocker);
  await untilStatus(200);
});

test('what was late before the server listened turns nobody away', async () => {
  const app = await buildApp({ store: await emptyStore(), maxEventLoopDelayMs: 1000 });
  onTestFinished(() => app.close());
  blockEventLoop(EVENT_LOOP_SAMPLE_MS);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  expect((await fetch(url + STATS)).status).toBe(200);
});

function blockEventLoop(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
