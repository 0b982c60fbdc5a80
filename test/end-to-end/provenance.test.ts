/** Where the numbers of a day come from, and what changed of final days, with the built program. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { localDate } from '../support/naive-spans.ts';
import { placesOfDays, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { until } from '../support/until.ts';

/** Its clocks are put back within the days of the logs. */
const ZONE = 'Europe/Berlin';
/** Long enough for several workers. */
const LINES = 620_000;

interface DayPlace {
  readonly name: string;
  readonly date: string;
  lines: number;
  readonly from_offset: number;
  to_offset: number;
}

let directory: string;
let logs: string;
let expected: DayPlace[];

/** What stands in a log: line by line, by a calendar. */
function placesIn(name: string, bytes: Buffer): DayPlace[] {
  const dates = new Map<string, string>();
  const days = new Map<string, DayPlace>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at) + 1;
    const hour = bytes.toString('latin1', at, at + 13).replace(' ', 'T');
    const isRecord = /^\d{4}-\d\d-\d\dT/.test(hour);
    const date = isRecord ? (dates.get(hour) ?? localDate(Date.parse(`${hour}:00:00Z`), ZONE)) : undefined;
    if (date !== undefined) {
      dates.set(hour, date);
      const day = days.get(date);
      if (day) Object.assign(day, { lines: day.lines + 1, to_offset: end });
      else days.set(date, { name, date, lines: 1, from_offset: at, to_offset: end });
    }
    at = end;
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-provenance-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  const path = join(logs, 'a.log');
  const options = ['--lines', String(LINES), '--days', '20', '--until', '2024-11-05'];
  expect((await run(['generate', path, ...options])).code).toBe(0);
  const line = (time: string) => `${time} cust_1 /api 200 0.100\n`;
  const packed = `${line('2024-10-26 21:59:59')}no line\n${line('2024-10-26 22:00:00')}${line('2024-10-27 23:00:00')}`;
  writeFileSync(join(logs, 'b.log.gz'), gzipSync(packed));
  expected = [...placesIn('a.log', readFileSync(path)), ...placesIn('b.log.gz', Buffer.from(packed))];
});

afterAll(() => rmSync(directory, { recursive: true }));

