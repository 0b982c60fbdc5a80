/** What the API answers while PostgreSQL does not answer it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { createDatabase, type TestDatabase } from '../support/postgres-database.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** More than the API has connections. */
const CUSTOMERS = Array.from({ length: 25 }, (_, i) => `/customers/cust_${i + 1}/stats?from=2024-01-01`);

let directory: string;
let database: TestDatabase;
let proxy: TcpProxy;
let serving: RunningCli;
let url: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  const log = join(directory, 'api.log');
  expect((await run(['generate', log, '--lines', '2000'])).code).toBe(0);
  database = await createDatabase();
  expect((await run(['ingest', log], { env: { DATABASE_URL: database.url } })).code).toBe(0);
  proxy = await startProxy(database.url);
  serving = start(['serve'], { env: { DATABASE_URL: proxy.url, PORT: '0' } });
  url = /on (http:\S+)/.exec(await serving.says('serving'))?.[1] as string;
  expect(await statuses(CUSTOMERS)).toEqual([200]);
});

afterEach(async () => {
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
  await proxy.close();
  await database.drop();
  rmSync(directory, { recursive: true });
});

/** The different statuses of these, asked for all at once. */
async function statuses(paths: readonly string[]): Promise<number[]> {
  const answers = await Promise.all(paths.map((path) => fetch(url + path)));
  return [...new Set(answers.map(({ status }) => status))];
}

async function expectWell(): Promise<void> {
  await eventually(() => statuses([...CUSTOMERS, '/health/ready'])).toEqual([200]);
}

test('where packets are lost it answers 503 to all, and serves when they are not', async () => {
  proxy.blackhole(true);
  expect(await statuses([...CUSTOMERS, '/health/ready'])).toEqual([503]);
  expect(await statuses(['/health/live', '/docs'])).toEqual([200]);
  const problem = await fetch(url + CUSTOMERS[0]);
  expect(problem.headers.get('content-type')).toBe('application/problem+json');
  expect(await problem.json()).toMatchObject({ code: 'STORE_UNREACHABLE' });
  proxy.blackhole(false);
  await expectWell();
});

test('where connections are cut and refused it answers 503, and serves when they are taken', async () => {
  await proxy.refuse(true);
  expect(await statuses([...CUSTOMERS, '/health/ready'])).toEqual([503]);
  await proxy.refuse(false);
  await expectWell();
});

test('where every connection waits for a lock it answers 503, and serves when the lock is gone', async () => {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('begin');
  await other.query('lock table customer_daily_stats in access exclusive mode');
  // What was not asked before is not in the cache.
  expect(await statuses(CUSTOMERS.map((path) => `${path}&to=2024-12-31`))).toEqual([503]);
  await other.query('rollback');
  await other.end();
  await expectWell();
});
