import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { PROJECT_DIR, readComposeFile } from './compose-file.ts';
import type { Container } from './container.ts';
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
  let days: Day[] = [];
  await until(async () => {
    days = await daysOf();
    expect(requestsOf(days), 'nothing is counted twice').toBeLessThanOrEqual(requests);
    return requestsOf(days) === requests;
  });
  return days;
}

const hasPrometheus = ['prometheus', 'wget'].every((name) => spawnSync(name, ['--version']).status === 0);

/** What its API answers with: on targets, on rules, on a query. */
interface PrometheusData {
  readonly activeTargets: readonly { readonly health: string }[];
  readonly groups: readonly { readonly name: string }[];
  readonly result: readonly unknown[];
}

/** What it printed on standard output with `--json`, which what it told is mixed with. */
function jsonOf({ output }: Container): Record<string, unknown> {
  return JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? output);
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
    await stack.waitForHealth('ingest');
    await stack.waitForHealth('api');
  });

  test('use the database as a user that is no superuser', async () => {
    const { DATABASE_URL, PGPASSWORD } = stack.runOnce('ingest', ['--version']).options.env;
    const urlAs = (user: string) =>
      DATABASE_URL!.replace(/\/\/\w+@/, `//${user}:${encodeURIComponent(PGPASSWORD!)}@`);
    const client = new pg.Client(urlAs('daymark_service'));
    await client.connect();
    const { rows } = await client.query(
      'select usename, usesuper, usecreatedb from pg_user where usename = current_user',
    );
    await client.end();
    expect(rows).toEqual([{ usename: 'daymark_service', usesuper: false, usecreatedb: false }]);
    // The superuser has no password: nobody gets in as it but in the container of the database.
    const superuser = new pg.Client(urlAs('daymark'));
    await expect(superuser.connect()).rejects.toThrow('password authentication failed');
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

  test('rebuild, with the same logs the same days', async () => {
    const before = await daysOf();
    const rebuilt = stack.runOnce('ingest', ['rebuild', '--json']);
    expect(await rebuilt.exitCode, rebuilt.output).toBe(0);
    expect(jsonOf(rebuilt).rows).toMatchObject({ changed: 0, added: 0, removed: 0 });
    expect(await daysOf()).toEqual(before);
  });

  test.skipIf(!hasPrometheus)('are watched by Prometheus, with the profile `observe`', async () => {
    await stack.start('prometheus');
    await stack.waitForHealth('prometheus');
    const ask = async (path: string) => {
      const answer = await fetch(stack.prometheusUrl + path);
      return ((await answer.json()) as { data: PrometheusData }).data;
    };
    await until(async () => {
      const { activeTargets } = await ask('/api/v1/targets');
      return activeTargets.length === 2 && activeTargets.every(({ health }) => health === 'up');
    });
    const { groups } = await ask('/api/v1/rules?type=alert');
    expect(groups.map(({ name }) => name)).toContain('daymark');
    // Of ingest, which has them alone, and of the store, which the API has.
    for (const metric of ['daymark_lines_total', 'daymark_store_up'])
      await until(async () => (await ask(`/api/v1/query?query=${metric}`)).result.length > 0);
    expect(await stack.stop('prometheus')).toBe(0);
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

test('a database that is older than its user is used on, after the script that makes the user', async () => {
  const old = new Stack(readComposeFile({ POSTGRES_PASSWORD: 'p@ss/w%rd #1' }), { hasOldDatabase: true });
  try {
    await old.upToDatabase();
    // The tables of an earlier daymark are the superuser's.
    expect(await old.runOnceAs('migrate', 'daymark').exitCode).toBe(0);
    old.runInitScripts();
    old.runInitScripts();
    expect(await old.runOnce('migrate', ['migrate']).exitCode).toBe(0);
    const ingested = old.runOnce('ingest', ['ingest', '--json']);
    expect(await ingested.exitCode, ingested.output).toBe(0);
    expect(jsonOf(ingested).lines_read).toBe(log.trimEnd().split('\n').length);
  } finally {
    await old.kill();
  }
});
