import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../api/support.ts';
import { envOf, run } from '../support/cli.ts';
import { copyDays, migrateTo } from '../support/old-store.ts';
import { siteOfEachTest } from '../support/site.ts';
import { SQLITE } from '../support/sqlite-place.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { digestOf } from '../support/table-digest.ts';

/** A hundred thousand rows; with TEST_LONG, more than a million. */
const { lines, customers, days } = process.env.TEST_LONG
  ? { lines: 3_000_000, customers: 40_000, days: 50 }
  : { lines: 60_000, customers: 2_000, days: 50 };
const LOG = ['--lines', lines, '--seed', 11, '--customers', customers, '--days', days].map(String);
const RANGE = 'from=2024-08-12&to=2024-09-30';
/** Of the days of one customer, and of what every number of the other kinds rests on. */
const DAYS = ['daily_stats', ['customer_id', 'date']] as const;
const OTHERS = [
  ['hourly_stats', ['customer_id', 'hour']],
  ['daily_endpoint_stats', ['customer_id', 'date', 'endpoint']],
] as const;
const QUESTIONS = [
  `/v1/customers/cust_7/stats?${RANGE}&granularity=hour`,
  `/v1/customers/cust_7/stats?${RANGE}&granularity=month`,
  `/v1/customers/cust_7/summary?${RANGE}&share_under=0.5`,
  `/v1/customers/cust_7/endpoints?${RANGE}`,
  `/v1/endpoints?from=2024-09-29&to=2024-09-30`,
  `/v1/customers?${RANGE}&sort=availability_percentage&limit=10`,
  `/v1/statuses?${RANGE}`,
];

const site = siteOfEachTest('upgrade');
let places: StorePlace[] = [];
afterEach(async () => {
  for (const place of places) await place.dispose();
  places = [];
});

async function placeOf(kind: (typeof STORE_KINDS)[number]): Promise<StorePlace> {
  const place = await kind.createPlace();
  places.push(place);
  return place;
}

async function done(args: readonly string[], place: StorePlace, env: Record<string, string> = {}) {
  const result = await run(args, { env: { ...envOf(place.location), LOGS_SOURCE_DIR: site.logs, ...env } });
  if (result.code !== 0) throw new Error(result.stderr);
}

/** The database of a daymark of days alone, with the same rows and ledgers. */
async function oldStore(kind: (typeof STORE_KINDS)[number]): Promise<StorePlace> {
  const days = await placeOf(SQLITE);
  await done(['ingest'], days, { HOURS: 'off', ENDPOINTS: 'off', ALL_CUSTOMERS: 'off' });
  const place = await placeOf(kind);
  await migrateTo(place.location, '0007-excluded-lines');
  if (days.location.kind === 'sqlite') await copyDays(days.location.dataDir, place.location);
  return place;
}

async function ask(place: StorePlace): Promise<(path: string) => Promise<Record<string, unknown>>> {
  const url = await serve({ store: await place.open() });
  return async (path) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
}

describe.each(STORE_KINDS)('A database of days alone in $name', (kind) => {
  it('is upgraded without a change to its days, says what it does not know, and learns it by a rebuild', async () => {
    const log = join(site.logs, 'api.log');
    await run(['generate', log, ...LOG, '--until', '2024-10-01'], {});
    const place = await oldStore(kind);
    const before = await digestOf(place, ...DAYS);
    expect(before.rows).toBeGreaterThan(lines / 2);

    await done(['migrate'], place);
    await done(['ingest'], place);
    expect(await digestOf(place, ...DAYS)).toEqual(before);

    const own = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes(' cust_7 ')).length;
    const unsure = await ask(place);
    expect(await unsure(QUESTIONS[0])).toMatchObject({ status: 422, code: 'HOURS_UNKNOWN' });
    expect(await unsure(`/v1/customers/cust_7/summary?${RANGE}`)).toMatchObject({
      ...{ requests: own, best_hour: null, worst_hour: null, everyone: null },
    });
    expect(await unsure(`/v1/customers/cust_7/endpoints?${RANGE}`)).toMatchObject({
      ...{ requests: own, unknown_requests: own, endpoints: [] },
    });
    expect(await unsure(`/v1/endpoints?${RANGE}`)).toMatchObject({
      ...{ requests: lines, unknown_requests: lines, endpoints: [] },
    });
    const ranking = `/v1/customers?${RANGE}&sort=requests&limit=1000&prefix=cust_7`;
    expect((await unsure(ranking)).customers).toContainEqual(
      expect.objectContaining({ customer_id: 'cust_7', requests: own }),
    );

    await done(['rebuild'], place);
    const fresh = await placeOf(kind);
    await done(['ingest'], fresh);
    expect(await digestOf(place, ...DAYS)).toEqual(before);
    for (const [table, key] of OTHERS)
      expect(await digestOf(place, table, key)).toEqual(await digestOf(fresh, table, key));
    const [known, expected] = [await ask(place), await ask(fresh)];
    for (const question of QUESTIONS) expect(await known(question)).toEqual(await expected(question));
    expect(await known(`/v1/endpoints?${RANGE}`)).toMatchObject({ requests: lines, unknown_requests: 0 });
  });
});
