/** The client as programs use it: the built one, compiled and run in a package of its own. */

import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient, dataOf, ProblemError } from '../../src/client/client.ts';
import { addKey } from '../api/access/credentials.ts';
import { add, addLogs, SUCCESS } from '../api/requests.ts';
import { emptyStore, serve } from '../api/support.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a user writes. Each line after an `@ts-expect-error` must not compile. */
const PROGRAM = `
import { createClient, type DailyStats, dataOf, type Problem, ProblemError } from 'daymark/client';

const client = createClient({ baseUrl: process.argv[2] ?? '' });
const query = { from: '2024-10-01' };
const { data, error } = await client.GET('/customers/{customer_id}/stats', {
  params: { path: { customer_id: 'a/b ü' }, query },
});
const days: DailyStats[] | undefined = data;
const problem: Problem | undefined = error;
const failed: number | undefined = days?.[0]?.failed_requests;
const p99: number | null | undefined = days?.[0]?.duration_p99;
// @ts-expect-error There is no such path.
client.GET('/nothing');
// @ts-expect-error The first day is missing.
client.GET('/customers/{customer_id}/stats', { params: { path: { customer_id: 'a' }, query: {} } });
// @ts-expect-error The percentile of no duration is null.
const wrong: number | undefined = days?.[0]?.duration_p99;
const csv = await dataOf(client.GET('/stats', {
  params: { query: { ...query, customer_id: '..', format: 'csv' } },
  parseAs: 'text',
}));
try {
  await dataOf(client.GET('/stats', { params: { query: { customer_id: 'a', from: 'today' } } }));
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  const code: string = error.problem.code;
  console.log(JSON.stringify({ days, problem, failed, p99, csv: csv.split('\\n').length, code, wrong: wrong === null }));
}
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daymark-client-'));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/daymark'));
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles the program as strictly as TypeScript can, libraries included. */
function compile(...options: string[]): void {
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--skipLibCheck',
    'false',
  ];
  const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), 'program.ts', '--target', 'es2024', ...strict];
  execFileSync(process.execPath, [...args, '--types', 'node', ...options], { cwd: folder, stdio: 'pipe' });
}

test('a program that uses the client compiles, under both ways to find modules, and asks a real server', async () => {
  const store = await emptyStore();
  await add(store, 'a/b ü', { '2024-10-02': [SUCCESS, { status: 500, durationUs: -1 }] });
  const url = await serve({ store });
  compile('--module', 'preserve', '--moduleResolution', 'bundler', '--noEmit');
  compile('--module', 'nodenext');
  const { stdout } = await promisify(execFile)(process.execPath, ['program.js', url], { cwd: folder });
  const { days, ...rest } = JSON.parse(stdout);
  expect(days).toEqual(await (await fetch(`${url}/customers/a%2Fb%20%C3%BC/stats?from=2024-10-01`)).json());
  expect(rest).toEqual({ failed: 1, p99: 0.316, csv: 2, code: 'INVALID_REQUEST', wrong: false });
});

test('the client asks each operation of the document, and gets what the server answers', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS, { status: 500, durationUs: -1 }] });
  await addLogs(store, 'a', 'b');
  const url = await serve({ store });
  const client = createClient({ baseUrl: url });
  const range = { from: '2024-10-01', to: '2024-10-31' };
  const path = { customer_id: 'cust_1' };
  const spans = await dataOf(
    client.GET('/v1/customers/{customer_id}/stats', {
      params: { path, query: { ...range, granularity: 'month' } },
    }),
  );
  expect(spans.map(({ span, requests }) => [span, requests])).toEqual([['2024-10-01', 2]]);
  const summary = await dataOf(
    client.GET('/v1/customers/{customer_id}/summary', { params: { path, query: range } }),
  );
  expect([summary.requests, summary.best_day?.date]).toEqual([2, '2024-10-02']);
  const inQuery = { query: { ...path, ...range } };
  expect(await dataOf(client.GET('/v1/stats', { params: inQuery }))).toMatchObject([{ requests: 2 }]);
  expect(await dataOf(client.GET('/v1/summary', { params: inQuery }))).toEqual(summary);
  const ranking = await dataOf(
    client.GET('/v1/customers', { params: { query: { ...range, sort: 'requests', limit: '1' } } }),
  );
  expect(ranking.customers.map((row) => [row.customer_id, row.status_classes['5xx']])).toEqual([
    ['cust_1', 1],
  ]);
  const statuses = await dataOf(client.GET('/v1/statuses', { params: { query: range } }));
  expect(statuses.days.map(({ statuses: each }) => each.map(({ status }) => status))).toEqual([[200, 500]]);
  const sources = await dataOf(client.GET('/v1/sources', {}));
  expect(sources.sources.map(({ rejected }) => rejected)).toEqual([1, 1]);
  const first = await dataOf(client.GET('/v1/rejected', { params: { query: { limit: '1' } } }));
  const cursor = first.next_cursor ?? '';
  const second = await dataOf(client.GET('/v1/rejected', { params: { query: { limit: '1', cursor } } }));
  expect([...first.rejected, ...second.rejected].map(({ source_id }) => source_id)).toEqual(['a', 'b']);
  expect((await dataOf(client.GET('/v1/status'))).sources.live).toBe(2);
  expect((await dataOf(client.GET('/health/ready'))).status).toBe('ready');
  const csv = await dataOf(
    client.GET('/v1/customers', { params: { query: { ...range, format: 'csv' } }, parseAs: 'text' }),
  );
  expect(csv).toMatch(/^customer_id,requests,.*\ncust_1,2,.*\n$/);
});

test('an error is thrown with its problem, and with the time to wait', async () => {
  const url = await serve({ store: await emptyStore(), rateLimitPerMinute: 1 });
  const client = createClient({ baseUrl: url });
  const ask = () =>
    dataOf(client.GET('/stats', { params: { query: { customer_id: 'a', from: '2024-10-01' } } }));
  expect(await ask()).toEqual([]);
  const error = await ask().then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  expect(error.problem).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  expect(error.retryAfterS).toBeGreaterThan(0);
});

test('an error that daymark did not write is a problem, too', async () => {
  const proxy = createServer((_request, response) =>
    response.writeHead(502).end('<h1>Bad Gateway</h1>'),
  ).listen();
  onTestFinished(() => void proxy.close());
  await once(proxy, 'listening');
  const client = createClient({ baseUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  await expect(dataOf(client.GET('/health/live'))).rejects.toMatchObject({
    problem: { status: 502, code: 'HTTP_502', title: 'Bad Gateway', detail: '<h1>Bad Gateway</h1>' },
  });
});

test('its types are those of the document in docs/', () => {
  execFileSync('node', ['scripts/client.ts', '--check'], { cwd: ROOT, stdio: 'pipe' });
});

test('it sends its key with each request, or what a function gives it', async () => {
  const store = await emptyStore();
  await add(store, 'a', { '2024-10-02': [SUCCESS] });
  const baseUrl = await serve({ store, access: { keys: store.apiKeys } });
  const ofA = await addKey(store, 'customer', ['a']);
  const params = { path: { customer_id: 'a' }, query: { from: '2024-10-01' } };
  const daysWith = (key?: string | (() => Promise<string>)) =>
    dataOf(createClient({ baseUrl, key }).GET('/customers/{customer_id}/stats', { params }));
  expect(await daysWith(ofA)).toHaveLength(1);
  const keys = [await addKey(store, 'customer', ['b']), ofA];
  const next = async () => keys.pop() ?? '';
  expect(await daysWith(next)).toHaveLength(1);
  await expect(daysWith(next)).rejects.toMatchObject({ problem: { code: 'CUSTOMER_UNKNOWN' } });
  await expect(daysWith()).rejects.toMatchObject({ problem: { code: 'UNAUTHENTICATED' } });
});
