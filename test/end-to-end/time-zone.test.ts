import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { envOf, run } from '../support/cli.ts';
import { isoTime } from '../support/log-lines.ts';
import { randomNumbers, shuffle } from '../support/random-log.ts';
import { statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const ZONE = 'Europe/Berlin';
const MINUTE_MS = 60_000;

let directory: string;
let log: string;
let timesMs: number[];

/** A request a minute around both changes of the clocks of 2024, in random order. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-zone-'));
  log = join(directory, 'api.log');
  timesMs = ['2024-03-30', '2024-10-26'].flatMap((date) =>
    Array.from({ length: 3 * 24 * 60 }, (_, i) => Date.parse(date) + i * MINUTE_MS),
  );
  const lines = timesMs.map((timeMs) => `${isoTime(timeMs)} cust_1 /path 200 0.1`);
  writeFileSync(log, `${shuffle(lines, randomNumbers(7)).join('\n')}\n`);
});

afterAll(() => rmSync(directory, { recursive: true }));

describe.each(STORE_KINDS)('in $name, days of a time zone', ({ createPlace }) => {
  let place: StorePlace;
  let env: Record<string, string>;

  beforeEach(async () => {
    place = await createPlace();
    env = { ...envOf(place.location), TIME_ZONE: ZONE };
  });
  afterEach(() => place.dispose());

  const ingest = (...flags: string[]) => run(['ingest', log, ...flags], { env });

  it('have all their requests, on days of 23 and 25 hours, too', async () => {
    expect(await ingest()).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run(['stats', 'cust_1', '--from', '2024-01-01', '--json'], { env });
    const days = JSON.parse(stdout) as { date: string; success_requests: number }[];
    const byDate = Map.groupBy(timesMs, (timeMs) =>
      Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(ZONE).toPlainDate().toString(),
    );
    const expected = [...byDate].map(([date, { length }]) => [date, length]);
    expect(days.map(({ date, success_requests }) => [date, success_requests])).toEqual(expected);
    expect(byDate.get('2024-03-31')).toHaveLength(23 * 60);
    expect(byDate.get('2024-10-27')).toHaveLength(25 * 60);
  });

  it('are those of the timestamps’ own zone, where they have no offset', async () => {
    const local = join(directory, 'local.log');
    const lines = timesMs.map((timeMs) => {
      const time = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(ZONE).toPlainDateTime();
      return `${time.toString({ smallestUnit: 'second' }).replace('T', ' ')} cust_1 /path 200 0.1`;
    });
    writeFileSync(local, `${lines.join('\n')}\n`);
    const result = await run(['ingest', local, '--log-time-zone', ZONE], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run(['stats', 'cust_1', '--from', '2024-01-01', '--json'], { env });
    const days = JSON.parse(stdout) as { date: string; success_requests: number }[];
    const requests = new Map(days.map(({ date, success_requests }) => [date, success_requests]));
    expect(requests.get('2024-03-31')).toBe(23 * 60);
    expect(requests.get('2024-10-27')).toBe(25 * 60);
  });

  it('are the same for batches of any size', async () => {
    await ingest();
    const whole = await statisticsRows(place);
    const other = await createPlace();
    try {
      await run(['ingest', log, '--batch-lines', '97', '--time-zone', ZONE], { env: envOf(other.location) });
      expect(await statisticsRows(other)).toEqual(whole);
    } finally {
      await other.dispose();
    }
  });

  it('are never mixed with those of another zone', async () => {
    await ingest();
    const rows = await statisticsRows(place);
    const refused = { code: 1, stderr: expect.stringContaining('TIME_ZONE_DIFFERS') };
    expect(await ingest('--time-zone', 'UTC')).toMatchObject(refused);
    expect(
      await run(['up', '--port', '0', '--logs-source-dir', directory, '--time-zone', 'UTC'], { env }),
    ).toMatchObject(refused);
    expect(await statisticsRows(place)).toEqual(rows);
    expect(await ingest('--json')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a time zone', () => {
  it('that does not exist is refused before anything is read', async () => {
    const dataDir = join(directory, 'data');
    const result = await run(['ingest', log, '--time-zone', 'Berlin', '--data-dir', dataDir]);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean Europe/Berlin?') });
  });
});
