import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { onTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;
/** Far from the days at which something happens when a test runs over midnight. */
const [OLD, RECENT] = [40, 5].map((days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10));
const KEEP = { RETENTION_DAYS: '20', CONFIRM_RETENTION_DAYS: '20' };

describe.each(STORE_KINDS)('RETENTION_DAYS, in $name', (kind) => {
  let place: StorePlace;
  let logs: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    place = await kind.createPlace();
    logs = mkdtempSync(join(tmpdir(), 'daymark-retention-'));
    mkdirSync(logs, { recursive: true });
    env = { ...envOf(place.location), LOGS_SOURCE_DIR: logs };
    const lines = [OLD, RECENT, '2001-01-01'].map((date) => `${date} 05:10:46 c /api 200 0.316\n`);
    writeFileSync(join(logs, 'a.log'), lines.join(''));
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(logs, { recursive: true });
  });

  const dates = async () =>
    (await place.query('select date from daily_stats order by date')).map(({ date }) => date);

  it('keeps all days where it is not set', async () => {
    expect((await run(['ingest'], { env })).code).toBe(0);
    expect(await dates()).toEqual(['2001-01-01', OLD, RECENT]);
  });

  it('deletes what is older, also where nothing is left to read', async () => {
    expect((await run(['ingest'], { env })).code).toBe(0);
    expect((await run(['ingest'], { env: { ...env, ...KEEP } })).code).toBe(0);
    expect(await dates()).toEqual([RECENT]);
  });

  it('leaves nothing of old days that a run has read itself', async () => {
    expect((await run(['ingest'], { env: { ...env, ...KEEP } })).code).toBe(0);
    expect(await dates()).toEqual([RECENT]);
  });

  it('deletes when following begins', async () => {
    expect((await run(['ingest'], { env })).code).toBe(0);
    const running = start(
      ['ingest', '--follow', '--retention-days', '20', '--confirm-retention-days', '20'],
      { env },
    );
    await running.says('following');
    await until(async () => (await dates()).length === 1);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(await dates()).toEqual([RECENT]);
  });

  it('says what it deletes: how many days and rows, and which', async () => {
    await run(['ingest'], { env });
    const { stderr } = await run(['ingest'], { env: { ...env, ...KEEP } });
    expect(stderr).toContain(`RETENTION_DAYS=20: deleting 2 days (2 rows), 2001-01-01 to ${OLD}`);
    expect((await run(['ingest'], { env: { ...env, ...KEEP } })).stderr).not.toContain('deleting');
  });

  it('deletes nothing before that is confirmed, says so, and reads on', async () => {
    await run(['ingest'], { env });
    appendFileSync(join(logs, 'a.log'), `${OLD} 05:10:46 d /api 200 0.316\n`);
    const { code, stdout, stderr } = await run(['ingest', '--json', '--retention-days', '20'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('RETENTION_UNCONFIRMED');
    expect(stderr).toContain(`2 days (2 rows), 2001-01-01 to ${OLD}`);
    expect(stderr).toContain('CONFIRM_RETENTION_DAYS=20');
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await dates()).toEqual(['2001-01-01', OLD, OLD, RECENT]);
  });

  it('says before there is anything to delete that it will not', async () => {
    writeFileSync(join(logs, 'a.log'), `${RECENT} 05:10:46 c /api 200 0.316\n`);
    const { code, stderr } = await run(['ingest', '--retention-days', '20'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('RETENTION_UNCONFIRMED');
    expect(stderr).toContain('No day is that old yet');
  });

  it('remembers for how many days it was confirmed: fewer days need it again', async () => {
    await run(['ingest'], { env });
    expect(
      (await run(['ingest', '--retention-days', '60', '--confirm-retention-days', '60'], { env })).code,
    ).toBe(0);
    expect(await dates()).toEqual([OLD, RECENT]);
    const again = await run(['ingest', '--retention-days', '60'], { env });
    expect(again.stderr).not.toContain('RETENTION_UNCONFIRMED');
    const fewer = await run(['ingest', '--retention-days', '20'], { env });
    expect(fewer.stderr).toContain('RETENTION_UNCONFIRMED');
    expect(await dates()).toEqual([OLD, RECENT]);
    await run(['ingest', '--retention-days', '90'], { env });
    const asBefore = await run(['ingest', '--retention-days', '60'], { env });
    expect(asBefore.stderr).toContain('RETENTION_UNCONFIRMED');
  });

  it('does not take the confirmation of more days for that of fewer', async () => {
    await run(['ingest'], { env });
    const few = ['--retention-days', '4', '--confirm-retention-days', '400'];
    const { stderr } = await run(['ingest', ...few], { env });
    expect(stderr).toContain('CONFIRM_RETENTION_DAYS is 400');
    expect(await dates()).toEqual(['2001-01-01', OLD, RECENT]);
  });

  it.each([
    ['y', [RECENT]],
    ['yes', [RECENT]],
    ['n', ['2001-01-01', OLD, RECENT]],
    ['', ['2001-01-01', OLD, RECENT]],
  ])('asks on a terminal before it deletes for the first time: %j', async (answer, left) => {
    await run(['ingest'], { env });
    const asked = await onTerminal(['ingest', '--retention-days', '20'], env, answer);
    expect(asked).toContain(`2 days (2 rows), 2001-01-01 to ${OLD}`);
    expect(asked).toContain('[y/N]');
    expect(await dates()).toEqual(left);
    if (left.length > 1) return;
    expect(await onTerminal(['ingest', '--retention-days', '20'], env, 'n')).not.toContain('[y/N]');
  });
});
