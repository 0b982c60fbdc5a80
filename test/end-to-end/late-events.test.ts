import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envOf, run } from '../support/cli.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const line = (time: string, customer = 'c') => `${time} ${customer} /path 200 0.1\n`;

/** What is written one after the other, each part read by a run of its own. */
const FIRST = [
  line('2024-10-01 10:00:00'),
  line('2024-10-02 00:30:00'),
  // In time: the watermark is half an hour before the end of the day.
  line('2024-10-01 23:59:00'),
  line('2024-10-02 01:00:00'),
  // The watermark is the end of the 1st.
  line('2024-10-01 12:00:00'),
  'no record\n',
];
const SECOND = [
  line('2024-10-02 15:00:00', 'd'),
  line('2024-10-01 23:00:00', 'd'),
  line('2024-10-01 22:00:00'),
  line('2024-10-03 02:00:00'),
  line('2024-10-02 03:00:00'),
];

interface Day {
  readonly date: string;
  readonly success_requests: number;
  readonly state: string;
  readonly state_since: string;
  readonly revision: number;
}

describe.each(STORE_KINDS)('with WAIT_FOR_SYSTEM_DURATION in $name', ({ createPlace }) => {
  let place: StorePlace;
  let directory: string;
  let log: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    place = await createPlace();
    directory = mkdtempSync(join(tmpdir(), 'daymark-late-'));
    log = join(directory, 'a.log');
    env = { ...envOf(place.location), WAIT_FOR_SYSTEM_DURATION: 'PT1H' };
  });
  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  const ingest = async (...flags: string[]) => {
    const result = await run(['ingest', directory, '--json', ...flags], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(result.stdout) as Record<string, unknown>;
  };
  const daysOf = async (customer: string) => {
    const { stdout } = await run(['stats', customer, '--from', '0001-01-01', '--json'], { env });
    return JSON.parse(stdout) as Day[];
  };
  const statesOf = async (customer: string) =>
    (await daysOf(customer)).map((day) => [day.date, day.success_requests, day.state, day.revision]);
  const ledger = () =>
    place.query('select lines, accepted, rejected, late, dropped, state, clock_ms from checkpoints');
  const comparable = (rows: Record<string, unknown>[]) =>
    rows.map((row) => ({ ...row, clock_ms: Number(row.clock_ms) }));

  it('late events are merged, and the days say so', async () => {
    writeFileSync(log, FIRST.join(''));
    expect(await ingest()).toMatchObject({ lines_read: 6, accepted: 5, rejected: 1, late: 1, dropped: 0 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 3, 'revised', 1],
      ['2024-10-02', 2, 'open', 0],
    ]);
    const [, open] = await daysOf('c');
    expect(open.state_since).toBe('2024-10-02T00:00:00.000Z');
    appendFileSync(log, SECOND.join(''));
    expect(await ingest()).toMatchObject({ lines_read: 5, accepted: 5, late: 3, dropped: 0 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 4, 'revised', 2],
      ['2024-10-02', 3, 'revised', 1],
      ['2024-10-03', 1, 'open', 0],
    ]);
    expect(await statesOf('d')).toEqual([
      ['2024-10-01', 1, 'revised', 1],
      ['2024-10-02', 1, 'final', 0],
    ]);
    expect(comparable(await ledger())).toEqual([
      {
        ...{ lines: 11, accepted: 10, rejected: 1, late: 4, dropped: 0, state: 'finished' },
        clock_ms: Date.parse('2024-10-03T02:00:00Z'),
      },
    ]);
  });

  it('late events are dropped where LATE_EVENTS says so, and are only in the ledger', async () => {
    env.LATE_EVENTS = 'drop';
    writeFileSync(log, [...FIRST, ...SECOND].join(''));
    expect(await ingest()).toMatchObject({ lines_read: 11, accepted: 6, rejected: 1, late: 4, dropped: 4 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 2, 'final', 0],
      ['2024-10-02', 2, 'final', 0],
      ['2024-10-03', 1, 'open', 0],
    ]);
    expect(await statesOf('d')).toEqual([['2024-10-02', 1, 'final', 0]]);
    expect(comparable(await ledger())).toMatchObject([
      { lines: 11, accepted: 6, rejected: 1, late: 4, dropped: 4 },
    ]);
  });

  it.each(['revise', 'drop'])(
    'a replay in other batches, stopped in between, gives the same: %s',
    async (policy) => {
      env.LATE_EVENTS = policy;
      const all = [...FIRST, ...SECOND];
      const outcome = async () => [await statesOf('c'), await statesOf('d'), comparable(await ledger())];
      writeFileSync(log, all.join(''));
      await ingest();
      const whole = await outcome();
      await place.dispose();
      for (const batchLines of ['1', '3']) {
        place = await createPlace();
        env = { ...env, ...envOf(place.location) };
        // What a run leaves behind that was stopped in the middle: it reads up to there, and the next one goes on.
        writeFileSync(log, all.slice(0, 7).join(''));
        await ingest('--batch-lines', batchLines);
        appendFileSync(log, all.slice(7).join(''));
        await ingest('--batch-lines', batchLines);
        const [c, d, rows] = await outcome();
        // A day that was final in between counts all that comes to it: here that is what is late.
        expect([c, d, rows]).toEqual(whole);
        await place.dispose();
      }
      place = await createPlace();
    },
  );

  it('days wait for every file of a run, and a file that comes later revises what is final', async () => {
    writeFileSync(log, [line('2024-10-01 10:00:00'), line('2024-10-05 10:00:00')].join(''));
    writeFileSync(
      join(directory, 'b.log'),
      [line('2024-10-02 10:00:00'), line('2024-10-01 10:00:00')].join(''),
    );
    // In batches of one line each, the first file is read to its end before the second one is begun.
    await ingest('--batch-lines', '1');
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 2, 'revised', 1],
      ['2024-10-02', 1, 'final', 0],
      ['2024-10-05', 1, 'open', 0],
    ]);
    const [, final] = await daysOf('c');
    writeFileSync(
      join(directory, 'c.log.gz'),
      gzipSync(line('2024-10-02 11:00:00') + line('2024-10-06 11:00:00')),
    );
    expect(await ingest()).toMatchObject({ late: 0 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 2, 'revised', 1],
      ['2024-10-02', 2, 'revised', 1],
      ['2024-10-05', 1, 'final', 0],
      ['2024-10-06', 1, 'open', 0],
    ]);
    const [, revised] = await daysOf('c');
    expect(Date.parse(revised.state_since)).toBeGreaterThan(Date.parse(final.state_since));
  });

  it('days wait for what comes behind the end of an earlier run, in every file', async () => {
    const b = join(directory, 'b.log');
    writeFileSync(log, line('2024-10-01 10:00:00'));
    writeFileSync(b, line('2024-10-01 11:00:00'));
    await ingest();
    appendFileSync(log, line('2024-10-01 12:00:00') + line('2024-10-05 10:00:00'));
    appendFileSync(b, line('2024-10-01 13:00:00') + line('2024-10-04 10:00:00'));
    expect(await ingest('--batch-lines', '1')).toMatchObject({ accepted: 4, late: 0 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 4, 'final', 0],
      ['2024-10-04', 1, 'final', 0],
      ['2024-10-05', 1, 'open', 0],
    ]);
  });

  it('a later run without it makes no day final, but revises those that are', async () => {
    writeFileSync(log, [line('2024-10-01 10:00:00'), line('2024-10-02 10:00:00')].join(''));
    await ingest();
    appendFileSync(log, [line('2024-10-01 11:00:00'), line('2024-10-03 11:00:00')].join(''));
    expect(await ingest('--wait-for-system-duration', 'max')).toMatchObject({ late: 0 });
    expect(await statesOf('c')).toEqual([
      ['2024-10-01', 2, 'revised', 1],
      ['2024-10-02', 1, 'open', 0],
      ['2024-10-03', 1, 'open', 0],
    ]);
    // The clock went on without it: a run with it begins where the event times are.
    appendFileSync(log, line('2024-10-02 11:00:00'));
    expect(await ingest()).toMatchObject({ late: 1 });
    expect((await statesOf('c'))[1]).toEqual(['2024-10-02', 2, 'revised', 1]);
  });

  it('one line of a wrong clock makes nothing late, unless MAX_EVENT_AHEAD lets it', async () => {
    const lines = [line('2024-10-01 10:00:00'), line('2099-01-01 00:00:00'), line('2024-10-01 11:00:00')];
    writeFileSync(log, lines.join(''));
    expect(await ingest()).toMatchObject({
      ...{ accepted: 2, rejected: 1, late: 0 },
      rejected_by_reason: { event_too_far_ahead: 1 },
    });
    expect(await statesOf('c')).toEqual([['2024-10-01', 2, 'open', 0]]);
    expect(await place.query('select line_offset, reason, excerpt from rejected_lines')).toEqual([
      { line_offset: lines[0].length, reason: 'event_too_far_ahead', excerpt: lines[1].trim() },
    ]);
    writeFileSync(join(directory, 'b.log'), lines.join('').replaceAll(' c ', ' d '));
    expect(await ingest('--max-event-ahead', 'max')).toMatchObject({ accepted: 3, rejected: 0, late: 1 });
    expect(await statesOf('d')).toEqual([
      ['2024-10-01', 2, 'revised', 1],
      ['2099-01-01', 1, 'open', 0],
    ]);
  });

  it('times before 1970 and of 1970 are times like others', async () => {
    writeFileSync(
      log,
      [
        '1969-12-31 23:59:59',
        '1970-01-01 00:59:59',
        '1969-12-31 01:00:00',
        '1970-01-01 01:00:00',
        '1969-12-31 02:00:00',
      ]
        .map((time) => line(time))
        .join(''),
    );
    expect(await ingest()).toMatchObject({ accepted: 5, late: 1 });
    expect(await statesOf('c')).toEqual([
      ['1969-12-31', 3, 'revised', 1],
      ['1970-01-01', 2, 'open', 0],
    ]);
    writeFileSync(
      join(directory, 'b.log'),
      line('1970-01-01 00:00:00', 'd') + line('2024-10-01 00:00:00', 'd'),
    );
    expect(await ingest('--max-event-age', 'P36500D')).toMatchObject({ accepted: 2, rejected: 0 });
  });

  it.each([
    // The days of both changes of the clocks: one of 23 hours and one of 25.
    ['2024-03-31 22:00:00', '2024-03-31 22:59:59', '2024-03-31 23:00:00'],
    ['2024-10-27 23:00:00', '2024-10-27 23:59:59', '2024-10-28 00:00:00'],
  ])('days are as long as they are in TIME_ZONE: the one of %s', async (end, before, at) => {
    env.TIME_ZONE = 'Europe/Berlin';
    const [inside, day] = [line(`${end.slice(0, 10)} 12:00:00`), end.slice(0, 10)];
    writeFileSync(log, inside + line(before) + inside);
    expect(await ingest()).toMatchObject({ late: 0 });
    expect((await daysOf('c'))[0]).toMatchObject({ date: day, state: 'open', revision: 0 });
    appendFileSync(log, line(at) + inside);
    expect(await ingest()).toMatchObject({ late: 1 });
    expect((await daysOf('c'))[0]).toMatchObject({ date: day, state: 'revised', revision: 1 });
    const [open] = (await daysOf('c')).filter(({ state }) => state === 'open');
    expect(new Date(open.state_since).getUTCHours()).toBe(day === '2024-03-31' ? 22 : 23);
  });
});

describe('check', () => {
  it('says what the bounds of event times would reject', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-check-bounds-'));
    const log = join(directory, 'a.log');
    writeFileSync(
      log,
      line('2024-10-01 10:00:00') + line('2099-01-01 00:00:00') + line('1970-01-01 00:00:00'),
    );
    const check = async (...flags: string[]) =>
      JSON.parse((await run(['check', log, '--json', ...flags])).stdout).files[0].rejected_by_reason;
    expect(await check()).toEqual({});
    expect(await check('--wait-for-system-duration', 'PT1H')).toEqual({ event_too_far_ahead: 1 });
    expect(await check('--max-event-age', 'P18000D')).toEqual({ event_too_old: 1 });
    rmSync(directory, { recursive: true });
  });
});
