import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { queryOf } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

let directory: string;
let logs: string;
let log: string;
let env: Record<string, string>;
let running: RunningCli | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-living-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  log = join(logs, 'app.log');
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
});

afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.ended;
  running = undefined;
  rmSync(directory, { recursive: true });
});

let lines = 0;

/** Lines of a customer, each another one. */
const linesOf = (customer: string, count: number): string =>
  Array.from(
    { length: count },
    () =>
      `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 0.${String(++lines % 1e6).padStart(6, '0')}\n`,
  ).join('');

async function up(...flags: string[]): Promise<void> {
  running = start(['up', ...flags], { env });
  await running.says('look at');
}

/** @returns what it said. */
async function stop(): Promise<string> {
  running?.process.kill('SIGTERM');
  const { code, stderr } = (await running?.ended) ?? { code: 0, stderr: '' };
  running = undefined;
  expect(code).toBe(0);
  return stderr;
}

/** Past the program: it is asked many times while it is waited for. */
async function requestsOf(customer: string): Promise<number> {
  const sum = 'select sum(success_requests) as requests from daily_stats where customer_id = $1';
  const [row] = await queryOf(env.DATA_DIR ?? '')(sum, [customer]);
  return Number(row?.requests ?? 0);
}

/** Waits for requests that will come, and sees that no more do; the test's own bound ends the waiting. */
async function expectRequests(customer: string, requests: number): Promise<void> {
  await until(async () => (await requestsOf(customer)) >= requests);
  expect(await requestsOf(customer)).toBe(requests);
}

/** As logrotate does, with `compress` and `delaycompress`. */
function rotate(): void {
  for (let i = 9; i >= 2; i--) {
    const from = join(logs, `app.log.${i}.gz`);
    if (existsSync(from)) renameSync(from, join(logs, `app.log.${i + 1}.gz`));
  }
  const first = join(logs, 'app.log.1');
  if (existsSync(first)) {
    writeFileSync(join(logs, 'app.log.2.gz'), gzipSync(readFileSync(first)));
    rmSync(first);
  }
  renameSync(log, first);
}

describe('a log that is rotated five times, the old ones compressed,', () => {
  it('counts each line once while `up` runs', async () => {
    writeFileSync(log, linesOf('a', 100));
    await up();
    let written = 100;
    for (let rotation = 0; rotation < 5; rotation++) {
      appendFileSync(log, linesOf('a', 50));
      rotate();
      // Its writer has not heard of it yet.
      appendFileSync(join(logs, 'app.log.1'), linesOf('a', 7));
      writeFileSync(log, linesOf('a', 30));
      written += 87;
      if (rotation % 2 === 0) await expectRequests('a', written);
    }
    await expectRequests('a', written);
    expect(await stop()).not.toContain('warning');
    expect((await run(['ingest'], { env })).code).toBe(0);
    expect(await requestsOf('a')).toBe(written);
  });

  it('counts each line once where `up` is stopped meanwhile', async () => {
    writeFileSync(log, linesOf('a', 100));
    let written = 100;
    for (let rotation = 0; rotation < 5; rotation++) {
      await up();
      await expectRequests('a', written);
      await stop();
      appendFileSync(log, linesOf('a', 50));
      rotate();
      writeFileSync(log, linesOf('a', 30));
      written += 80;
    }
    await up();
    await expectRequests('a', written);
    expect(await stop()).not.toContain('warning');
  });
});

describe('a log that is followed', () => {
  it('is read to its end, its last line too, when it is renamed out of reach', async () => {
    writeFileSync(log, linesOf('a', 10));
    await up();
    appendFileSync(log, linesOf('a', 10));
    renameSync(log, join(directory, 'away'));
    appendFileSync(join(directory, 'away'), `${linesOf('a', 10)}${linesOf('last', 1).trimEnd()}`);
    writeFileSync(log, linesOf('b', 5));
    await expectRequests('b', 5);
    await expectRequests('a', 30);
    await expectRequests('last', 1);
    expect(await stop()).not.toContain('warning');
  });

  it('is read to its end when it is deleted', async () => {
    writeFileSync(log, linesOf('a', 10));
    await up();
    appendFileSync(log, linesOf('a', 10));
    rmSync(log);
    await expectRequests('a', 20);
  });

  it('is read anew, with a warning, when it is truncated in place', async () => {
    const header = linesOf('same', 30);
    writeFileSync(log, header + linesOf('a', 10));
    await up();
    await expectRequests('a', 10);
    truncateSync(log);
    appendFileSync(log, header + linesOf('b', 1));
    await expectRequests('b', 1);
    expect(await requestsOf('same')).toBe(60);
    expect(await stop()).toMatch(/warning: FILE_REWRITTEN: \S+app\.log /);
  });

  it('gives its last line when it was quiet for as long as LAST_LINE_WAIT_SECONDS says', async () => {
    writeFileSync(log, linesOf('a', 1).trimEnd());
    await up('--last-line-wait-seconds', '1');
    await expectRequests('a', 1);
    appendFileSync(log, ` more\n${linesOf('a', 1)}`);
    await expectRequests('a', 2);
    expect(await stop()).toContain('1 rejected');
  });
});
