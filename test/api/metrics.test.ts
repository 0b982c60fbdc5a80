/** How requests are counted. */

import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { StatsReader } from '../../src/api/stats-reader.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { eventually } from '../support/eventually.ts';
import { samplesOf } from '../support/metrics.ts';
import { emptyStore, sendRaw, serve } from './support.ts';

const DAYS = '/customers/cust_1/stats?from=2024-01-01';

const samples = async (metrics: Metrics) => samplesOf(await metrics.text());

/** The samples of a metric. */
async function valuesOf(metrics: Metrics, name: string): Promise<Record<string, number>> {
  return Object.fromEntries([...(await samples(metrics))].filter(([each]) => each.startsWith(name)));
}

test('each request counts once, whatever answers it', async () => {
  const metrics = new Metrics('1');
  const url = await serve({ store: await emptyStore(), metrics, rateLimitPerMinute: 8 });
  for (let i = 0; i < 3; i++) await fetch(url + DAYS);
  await fetch(url + DAYS, { method: 'HEAD' });
  await fetch(`${url}/customers/cust_1/stats`);
  await fetch(`${url}/cust_1?key=cust_2`);
  await fetch(url + DAYS, { method: 'DELETE' });
  await fetch(`${url}/v1/customers/cust_1/summary?from=2024-01-01&to=2024-01-02`);
  // Over the limit.
  await fetch(url + DAYS);
  await sendRaw(url, 'BREW / HTTP/1.1\r\n\r\n');
  const route = 'route="/customers/{customer_id}/stats"';
  await eventually(() => valuesOf(metrics, 'daymark_http_requests_total')).toEqual({
    [`daymark_http_requests_total{${route},method="GET",status="200"}`]: 3,
    [`daymark_http_requests_total{${route},method="HEAD",status="200"}`]: 1,
    [`daymark_http_requests_total{${route},method="GET",status="422"}`]: 1,
    [`daymark_http_requests_total{${route},method="GET",status="429"}`]: 1,
    'daymark_http_requests_total{route="(none)",method="GET",status="404"}': 1,
    'daymark_http_requests_total{route="(none)",method="DELETE",status="405"}': 1,
    'daymark_http_requests_total{route="/v1/customers/{customer_id}/summary",method="GET",status="404"}': 1,
  });
  const all = await samples(metrics);
  expect(all.get('daymark_http_refusals_total{status="501"}')).toBe(1);
  expect(all.get(`daymark_http_request_duration_seconds_count{${route}}`)).toBe(6);
  expect(all.get('daymark_http_requests_in_progress')).toBe(0);
  expect(await metrics.text()).not.toContain('cust_');
});

test('a client that leaves before its answer counts with status 0', async () => {
  const metrics = new Metrics('1');
  const store = await emptyStore();
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const slow = Object.create(store, {
    status: { value: () => store.status() },
    dataVersion: { value: () => store.dataVersion() },
    sizeBytes: { value: () => store.sizeBytes() },
    checkSchema: {
      value: async () => {
        asked.resolve();
        await left.promise;
      },
    },
  }) as StatsReader;
  const url = new URL(await serve({ store: slow, metrics }));
  const socket = connect(Number(url.port), url.hostname);
  socket.write('GET /health/ready HTTP/1.1\r\nHost: test\r\n\r\n');
  await asked.promise;
  expect((await samples(metrics)).get('daymark_http_requests_in_progress')).toBe(1);
  socket.destroy();
  await eventually(() => valuesOf(metrics, 'daymark_http_requests_total')).toEqual({
    'daymark_http_requests_total{route="/health/ready",method="GET",status="0"}': 1,
  });
  left.resolve();
});

test('metrics are there while the database is away, and say so', async () => {
  const metrics = new Metrics('1');
  const store = await emptyStore();
  const url = await serve({ store, metrics });
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect(await valuesOf(metrics, 'daymark_store_')).toMatchObject({ daymark_store_up: 1 });
  await store.close();
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect(await valuesOf(metrics, 'daymark_store_')).toEqual({ daymark_store_up: 0 });
});

test('metrics are text, and nothing else', async () => {
  const url = await serve({ store: await emptyStore() });
  const ask = (accept: string) => fetch(`${url}/metrics`, { headers: { accept } });
  const prometheus =
    'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  const answer = await ask(prometheus);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await ask('application/json')).status).toBe(406);
});
