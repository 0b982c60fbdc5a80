import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { add } from '../api/requests.ts';
import { run, start } from '../support/cli.ts';
import { queryOf } from '../support/stores.ts';
import { onTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const SAMPLE = join(import.meta.dirname, '../../logs/api_requests.log');
const line = (customer: string, duration = '0.316') =>
  `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 ${duration}`;

let directory: string;
let logs: string;
let env: Record<string, string>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-commands-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
});

afterEach(() => rmSync(directory, { recursive: true }));

async function ingest(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(['ingest', '--json', ...args], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function requestsOf(customer: string): Promise<number> {
  const { stdout } = await run(['stats', customer, '--from', '2024-01-01', '--json'], { env });
  const days = JSON.parse(stdout) as { success_requests: number; failed_requests: number }[];
  return days.reduce((sum, day) => sum + day.success_requests + day.failed_requests, 0);
}

describe('ingest', () => {
  it('reads nothing twice, and reads what was appended meanwhile', async () => {
    copyFileSync(SAMPLE, join(logs, 'api.log'));
    expect(await ingest()).toMatchObject({
      lines_read: 10_000,
      accepted: 10_000,
      rejected: 0,
      partitions: 1,
    });
    expect(await ingest()).toMatchObject({ lines_read: 0, partitions: 0 });
    appendFileSync(join(logs, 'api.log'), `${line('new')}\nbroken\n`);
    expect(await ingest()).toMatchObject({
      lines_read: 2,
      accepted: 1,
      rejected: 1,
      rejected_by_reason: { invalid_timestamp: 1 },
    });
    expect(await requestsOf('new')).toBe(1);
  });

  it('knows a file by its content: under another name, through a link or another path, and piped in', async () => {
    copyFileSync(SAMPLE, join(logs, 'api.log'));
    await ingest();
    renameSync(join(logs, 'api.log'), join(logs, 'old.log'));
    expect(await ingest(join(logs, 'old.log'))).toMatchObject({ lines_read: 0 });
    expect(await ingest(`${logs}/../logs`)).toMatchObject({ lines_read: 0 });
    const more = `${readFileSync(SAMPLE, 'utf8')}${line('piped')}\n`;
    const { stdout } = await run(['ingest', '-', '--json'], { env, input: more });
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 1, accepted: 1 });
  });

  it('counts a copy beside its original once, and says so', async () => {
    copyFileSync(SAMPLE, join(logs, 'a.log'));
    copyFileSync(SAMPLE, join(logs, 'b.log'));
    const { code, stdout, stderr } = await run(['ingest', '--json'], { env });
    expect(stderr).toContain('warning: SAME_CONTENT');
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 10_000 });
    expect(code).toBe(0);
  });

  it('recognises a short file when it has grown, and tells short files apart once they differ', async () => {
    writeFileSync(join(logs, 'a.log'), `${line('same')}\n`);
    writeFileSync(join(logs, 'b.log'), `${line('same')}\n${line('b')}\n`);
    const { stdout, stderr } = await run(['ingest', '--json'], { env });
    expect(stderr).toMatch(/a\.log holds what \S+b\.log holds, and nothing more/);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 2 });
    appendFileSync(join(logs, 'a.log'), `${line('a')}\n`);
    appendFileSync(join(logs, 'b.log'), `${line('b')}\n`);
    expect(await ingest()).toMatchObject({ lines_read: 3 });
    expect([await requestsOf('same'), await requestsOf('a'), await requestsOf('b')]).toEqual([2, 1, 2]);
  });

  it('takes a last line without a newline, and does not take it again when the newline comes', async () => {
    writeFileSync(join(logs, 'api.log'), `${line('a')}\n${line('b')}`);
    expect(await ingest()).toMatchObject({ lines_read: 2, accepted: 2 });
    expect(await ingest()).toMatchObject({ lines_read: 0 });
    appendFileSync(join(logs, 'api.log'), `\n${line('c')}\n`);
    expect(await ingest()).toMatchObject({ lines_read: 1, accepted: 1, rejected: 0 });
    expect([await requestsOf('a'), await requestsOf('b'), await requestsOf('c')]).toEqual([1, 1, 1]);
  });

  it('reads a file that was rewritten in place from its start, and says so', async () => {
    copyFileSync(SAMPLE, join(logs, 'api.log'));
    await ingest();
    const beginning = readFileSync(SAMPLE, 'utf8').split(/(?<=\n)/, 40);
    writeFileSync(join(logs, 'api.log'), `${beginning.join('')}${line('new')}\n`);
    const { code, stdout, stderr } = await run(['ingest', '--json'], { env });
    expect(stderr).toContain('warning: FILE_REWRITTEN');
    expect(stderr).toContain('api.log');
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 41 });
    expect(code).toBe(0);
    expect(await ingest()).toMatchObject({ lines_read: 0 });
    expect(await requestsOf('new')).toBe(1);
  });

  it('takes nothing of a copy that has not come as far as its original, and says so', async () => {
    copyFileSync(SAMPLE, join(logs, 'api.log'));
    await ingest();
    writeFileSync(join(logs, 'api.log'), `${line('new')}\n`);
    writeFileSync(join(logs, 'api.log.1'), readFileSync(SAMPLE).subarray(0, 5000));
    const { code, stdout, stderr } = await run(['ingest', '--json'], { env });
    expect(stderr).toMatch(
      /^daymark: COPY_BEHIND: \S+api\.log\.1 has 5000 bytes, .* Nothing of it is counted\.\n {2}All of its lines are counted already/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 1 });
    expect(code).toBe(0);
  });

  it('follows: reads what comes, also in new files, and leaves half a line alone until its end comes', async () => {
    writeFileSync(join(logs, 'a.log'), `${line('a')}\n`);
    const running = start(['ingest', '--follow', '--json'], { env });
    await running.says('following');
    appendFileSync(join(logs, 'a.log'), `${line('a')}\n${line('a', '0.3')}`);
    writeFileSync(join(logs, 'b.log'), `${line('b')}\n`);
    await until(async () => (await requestsOf('b')) === 1 && (await requestsOf('a')) === 2);
    appendFileSync(join(logs, 'a.log'), '16\n');
    await until(async () => (await requestsOf('a')) === 3);
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 4, accepted: 4, rejected: 0 });
  });
});

