/** The built program and a PostgreSQL that goes away in all the ways that databases do. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { FEW_WINDOWS } from '../support/few-windows.ts';
import { type Cluster, PASSWORD_ROLE, startCluster } from '../support/postgres-cluster.ts';
import { createDatabase, query, type TestDatabase } from '../support/postgres-database.ts';
import { randomNumbers } from '../support/random-log.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const IS_LONG = process.env.TEST_LONG !== undefined;
const LINES = 20_000;
const SEED = 5;
const CUTS = IS_LONG ? 200 : 25;
const CRASHES = IS_LONG ? 20 : 3;
/** Small batches, each a commit to be disturbed. */
const BATCH = ['--batch-lines', '200', '--json'];

const STATS = '/customers/cust_1/stats?from=2024-01-01';

let directory: string;
let log: string;
let expected: Awaited<ReturnType<typeof storedIn>>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  mkdirSync(join(directory, 'logs'));
  log = join(directory, 'logs', 'api.log');
  expect((await run(['generate', log, '--lines', String(LINES), ...FEW_WINDOWS])).code).toBe(0);
  const place = await createDatabase();
  expect((await run(['ingest', log], { env: { DATABASE_URL: place.url } })).code).toBe(0);
  expected = await storedIn(place);
  await place.drop();
});

afterAll(() => rmSync(directory, { recursive: true }));

async function storedIn(database: Pick<TestDatabase, 'query'>) {
  return { rows: await windowRows(database), ledger: await ledger(database) };
}

async function linesIn(database: TestDatabase): Promise<number> {
  return (await ledger(database).catch(() => ({ lines: 0 }))).lines;
}

/** A database that is thrown away after the test, and a proxy before it. */
async function proxied(): Promise<{ place: TestDatabase; proxy: TcpProxy; env: Record<string, string> }> {
  const place = await createDatabase();
  const proxy = await startProxy(place.url);
  onTestFinished(async () => {
    await proxy.close();
    await place.drop();
  });
  return { place, proxy, env: { DATABASE_URL: proxy.url } };
}

describe('ingest', () => {
  test(`stores everything once where the connection is cut at ${CUTS} random bytes`, async () => {
    const { place, proxy, env } = await proxied();
    const random = randomNumbers(SEED);
    const running = start(['ingest', log, ...BATCH], { env });
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    for (let cut = 0; cut < CUTS && !hasEnded; cut++) {
      proxy.cutAfter(1 + Math.floor(random() * 250_000));
      await until(() => proxy.cuts > cut || hasEnded);
    }
    expect(proxy.cuts).toBe(CUTS);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('STORE_UNREACHABLE')]);
    // Whatever became of each commit: what the run says is what is stored.
    expect(JSON.parse(stdout)).toMatchObject({
      lines_read: LINES,
      bytes: expected.ledger.bytes,
      is_complete: true,
    });
    expect(await storedIn(place)).toEqual(expected);
  });

  test('holds what it has of standard input, which cannot be read again', async () => {
    const { place, proxy, env } = await proxied();
    const running = start(['ingest', '-', ...BATCH], { env, input: readFileSync(log) });
    await until(() => proxy.bytes >= 200_000);
    await proxy.refuse(true);
    await running.says('waiting');
    await proxy.refuse(false);
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('the database is back')]);
    expect((await storedIn(place)).rows).toEqual(expected.rows);
  });

  test('gives up after STORE_RETRY_SECONDS, and the next run goes on from there', async () => {
    const { place, proxy, env } = await proxied();
    const running = start(['ingest', log, ...BATCH], { env: { ...env, STORE_RETRY_SECONDS: '1' } });
    await until(() => proxy.bytes >= 200_000);
    await proxy.refuse(true);
    expect(await running.ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('daymark: STORE_UNREACHABLE'),
    });
    await proxy.refuse(false);
    expect((await run(['ingest', log], { env })).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });

  test('stopped in an outage, it ends with a word about what is not stored', async () => {
    const { place, proxy, env } = await proxied();
    const running = start(['ingest', join(directory, 'logs'), '--follow', ...BATCH], { env });
    await until(() => proxy.bytes >= 200_000);
    await proxy.refuse(true);
    await running.says('waiting');
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('what was read since the last commit is not stored'),
    ]);
    await proxy.refuse(false);
    expect((await run(['ingest', log], { env })).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });

  test('stopped while nothing answers any more, it does not wait for an answer', async () => {
    const { place, proxy, env } = await proxied();
    const running = start(['ingest', join(directory, 'logs'), '--follow', ...BATCH], { env });
    await until(() => proxy.bytes >= 200_000);
    proxy.blackhole(true);
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('no answer for 5 seconds')]);
    proxy.blackhole(false);
    expect((await run(['ingest', log], { env })).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });

  test('waits through a silence, and loses nothing of what was on its way', async () => {
    const { place, proxy, env } = await proxied();
    const running = start(['ingest', log, ...BATCH], { env });
    for (let silence = 0; silence < 5; silence++) {
      const bytes = proxy.bytes;
      await until(() => proxy.bytes >= bytes + 100_000);
      proxy.blackhole(true);
      await delay(100);
      proxy.blackhole(false);
    }
    expect((await running.ended).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });

  test.runIf(IS_LONG)(
    'gives up a connection on which a commit gets no answer, and commits over another one',
    async () => {
      const { place, proxy, env } = await proxied();
      const running = start(['ingest', join(directory, 'logs'), '--follow', ...BATCH], { env });
      await until(() => proxy.bytes >= 200_000);
      proxy.blackhole(true);
      await running.says('no answer for 5 seconds, and no sign of one');
      proxy.cut();
      proxy.blackhole(false);
      await eventually(() => linesIn(place)).toBe(LINES);
      running.process.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
      expect(await storedIn(place)).toEqual(expected);
    },
  );

  test.runIf(IS_LONG)('with several workers it holds what they have scanned', async () => {
    const { place, proxy, env } = await proxied();
    const large = join(directory, 'large.log');
    expect((await run(['generate', large, '--lines', '1500000'])).code).toBe(0);
    const undisturbed = await createDatabase();
    onTestFinished(() => undisturbed.drop());
    expect((await run(['ingest', large], { env: { DATABASE_URL: undisturbed.url } })).code).toBe(0);
    const random = randomNumbers(SEED);
    const running = start(['ingest', large, '--workers', '2', '--batch-lines', '40000', '--json'], { env });
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    for (let cut = 0; cut < 20 && !hasEnded; cut++) {
      proxy.cutAfter(1 + Math.floor(random() * 4_000_000));
      await until(() => proxy.cuts > cut || hasEnded);
    }
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout).lines_read]).toEqual([0, 1_500_000]);
    expect(proxy.cuts).toBeGreaterThan(5);
    expect(await storedIn(place)).toEqual(await storedIn(undisturbed));
  });

  test('goes on where a database that was read-only is writable again', async () => {
    const { place, env } = await proxied();
    const name = new URL(place.url).pathname.slice(1);
    const server = inject('postgresUrl');
    const cutOthers = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    const running = start(['ingest', log, ...BATCH], { env });
    await eventually(() => linesIn(place)).toBeGreaterThan(0);
    await query(server, `alter database ${name} set default_transaction_read_only = on`);
    await query(server, cutOthers);
    await running.says('STORE_UNWRITABLE');
    await query(server, `alter database ${name} reset default_transaction_read_only`);
    await query(server, cutOthers);
    expect((await running.ended).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });

  test('waits for a connection where the role has none left', async () => {
    const { place, proxy } = await proxied();
    const name = new URL(place.url).pathname.slice(1);
    const role = `few_${name}`;
    await place.query(
      `create role ${role} login connection limit 0; alter database ${name} owner to ${role}`,
    );
    const url = new URL(proxy.url);
    url.username = role;
    const running = start(['ingest', log, ...BATCH], { env: { DATABASE_URL: url.href } });
    await running.says('too many connections');
    await place.query(`alter role ${role} connection limit 5`);
    expect((await running.ended).code).toBe(0);
    expect(await storedIn(place)).toEqual(expected);
  });
});

