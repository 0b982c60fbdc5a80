/** The built program follows a log while PostgreSQL goes away: one outage is told once, and ends when it ends. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { FEW_WINDOWS } from '../support/few-windows.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { query } from '../support/postgres-database.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const LINES = 1000;
const LINE = '2024-10-02 05:10:46 cust_new /api/v1/resource1 200 0.316\n';
/** Tries of an outage that are waited for: by then a false all-clear has shown many times. */
const TRIES = 3;
let cluster: Cluster;
let proxy: TcpProxy;
let directory: string;
let log: string;
let running: RunningCli;
let bringBack: () => void | Promise<void>;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  log = join(directory, 'logs', 'api.log');
  mkdirSync(join(directory, 'logs'));
  expect((await run(['generate', log, '--lines', String(LINES), ...FEW_WINDOWS])).code).toBe(0);
  await query(cluster.url, 'drop schema public cascade');
  await query(cluster.url, 'create schema public');
  proxy = await startProxy(cluster.url);
  bringBack = () => undefined;
});

afterEach(async () => {
  running.process.kill('SIGKILL');
  await running.ended;
  await bringBack();
  await proxy.close();
  rmSync(directory, { recursive: true });
});

/** The ways in which it goes away. Each gives what brings it back. */
const OUTAGES: Readonly<Record<string, () => () => void>> = {
  'is stopped': () => {
    cluster.shutDown('fast');
    return () => cluster.startAgain();
  },
  crashes: () => {
    cluster.shutDown('immediate');
    return () => cluster.startAgain();
  },
  'is frozen': () => cluster.freeze(),
  'is silent': () => {
    proxy.blackhole(true);
    return () => proxy.blackhole(false);
  },
  'is forgotten by a firewall': () => {
    proxy.swallow(true);
    return () => proxy.swallow(false);
  },
};

describe.each(['up', 'ingest --follow'])('%s', (command) => {
  /** Follows the log, and has read all of it. */
  const follow = async (url: string): Promise<void> => {
    const env = { DATABASE_URL: url, LOGS_SOURCE_DIR: join(directory, 'logs'), PORT: '0' };
    running = start(command.split(' '), { env });
    await running.says('following');
    await nothingAsked();
  };

  test.each(Object.entries(OUTAGES))(
    'tells one outage where the server %s, and reads on',
    async (_, begin) => {
      await follow(proxy.url);
      outage(begin());
      appendFileSync(log, LINE);
      const { connected } = proxy;
      await eventually(() => proxy.connected).toBeGreaterThan(connected + TRIES);
      if (command === 'up') expect(await readiness()).toMatchObject(WAITING);
      expect(toldOf(await running.says(''))).toEqual(['waiting']);
      await bringBack();
      await eventually(linesStored).toBe(LINES + 1);
      expect(toldOf(await running.says('the database is back'))).toEqual(['waiting', 'back']);
      if (command === 'up') await eventually(readiness).toEqual({ status: 'ready' });
      running.process.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
      await windowRows({ query: (...asked) => query(cluster.url, ...asked) });
    },
  );

  test('stopped in an outage, it does not say that the database is back', async () => {
    await follow(proxy.url);
    await proxy.refuse(true);
    outage(() => proxy.refuse(false));
    appendFileSync(log, LINE);
    await running.says('waiting');
    running.process.kill('SIGTERM');
    expect(toldOf((await running.ended).stderr)).toEqual(['waiting']);
  });
});

test('up names what it waits for from the first refused connection on', async () => {
  const env = { DATABASE_URL: proxy.url, LOGS_SOURCE_DIR: join(directory, 'logs'), PORT: '0' };
  running = start(['up'], { env });
  await running.says('following');
  await nothingAsked();
  await proxy.refuse(true);
  outage(() => proxy.refuse(false));
  appendFileSync(log, LINE);
  await running.says('waiting');
  const { waiting_since: since } = await readiness();
  expect(since).toEqual(expect.any(String));
  // It stays the same outage, however often it is asked for, and tried again meanwhile.
  const waitedMs = async () => {
    expect(await readiness()).toMatchObject({ ...WAITING, waiting_since: since });
    return Date.now() - Date.parse(String(since));
  };
  await eventually(waitedMs).toBeGreaterThan(3_000);
  await bringBack();
  await eventually(linesStored).toBe(LINES + 1);
  expect(toldOf(await running.says('the database is back'))).toEqual(['waiting', 'back']);
});

/** Waits until it asks the database nothing for a while: all is read, and only a change makes it ask again. */
async function nothingAsked(): Promise<void> {
  let bytes = -1;
  const asked = () => {
    const before = bytes;
    bytes = proxy.bytes;
    return bytes - before;
  };
  await eventually(asked, 500).toBe(0);
}

const WAITING = { code: 'STORE_UNREACHABLE', waiting_since: expect.any(String) };

/** It lasts until `bringBack` is called for the first time, which a test that fails leaves to its end. */
function outage(end: () => void | Promise<void>): void {
  bringBack = () => {
    bringBack = () => undefined;
    return end();
  };
}

/** What a run told of outages, in order. */
function toldOf(stderr: string): string[] {
  const told = stderr.matchAll(/^daymark: (?:(waiting)|the database is (back))/gm);
  return Array.from(told, ([, waiting, back]) => waiting ?? back ?? '');
}

/** What `/health/ready` answers. */
async function readiness(): Promise<Record<string, unknown>> {
  const url = /serving .* on (http:\S+)/.exec(await running.says('serving'))?.[1];
  return (await (await fetch(`${url}/health/ready`)).json()) as Record<string, unknown>;
}

async function linesStored(): Promise<number> {
  const read = (sql: string) => query(cluster.url, sql);
  return (await ledger({ query: read }).catch(() => ({ lines: 0 }))).lines;
}
