import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_ARCHIVE_OPENINGS } from '../../src/limits.ts';
import type { Assignment, Partition } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { isLogName } from '../../src/source/files/log-name.ts';
import { CONTENT, gzip } from '../support/archives.ts';
import { knowing } from '../support/known.ts';

let directory: string;
let source: FilesSource;
let followed: FilesSource[];
/** What a source that follows takes for the system time. */
let nowMs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-compressed-'));
  source = new FilesSource([directory]);
  followed = [];
  nowMs = Date.now();
});

afterEach(() => {
  for (const one of followed) one.close();
});

function follow(): void {
  source = new FilesSource([directory], { isFollowing: true, lastLineWaitMs: 0, nowMs: () => nowMs });
  followed.push(source);
}

afterEach(() => rmSync(directory, { recursive: true }));

const pathOf = (name: string) => join(directory, name);
const write = (name: string, bytes: Uint8Array) => writeFileSync(pathOf(name), bytes);

async function look(known: readonly Partition[] = []) {
  const { assignments, problems } = await (await source.discover()).assign(knowing(known));
  return { assignments, codes: problems.map(({ error }) => error.code), problems };
}

/** Reads a partition to its end. @returns what came, and the partition as a store knows it then. */
async function read(assignment: Assignment | undefined): Promise<{ text: string; known: Partition }> {
  const reader = await assignment?.open();
  if (!assignment || !reader) throw new Error('there is nothing to read');
  const blocks: Buffer[] = [];
  const { partition } = assignment;
  let { checksums } = partition;
  try {
    const target = new Uint8Array(5000);
    for (;;) {
      const bytes = await reader.read(target);
      if (bytes === 0) break;
      blocks.push(Buffer.from(target.subarray(0, bytes)));
    }
  } catch {
    // What came before counts.
  } finally {
    checksums = reader.checksumsUpTo(reader.positionAt(Buffer.concat(blocks).lastIndexOf('\n') + 1));
    await reader.close();
  }
  const bytes = Buffer.concat(blocks);
  const offset = reader.positionAt(bytes.lastIndexOf('\n') + 1);
  const known = { ...partition, offset, checksums, tailChecksum: '' };
  return { text: bytes.toString(), known };
}

const LINES = CONTENT.toString().split(/(?<=\n)/);
/** More than is looked at of an archive at first. */
const LARGE = Buffer.concat(
  Array.from({ length: 40 }, (_, i) => Buffer.from(CONTENT.toString().replaceAll('cust', `cust${i}`))),
);
const HALF = Buffer.from(LINES.slice(0, 100).join(''));

describe('the names of logs in a directory', () => {
  it.each([
    'app.log',
    'app.log.1',
    'app.log.2.gz',
    'app.log-20241002',
    'app.log.2024-10-02.zst',
    'app-2024.log.gz',
    'app.log.bz2',
    'app.log.10.xz',
  ])('are such as %s', (name) => expect(isLogName(name)).toBe(true));

  it.each([
    'app.log.bak',
    'app.log.swp',
    'app.log~',
    '.app.log.swp',
    'app.gz',
    'app.log.gz.1.tmp',
    'app.log.1x',
    'catalog',
    'log.1',
  ])('are not such as %s', (name) => expect(isLogName(name)).toBe(false));
});

describe('a log that is compressed', () => {
  it('after half of it was read, goes on where it was', async () => {
    write('app.log', HALF);
    const { known } = await read((await look()).assignments[0]);
    rmSync(pathOf('app.log'));
    write('app.log.1.gz', gzip([CONTENT.subarray(0, 777), CONTENT.subarray(777)]));
    const { assignments } = await look([known]);
    expect(assignments).toMatchObject([{ isNew: false, partition: { id: known.id, offset: HALF.length } }]);
    expect((await read(assignments[0])).text).toBe(CONTENT.subarray(HALF.length).toString());
  });

  it('is not opened again when it was read to its end, until it changes, and is quiet', async () => {
    follow();
    write('app.log.gz', gzip([HALF]));
    expect((await look()).assignments).toEqual([]);
    nowMs += 2000;
    const { known } = await read((await look()).assignments[0]);
    expect(await look([known])).toMatchObject({ assignments: [], codes: [] });
    write('app.log.gz', gzip([HALF, CONTENT.subarray(HALF.length)]));
    expect((await look([known])).assignments).toEqual([]);
    nowMs += 2000;
    const { assignments } = await look([known]);
    expect((await read(assignments[0])).text).toBe(CONTENT.subarray(HALF.length).toString());
  });

  it('is not opened again for a last line without its newline', async () => {
    follow();
    write('app.log.gz', gzip([CONTENT.subarray(0, HALF.length + 10)]));
    await look();
    nowMs += 2000;
    const { known } = await read((await look()).assignments[0]);
    expect(known.offset).toBe(HALF.length);
    expect((await look([known])).assignments).toEqual([]);
    nowMs += 10_000;
    expect((await look([known])).assignments).toMatchObject([{ takesLastLine: true }]);
  });

  it('and is shorter than what was read before is reported', async () => {
    write('app.log', CONTENT);
    const { known } = await read((await look()).assignments[0]);
    renameSync(pathOf('app.log'), pathOf('gone'));
    write('app.log.gz', gzip([HALF]));
    const { assignments } = await look([known]);
    expect(await assignments[0]?.open()).toBeUndefined();
    expect(await look([known])).toMatchObject({ assignments: [], codes: ['COPY_BEHIND'] });
  });

  it('and cut off is reported when it is not being written any more', async () => {
    follow();
    const whole = gzip([CONTENT]);
    write('app.log.gz', whole.subarray(0, whole.length - 500));
    await look();
    nowMs += 2000;
    const { known } = await read((await look()).assignments[0]);
    expect((await look([known])).problems).toMatchObject([
      { error: { code: 'TRUNCATED_ARCHIVE' }, mayPass: true },
    ]);
    nowMs += 60_000;
    expect((await look([known])).problems).toMatchObject([
      { error: { code: 'TRUNCATED_ARCHIVE' }, mayPass: false },
    ]);
    write('app.log.gz', whole);
    await look([known]);
    nowMs += 2000;
    const { text } = await read((await look([known])).assignments[0]);
    expect(text).toBe(CONTENT.subarray(known.offset).toString());
  });

  it('and damaged where it begins is reported and not read', async () => {
    write('app.log.gz', gzip([CONTENT]).fill(0xff, 10, 40));
    expect(await look()).toMatchObject({ assignments: [], codes: ['CORRUPT_ARCHIVE'] });
  });

  it('and holds nothing is as good as an empty file', async () => {
    write('app.log.gz', gzip([Buffer.alloc(0)]));
    expect(await look()).toMatchObject({ assignments: [], codes: ['NO_LOGS'] });
    write('app.log', HALF);
    expect((await look()).codes).toEqual([]);
  });
});