describe.each(STORE_KINDS)('With a $name store', ({ createPlace }) => {
  let places: StorePlace[] = [];
  afterEach(async () => {
    for (const place of places) await place.dispose();
    places = [];
  });

  async function newPlace() {
    const place = await createPlace();
    places.push(place);
    return { place, env: { ...envOf(place.location), TIME_ZONE: ZONE, ENDPOINTS: 'off' } };
  }

  async function found(place: StorePlace): Promise<unknown[]> {
    // Each request is a line of one log.
    await statisticsRows(place);
    return (await placesOfDays(place)).map(({ name, date, lines, from_offset, to_offset }) => ({
      ...{ name: basename(String(name)), date: String(date), lines: Number(lines) },
      ...{ from_offset: Number(from_offset), to_offset: Number(to_offset) },
    }));
  }

  it.each([
    ['--workers', '1'],
    ['--workers', '3'],
    ['--workers', '2', '--batch-lines', '100000'],
  ])('the lines of each day stand where anybody finds them (%s %s %s %s)', async (...flags) => {
    const { place, env } = await newPlace();
    expect(await run(['ingest', logs, ...flags.filter(Boolean)], { env })).toMatchObject({ code: 0 });
    expect(await found(place)).toEqual(expected);
  });

  it('they are the same after kills, and after a rebuild', async () => {
    const { place, env } = await newPlace();
    for (let kills = 0; kills < 3; kills++) {
      // It follows, so that it does not end before it is killed.
      const running = start(['ingest', '--follow', logs, '--batch-lines', '20000'], { env });
      const committed = async () =>
        Number((await place.query('select sum(lines) as lines from checkpoints'))[0].lines);
      const before = kills === 0 ? 0 : await committed();
      await until(async () => (await committed().catch(() => 0)) > before);
      running.process.kill('SIGKILL');
      expect((await running.ended).signal).toBe('SIGKILL');
    }
    expect((await run(['ingest', logs], { env })).code).toBe(0);
    expect(await found(place)).toEqual(expected);
    await place.query(
      `update partition_days set lines = lines + 1, from_offset = 1 where date < '2024-10-25'`,
    );
    expect(await run(['rebuild', logs], { env })).toMatchObject({ code: 0 });
    expect(await found(place)).toEqual(expected);
  });

  it('the terminal shows the logs of a day, and what late logs changed', async () => {
    const few = join(directory, `few-${places.length}-${Math.random()}`);
    mkdirSync(few);
    const line = (time: string, status = 200) => `${time} cust_1 /api ${status} 0.100\n`;
    writeFileSync(join(few, 'a.log'), line('2024-10-02 10:00:00') + line('2024-10-20 10:00:00'));
    const { env } = await newPlace();
    const settings = { ...env, WAIT_FOR_SYSTEM_DURATION: 'PT1H' };
    const ask = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(args, { env: settings });
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      return { stdout, stderr };
    };
    await ask('ingest', few);
    writeFileSync(join(few, 'late.log'), line('2024-10-02 11:00:00', 503) + line('2024-10-02 12:00:00', 500));
    await ask('ingest', few);
    const day = ['sources', '--date', '2024-10-02'];
    const { sources, ...head } = JSON.parse((await ask(...day, '--customer', 'cust_1', '--json')).stdout);
    expect(head).toEqual({
      customer_id: 'cust_1',
      date: '2024-10-02',
      requests: 3,
      lines: 3,
      unknown_lines: 0,
    });
    expect(sources.map(({ lines }: { lines: number }) => lines).sort()).toEqual([1, 2]);
    const shown = await ask(...day, '--customer', 'cust_1');
    expect(shown.stdout).toMatch(/late\.log +finished +2 +byte 0 +byte \d+/);
    expect(shown.stderr).toContain('3 lines of 2024-10-02 in 2 files; 3 of them are requests of cust_1');
    const [header] = (await ask(...day, '--csv')).stdout.split('\n');
    expect(header).toBe('id,name,state,fingerprint,lines,from_offset,from_at,to_offset,to_at,source_name');
    const range = ['history', 'cust_1', '--from', '2024-10-01', '--to', '2024-10-31'];
    const { changes } = JSON.parse((await ask(...range, '--json')).stdout);
    expect(changes).toMatchObject([
      {
        ...{ date: '2024-10-02', number: 1, change_count: 1, cause: 'late', source_count: 1 },
        before: { requests: 1, error_requests: 0, availability_percentage: 100 },
        after: { requests: 3, error_requests: 2, availability_percentage: 100 / 3 },
        sources: [{ name: join(few, 'late.log'), lines: 2, from_offset: 0 }],
      },
    ]);
    const history = await ask(...range);
    expect(history.stdout).toMatch(
      /2024-10-02 +1 of 1 +\S+ +late +1 → 3 +0 → 2 +0 → 2 +100\.0000 → 33\.3333/,
    );
    expect((await ask(...range, '--csv')).stdout.split('\n')).toHaveLength(3);
    for (const [args, code] of [
      [['sources', '--customer', 'cust_1'], 'WRONG_USAGE'],
      [['sources', '--customers-file', 'names.yaml'], 'WRONG_USAGE'],
      [[...day, '--customers-file', 'names.yaml'], 'WRONG_USAGE'],
      [[...day, '--json', '--csv'], 'WRONG_USAGE'],
      [['sources', '--date', '2024-02-30'], 'INVALID_SETTING'],
      [['history', 'nobody'], 'CUSTOMER_UNKNOWN'],
      [[...day, '--customer', 'nobody'], 'CUSTOMER_UNKNOWN'],
    ] as const) {
      const { stderr, code: exitCode } = await run(args, { env: settings });
      expect([args, exitCode]).not.toEqual([args, 0]);
      expect(stderr).toContain(code);
    }
  });
});
