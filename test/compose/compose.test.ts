import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_DIR, readComposeFile } from './compose-file.ts';
import { Stack } from './stack.ts';

const STATS = '/customers/cust_1/stats?from=2024-09-03';

interface Day {
  readonly date: string;
  readonly success_requests: number;
  readonly failed_requests: number;
}

// A password that is not a word of a URL, so that one that is not escaped somewhere shows.
const stack = new Stack(readComposeFile({ POSTGRES_PASSWORD: 'p@ss/w%rd #1' }));

const daysOf = async () => (await (await fetch(stack.apiUrl + STATS)).json()) as Day[];
const requestsOf = (days: readonly Day[]) =>
  days.reduce((sum, day) => sum + day.success_requests + day.failed_requests, 0);

async function daysWith(requests: number): Promise<Day[]> {
  for (;;) {
    const days = await daysOf();
    if (requestsOf(days) === requests) return days;
    expect(requestsOf(days), 'nothing is counted twice').toBeLessThan(requests);
    await sleep(100);
  }
}

const log = readFileSync(join(PROJECT_DIR, 'logs/api_requests.log'), 'utf8');
const requestsInLog = log.split('\n').filter((line) => line.split(' ')[2] === 'cust_1').length;

describe('the services of compose.yaml, run by hand in the order that it gives', () => {
  beforeAll(async () => {
    if (!existsSync(join(PROJECT_DIR, 'dist/main.js'))) throw new Error('build first: npm run build');
    await stack.up();
  });

  afterAll(() => stack.kill());

  test('become healthy by their own health checks', async () => {
    await stack.waitForHealth('db');
    await stack.waitForHealth('api');
  });

  test('answer with the statistics of ./logs', async () => {
    const days = await daysWith(requestsInLog);
    expect(days).toHaveLength(30);
    expect(days.map((day) => day.date)).toEqual(days.map((day) => day.date).toSorted());
    expect(days[0]!.date).toBe('2024-09-03');
  });

  test('follow a log that grows', async () => {
    const line = '2024-10-02 23:59:59 cust_1 /api/v1/resource1 200 0.100\n';
    appendFileSync(join(stack.logsDirectory, 'api_requests.log'), line);
    await daysWith(requestsInLog + 1);
  });

  test('count nothing twice when the migration and the ingest start again', async () => {
    const before = await daysOf();
    expect(await stack.stop('ingest')).toBe(0);
    await stack.start('migrate');
    await stack.start('ingest');
    const line = '2024-10-02 23:59:59 cust_1 /api/v1/resource1 500 0.100\n';
    appendFileSync(join(stack.logsDirectory, 'api_requests.log'), line);
    const after = await daysWith(requestsInLog + 2);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
  });

  test('come back by themselves after the database was away', async () => {
    expect(await stack.stop('db')).toBe(0);
    expect(await stack.isHealthy('api')).toBe(false);
    await stack.start('db');
    await stack.waitForHealth('api');
    const line = '2024-10-02 23:59:59 cust_1 /api/v1/resource1 404 0.100\n';
    appendFileSync(join(stack.logsDirectory, 'api_requests.log'), line);
    await daysWith(requestsInLog + 3);
  });

  test('stop within their grace periods and exit with 0', async () => {
    for (const name of ['api', 'ingest', 'db']) {
      expect(await stack.stop(name), stack.containers.get(name)!.output).toBe(0);
    }
    expect(stack.containers.get('ingest')!.output).not.toContain('p@ss');
  });

  test('write nothing to their file systems', () => {
    expect(readdirSync(stack.workDirectory)).toEqual([]);
  });
});
