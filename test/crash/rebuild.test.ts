import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { randomNumbers } from '../support/random-log.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const SEED = 12;
const LINES = 100_000;
const KILLS = 15;
/** All rows of all kinds are compared after each kill, so there are not many days. */
const DAYS = 4;
const LAST_UNDAMAGED = '2024-09-30';
/** A wrong number in each window of the last days. */
const DAMAGE = [
  `update customer_daily_stats set failed_requests = 0 where date > '${LAST_UNDAMAGED}'`,
  `update daily_endpoint_stats set failed_requests = 0 where date > '${LAST_UNDAMAGED}'`,
  `update hourly_stats set failed_requests = 0 where hour > '${LAST_UNDAMAGED}T23:00:00Z'`,
];
const isUndamaged = (date: string) => date <= LAST_UNDAMAGED;

let directory: string;
let logs: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-crash-rebuild-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  const args = ['--lines', `${LINES}`, '--customers', '100', '--days', `${DAYS}`, '--until', '2024-10-03'];
  expect((await run(['generate', join(logs, 'a.log'), ...args])).code).toBe(0);
});

afterAll(() => rmSync(directory, { recursive: true }));

async function contentsOf(place: StorePlace, isHeld?: (date: string) => boolean) {
  return { windows: await windowRows(place, isHeld), ledger: await ledger(place) };
}

async function damage(place: StorePlace): Promise<void> {
  for (const sql of DAMAGE) await place.query(sql);
}

describe.each(STORE_KINDS)('a rebuild of $name', (kind) => {
  it(`leaves all as it was, or all as it is to be, when it is killed at ${KILLS} random moments`, async () => {
    const random = randomNumbers(SEED);
    const place = await kind.createPlace();
    try {
      const env = { DATA_DIR: join(directory, kind.name), ...envOf(place.location), LOGS_SOURCE_DIR: logs };
      expect((await run(['ingest'], { env })).code).toBe(0);
      const right = await contentsOf(place);
      await damage(place);
      const wrong = await contentsOf(place, isUndamaged);
      expect(wrong).not.toEqual(right);
      const beganMs = performance.now();
      expect((await run(['rebuild'], { env })).code).toBe(0);
      const lengthMs = performance.now() - beganMs;
      expect(await contentsOf(place)).toEqual(right);
      let kills = 0;
      for (let i = 0; kills < KILLS; i++) {
        if (i > 10 * KILLS) throw new Error('it was never killed before its end: make the log longer');
        await damage(place);
        const running = start(['rebuild'], { env });
        const moment = delay(random() * lengthMs).then(() => running.process.kill('SIGKILL'));
        const { signal } = await running.ended;
        await moment;
        if (signal === 'SIGKILL') kills++;
        const now = await contentsOf(place, isUndamaged);
        expect(now.windows.days.length).toBe(right.windows.days.length);
        // Compared by their text: a difference of two large lists takes long to print.
        const text = JSON.stringify(now);
        expect([JSON.stringify(wrong), JSON.stringify(right)].indexOf(text)).toBeGreaterThanOrEqual(0);
      }
      expect((await run(['rebuild'], { env })).code).toBe(0);
      expect(await contentsOf(place)).toEqual(right);
    } finally {
      await place.dispose();
    }
  });
});
