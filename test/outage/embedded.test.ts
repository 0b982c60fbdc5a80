/** The built program and an embedded store whose disk or directory goes wrong. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run, start } from '../support/cli.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { queryOf } from '../support/stores.ts';

const LINES = 20_000;
const MIB = 1024 * 1024;

let directory: string;
let logs: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  expect((await run(['generate', join(logs, 'a.log'), '--lines', String(LINES)])).code).toBe(0);
});

afterEach(() => {
  spawnSync('umount', [join(directory, 'small')]);
  rmSync(directory, { recursive: true });
});

/** All that is stored in a data directory. */
async function storedIn(dataDir: string) {
  const query = queryOf(dataDir);
  const [{ integrity_check: integrity } = {}] = await query('pragma integrity_check');
  return { integrity, rows: await statisticsRows({ query }), ledger: await ledger({ query }) };
}

async function undisturbed() {
  const dataDir = join(directory, 'undisturbed');
  expect((await run(['ingest', logs], { env: { DATA_DIR: dataDir } })).code).toBe(0);
  return storedIn(dataDir);
}

/** A file system of 8 MiB; undefined where this user may not mount one. */
function mountSmall(): string | undefined {
  const place = join(directory, 'small');
  mkdirSync(place);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place]);
  return status === 0 ? place : undefined;
}

test('where the disk is full it waits, and goes on when there is room; nothing is broken, nothing counted twice', async (context) => {
  const dataDir = mountSmall();
  if (dataDir === undefined) return context.skip('it may not mount a small file system here');
  const filler = join(dataDir, 'filler');
  writeFileSync(filler, Buffer.alloc(8 * MIB - 300 * 1024));
  const env = { DATA_DIR: dataDir, LOGS_SOURCE_DIR: logs };
  const running = start(['ingest', '--follow', '--batch-lines', '2000'], { env });
  await running.says('STORE_UNWRITABLE');
  rmSync(filler);
  await running.says('the database is back');
  await running.says(`read so far: ${LINES.toLocaleString('en')} lines`);
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  const stored = await storedIn(dataDir);
  expect(stored).toEqual(await undisturbed());
  expect(stored.integrity).toBe('ok');
});

test('where the data directory is moved away it waits, and goes on when it is back', async () => {
  const dataDir = join(directory, 'data');
  const env = { DATA_DIR: dataDir, LOGS_SOURCE_DIR: logs };
  const running = start(['ingest', '--follow'], { env });
  await running.says('following');
  renameSync(dataDir, join(directory, 'elsewhere'));
  expect((await run(['generate', join(logs, 'b.log'), '--seed', '2'])).code).toBe(0);
  await running.says('STORE_UNWRITABLE');
  renameSync(join(directory, 'elsewhere'), dataDir);
  await running.says('the database is back');
  const lines = async () => (await ledger({ query: queryOf(dataDir) })).lines;
  await expect.poll(lines, { timeout: 30_000 }).toBe(LINES + 10_000);
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(await storedIn(dataDir)).toEqual(await undisturbed());
});