describe('of a log and its compressed copy', () => {
  const namesOf = (assignments: readonly Assignment[]) =>
    assignments.map(({ partition }) => partition.name.slice(directory.length + 1));

  it('the log is read', async () => {
    write('app.log', CONTENT);
    write('app.log.gz', gzip([CONTENT]));
    const { assignments, codes } = await look();
    expect(namesOf(assignments)).toEqual(['app.log']);
    expect(codes).toEqual(['SAME_CONTENT']);
  });

  it('the copy is looked into once where it is large, and nothing of it counts again', async () => {
    write('app.log', LARGE);
    write('app.log.gz', gzip([LARGE]));
    const { assignments } = await look();
    expect(namesOf(assignments)).toEqual(['app.log', 'app.log.gz']);
    const { known } = await read(assignments[0]);
    expect(await assignments[1]?.open()).toBeUndefined();
    expect(await look([known])).toMatchObject({ assignments: [], codes: ['SAME_CONTENT'] });
  });

  it('the copy is read on where it holds more', async () => {
    write('app.log', HALF);
    write('app.log.gz', gzip([CONTENT]));
    const { assignments } = await look();
    expect(assignments.filter(({ isInspection }) => isInspection)).toHaveLength(1);
    expect((await read(assignments[0])).text).toBe(CONTENT.toString());
    expect(await assignments[1]?.open()).toBeUndefined();
    expect((await look()).codes).toEqual(['SAME_CONTENT']);
  });

  it('the log is read on where it grew past the copy, and the copy is not missed', async () => {
    write('app.log', HALF);
    write('app.log.gz', gzip([HALF]));
    const { known } = await read((await look()).assignments[0]);
    write('app.log', CONTENT);
    const { assignments } = await look([known]);
    expect(namesOf(assignments)).toEqual(['app.log']);
    const { known: later } = await read(assignments[0]);
    const [copy] = (await look([later])).assignments;
    expect(await copy?.open()).toBeUndefined();
    expect(await look([later])).toMatchObject({ assignments: [], codes: ['SAME_CONTENT'] });
  });

  it('a copy that is still being written is left alone', async () => {
    follow();
    write('app.log', CONTENT);
    const { known } = await read((await look()).assignments[0]);
    const copy = gzip([CONTENT]);
    for (const length of [2000, 3000, 4000]) {
      write('app.log.gz', copy.subarray(0, length));
      expect(await look([known])).toMatchObject({ assignments: [], codes: ['SAME_CONTENT'] });
    }
  });

  it('either is found in a directory of its own, too', async () => {
    mkdirSync(pathOf('old'));
    write('old/app.log.1.gz', gzip([CONTENT]));
    write('app.log', CONTENT);
    source = new FilesSource([directory, pathOf('old')]);
    expect(namesOf((await look()).assignments)).toEqual(['app.log']);
  });
});

describe('of many archives that come at once', () => {
  const COUNT = 2 * MAX_ARCHIVE_OPENINGS + 10;

  it('a look opens some while following, and others later, so that live logs are looked at in between', async () => {
    follow();
    for (let i = 0; i < COUNT; i++) write(`old.log.${i}.gz`, gzip([Buffer.from(`${i}\n`), CONTENT]));
    write('zz.log', HALF);
    const seen: number[] = [];
    for (let before = -1; seen.at(-1) !== COUNT; before = seen.at(-1) ?? 0) {
      expect(seen.length).toBeLessThanOrEqual(COUNT);
      await look();
      nowMs += 2_000;
      // The look behind one that left some opens none: what it finds was judged.
      const { assignments } = await look();
      expect(assignments.some(({ partition }) => partition.name === pathOf('zz.log'))).toBe(true);
      seen.push(assignments.length - 1);
      expect((seen.at(-1) ?? 0) - Math.max(before, 0)).toBeLessThanOrEqual(MAX_ARCHIVE_OPENINGS);
    }
    expect(seen.length).toBeGreaterThan(2);
  });

  it('a run that ends with them finds all at once', async () => {
    for (let i = 0; i < COUNT; i++) write(`old.log.${i}.gz`, gzip([Buffer.from(`${i}\n`), CONTENT]));
    expect((await look()).assignments).toHaveLength(COUNT);
  });
});
