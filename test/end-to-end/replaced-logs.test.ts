/** Logs that are replaced by copies of themselves, as people and programs do it, while the real program follows them. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { FollowedLogs } from '../support/followed-logs.ts';
import { until } from '../support/until.ts';

let logs: FollowedLogs;
let log: string;
/** Where a copy is made, out of reach. */
let aside: string;

beforeEach(async () => {
  logs = await FollowedLogs.open();
  log = logs.path('app.log');
  aside = join(logs.parent, 'aside.log');
  logs.write('app.log', 3_000);
});

afterEach(() => logs.close());

/** A copy of the log that goes on. */
function longerCopy(): void {
  copyFileSync(log, aside);
  appendFileSync(aside, logs.lines.lines(100));
}

/** What makes the log a copy of what stands aside. */
const REPLACEMENTS: readonly { readonly how: string; replace(): void }[] = [
  { how: 'mv', replace: () => renameSync(aside, log) },
  ...['-a', '-a --inplace', '-a --append', '-a --append-verify', '-a --no-whole-file', '-a --partial'].map(
    (flags) => ({
      how: `rsync ${flags}`,
      replace: () => void execFileSync('rsync', [...flags.split(' '), aside, log]),
    }),
  ),
  { how: 'cp', replace: () => void execFileSync('cp', [aside, log]) },
  {
    how: 'cp --remove-destination',
    replace: () => void execFileSync('cp', ['--remove-destination', aside, log]),
  },
  { how: 'install', replace: () => void execFileSync('install', ['-m', '0644', aside, log]) },
  { how: 'cat', replace: () => void execFileSync('sh', ['-c', 'cat "$0" > "$1"', aside, log]) },
  {
    how: 'dd',
    replace: () => void execFileSync('dd', [`if=${aside}`, `of=${log}`, 'bs=777', 'status=none']),
  },
];

/** Runs rsync and interrupts it once it has written a first part to the hidden file that it writes at first. */
async function stoppedRsync(args: string[]): Promise<void> {
  const rsync = spawn('rsync', args, { stdio: 'ignore' });
  const left = once(rsync, 'exit');
  const writtenBytes = () => {
    const name = readdirSync(logs.directory).find((entry) => entry.startsWith('.app.log.'));
    return name === undefined ? 0 : (statSync(logs.path(name), { throwIfNoEntry: false })?.size ?? 0);
  };
  await until(() => writtenBytes() > 0);
  rsync.kill('SIGINT');
  await left;
}

describe('a followed log that is replaced three times by a longer copy of itself', () => {
  it.each(REPLACEMENTS)('by $how counts each line once', async ({ replace }) => {
    await logs.follow();
    for (let times = 0; times < 3; times++) {
      longerCopy();
      replace();
      await logs.looked();
    }
    await logs.expectCountedOnce();
    expect(logs.lines.count - (logs.lines.requests.get('marker') ?? 0)).toBe(3_300);
    expect(logs.follower.said).not.toContain('FILE_REWRITTEN');
  });

  it.each(REPLACEMENTS)('by $how while the program is stopped counts each line once', async ({ replace }) => {
    for (let times = 0; times < 3; times++) {
      await logs.follow();
      await logs.follower.stop();
      longerCopy();
      replace();
    }
    await logs.follow();
    await logs.expectCountedOnce();
  });
});

