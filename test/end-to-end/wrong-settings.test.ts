import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, envOf, run, start } from '../support/cli.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const line = (i: number, customer = '-') =>
  `192.0.2.${i % 250} - ${customer} [02/Oct/2024:05:10:46 +0000] "GET /customers/c${i % 3}/x HTTP/1.1" 200 5 "-" "k${i % 2}"\n`;
const LINES = 1500;
const LOG = Array.from({ length: LINES }, (_, i) => line(i)).join('');

describe.each(STORE_KINDS)('ingest into $name with settings that are not those of the log', (kind) => {
  let directory: string;
  let log: string;
  let place: StorePlace;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "daymark-it's wrong-"));
    log = join(directory, 'access.log');
    place = await kind.createPlace();
    writeFileSync(log, LOG);
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  const ingest = (env: Record<string, string>, ...args: string[]): Promise<CliResult> =>
    run(['ingest', '--json', ...args, log], { env: { ...envOf(place.location), ...env } });
  const rebuild = (env: Record<string, string>, ...args: string[]) =>
    run(['rebuild', '--json', ...args, log], { env: { ...envOf(place.location), ...env } });
  const customers = async () =>
    (await place.query('select distinct customer_id as id from daily_stats order by 1')).map(({ id }) => id);

  it('says that no line was accepted, why, and what to set, and exits 1', async () => {
    const { code, stderr, stdout } = await ingest({ LOG_FORMAT: 'combined' });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: LINES, accepted: 0, is_complete: true });
    expect(stderr).toContain(
      'warning: NOTHING_ACCEPTED: None of 1,500 lines was accepted: all of them are rejected as missing_customer_id',
    );
    expect(stderr).toContain('\n  Set CUSTOMER_ID to a place in the request path');
    expect(stderr).not.toContain(String.raw`\x0a`);
    expect(stderr).toContain(`daymark check '${log.replaceAll("'", "'\\''")}'`);
    expect(stderr).toContain('daymark ingest --again');
  });

  it('says to the next run that the log was read with other settings, and how it is mended', async () => {
    await ingest({ LOG_FORMAT: 'combined' });
    const right = { LOG_FORMAT: 'combined', CUSTOMER_ID: '/customers/{customer_id}' };
    const second = await ingest(right);
    expect(JSON.parse(second.stdout)).toMatchObject({ lines_read: 0 });
    expect(second.stderr).toContain('warning: SETTINGS_CHANGED');
    expect(second.stderr).toContain(`${log}: CUSTOMER_ID was not set and is \`/customers/{customer_id}\``);
    expect(second.stderr).toContain('daymark rebuild');
    expect(second.stderr).not.toContain('LOG_FORMAT was');
    expect(second.code).toBe(0);

    expect((await rebuild(right, '--dry-run')).code).toBe(0);
    expect((await ingest(right)).stderr).toContain('SETTINGS_CHANGED');
    expect((await rebuild(right)).code).toBe(0);
    expect(await customers()).toEqual(['c0', 'c1', 'c2']);
    expect(await ingest(right)).toMatchObject({ code: 0, stderr: '' });
    expect((await ingest({ LOG_FORMAT: 'combined' })).stderr).toContain('is not set');
  });

  it('refuses a rebuild that would empty a log of another format, which stood beside it', async () => {
    const other = join(directory, 'other.log');
    writeFileSync(other, '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n'.repeat(300));
    const env = envOf(place.location);
    expect(await run(['ingest', other], { env })).toMatchObject({ code: 0 });
    await ingest({ LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' });
    const { code, stderr } = await run(['rebuild', directory], {
      env: { ...env, LOG_FORMAT: 'combined', CUSTOMER_ID: '/customers/{customer_id}' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('NO_LINE_UNDERSTOOD');
    expect(stderr).toContain(`${other}: 300 lines before, none of 300 now`);
    expect(await customers()).toEqual(['cust_40', 'nobody']);
  });

  it('reads again what was read with other settings, and then what is new, with --again', async () => {
    await ingest({ LOG_FORMAT: 'combined' });
    writeFileSync(log, LOG + line(7).repeat(10));
    const right = { LOG_FORMAT: 'combined', CUSTOMER_ID: '/customers/{customer_id}' };
    const { code, stdout, stderr } = await ingest(right, '--again');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 10, accepted: 10, again: { rows: { added: 3 } } });
    expect(await customers()).toEqual(['c0', 'c1', 'c2']);
    expect(await ingest(right)).toMatchObject({ code: 0, stderr: '' });
    const sum = 'select sum(success_requests + failed_requests) as requests from daily_stats';
    expect(Number((await place.query(sum))[0]?.requests)).toBe(LINES + 10);
  });

  it('says that there are no new lines behind those that were read again', async () => {
    const env = { ...envOf(place.location), LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' };
    expect((await run(['ingest', log], { env })).stdout).toContain('lines read');
    const { code, stdout } = await run(['ingest', '--again', log], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^read again\ndays: 0 changed.*\n\nno new lines\n$/s);
  });

  it('reads all for the first time with --again where nothing was read yet', async () => {
    const { code, stdout } = await ingest(
      { LOG_FORMAT: 'combined', CUSTOMER_ID: '/customers/{customer_id}' },
      '--again',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: LINES, accepted: LINES });
  });

  it('changes nothing with --again where the settings understand none of the lines that counted', async () => {
    await ingest({ LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' });
    const { code, stderr } = await ingest({ LOG_FORMAT: 'default' }, '--again');
    expect(code).toBe(1);
    expect(stderr).toContain('MOSTLY_REJECTED');
    expect(await customers()).toEqual(['nobody']);
  });

  it('says that fewer than half of the lines were accepted, and exits 1', async () => {
    writeFileSync(log, line(1).repeat(6) + line(1, 'bob').repeat(4));
    const { code, stderr, stdout } = await ingest({ LOG_FORMAT: 'combined' });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 4, rejected: 6 });
    expect(stderr).toContain(
      'warning: FEW_ACCEPTED: Only 4 of 10 lines were accepted, 6 were rejected: all of them are rejected as missing_customer_id',
    );
  });

  it('is content with few accepted lines where MAX_REJECTED_PERCENT allows them', async () => {
    writeFileSync(log, line(1).repeat(6) + line(1, 'bob').repeat(4));
    const env = { LOG_FORMAT: 'combined', MAX_REJECTED_PERCENT: '60' };
    expect(await ingest(env)).toMatchObject({ code: 0, stderr: '' });
  });

  it('says so while it follows, once, and reads on', async () => {
    await ingest({ LOG_FORMAT: 'combined' });
    writeFileSync(log, LOG + line(1).repeat(10));
    const env = { ...envOf(place.location), LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' };
    const running = start(['ingest', '--follow', '--json', log], { env });
    await running.says('following');
    running.process.kill('SIGTERM');
    const { stderr, stdout } = await running.ended;
    expect(stderr.match(/SETTINGS_CHANGED/g)).toHaveLength(1);
    expect(stderr).toContain('MISSING_CUSTOMER_ID was not set and is `nobody`');
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 10, accepted: 10 });
  });

  it.each([
    [
      'the same format in other words',
      {
        LOG_FORMAT: String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" mine`,
      },
    ],
    ['another name of the same time zone', { LOG_FORMAT: 'combined', LOG_TIME_ZONE: 'Etc/UTC' }],
    [
      'how fast it is read',
      { LOG_FORMAT: 'combined', WORKERS: '2', BATCH_LINES: '1000', MAX_REJECTED_PERCENT: '10' },
    ],
    [
      'a bound that has refused nothing',
      {
        LOG_FORMAT: 'combined',
        MAX_EVENT_AGE: 'P36500D',
        RETENTION_DAYS: '36500',
        CONFIRM_RETENTION_DAYS: '36500',
        LATE_EVENTS: 'drop',
      },
    ],
  ])('says nothing about %s', async (_, env) => {
    writeFileSync(log, line(1, 'a').repeat(5));
    expect(await ingest({ LOG_FORMAT: 'combined' })).toMatchObject({ code: 0, stderr: '' });
    expect(await ingest(env)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [{ MAX_EVENT_AGE: 'P1D' }, 'event_too_old', 'MAX_EVENT_AGE was `86400` and is `max`'],
    [
      { RETENTION_DAYS: '1', CONFIRM_RETENTION_DAYS: '1' },
      'event_too_old',
      'RETENTION_DAYS was `1` and is `0`',
    ],
  ])('knows lines that were refused by %j', async (bound, reason, change) => {
    const settings = { LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' };
    const first = await ingest({ ...settings, ...bound });
    expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    expect((await ingest(settings)).stderr).toContain(change);
    expect((await rebuild(settings)).code).toBe(0);
    expect(await customers()).toEqual(['nobody']);
    expect(await ingest(settings)).toMatchObject({ code: 0, stderr: '' });
  });

  it('knows a log that was read with other settings after it was rotated, beside one of the new format', async () => {
    await ingest({ LOG_FORMAT: 'combined', MISSING_CUSTOMER_ID: 'nobody' });
    renameSync(log, `${log}.1`);
    writeFileSync(log, '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n');
    const { stderr, stdout } = await run(['ingest', '--json', directory], { env: envOf(place.location) });
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 1, accepted: 1 });
    expect(stderr.match(/access\.log[^:]*: LOG_FORMAT was `combined` and is `default`/g)).toHaveLength(1);
  });

  it('says of a rebuild, too, that no line was accepted', async () => {
    await ingest({ LOG_FORMAT: 'combined' });
    const { code, stderr } = await rebuild({
      LOG_FORMAT: 'combined',
      CUSTOMER_ID: '/accounts/{customer_id}',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('NOTHING_ACCEPTED');
  });

  it('is content with a run that reads nothing, and with a header alone', async () => {
    writeFileSync(log, '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n');
    expect((await ingest({})).code).toBe(0);
    expect(await ingest({})).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(log, 'at,who,status\n');
    const csv = { LOG_FORMAT: 'csv timestamp=at customer_id=who status=status' };
    expect((await ingest(csv)).code).toBe(0);
  });
});
