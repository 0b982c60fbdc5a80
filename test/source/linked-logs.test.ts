/** Logs that are followed through symbolic links, while their disk fails and when they are gone. */

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MISSING_POLL_MS, ROTATED_QUIET_MS } from '../../src/limits.ts';
import { bytePosition } from '../../src/source/byte-positions.ts';
import type { Partition } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { failingDisk } from '../support/failing-disk.ts';
import { knowing } from '../support/known.ts';

const WHOLE_LINE = '2024-10-02 05:10:46 cust_1 /x 200 0.316\n';
const HALF_LINE = '2024-10-02 05:10:47 cust_1 /x 200 0.3';

let parent: string;
let log: string;
let source: FilesSource;
let known: Partition[];
let nowMs: number;
let endOutage: () => void;

beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'daymark-linked-')));
  for (const path of ['pods/api', 'containers', 'release'])
    mkdirSync(join(parent, path), { recursive: true });
  log = join(parent, 'pods', 'api', '0.log');
  writeFileSync(log, WHOLE_LINE + HALF_LINE);
  known = [];
  nowMs = 0;
  endOutage = () => undefined;
});

afterEach(() => {
  endOutage();
  source.close();
  rmSync(parent, { recursive: true });
});

/** Follows a path as a program that was just started. */
function follow(...paths: readonly string[]): void {
  source?.close();
  source = new FilesSource(
    paths.map((path) => join(parent, path)),
    { isFollowing: true, nowMs: () => nowMs, followsLinksOutside: true },
  );
}

const poll = async () => await (await source.discover()).assign(knowing(known));

/** Finds the logs, and counts the first line of each. */
async function readFirstLine(): Promise<void> {
  for (const { partition } of (await poll()).assignments)
    known.push({ ...partition, offset: bytePosition(WHOLE_LINE.length), isLive: true });
}

/**
 * Polls for longer than a rotated log must be quiet.
 * @param isFinishing false: the store does not note what is finished.
 * @returns what was said of the logs, poll by poll.
 */
async function pollLong(isFinishing = true) {
  const polls: Awaited<ReturnType<typeof poll>>[] = [];
  for (const endMs = nowMs + 3 * ROTATED_QUIET_MS; nowMs < endMs; nowMs += MISSING_POLL_MS) {
    const assigned = await poll();
    if (isFinishing) source.noteFinished(assigned.finished.map(({ id }) => id));
    polls.push(assigned);
  }
  return {
    polls,
    over: polls.flatMap(({ found }) => found.filter(({ isOver }) => isOver)),
    lastLines: polls.flatMap(({ assignments }) => assignments.filter((one) => one.takesLastLine)),
    finished: polls.flatMap(({ finished }) => finished.map(({ name }) => name)),
  };
}

const link = (target: string, path: string) => symlinkSync(join(parent, target), join(parent, path));

describe('a log whose disk fails', () => {
  it.each([
    { what: 'a linked directory', links: [['pods/api', 'link']], path: 'link', disk: 'pods/api' },
    { what: 'a directory behind a link', links: [['pods', 'link']], path: 'link/api', disk: 'pods' },
    { what: 'a link to a file', links: [['pods/api/0.log', 'a.log']], path: 'a.log', disk: 'pods' },
    {
      what: 'a link to a link',
      links: [
        ['pods/api', 'release/1'],
        ['release/1', 'link'],
      ],
      ...{ path: 'link', disk: 'pods/api' },
    },
    {
      what: 'a link in a directory, with its target',
      links: [['pods/api/0.log', 'containers/api.log']],
      ...{ path: 'containers', disk: 'pods' },
    },
    {
      what: 'a link in a directory, with that directory',
      links: [['pods/api/0.log', 'containers/api.log']],
      ...{ path: 'containers', disk: 'containers' },
    },
    {
      what: 'a link in a linked directory, with that directory',
      links: [
        ['pods/api/0.log', 'containers/api.log'],
        ['containers', 'link'],
      ],
      ...{ path: 'link', disk: 'containers' },
    },
  ] as const)('is not over, where it is followed by $what', async ({ links, path, disk }) => {
    for (const [target, at] of links) link(target, at);
    follow(path);
    await readFirstLine();
    await pollLong();
    endOutage = failingDisk(join(parent, disk));
    const outage = await pollLong();
    expect(outage.polls.every(({ problems }) => problems[0]?.error.code === 'SOURCE_UNAVAILABLE')).toBe(true);
    expect(outage.polls.every(({ found }) => found.length === 1)).toBe(true);
    expect(outage).toMatchObject({ over: [], lastLines: [], finished: [] });
    endOutage();
    appendFileSync(log, '16\n');
    expect(await poll()).toMatchObject({
      problems: [],
      finished: [],
      assignments: [{ partition: { id: known[0]?.id }, isNew: false, takesLastLine: false }],
    });
  });

  it('does not hide the log that took its path, where that is reached by another way', async () => {
    link('pods/api/0.log', 'containers/api.log');
    follow('containers', 'pods/api/0.log');
    await readFirstLine();
    endOutage = failingDisk(join(parent, 'containers'));
    renameSync(log, `${log}.old`);
    writeFileSync(log, WHOLE_LINE.replace('cust_1', 'cust_2').repeat(30));
    const { assignments, found } = await poll();
    expect(assignments.filter(({ isNew }) => isNew).map(({ partition }) => partition.name)).toEqual([log]);
    expect(found).toHaveLength(2);
  });

  it('is over when its link leads to another log', async () => {
    writeFileSync(join(parent, 'release', '1.log'), WHOLE_LINE.replace('cust_1', 'cust_2').repeat(30));
    link('pods/api/0.log', 'containers/api.log');
    follow('containers');
    await readFirstLine();
    unlinkSync(join(parent, 'containers', 'api.log'));
    link('release/1.log', 'containers/api.log');
    await poll();
    endOutage = failingDisk(join(parent, 'release'));
    const { over } = await pollLong();
    expect(new Set(over.map(({ partitionId }) => partitionId))).toEqual(new Set([known[0]?.id]));
  });
});

