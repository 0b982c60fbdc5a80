/** Many kills of a process that follows a growing log. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Follower } from '../support/follower.ts';
import { Choice } from '../support/random-choice.ts';
import { randomNumbers } from '../support/random-log.ts';
import type { OpenStoreUnderTest } from '../support/store-under-test.ts';
import { assertReadOnce } from './judge.ts';
import { NumberedLines } from './random-lines.ts';
import { FINAL_DAYS } from './sequence.ts';

const LINES_A_WRITE = 40;
const WRITE_EVERY_MS = 5;

export interface KillsResult {
  readonly kills: number;
  readonly lines: number;
  /** The most memory of each process, in MB: the least, the median and the greatest of the first and of the last third. */
  readonly peakMbOfFirstThird: readonly number[];
  readonly peakMbOfLastThird: readonly number[];
}

/** @throws where the store differs from one that was never disturbed. */
export async function runKills({
  seed,
  kills,
  openStore,
}: {
  readonly seed: number;
  readonly kills: number;
  readonly openStore: OpenStoreUnderTest;
}): Promise<KillsResult> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-kills-'));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  const choice = new Choice(randomNumbers(seed));
  const store = await openStore();
  const numbered = new NumberedLines(choice);
  const written: string[] = [];
  const env = { ...store.env, ...FINAL_DAYS, BATCH_LINES: '1000', MAX_REJECTED_PERCENT: '100' };
  const follower = new Follower({ directory: logs, env, isUp: false });
  const grow = () => {
    const lines = Array.from({ length: LINES_A_WRITE }, () => numbered.next());
    appendFileSync(join(logs, 'app.log'), lines.map((line) => `${line}\n`).join(''));
    written.push(...lines);
  };
  try {
    const peaks: number[] = [];
    while (peaks.length < kills) {
      follower.start();
      const untilMs = performance.now() + 150 + choice.below(600);
      while (performance.now() < untilMs) {
        grow();
        await delay(WRITE_EVERY_MS);
      }
      follower.assertAlive();
      peaks.push(await follower.kill());
    }
    follower.start();
    await assertReadOnce({
      follower,
      store,
      lines: written,
      requests: numbered.requests,
      again: [],
      directory,
    });
    const third = Math.ceil(kills / 3);
    return {
      kills,
      lines: written.length,
      peakMbOfFirstThird: spread(peaks.slice(0, third)),
      peakMbOfLastThird: spread(peaks.slice(-third)),
    };
  } finally {
    await follower.kill();
    await store.dispose();
    rmSync(directory, { recursive: true });
  }
}

function spread(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return [0, Math.floor(sorted.length / 2), sorted.length - 1].map((i) => Math.round(sorted[i] ?? 0));
}
