import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, envOf, run } from '../support/cli.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const line = (user: string, path: string, agent = 'curl/8.5.0') =>
  `192.0.2.9 - ${user} [02/Oct/2024:05:10:46 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "${agent}"\n`;
const LOG = [
  line('-', '/health'),
  line('cust_1', '/a'),
  line('cust_1', '/b', 'kube-probe/1.29'),
  line('-', '/c'),
  'broken\n',
  line('cust_2', '/health?x=1'),
].join('');
const RULES = { EXCLUDE: 'path=/health agent=kube-probe/*' };

describe.each(STORE_KINDS)('requests that do not count, read into $name', (kind) => {
  let directory: string;
  let log: string;
  let place: StorePlace;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-excluding-'));
    log = join(directory, 'access.log');
    place = await kind.createPlace();
    writeFileSync(log, LOG);
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  const command = (args: string[], env: Record<string, string>): Promise<CliResult> =>
    run(args, { env: { ...envOf(place.location), LOG_FORMAT: 'combined', ...env } });
  const ingest = (env: Record<string, string>) => command(['ingest', '--json', log], env);
  const rows = async () =>
    (await statisticsRows(place)).map(({ customer_id, success_requests }) => [
      customer_id,
      Number(success_requests),
    ]);

  it('are a column of the ledger, beside accepted and rejected lines', async () => {
    const { stdout, stderr } = await ingest(RULES);
    const counts = { accepted: 1, rejected: 2, dropped: 0, excluded: 3 };
    expect({ ...JSON.parse(stdout), stderr }).toMatchObject({ lines_read: 6, ...counts, stderr: '' });
    expect(await rows()).toEqual([['cust_1', 1]]);
    expect(await ledger(place)).toMatchObject({ lines: 6, ...counts });
    const { sources, total } = JSON.parse((await command(['sources', '--json'], {})).stdout);
    expect(sources).toMatchObject([{ lines: 6, ...counts }]);
    expect(total).toMatchObject({ lines: 6, ...counts });
    expect((await command(['sources'], {})).stdout).toMatch(/\bexcluded\b/);
    appendFileSync(log, line('-', '/health'));
    await ingest(RULES);
    expect(await ledger(place)).toMatchObject({ lines: 7, ...counts, excluded: 4 });
  });

  it('are what the settings of the run say, and a rebuild applies other ones to the past', async () => {
    await ingest({});
    expect(await rows()).toEqual([
      ['cust_1', 2],
      ['cust_2', 1],
    ]);
    const again = await ingest(RULES);
    expect(again.stderr).toContain('SETTINGS_CHANGED');
    expect(again.stderr).toContain(`EXCLUDE was not set and is \`${RULES.EXCLUDE}\``);
    expect((await command(['rebuild', '--json', log], RULES)).code).toBe(0);
    expect(await rows()).toEqual([['cust_1', 1]]);
    expect(await ledger(place)).toMatchObject({ lines: 6, accepted: 1, rejected: 2, excluded: 3 });
    // The same rules in other words.
    expect((await ingest({ EXCLUDE: 'path="/health"   agent=kube-probe/*' })).stderr).toBe('');
    expect((await ingest({ ...RULES, INCLUDE: 'path=/a' })).stderr).toContain('INCLUDE was not set');
  });

  it('may be all of them, and then a warning names the settings', async () => {
    writeFileSync(log, line('cust_1', '/a'));
    const { code, stdout, stderr } = await ingest({ INCLUDE: 'path=/apis/*' });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 0, excluded: 1 });
    expect(stderr).toContain('NOTHING_ACCEPTED: No line was accepted: 1 line');
    expect(code).toBe(1);
  });
});

describe('rules that leave out a whole log', () => {
  it('are applied to what was read before', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-probes-'));
    const env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: join(directory, 'logs') };
    mkdirSync(env.LOGS_SOURCE_DIR);
    const logOf = (customer: string, path: string) =>
      Array.from({ length: 50 }, (_, i) => `2024-10-02 05:10:01 ${customer} ${path}/${i} 200 0.1\n`).join('');
    writeFileSync(join(env.LOGS_SOURCE_DIR, 'app.log'), logOf('acme', '/o'));
    writeFileSync(join(env.LOGS_SOURCE_DIR, 'health.log'), logOf('probe', '/health'));
    await run(['ingest'], { env });
    const { code, stderr } = await run(['rebuild'], { env: { ...env, EXCLUDE: 'path=/health/*' } });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { stdout } = await run(['stats', 'probe', '--from', '2024-10-01', '--json'], { env });
    expect(JSON.parse(stdout)).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});

describe('rules for a log', () => {
  let directory: string;
  let log: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-rules-'));
    log = join(directory, 'access.log');
    writeFileSync(log, LOG);
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('are refused at the start if the format has no field for them', async () => {
    const env = { DATA_DIR: join(directory, 'data') };
    const { code, stderr } = await run(['ingest', log], { env: { ...env, EXCLUDE: 'agent=kube-probe/*' } });
    expect(code).toBe(2);
    expect(stderr).toContain('EXCLUDE, character 1 (`agent=kube-probe/*`)');
    expect(stderr).toContain('It has: path, status.');
  });

  it('are shown by check, each with the lines that it leaves out', async () => {
    const env = { EXCLUDE: 'path=/health agent=kube-probe/*', INCLUDE: 'path=/a path=/c' };
    const { stdout } = await run(['check', log], { env });
    expect(stdout).toContain('EXCLUDE path=/health leaves out 2 of the first 6 lines');
    expect(stdout).toContain('EXCLUDE agent=kube-probe/* leaves out 1 of the first 6 lines');
    expect(stdout).toContain('INCLUDE leaves out 3 of the first 6 lines');
    expect(stdout).toContain('6 lines: 1 would be accepted, 2 rejected, 3 excluded');
    const { files } = JSON.parse((await run(['check', '--json', log], { env })).stdout);
    expect(files).toMatchObject([{ excluded: 3, excluded_by_rule: [{ excluded: 2, lines: 6 }, {}, {}] }]);
  });
});
