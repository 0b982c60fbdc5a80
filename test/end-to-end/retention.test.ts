import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const DAY_MS = 86_400_000;
/** Far from the days at which something happens when a test runs over midnight. */
const [OLD, RECENT] = [40, 5].map((days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10));
const KEEP = { RETENTION_DAYS: '20' };

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
    const running = start(['ingest', '--follow', '--retention-days', '20'], { env });
    await running.says('following');
    while ((await dates()).length > 1) await delay(50);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(await dates()).toEqual([RECENT]);
  });
});