describe('two processes with the same standard input', () => {
  it('count each line once; the one whose lines the other has committed meanwhile ends and says what to do', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => line(`cust_${i % 20}`, `0.${100 + (i % 900)}`));
    const all = `${lines.join('\n')}\n`;
    const [first, rest] = [`${lines.slice(0, 20_000).join('\n')}\n`, `${lines.slice(20_000).join('\n')}\n`];
    const slow = start(['ingest', '-', '--batch-lines', '15000'], {
      env,
      input: new Promise<string>(() => undefined),
    });
    slow.process.stdin?.write(first);
    await until(async () => (await requestsOf('cust_1').catch(() => 0)) > 0);
    const fast = await run(['ingest', '-', '--batch-lines', '1000', '--json'], { env, input: first });
    expect(fast.code).toBe(0);
    // These are the lines that the slow process holds in memory: its second batch is not full.
    expect(JSON.parse(fast.stdout).lines_read).toBeGreaterThan(0);
    slow.process.stdin?.end(rest);
    expect(await slow.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Pipe it in again') });
    expect(await run(['ingest', '-'], { env, input: all })).toMatchObject({ code: 0 });
    const sum = 'select sum(success_requests + failed_requests) as requests from daily_stats';
    expect(await queryOf(env.DATA_DIR)(sum)).toMatchObject([{ requests: 60_000 }]);
  });

  it('is not followed', async () => {
    expect(await run(['ingest', '-', '--follow'], { env, input: '' })).toMatchObject({ code: 2 });
  });
});