describe('a log that is gone', () => {
  it.each([
    { what: 'a linked directory', target: 'pods/api', at: 'link', path: 'link' },
    { what: 'a directory behind a link', target: 'pods', at: 'link', path: 'link/api' },
    { what: 'a link to a file', target: 'pods/api/0.log', at: 'a.log', path: 'a.log' },
  ])('is finished, where a run that begins follows $what', async ({ target, at, path }) => {
    link(target, at);
    follow(path);
    await readFirstLine();
    follow(path);
    rmSync(log);
    expect((await pollLong()).finished).toEqual([log]);
  });

  it('is finished with its directory', async () => {
    link('pods', 'link');
    follow('link/api');
    await readFirstLine();
    follow('link/api');
    rmSync(join(parent, 'pods'), { recursive: true });
    expect((await pollLong()).finished).toEqual([log]);
  });

  it('is live while its disk fails, and finished when that is back without it', async () => {
    link('pods/api', 'link');
    follow('link');
    await readFirstLine();
    follow('link');
    endOutage = failingDisk(join(parent, 'pods', 'api'));
    expect((await pollLong()).finished).toEqual([]);
    endOutage();
    rmSync(log);
    expect((await pollLong()).finished).toEqual([log]);
  });

  it('is reported until the store has finished it, and once after that', async () => {
    follow('pods/api');
    await readFirstLine();
    follow('pods/api');
    rmSync(log);
    // Whoever polls is behind with other logs, and finishes nothing meanwhile.
    expect((await pollLong(false)).finished).toContain(log);
    expect((await pollLong()).finished).toEqual([log]);
    // Another process sees a log under the same name, and has made it live again.
    expect((await pollLong()).finished).toEqual([]);
  });

  it('is looked for again, though nothing changes, until the store has finished it', async () => {
    follow('pods/api');
    await readFirstLine();
    follow('pods/api');
    rmSync(log);
    await pollLong(false);
    nowMs += MISSING_POLL_MS;
    expect((await source.discover()).isUnchanged).toBe(false);
    await pollLong();
    known = [];
    await pollLong();
    nowMs += MISSING_POLL_MS;
    expect((await source.discover()).isUnchanged).toBe(true);
  });

  it('is finished again, where it had come back', async () => {
    follow('pods/api');
    await readFirstLine();
    follow('pods/api');
    rmSync(log);
    expect((await pollLong()).finished).toEqual([log]);
    writeFileSync(log, WHOLE_LINE);
    await poll();
    rmSync(log);
    expect((await pollLong()).finished).toEqual([log]);
  });

  it('of another directory is left to whoever follows that', async () => {
    link('pods/api', 'link');
    follow('link');
    await readFirstLine();
    writeFileSync(join(parent, 'release', 'other.log'), WHOLE_LINE.repeat(30));
    follow('release');
    rmSync(log);
    expect((await pollLong()).finished).toEqual([]);
  });
});

it('links that lead in a circle are reported', async () => {
  link('circle/a', 'circle');
  follow('circle', 'circle/b');
  const { problems } = await poll();
  expect(problems.map(({ error }) => error.code)).toEqual(['READ_FAILED', 'READ_FAILED']);
});