describe('a followed log', () => {
  it('that is replaced by an equal copy, and by a shorter one that then grows, counts each line once', async () => {
    await logs.follow();
    copyFileSync(log, aside);
    const whole = readFileSync(log);
    renameSync(aside, log);
    await logs.looked();
    copyFileSync(log, aside);
    truncateSync(aside, 100_003);
    renameSync(aside, log);
    await logs.looked();
    appendFileSync(log, whole.subarray(100_003));
    logs.write('app.log', 50);
    await logs.expectCountedOnce();
  });

  it('counts each line once when rsync is stopped in the middle, and leaves a part under the name', async () => {
    logs.write('app.log', 20_000);
    await logs.follow();
    longerCopy();
    const isPartThere = () => statSync(log).size < statSync(aside).size / 2;
    await stoppedRsync(['-a', '--partial', '--bwlimit=20k', aside, log]);
    // The process that gives the part its name may end after the one that was started.
    await until(isPartThere);
    await logs.looked();
    execFileSync('rsync', ['-a', aside, log]);
    await logs.expectCountedOnce();
  });

  it('that sed -i writes anew without a change counts each line once, and so does what is appended', async () => {
    await logs.follow();
    for (let times = 0; times < 3; times++) {
      execFileSync('sed', ['-i', 's/no such text/other text/', log]);
      if (times > 0) await logs.looked();
      logs.write('app.log', 10);
      await logs.looked();
    }
    await logs.expectCountedOnce();
  });

  it('of which sed -i changes a line is another log: it counts once more, and not again', async () => {
    await logs.follow();
    execFileSync('sed', ['-i', '500s/ 200 / 503 /', log]);
    logs.lines.expectAgain(readFileSync(log, 'utf8'));
    await logs.untilCounted();
    await logs.looked();
    logs.write('app.log', 10);
    await logs.expectCountedOnce();
  });

  it('that is deleted, and two seconds later there again as a longer copy, counts each line once', async () => {
    await logs.follow();
    for (let times = 0; times < 3; times++) {
      longerCopy();
      rmSync(log);
      await logs.looked(times * 2);
      copyFileSync(aside, log);
      await logs.looked();
    }
    await logs.expectCountedOnce();
  });

  it('that is moved on, and copied back to its name, counts each line once', async () => {
    await logs.follow();
    renameSync(log, logs.path('app.log.1'));
    await logs.looked(1);
    copyFileSync(logs.path('app.log.1'), log);
    await logs.looked();
    logs.write('app.log', 100);
    await logs.looked();
    logs.write('app.log', 100);
    await logs.expectCountedOnce();
  });

  it('that is copied over itself in place in small pieces counts each line once', async () => {
    await logs.follow();
    longerCopy();
    await copySlowly(readFileSync(aside), log, [1, 777, 2_000, 60_000, 100_001, 200_000, 206_000]);
    await logs.expectCountedOnce();
    expect(logs.follower.said).not.toContain('FILE_REWRITTEN');
  });

  it('that is deleted, and restored from a backup by a slow copy, counts each line once', async () => {
    await logs.follow();
    longerCopy();
    rmSync(log);
    await logs.looked(6);
    await copySlowly(readFileSync(aside), log, [500, 1_024, 100_001, 200_000]);
    await logs.looked();
    logs.write('app.log', 50);
    await logs.expectCountedOnce();
  });

  it('that is restored under another name by a slow copy counts each line once', async () => {
    await logs.follow();
    copyFileSync(log, aside);
    rmSync(log);
    await logs.looked();
    await copySlowly(readFileSync(aside), logs.path('restored.log'), [1_500, 100_001]);
    logs.write('restored.log', 50);
    await logs.looked();
    logs.write('restored.log', 50);
    await logs.expectCountedOnce();
  });
});

/** As scp writes: the file is emptied and filled from its start; between two pieces the program looks. */
async function copySlowly(bytes: Uint8Array, to: string, cuts: readonly number[]): Promise<void> {
  const file = openSync(to, 'w');
  try {
    for (const [index, end] of [...cuts, bytes.length].entries()) {
      await logs.looked(index % 3 === 0 ? 2 : 1);
      writeSync(file, bytes.subarray(cuts[index - 1] ?? 0, end));
    }
  } finally {
    closeSync(file);
  }
}

describe('a run of ingest', () => {
  it('in the middle of a copy of the log over itself counts nothing of it, and succeeds', async () => {
    const { env, directory } = logs;
    expect((await run(['ingest', directory], { env })).code).toBe(0);
    longerCopy();
    const bytes = readFileSync(aside);
    for (const cut of [600, 1_500, 100_001, bytes.length - 10_000]) {
      const file = openSync(log, 'w');
      writeSync(file, bytes.subarray(0, cut));
      closeSync(file);
      const { code, stdout } = await run(['ingest', directory, '--json'], { env });
      expect({ cut, code, read: (JSON.parse(stdout) as { lines_read: number }).lines_read }).toEqual({
        ...{ cut, code: 0, read: 0 },
      });
    }
    copyFileSync(aside, log);
    const { code, stdout } = await run(['ingest', directory, '--json'], { env });
    expect({ code, read: (JSON.parse(stdout) as { lines_read: number }).lines_read }).toEqual({
      code: 0,
      read: 100,
    });
    await logs.untilCounted();
  });

  it('beside a follower, and beside another one, reads nothing twice while the log is replaced', async () => {
    await logs.follow();
    for (let times = 0; times < 3; times++) {
      longerCopy();
      const ingests = [1, 2].map(() => start(['ingest', logs.directory], { env: logs.env }));
      renameSync(aside, log);
      for (const { ended } of ingests) expect((await ended).code).toBe(0);
      await until(() => statSync(log).size > 0);
    }
    await logs.expectCountedOnce();
  });
});