describe('up', () => {
  it('serves the sample log, follows it, and ends when it is told to', async () => {
    copyFileSync(SAMPLE, join(logs, 'api.log'));
    const running = start(['up'], { env });
    const [, url] = /look at (http:\S+)\//.exec(await running.says('look at')) ?? [];
    const answer = await fetch(`${url}/customers/cust_1/stats?from=2024-09-03`);
    const days = (await answer.json()) as Record<string, unknown>[];
    expect(days.map((day) => day.date)).toEqual(days.map((day) => day.date).sort());
    expect(Object.keys(days[0] ?? {}).slice(0, 8)).toEqual([
      'customer_id',
      'date',
      'success_requests',
      'failed_requests',
      'duration_mean',
      'duration_p50',
      'duration_p99',
      'uptime_percentage',
    ]);
    appendFileSync(join(logs, 'api.log'), `${line('late riser')}\n${line('new')}\n`);
    await until(
      async () =>
        ((await (await fetch(`${url}/customers/new/stats?from=2024-09-03`)).json()) as unknown[]).length ===
        1,
    );
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });
});

describe('check', () => {
  it('says what would be read and rejected, and writes nothing', async () => {
    writeFileSync(join(logs, 'api.log'), `${line('a')}\n${line('a', '-1')}\nbroken\n`);
    const { code, stdout } = await run(['check'], { env, cwd: directory });
    expect(code).toBe(0);
    expect(stdout).toContain('3 lines: 1 would be accepted, 2 rejected');
    expect(stdout).toContain('1 × invalid_duration');
    expect(stdout).toContain('at byte 50, invalid_duration: 2024-10-02 05:10:46 a /api/v1/resource1 200 -1');
    expect((await run(['stats', 'a', '--from', '2024-01-01'], { env })).stderr).toContain('SCHEMA_MISSING');
  });

  it('fails for a file without a record, and shows why', async () => {
    writeFileSync(join(logs, 'api.log'), 'broken\n');
    const { code, stdout } = await run(['check', '--json'], { env });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).files).toMatchObject([
      { accepted: 0, rejected_by_reason: { invalid_timestamp: 1 } },
    ]);
  });
});

