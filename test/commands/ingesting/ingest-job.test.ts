import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runIngest } from '../../../src/commands/ingesting/ingest-job.ts';
import { loadSettings } from '../../../src/config/load.ts';
import type { Summary } from '../../../src/pipeline/types.ts';

const OPEN_FILES = '/proc/self/fd';

describe.runIf(existsSync(OPEN_FILES))('a run that follows', () => {
  let directory: string;
  let logs: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-ingest-job-'));
    logs = join(directory, 'logs');
    mkdirSync(logs);
    for (const second of [10, 11]) {
      writeFileSync(join(logs, `${second}.log`), `2024-10-02 05:10:${second} cust_40 /path 200 0.316\n`);
    }
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Follows the logs. @param caughtUp is called when they are read. */
  function follow(caughtUp: () => void, signal = new AbortController().signal): Promise<Summary> {
    const environment = { DATA_DIR: join(directory, 'data') };
    const settings = loadSettings({ flags: {}, environment, configFile: undefined });
    return runIngest(
      { paths: [logs], settings, isFollowing: true },
      {
        progress: () => undefined,
        committed: () => undefined,
        caughtUp,
        leases: () => expect.fail('files are not divided'),
        deletes: () => expect.fail('nothing is to be deleted'),
        problem: (error) => expect.fail(error.message),
        waiting: ({ error }) => expect.fail(error.message),
        recovered: () => undefined,
        inputWaiting: ({ error }) => expect.fail(error.message),
        inputRecovered: () => undefined,
      },
      signal,
    );
  }

  it('keeps its logs open, and none of them when it is stopped', async () => {
    const stop = new AbortController();
    let whileItRan = 0;
    const summary = await follow(() => {
      whileItRan = openIn(logs);
      stop.abort();
    }, stop.signal);
    expect(summary.lines).toBe(2);
    expect(whileItRan).toBe(2);
    expect(openIn(logs)).toBe(0);
  });

  it('keeps none of its logs open when it fails', async () => {
    const failed = follow(() => {
      throw new Error('as any other failure');
    });
    await expect(failed).rejects.toThrow('as any other failure');
    expect(openIn(logs)).toBe(0);
  });
});

/** How many files of a directory this process has open. */
function openIn(directory: string): number {
  return readdirSync(OPEN_FILES).filter((descriptor) => targetOf(descriptor).startsWith(directory)).length;
}

/** Empty where it was closed meanwhile. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(join(OPEN_FILES, descriptor));
  } catch {
    return '';
  }
}