test('what does not pass by itself ends every command at once', async () => {
  const wrong = new URL(inject('postgresUrl'));
  [wrong.username, wrong.password] = [PASSWORD_ROLE.name, 'a wrong one'];
  const missing = new URL(inject('postgresUrl'));
  missing.pathname = '/no_such_database';
  for (const command of [['ingest', log], ['ingest', log, '--follow'], ['migrate'], ['serve'], ['up']]) {
    for (const bad of [wrong, missing]) {
      const env = { DATABASE_URL: bad.href, LOGS_SOURCE_DIR: join(directory, 'logs') };
      const { code, stderr } = await run(command, { env });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^daymark: STORE_REFUSED: PostgreSQL at/)]);
      expect(stderr).not.toContain('a wrong one');
    }
  }
});

describe('a server of its own', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    // A crash of a test server may lose commits that it has confirmed. This one may not.
    await query(cluster.url, 'alter system set synchronous_commit = on');
    await query(cluster.url, 'select pg_reload_conf()');
  });
  afterAll(() => cluster.stop());

  test(`ingest goes on where the server is stopped and started, and where it crashes ${CRASHES} times`, async () => {
    const env = { DATABASE_URL: cluster.url };
    const running = start(['ingest', log, ...BATCH], { env });
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    const random = randomNumbers(SEED);
    for (let crash = 0; crash <= CRASHES && !hasEnded; crash++) {
      await delay(random() * 300);
      cluster.shutDown(crash === 0 ? 'fast' : 'immediate');
      if (crash === 0) await running.says('waiting');
      cluster.startAgain();
    }
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('the database is back')]);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: LINES, is_complete: true });
    expect(await storedIn({ query: (...asked) => query(cluster.url, ...asked) })).toEqual(expected);
  });

  test('up answers 503 while the server is away or frozen, says so, and serves when it is back', async () => {
    const env = { DATABASE_URL: cluster.url, LOGS_SOURCE_DIR: join(directory, 'logs'), PORT: '0' };
    cluster.shutDown('fast');
    const running = start(['up'], { env });
    const said = await running.says('listening on http');
    const url = /listening on (http:\S+?);/.exec(said)?.[1] as string;
    const status = async (path: string) => (await fetch(url + path)).status;
    const all = () => Promise.all(['/health/live', '/health/ready', STATS].map(status));
    expect(await all()).toEqual([200, 503, 503]);
    cluster.startAgain();
    await eventually(all).toEqual([200, 200, 200]);
    const goOn = cluster.freeze();
    try {
      expect(await all()).toEqual([200, 503, 503]);
    } finally {
      goOn();
    }
    await eventually(all).toEqual([200, 200, 200]);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