describe('stats', () => {
  it('prints a table, JSON and CSV of the same days', async () => {
    writeFileSync(join(logs, 'api.log'), `${line('a,"b"')}\n`);
    await ingest();
    const print = async (...flags: string[]) =>
      (await run(['stats', 'a,"b"', '--from', '2024-10-01', ...flags], { env })).stdout;
    expect(await print()).toContain(
      '2024-10-02        1       0  0.316000  0.316  0.316  100.0000   100.0000   open  2024-10-02T00:00:00.000Z         0        100.0000       0        1',
    );
    expect(JSON.parse(await print('--json'))).toMatchObject([
      { customer_id: 'a,"b"', date: '2024-10-02', duration_p50: 0.316 },
    ]);
    expect((await print('--csv')).split('\n')).toEqual([
      'customer_id,date,success_requests,failed_requests,duration_mean,duration_p50,duration_p99,uptime_percentage,success_percentage,state,state_since,revision,availability_percentage,error_requests,counted_requests,duration_precision',
      '"a,""b""",2024-10-02,1,0,0.316,0.316,0.316,100,100,open,2024-10-02T00:00:00.000Z,0,100,0,1,',
      '',
    ]);
    expect(JSON.parse(await print('--json', '--to', '2024-10-01'))).toEqual([]);
  });

  it('says to how many digits the percentiles are exact, where they are not', async () => {
    const duration = (i: number) => ((100_001 + 7 * i) / 1e6).toFixed(6);
    const many = Array.from({ length: 20_000 }, (_, i) => line('a', duration(i)));
    writeFileSync(join(logs, 'api.log'), `${many.join('\n')}\n${line('b', '11.388001')}\n`);
    await ingest();
    const print = async (customer: string, ...flags: string[]) =>
      (await run(['stats', customer, '--from', '2024-10-01', ...flags], { env })).stdout;
    // The 10,000th is 0.169994 s, the 19,800th 0.238594 s.
    expect(JSON.parse(await print('a', '--json'))).toMatchObject([
      { duration_p50: 0.16999, duration_p99: 0.23859, duration_precision: 5 },
    ]);
    expect(await print('a')).toMatch(/counted +digits\n.* 5$/m);
    expect(JSON.parse(await print('b', '--json'))).toMatchObject([
      { duration_p50: 11.388001, duration_p99: 11.388001, duration_precision: null },
    ]);
    expect(await print('b')).not.toContain('digits');
  });

  it('shows the availability by the statuses that the settings name', async () => {
    const store = await openSqliteStore({ dataDir: env.DATA_DIR });
    await store.migrate();
    const statuses = [0, 200, 200, 301, 404, 429, 500];
    await add(store, 'a', { '2024-10-02': statuses.map((status) => ({ status, durationUs: 1000 })) });
    await store.close();
    const print = async (settings: Record<string, string>) => {
      const args = ['stats', 'a', '--from', '2024-10-01', '--json'];
      const [day] = JSON.parse((await run(args, { env: { ...env, ...settings } })).stdout);
      return [day.error_requests, day.counted_requests, day.availability_percentage];
    };
    expect(await print({})).toEqual([2, 7, 500 / 7]);
    expect(await print({ FAILED_STATUSES: '429, 500-599' })).toEqual([2, 7, 500 / 7]);
    expect(await print({ IGNORED_STATUSES: '0,300-499' })).toEqual([1, 3, 200 / 3]);
    expect(await print({ IGNORED_STATUSES: '0-599' })).toEqual([0, 0, null]);
    const table = await run(['stats', 'a', '--from', '2024-10-01'], {
      env: { ...env, IGNORED_STATUSES: '0-599' },
    });
    expect(table.stdout).toMatch(/availability % +errors +counted\n.* - +0 +0\n/);
  });

  it.each([
    ['FAILED_STATUSES', '5xx'],
    ['IGNORED_STATUSES', '499,'],
  ])('refuses %s=%s, which is no list of statuses', async (name, value) => {
    const { code, stderr } = await run(['stats', 'a', '--from', '2024-10-01'], {
      env: { ...env, [name]: value },
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain('INVALID_SETTING');
    expect(stderr).toContain(`${name} in the environment`);
  });

  it('leaves open what a day without durations does not say', async () => {
    const store = await openSqliteStore({ dataDir: env.DATA_DIR });
    await store.migrate();
    await add(store, 'a', { '2024-10-02': [{ status: 200, durationUs: -1 }] });
    await store.close();
    const print = async (...flags: string[]) =>
      (await run(['stats', 'a', '--from', '2024-10-01', ...flags], { env })).stdout;
    expect(await print()).toMatch(
      /^2024-10-02 +1 +0 +- +- +- +- +100\.0000 +open +2024-10-02T00:00:00\.000Z +0 +100\.0000 +0 +1$/m,
    );
    expect(JSON.parse(await print('--json'))).toMatchObject([
      { duration_mean: null, duration_p50: null, duration_p99: null, uptime_percentage: null },
    ]);
    expect((await print('--csv')).split('\n')[1]).toBe(
      'a,2024-10-02,1,0,,,,,100,open,2024-10-02T00:00:00.000Z,0,100,0,1,',
    );
  });
});

describe('the program', () => {
  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect((await run(['--version'])).stdout).toBe(`${version}\n`);
  });

  it('generates the same log for the same arguments', async () => {
    const args = [
      'generate',
      '--lines',
      '10000',
      '--seed',
      '42',
      '--customers',
      '50',
      '--days',
      '30',
      '--until',
      '2024-10-03',
    ];
    expect((await run(args)).stdout).toBe(readFileSync(SAMPLE, 'utf8'));
  });
});

describe('generate', () => {
  it('shows on a terminal how far it is, unless the log itself goes there', async () => {
    const file = join(directory, 'new.log');
    expect(await onTerminal(['generate', file, '--lines', '20000'], env)).toContain('lines/s');
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(20_001);
    expect(await onTerminal(['generate', '--lines', '20000'], env)).not.toContain('lines/s');
    expect((await run(['generate', join(directory, 'other.log')])).stderr).toBe('');
  });
});
