import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitIntervalMs } from '../../../src/pipeline/scan/scan-cycle.ts';
import type { Summary } from '../../../src/pipeline/types.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { pipelineOf } from '../../support/pipeline.ts';

const LINES = 60_000;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-interval-'));
  const line = '2024-10-02 05:10:46 customer_1 /path 200 0.123\n';
  writeFileSync(join(directory, 'api.log'), line.repeat(LINES));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Reads the log with a clock that goes on by so much whenever it is asked, at least once for each block that is read. */
async function commitsOf(isFollowing: boolean, stepMs: number): Promise<number> {
  const dataDir = mkdtempSync(join(directory, 'data-'));
  const store = await openSqliteStore({ dataDir });
  await store.migrate();
  const stop = new AbortController();
  const source = new FilesSource([join(directory, 'api.log')], {
    isFollowing,
    lastLineWaitMs: 0,
    nowMs: Date.now,
  });
  let nowMs = 0;
  const now = (): number => {
    nowMs += stepMs;
    return nowMs;
  };
  const stopWhenRead = async (): Promise<void> => stop.abort();
  try {
    const summary: Summary = await pipelineOf({
      source,
      store,
      signal: stop.signal,
      pause: stopWhenRead,
      systemTimeMs: Date.now,
      isFollowing,
      now,
    }).run();
    expect(summary.lines).toBe(LINES);
    return summary.commits;
  } finally {
    source.close();
    await store.close();
  }
}

describe('the age at which a batch is committed', () => {
  it('is greater where the end of the files is the end of the run, since nobody waits for answers before', async () => {
    const [following, ending] = [await commitsOf(true, 500), await commitsOf(false, 500)];
    expect(following).toBeGreaterThan(ending);
    expect(ending).toBeGreaterThan(1);
  });

  it('is two seconds where lines may come as they are written, and of archives, whose size nobody knows', () => {
    expect(commitIntervalMs(true, 1)).toBe(2_000);
    expect(commitIntervalMs(true, undefined)).toBe(2_000);
    expect(commitIntervalMs(false, undefined)).toBe(2_000);
    expect(commitIntervalMs(false, 1)).toBe(5_000);
  });

  it('is not reached where time stands still', async () => {
    expect(await commitsOf(true, 0)).toBe(1);
    expect(await commitsOf(false, 0)).toBe(1);
  });
});
