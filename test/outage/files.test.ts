/** The built program and logs that cannot be read for a while. */

import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { queryOf } from '../support/stores.ts';

const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;

let directory: string;
let logs: string;
let running: RunningCli;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  chmodSync(directory, 0o755);
  logs = join(directory, 'logs');
  mkdirSync(logs);
  mkdirSync(join(directory, 'data'));
  if (IS_ROOT) chownSync(join(directory, 'data'), NOBODY, NOBODY);
  expect((await run(['generate', join(logs, 'a.log'), '--lines', '1000'])).code).toBe(0);
  expect((await run(['generate', join(directory, 'b.log'), '--lines', '500', '--seed', '2'])).code).toBe(0);
  expect((await run(['generate', join(directory, 'c.log'), '--lines', '300', '--seed', '3'])).code).toBe(0);
  const env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs };
  running = start(['ingest', '--follow', '--json'], { env, ...(IS_ROOT && { uid: NOBODY }) });
  await running.says('following');
});

afterEach(() => {
  running.process.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Waits until all is read, and ends the run. @returns how often it told a code. */
async function toldWhileReading(lines: number, code: string): Promise<number> {
  const query = queryOf(join(directory, 'data'));
  await eventually(async () => (await ledger({ query })).lines).toBe(lines);
  await windowRows({ query });
  running.process.kill('SIGTERM');
  return (await running.ended).stderr.split(code).length - 1;
}

/** Waits until standard error has said something so many times. */
async function saysTimes(text: string, times: number): Promise<void> {
  await eventually(async () => (await running.says('')).split(text).length - 1).toBe(times);
}

it('a directory that vanishes is told, each time that it does, and read on when it is back', async () => {
  const away = join(directory, 'away');
  for (const [times, name] of ['b.log', 'c.log'].entries()) {
    renameSync(logs, away);
    await saysTimes('PATH_NOT_FOUND', times + 1);
    cpSync(join(directory, name), join(away, name));
    renameSync(away, logs);
    await lookedAgain();
  }
  expect(await toldWhileReading(1800, 'PATH_NOT_FOUND')).toBe(2);
});

it.runIf(IS_ROOT)(
  'permissions that are taken away are told, each time, and what came meanwhile is read',
  async () => {
    for (const [times, name] of ['b.log', 'c.log'].entries()) {
      chmodSync(logs, 0o700);
      await saysTimes('PATH_UNREADABLE', times + 1);
      cpSync(join(directory, name), join(logs, name));
      chmodSync(logs, 0o755);
      await lookedAgain();
    }
    expect(await toldWhileReading(1800, 'PATH_UNREADABLE')).toBe(2);
  },
);

let strangers = 0;

/** Waits until the directory was looked at once more: it tells a file that is not a log. */
async function lookedAgain(): Promise<void> {
  const name = `not-a-log-${strangers++}.log`;
  writeFileSync(join(logs, name), `\0${name}\n`);
  await running.says(name);
}
