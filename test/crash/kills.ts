/** What a read survives: kills, a second process, and a signal. Each store has a test file, so that two run side by side. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, envOf, type RunningCli, run, start } from '../support/cli.ts';
import { randomNumbers } from '../support/random-log.ts';
import { ledger, placesOfDays, windowRows } from '../support/rows.ts';
import type { StoreKind, StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

const SEED = 11;
const LINES = 600_000;
/** All rows of all kinds are compared, so there are not many days. */
const DAYS = 3;
const KILLS = 25;
/** The first kills are of runs with several workers. */
const KILLS_OF_WORKERS = 5;
const KILLS_WHILE_DROPPING = 5;
/** Every fifth kill comes at a random moment after the start, the others at a random moment after a commit. */
const START_KILL_EVERY = 5;
const MAX_START_MS = 800;
const MAX_AFTER_COMMIT_MS = 150;
/** Small batches: a long read, with many commits to be killed in. */
const BATCH = ['--batch-lines', '2000'];
/** With several workers, the smallest batches that are not read by one alone. */
const WORKERS = ['--workers', '2', '--batch-lines', '40000'];
/** Most lines of a log in random order are late, and each that is dropped depends on all before it. */
const DROPPING = ['--wait-for-system-duration', 'PT1H', '--late-events', 'drop'];

type Contents = Awaited<ReturnType<typeof contentsOf>>;

async function contentsOf(place: StorePlace) {
  const windows = await windowRows(place);
  return { ledger: await ledger(place), windows, places: await placesOfDays(place) };
}

/** The tests of one store. */
export function describeKills(kind: StoreKind): void {
  describe(`ingest into ${kind.name}`, () => {
    let directory: string;
    let logs: string;
    let places: StorePlace[] = [];
    let whole: Promise<Contents> | undefined;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'daymark-crash-'));
      logs = join(directory, 'logs');
      mkdirSync(logs);
      for (const seed of ['1', '2', '3']) {
        const path = join(logs, `${seed}.log`);
        const flags = ['--lines', String(LINES / 3), '--days', String(DAYS), '--seed', seed];
        expect((await run(['generate', path, ...flags])).code).toBe(0);
      }
    });

    afterAll(() => rmSync(directory, { recursive: true }));

    afterEach(async () => {
      for (const place of places) await place.dispose();
      places = [];
    });

    async function newPlace(): Promise<{ place: StorePlace; env: Record<string, string> }> {
      const place = await kind.createPlace();
      places.push(place);
      return { place, env: envOf(place.location) };
    }

    async function read(flags: readonly string[]): Promise<Contents> {
      const { place, env } = await newPlace();
      expect((await run(['ingest', logs, ...flags], { env })).code).toBe(0);
      return contentsOf(place);
    }

    /** What one undisturbed run gives. */
    function undisturbed(): Promise<Contents> {
      whole ??= read([]);
      return whole;
    }

    /** How many bytes are committed. The first run may be killed before there is a schema. */
    async function committedBytes(place: StorePlace): Promise<number> {
      const state = await ledger(place).catch(() => undefined);
      if (state) expect(state.lines).toBe(state.accepted + state.rejected + state.dropped + state.excluded);
      return state?.bytes ?? 0;
    }

    async function kill(running: RunningCli): Promise<CliResult> {
      running.process.kill('SIGKILL');
      const result = await running.ended;
      if (result.signal === 'SIGKILL') return result;
      throw new Error(
        `it ended before it was killed (${result.code}): make the log longer\n${result.stderr}`,
      );
    }

    /** Waits until the run has committed something, and kills it a random time later. */
    async function killAfterCommit(running: RunningCli, place: StorePlace, roll: number): Promise<void> {
      const before = await committedBytes(place);
      const hasEnded = () => running.process.exitCode !== null;
      await until(async () => hasEnded() || (await committedBytes(place)) > before);
      await delay(roll * MAX_AFTER_COMMIT_MS);
      await kill(running);
      expect(await committedBytes(place)).toBeGreaterThan(before);
    }

    it(`gives the same rows when it is killed at ${KILLS} random moments`, async () => {
      const random = randomNumbers(SEED);
      const { place, env } = await newPlace();
      console.log(`moments of seed ${SEED}`);
      for (let kills = 0; kills < KILLS; kills++) {
        // Several workers are soon through. What is left must be long enough for them to be started.
        const flags = kills < KILLS_OF_WORKERS ? WORKERS : BATCH;
        const running = start(['ingest', logs, ...flags], { env });
        if (kills % START_KILL_EVERY === 0) {
          await delay(random() * MAX_START_MS);
          await kill(running);
          await committedBytes(place);
        } else await killAfterCommit(running, place, random());
      }
      expect(await run(['ingest', logs], { env })).toMatchObject({ code: 0 });
      expect(await contentsOf(place)).toEqual(await undisturbed());
      expect((await undisturbed()).ledger.lines).toBe(LINES);
    });

    it('drops the same late events when it is killed in between', async () => {
      const random = randomNumbers(SEED);
      const { place, env } = await newPlace();
      for (let kills = 0; kills < KILLS_WHILE_DROPPING; kills++)
        await killAfterCommit(start(['ingest', logs, ...BATCH, ...DROPPING], { env }), place, random());
      expect(await run(['ingest', logs, ...DROPPING], { env })).toMatchObject({ code: 0 });
      const expected = await read(DROPPING);
      expect(await contentsOf(place)).toEqual(expected);
      expect(expected.ledger).toMatchObject({ lines: LINES, rejected: 0 });
      expect(expected.ledger.dropped).toBeGreaterThan(LINES / 2);
    });

    it.each([
      ['one worker', ['--batch-lines', '20000']],
      ['two workers', WORKERS],
    ])(
      'gives the same rows when two processes with %s each read the same directory at once',
      async (_, flags) => {
        const { place, env } = await newPlace();
        const both = await Promise.all([1, 2].map(() => run(['ingest', logs, ...flags, '--json'], { env })));
        for (const result of both) expect(result).toMatchObject({ code: 0, stderr: '' });
        const counts = both.map(({ stdout }) => JSON.parse(stdout).lines_read as number);
        expect(counts.reduce((sum, lines) => sum + lines)).toBe(LINES);
        expect(await contentsOf(place)).toEqual(await undisturbed());
      },
    );

    it('commits what it read, leaves and says so when it is told to stop, and goes on from there', async () => {
      const { place, env } = await newPlace();
      const running = start(['ingest', logs, '--json', ...BATCH], { env });
      // Not before: a process that is still starting does not listen yet.
      await until(async () => (await committedBytes(place)) > 0);
      running.process.kill('SIGTERM');
      const stopped = await running.ended;
      expect(stopped).toMatchObject({ code: 1, signal: null });
      expect(stopped.stderr).toContain('stopped before the end');
      expect(JSON.parse(stopped.stdout)).toMatchObject({ is_complete: false });
      expect(JSON.parse(stopped.stdout).lines_read).toBe((await ledger(place)).lines);
      expect((await run(['ingest', logs], { env })).code).toBe(0);
      expect(await contentsOf(place)).toEqual(await undisturbed());
    });
  });
}
