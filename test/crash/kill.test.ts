import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { randomNumbers } from '../support/random-log.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { until } from '../support/until.ts';

const SEED = 11;
const LINES = 1_500_000;
const KILLS = 25;
/** Those of runs with several workers. */
const FAST_KILLS = 5;
/** Small batches: a long read, with many commits to be killed in. */
const BATCH = ['--batch-lines', '2000'];
/** With several workers, the smallest batches that are not read by one alone. */
const WORKERS = ['--workers', '2', '--batch-lines', '40000'];
/** Most lines of a log in random order are late, and each that is dropped depends on all before it. */
const DROPPING = ['--wait-for-system-duration', 'PT1H', '--late-events', 'drop'];
const LONG_MS = 600_000;

let directory: string;
let logs: string;
let places: StorePlace[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-crash-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  for (const seed of ['1', '2', '3']) {
    const path = join(logs, `${seed}.log`);
    const { code } = await run(['generate', path, '--lines', String(LINES / 3), '--seed', seed]);
    expect(code).toBe(0);
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

afterEach(async () => {
  for (const place of places) await place.dispose();
  places = [];
});

describe.each(STORE_KINDS)('ingest into $name', (kind) => {
  async function placeOf(): Promise<{ place: StorePlace; env: Record<string, string> }> {
    const place = await kind.createPlace();
    places.push(place);
    return { place, env: envOf(place.location) };
  }

  async function undisturbed(flags: readonly string[] = []) {
    const { place, env } = await placeOf();
    expect((await run(['ingest', logs, ...flags], { env })).code).toBe(0);
    return { rows: await statisticsRows(place), ledger: await ledger(place) };
  }

  it(
    `gives the same rows when it is killed at ${KILLS} random moments`,
    async () => {
      const random = randomNumbers(SEED);
      const { place, env } = await placeOf();
      console.log(`moments of seed ${SEED}`);
      let kills = 0;
      const offsets = new Set<number>();
      // On a busy machine a run needs longer to come anywhere: a kill before that proves little.
      let patience = 1;
      while (kills < KILLS) {
        // Several workers are soon through, and what is left must be long enough for them to be started.
        const isFast = kills < FAST_KILLS;
        const running = start(['ingest', logs, ...(isFast ? WORKERS : BATCH)], { env });
        const moment = delay(patience * (120 + random() * (isFast ? 120 : 900))).then(() =>
          running.process.kill('SIGKILL'),
        );
        const { signal, code, stderr } = await running.ended;
        await moment;
        if (signal !== 'SIGKILL')
          throw new Error(`it ended before it was killed (${code}): make the log longer\n${stderr}`);
        kills++;
        // The first one may be killed before there is a schema.
        const state = await ledger(place).catch(() => undefined);
        if (state) expect(state.lines).toBe(state.accepted + state.rejected);
        const hasMoved = state !== undefined && !offsets.has(state.bytes);
        if (hasMoved) offsets.add(state.bytes);
        else patience *= 1.3;
      }
      expect(offsets.size).toBeGreaterThan(5);
      expect(await run(['ingest', logs], { env })).toMatchObject({ code: 0 });
      const expected = await undisturbed();
      expect(await ledger(place)).toEqual(expected.ledger);
      expect(expected.ledger.lines).toBe(LINES);
      expect(await statisticsRows(place)).toEqual(expected.rows);
    },
    LONG_MS,
  );

  it(
    'drops the same late events when it is killed in between',
    async () => {
      const random = randomNumbers(SEED);
      const { place, env } = await placeOf();
      expect((await run(['migrate'], { env })).code).toBe(0);
      const offsets = new Set<number>();
      for (let patience = 1; offsets.size < FAST_KILLS; patience *= 1.3) {
        const running = start(['ingest', logs, ...BATCH, ...DROPPING], { env });
        await delay(patience * (200 + random() * 300));
        running.process.kill('SIGKILL');
        await running.ended;
        const { bytes, lines, accepted, rejected, dropped } = await ledger(place);
        expect(lines).toBe(accepted + rejected + dropped);
        offsets.add(bytes);
      }
      expect(await run(['ingest', logs, ...DROPPING], { env })).toMatchObject({ code: 0 });
      const expected = await undisturbed(DROPPING);
      expect(await ledger(place)).toEqual(expected.ledger);
      expect(expected.ledger).toMatchObject({ lines: LINES, rejected: 0 });
      expect(expected.ledger.dropped).toBeGreaterThan(LINES / 2);
      expect(await statisticsRows(place)).toEqual(expected.rows);
    },
    LONG_MS,
  );

  it.each([
    ['one worker', BATCH],
    ['two workers', WORKERS],
  ])(
    'gives the same rows when two processes with %s each read the same directory at once',
    async (_, flags) => {
      const { place, env } = await placeOf();
      const both = await Promise.all([1, 2].map(() => run(['ingest', logs, ...flags, '--json'], { env })));
      for (const result of both) expect(result).toMatchObject({ code: 0, stderr: '' });
      const read = both.map(({ stdout }) => JSON.parse(stdout).lines_read as number);
      expect(read.reduce((sum, lines) => sum + lines)).toBe(LINES);
      const expected = await undisturbed();
      expect(await ledger(place)).toEqual(expected.ledger);
      expect(await statisticsRows(place)).toEqual(expected.rows);
    },
    LONG_MS,
  );

  it(
    'commits what it read, leaves and says so when it is told to stop, and goes on from there',
    async () => {
      const { place, env } = await placeOf();
      expect((await run(['migrate'], { env })).code).toBe(0);
      const running = start(['ingest', logs, '--json', ...BATCH], { env });
      // Not before: a process that is still starting does not listen yet.
      await until(async () => (await ledger(place)).lines > 0);
      running.process.kill('SIGTERM');
      const stopped = await running.ended;
      expect(stopped).toMatchObject({ code: 1, signal: null });
      expect(stopped.stderr).toContain('stopped before the end');
      expect(JSON.parse(stopped.stdout)).toMatchObject({ is_complete: false });
      expect(JSON.parse(stopped.stdout).lines_read).toBe((await ledger(place)).lines);
      expect((await run(['ingest', logs], { env })).code).toBe(0);
      const expected = await undisturbed();
      expect(await ledger(place)).toEqual(expected.ledger);
      expect(await statisticsRows(place)).toEqual(expected.rows);
    },
    LONG_MS,
  );
});
