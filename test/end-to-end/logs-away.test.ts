/** Logs that cannot be read for a while, for reasons that the system really gives. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { FollowedLogs } from '../support/followed-logs.ts';
import { until } from '../support/until.ts';

/** Reading it from its start gives EIO. */
const UNREADABLE = '/proc/self/mem';
/** Another file of the same kind. */
const UNREADABLE_TOO = '/proc/thread-self/mem';
const PRLIMIT = '/usr/bin/prlimit';
const LINE = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';
const ANY_LINK = { FOLLOW_SYMLINKS: 'all' };

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.runIf(existsSync(UNREADABLE))('a log that the disk does not give', () => {
  let directory: string;
  let logs: string;
  let env: Record<string, string>;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-away-'));
    logs = mkdtempSync(join(directory, 'logs-'));
    env = { DATA_DIR: join(directory, 'data'), ...ANY_LINK };
    writeFileSync(join(logs, 'good.log'), LINE);
    symlinkSync(UNREADABLE, join(logs, 'bad.log'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const sources = async () => JSON.parse((await run(['sources', '--json'], { env })).stdout).total.lines;

  it('ends a run with exit code 1 when it was waited for long enough; the others count', async () => {
    const result = await run(['ingest', logs], { env: { ...env, SOURCE_RETRY_SECONDS: '1' } });
    expect(result.code).toBe(1);
    expect(countOf(result.stderr, 'next try')).toBe(1);
    expect(result.stderr).toMatch(/warning: SOURCE_UNAVAILABLE: .* cannot be read: EIO/);
    expect(await sources()).toBe(1);
  });

  it('is given up though another one that was away is gone', async () => {
    const gone = join(logs, 'gone.log');
    symlinkSync(UNREADABLE_TOO, gone);
    const running = start(['ingest', logs], { env: { ...env, SOURCE_RETRY_SECONDS: '3' } });
    const { pid } = running.process;
    await Promise.all([running.says(`/proc/${pid}/mem cannot be`), running.says(`/proc/${pid}/task`)]);
    unlinkSync(gone);
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`warning: SOURCE_UNAVAILABLE: /proc/${pid}/mem cannot be read: EIO`);
    expect(await sources()).toBe(1);
  });

  it.each([
    ['in a directory', false],
    ['that is named', true],
  ])(
    '%s stops a rebuild, also one that may leave out what is missing; its lines stay',
    async (_, isNamed) => {
      const bad = join(logs, 'bad.log');
      unlinkSync(bad);
      writeFileSync(bad, LINE.replace('cust_40', 'cust_41').repeat(2));
      await run(['ingest', logs], { env });
      unlinkSync(bad);
      symlinkSync(UNREADABLE, bad);
      const paths = isNamed ? [join(logs, 'good.log'), bad] : [logs];
      const { code, stderr } = await run(['rebuild', '--without-missing', ...paths], { env });
      expect(code).toBe(1);
      expect(countOf(stderr, 'SOURCE_UNAVAILABLE')).toBe(1);
      expect(stderr).toContain('/mem cannot be read: EIO');
      expect(stderr).toContain('Nothing was changed. Start the rebuild again');
      expect(stderr).not.toContain('by itself');
      const left = await run(['rebuild', '--without-missing', '--json', join(logs, 'good.log')], { env });
      expect(JSON.parse(left.stdout).missing).toMatchObject([{ name: bad, accepted: 2 }]);
    },
  );

  it('that is named ends a run with exit code 1, and leaves no database behind', async () => {
    const result = await run(['ingest', join(logs, 'bad.log')], {
      env: { ...env, SOURCE_RETRY_SECONDS: '0' },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/SOURCE_UNAVAILABLE/);
    expect(existsSync(join(directory, 'data', 'daymark.db'))).toBe(false);
  });

  it.each([['in a directory'], ['that is named']])(
    '%s is read by the same run when it is back',
    async (where) => {
      const bad = join(logs, 'bad.log');
      const running = start(['ingest', where === 'that is named' ? bad : logs], { env });
      await running.says('next try');
      unlinkSync(bad);
      writeFileSync(bad, LINE.replace('cust_40', 'cust_41').repeat(2));
      const { code, stderr } = await running.ended;
      expect(stderr).toMatch(/bad\.log can be read again after/);
      expect(code).toBe(0);
      expect(await sources()).toBe(where === 'that is named' ? 2 : 3);
    },
  );
});

describe('a run that follows', () => {
  let logs: FollowedLogs;

  beforeEach(async () => {
    logs = await FollowedLogs.open({ env: ANY_LINK });
  });
  afterEach(() => logs.close());

  it.runIf(existsSync(UNREADABLE))(
    'reads the others while a log is away, says so once, and again when it is back',
    async () => {
      symlinkSync(UNREADABLE, logs.path('bad.log'));
      logs.write('good.log', 3);
      await logs.follow();
      logs.write('good.log', 3);
      await logs.looked(4);
      await logs.untilCounted();
      expect(countOf(logs.follower.said, 'SOURCE_UNAVAILABLE')).toBe(1);
      unlinkSync(logs.path('bad.log'));
      logs.write('bad.log', 2);
      await logs.untilCounted();
      await until(() => countOf(logs.follower.said, 'bad.log can be read again') === 1);
    },
  );

  it.runIf(existsSync(PRLIMIT))('goes on when it may open files again', async () => {
    logs.write('a.log', 30);
    await logs.follow();
    const { pid } = logs.follower;
    // What is open stays open, and nothing else can be opened.
    execFileSync(PRLIMIT, [`--pid=${pid}`, '--nofile=3:']);
    logs.write('a.log', 5);
    logs.write('b.log', 5);
    await until(() => logs.follower.said.includes('EMFILE'));
    expect(logs.follower.said).toMatch(/SOURCE_UNAVAILABLE/);
    execFileSync(PRLIMIT, [`--pid=${pid}`, `--nofile=${1024}:`]);
    await logs.expectCountedOnce();
    await until(() => logs.follower.said.includes('can be read again'));
    expect(readdirSync(logs.directory)).toContain('b.log');
  });
});
