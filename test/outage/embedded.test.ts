/** The built program and an embedded store whose disk or directory goes wrong. */

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { FEW_WINDOWS } from '../support/few-windows.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { queryOf } from '../support/stores.ts';
import { until } from '../support/until.ts';

const LINES = 20_000;
const MIB = 1024 * 1024;
/** Has room for the database of the test, and as much again for what SQLite writes ahead. */
const DISK_MIB = 24;

let directory: string;
let logs: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  expect((await run(['generate', join(logs, 'a.log'), '--lines', String(LINES), ...FEW_WINDOWS])).code).toBe(
    0,
  );
});

afterEach(() => {
  spawnSync('umount', [join(directory, 'small')]);
  rmSync(directory, { recursive: true });
});

/** All that is stored in a data directory. */
async function storedIn(dataDir: string) {
  const query = queryOf(dataDir);
  const [{ integrity_check: integrity } = {}] = await query('pragma integrity_check');
  return { integrity, rows: await windowRows({ query }), ledger: await ledger({ query }) };
}

async function undisturbed() {
  const dataDir = join(directory, 'undisturbed');
  expect((await run(['ingest', logs], { env: { DATA_DIR: dataDir } })).code).toBe(0);
  return storedIn(dataDir);
}

test('where the disk is full it waits, and goes on when there is room; nothing is broken, nothing counted twice', async (context) => {
  const dataDir = mountSmallDisk(join(directory, 'small'), DISK_MIB)?.path;
  if (dataDir === undefined) return context.skip('it may not mount a small file system here');
  const filler = join(dataDir, 'filler');
  writeFileSync(filler, Buffer.alloc(DISK_MIB * MIB - 300 * 1024));
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
  await eventually(lines).toBe(LINES + 10_000);
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(await storedIn(dataDir)).toEqual(await undisturbed());
});

const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;
const LINE = '2024-10-02 05:10:46 cust_new /api/v1/resource1 200 0.316\n';

/** The ways in which a store cannot be written for a while. @returns what mends it; undefined where it cannot be done here. */
const READ_ONLY: Readonly<Record<string, (dataDir: string) => (() => void) | undefined>> = {
  'their file system': (dataDir) => {
    const away = `${dataDir}-away`;
    renameSync(dataDir, away);
    const disk = mountSmallDisk(dataDir, 16);
    spawnSync('cp', ['-a', `${away}/.`, dataDir]);
    if (IS_ROOT) chownSync(dataDir, NOBODY, NOBODY);
    disk?.setReadOnly(true);
    return disk && (() => disk.setReadOnly(false));
  },
  'their permissions': (dataDir) => {
    const files = readdirSync(dataDir).map((name) => join(dataDir, name));
    for (const file of files) chmodSync(file, 0o444);
    chmodSync(dataDir, 0o555);
    return () => {
      for (const file of files) chmodSync(file, 0o644);
      chmodSync(dataDir, 0o755);
    };
  },
  'the permissions of the shared memory alone': (dataDir) => {
    const file = join(dataDir, 'daymark.db-shm');
    chmodSync(file, 0o444);
    return () => chmodSync(file, 0o644);
  },
};

describe.each(['up', 'ingest --follow', 'serve'])('%s', (command) => {
  test.for(Object.entries(READ_ONLY))(
    'started after a kill, while $0 let nobody write, it goes on when they do',
    async ([, forbid], context) => {
      const dataDir = join(directory, 'data');
      mkdirSync(dataDir);
      chmodSync(directory, 0o755);
      // Permissions do not stop root.
      if (IS_ROOT) chownSync(dataDir, NOBODY, NOBODY);
      const options = {
        env: { DATA_DIR: dataDir, LOGS_SOURCE_DIR: logs, PORT: '0' },
        ...(IS_ROOT && { uid: NOBODY }),
      };
      const killed = start(['up'], options);
      await killed.says('following');
      killed.process.kill('SIGKILL');
      await killed.ended;
      const allow = forbid(dataDir);
      if (!allow) return context.skip('no file system may be mounted here');
      try {
        appendFileSync(join(logs, 'a.log'), LINE);
        const running = start(command.split(' '), options);
        if (command !== 'serve') await running.says('STORE_UNWRITABLE');
        allow();
        const lines = async () => (await ledger({ query: queryOf(dataDir) })).lines;
        // `serve` reads what is there, and what another process writes then.
        if (command === 'serve') expect((await run(['ingest'], options)).code).toBe(0);
        await until(async () => (await lines()) === LINES + 1, {
          assertPossible: () => expect(running.process.exitCode, running.said()).toBeNull(),
          describe: running.said,
        });
        if (command !== 'ingest --follow') {
          const url = /(?:on|at) (http:\/\/[\d.:]+)/.exec(await running.says('serving'))?.[1];
          const answer = async () =>
            (await fetch(`${url}/customers/cust_new/stats?from=2024-10-02`)).json().catch(String);
          await eventually(answer).toMatchObject([{ success_requests: 1 }]);
          await eventually(async () => (await fetch(`${url}/health/ready`)).status).toBe(200);
        }
        running.process.kill('SIGTERM');
        expect((await running.ended).code).toBe(0);
      } finally {
        spawnSync('umount', ['-l', dataDir]);
      }
    },
  );
});
