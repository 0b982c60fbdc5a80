import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const SAMPLE = join(ROOT, 'logs/api_requests.log');
const OWN_LINE = '2024-10-02 05:10:46 cust_1 /api/v1/resource1 200 0.5\n';

let checkout: string;

/** A directory that looks like a fresh checkout to the program: the sample log is in `logs`. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'daymark-start-'));
  mkdirSync(join(checkout, 'logs'));
  copyFileSync(SAMPLE, join(checkout, 'logs/api_requests.log'));
});

afterEach(() => rmSync(checkout, { recursive: true }));

/** Runs what `npm start` runs until it follows. @returns what it said. */
async function npmStart(args: readonly string[] = [], env: Record<string, string> = {}): Promise<string> {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [, script, ...given] = (scripts.start as string).split(' ');
  const child = spawn(process.execPath, [join(ROOT, script ?? ''), ...given, '--port', '0', ...args], {
    cwd: checkout,
    env: { PATH: process.env.PATH, MESSAGE_FORMAT: 'text', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ended = new Promise((resolve) => child.on('close', resolve));
  for await (const data of child.stderr) {
    said += data;
    if (said.includes('following')) break;
  }
  child.kill('SIGTERM');
  await ended;
  return said;
}

const stats = async (customer: string, env: Record<string, string> = {}) => {
  const args = ['stats', customer, '--from', '2024-09-03', '--json'];
  const { stdout } = await run(args, { cwd: checkout, env });
  return JSON.parse(stdout) as { date: string; success_requests: number }[];
};

const at = (path: string) => join(checkout, path);

describe('npm start', () => {
  it('keeps the sample in a store of its own, and a real log does not meet it', async () => {
    expect(await npmStart()).toContain('DATA_DIR=./data/sample');
    expect(existsSync(at('data/daymark.db'))).toBe(false);
    expect((await stats('cust_40', { DATA_DIR: './data/sample' })).length).toBeGreaterThan(20);

    writeFileSync(at('mine.log'), OWN_LINE);
    const own = await run(['ingest', 'mine.log'], { cwd: checkout, env: { TIME_ZONE: 'Europe/Berlin' } });
    expect(own).toMatchObject({ code: 0, stderr: '' });
    expect(await stats('cust_1')).toMatchObject([{ date: '2024-10-02', success_requests: 1 }]);
  });

  it.each([
    ['LOGS_SOURCE_DIR', [], { LOGS_SOURCE_DIR: './logs' }, 'data/daymark.db'],
    ['DATA_DIR', [], { DATA_DIR: './here' }, 'here/daymark.db'],
    ['--logs-source-dir', ['--logs-source-dir', './logs'], {}, 'data/daymark.db'],
    ['--data-dir=', ['--data-dir=./here'], {}, 'here/daymark.db'],
  ])('leaves the choice to who gives %s', async (_, args, env, store) => {
    expect(await npmStart(args, env as Record<string, string>)).not.toContain('sample');
    expect(existsSync(at(store))).toBe(true);
    expect(existsSync(at('data/sample'))).toBe(false);
  });
});

describe('a store that holds the sample from an earlier version', () => {
  it('is told of when a real log is read into it, once a run, and the log is read all the same', async () => {
    expect(await run(['ingest'], { cwd: checkout })).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(at('mine.log'), OWN_LINE);
    const own = await run(['ingest', '--json', 'mine.log'], { cwd: checkout });
    expect(own.code).toBe(0);
    expect(JSON.parse(own.stdout)).toMatchObject({ accepted: 1 });
    expect(own.stderr.match(/warning: SAMPLE_IN_STORE/g)).toHaveLength(1);
    expect(own.stderr).toContain('DATA_DIR');
    expect(own.stderr).toContain(at('mine.log'));
  });

  it('has another time zone with a way out', async () => {
    await run(['ingest'], { cwd: checkout });
    const { code, stderr } = await run(['ingest', 'logs'], {
      cwd: checkout,
      env: { TIME_ZONE: 'Europe/Berlin' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('TIME_ZONE_DIFFERS');
    expect(stderr).toContain('DATA_DIR');
  });
});
