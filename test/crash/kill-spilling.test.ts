/**
 * A read that spills is killed, or told to stop. The store is the truth: it has the rows of the lines that its ledger counts. How many
 * these are depends on the machine: a slow one commits by time before it spills.
 */

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { randomNumbers } from '../support/random-log.ts';
import { ledger } from '../support/rows.ts';
import { SQLITE } from '../support/sqlite-place.ts';
import { POSTGRES, type StoreKind, type StorePlace } from '../support/stores.ts';
import { digestOf } from '../support/table-digest.ts';

const SEED = 5;
/** A customer each: more windows than one batch has room for. */
const LINES = 200_000;
const KILLS = 3;
/** From its start to its end, an undisturbed read takes longer. */
const MAX_AFTER_MS = 2_500;
/** Days alone. Long paths make the log long enough for several workers. */
const PATH = `/${'a'.repeat(140)}`;

let directory: string;
let log: string;
const places: StorePlace[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-kill-spilling-'));
  log = join(directory, 'api.log');
  const lines = Array.from({ length: LINES }, (_, i) => {
    const customer = (i * 7919) % LINES;
    return `2024-10-02 05:10:${String(i % 60).padStart(2, '0')} c${customer} ${PATH} 200 0.${100 + (i % 800)}\n`;
  });
  writeFileSync(log, lines.join(''));
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(async () => {
  for (const place of places.splice(0)) await place.dispose();
});

async function newPlace(kind: StoreKind = SQLITE) {
  const place = await kind.createPlace();
  places.push(place);
  const { location } = place;
  const dataDir = location.kind === 'sqlite' ? location.dataDir : (location.runDirectory ?? '');
  const url = location.kind === 'sqlite' ? {} : { DATABASE_URL: location.url };
  return { place, dataDir, env: { ...url, DATA_DIR: dataDir, HOURS: 'off', ENDPOINTS: 'off' } };
}

const rowsOf = (place: StorePlace) => digestOf(place, 'customer_daily_stats', ['customer_id', 'date']);

async function requestsIn(place: StorePlace): Promise<number> {
  const sum = 'coalesce(sum(success_requests + failed_requests), 0) as requests';
  const [row] = await place.query(`select ${sum} from customer_daily_stats`);
  return Number(row?.requests);
}

async function undisturbed(workers: string, kind: StoreKind) {
  const { place, env } = await newPlace(kind);
  expect((await run(['ingest', log, '--workers', workers], { env })).code).toBe(0);
  return rowsOf(place);
}

it.each([
  { workers: '1', kind: SQLITE },
  { workers: '2', kind: SQLITE },
  { workers: '1', kind: POSTGRES },
])(
  'is whole after kills at random moments, with $workers workers and $kind.name',
  async ({ workers, kind }) => {
    const random = randomNumbers(SEED);
    console.log(`moments of seed ${SEED}`);
    const { place, dataDir, env } = await newPlace(kind);
    for (let kills = 0; kills < KILLS; kills++) {
      const running = start(['ingest', log, '--workers', workers], { env });
      await delay(random() * MAX_AFTER_MS);
      running.process.kill('SIGKILL');
      await running.ended;
      // There may be no schema yet.
      const { accepted } = await ledger(place).catch(() => ({ accepted: undefined }));
      if (accepted !== undefined) expect(await requestsIn(place)).toBe(accepted);
    }
    expect((await run(['ingest', log, '--workers', workers], { env })).code).toBe(0);
    expect(await ledger(place)).toMatchObject({ lines: LINES, accepted: LINES });
    expect(await rowsOf(place)).toEqual(await undisturbed(workers, kind));
    // A kill right after a file was made leaves its name, and nothing in it. (A file of rows has its name for longer.)
    const left = readdirSync(dataDir).filter((name) => name.startsWith('daymark-runs-'));
    expect(left.filter((name) => statSync(join(dataDir, name)).size > 0)).toEqual([]);
  },
);

it('ends at SIGTERM within moments, and the next run reads on from the last commit', async () => {
  const { place, env } = await newPlace();
  const running = start(['ingest', log], { env });
  await delay(MAX_AFTER_MS / 3);
  running.process.kill('SIGTERM');
  const { signal } = await running.ended;
  expect(signal).not.toBe('SIGKILL');
  expect((await run(['ingest', log], { env })).code).toBe(0);
  expect(await ledger(place)).toMatchObject({ lines: LINES, accepted: LINES });
});
