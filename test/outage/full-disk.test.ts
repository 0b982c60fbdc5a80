/** The built program and a PostgreSQL whose disks are full. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { createDatabase, query } from '../support/postgres-database.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const LINES = 20_000;

let directory: string;
let dataDisk: SmallDisk | undefined;
let walDisk: SmallDisk | undefined;
let cluster: Cluster;
let logs: string;
let running: RunningCli | undefined;
let free: () => void;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-full-'));
  // The server runs as another user.
  chmodSync(directory, 0o755);
  dataDisk = mountSmallDisk(join(directory, 'data'), 96);
  walDisk = dataDisk && mountSmallDisk(join(directory, 'wal'), 24);
  if (!dataDisk || !walDisk) return;
  cluster = await startCluster({ data: dataDisk.path, writeAheadLog: walDisk.path });
  await query(cluster.url, 'alter system set max_wal_size = 8');
  await query(cluster.url, 'alter system set min_wal_size = 2');
  // Its sessions write the files that the session of the program is to find no room for.
  await query(cluster.url, 'alter system set autovacuum = off');
  await query(cluster.url, 'select pg_reload_conf()');
});
afterAll(() => {
  cluster?.stop();
  for (const disk of [dataDisk, walDisk]) disk?.unmount();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async (context) => {
  if (!dataDisk || !walDisk) return context.skip('no file system may be mounted here');
  free = () => undefined;
  logs = join(directory, `logs-${context.task.id}`);
  mkdirSync(logs);
  await query(cluster.url, 'drop schema public cascade');
  await query(cluster.url, 'create schema public');
  await query(cluster.url, 'checkpoint');
});
afterEach(async () => {
  free();
  running?.process.kill('SIGKILL');
  await running?.ended;
  if (cluster && !cluster.isRunning()) cluster.startAgain();
});

async function generateLog(name: string): Promise<void> {
  expect((await run(['generate', join(logs, name), '--lines', String(LINES)])).code).toBe(0);
}

function follow(): RunningCli {
  const env = { DATABASE_URL: cluster.url, LOGS_SOURCE_DIR: logs };
  running = start(['ingest', '--follow', '--batch-lines', '2000'], { env });
  return running;
}

/** Frees the space; as a supervisor does, starts a server that ended by itself. */
async function mend(): Promise<void> {
  free();
  if (!cluster.isRunning()) cluster.startAgain();
  const read = (...asked: [sql: string, parameters?: readonly unknown[]]) => query(cluster.url, ...asked);
  await eventually(async () => (await ledger({ query: read }).catch(() => ({ lines: 0 }))).lines).toBe(LINES);
  running?.process.kill('SIGTERM');
  const { code, stderr } = (await running?.ended) ?? {};
  expect([code, stderr]).toEqual([0, expect.stringContaining('the database is back')]);
  expect(await windowRows({ query: read })).toEqual(await undisturbed());
}

let rows: ReturnType<typeof windowRows> | undefined;

/** What one undisturbed run gives. Every test reads the same log. */
function undisturbed(): ReturnType<typeof windowRows> {
  rows ??= (async () => {
    const place = await createDatabase();
    expect((await run(['ingest', logs], { env: { DATABASE_URL: place.url } })).code).toBe(0);
    const found = await windowRows(place);
    await place.drop();
    return found;
  })();
  return rows;
}

test('where the tables have no room it waits, and goes on when they have', async () => {
  await generateLog('a.log');
  expect((await run(['migrate'], { env: { DATABASE_URL: cluster.url } })).code).toBe(0);
  free = dataDisk?.fill(64 * 1024) ?? free;
  await follow().says('No space left on device');
  await mend();
});

test('where the write-ahead log has no room it waits, and goes on when the server was started again', async () => {
  await generateLog('a.log');
  expect((await run(['migrate'], { env: { DATABASE_URL: cluster.url } })).code).toBe(0);
  free = walDisk?.fill() ?? free;
  // Uses up what room the log had set aside: the server crashes.
  const noise = `select count(pg_logical_emit_message(false, 'noise', repeat('x', 100000))) from generate_series(1, 1000)`;
  await expect(query(cluster.url, noise)).rejects.toThrow();
  await follow().says('waiting');
  await mend();
});

test('where no session can be opened for want of room it waits, and goes on when it can', async () => {
  expect((await run(['migrate'], { env: { DATABASE_URL: cluster.url } })).code).toBe(0);
  await follow().says('following');
  // It opens no session before the disk is full.
  running?.process.kill('SIGSTOP');
  // A new session writes these again; it needs them, and room for them.
  cluster.shutDown('fast');
  for (const path of readdirSync(cluster.data, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('pg_internal.init')) rmSync(join(cluster.data, path));
  cluster.startAgain();
  free = dataDisk?.fill() ?? free;
  await generateLog('a.log');
  running?.process.kill('SIGCONT');
  await running?.says('could not write init file');
  await mend();
});

test('started where no session can be opened, it waits as well', async () => {
  await generateLog('a.log');
  expect((await run(['migrate'], { env: { DATABASE_URL: cluster.url } })).code).toBe(0);
  cluster.shutDown('fast');
  for (const path of readdirSync(cluster.data, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('pg_internal.init')) rmSync(join(cluster.data, path));
  cluster.startAgain();
  free = dataDisk?.fill() ?? free;
  await follow().says('could not write init file');
  await mend();
});
