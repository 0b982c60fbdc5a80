import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/fingerprint.ts';
import { FORK_MIN_BYTES, REPEAT_WINDOW_MS } from '../../src/limits.ts';
import { Ledger } from '../../src/pipeline/scan/ledger.ts';
import type { Partition } from '../../src/source/contract.ts';
import { type FilesSettings, FilesSource } from '../../src/source/files/files-source.ts';
import { gzip } from '../support/archives.ts';
import { knowing } from '../support/known.ts';

let directory: string;
let source: FilesSource;
let known: Partition[];
let nowMs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-which-'));
  known = [];
  nowMs = 0;
  look({});
});

afterEach(() => {
  source.close();
  rmSync(directory, { recursive: true });
});

/** Begins to look at the files anew, as a program that was started. */
function look(settings: Partial<FilesSettings>): void {
  source?.close();
  source = new FilesSource([directory, join(directory, 'b')], { nowMs: () => nowMs, ...settings });
}

const LF = 0x0a;
const pathOf = (name: string) => join(directory, name);

function write(name: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(pathOf(name)), { recursive: true });
  writeFileSync(pathOf(name), bytes);
}

const line = (i: number) =>
  `2024-10-02 05:10:46 cust_${i % 7} /api/v1/resource1 200 0.${String(i).padStart(6, '0')}\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join('');

/** Reads until nothing is left, as a pipeline with a store does. @returns what was read, and what was told. */
async function readAll(): Promise<{ text: string; codes: string[] }> {
  let text = '';
  for (;;) {
    const discovery = await source.discover();
    const { assignments: fresh } = await discovery.assign(knowing(known));
    known.push(...fresh.filter(({ isNew }) => isNew).map(({ partition }) => ({ ...partition })));
    const { assignments, problems } = await discovery.assign(knowing(known));
    if (assignments.length === 0)
      return {
        text,
        codes: problems.map(({ error }) => error.code).filter((code) => code !== 'PATH_NOT_FOUND'),
      };
    for (const assignment of assignments) {
      const reader = await assignment.open();
      if (!reader) continue;
      const target = new Uint8Array(1_000_000);
      const read = target.subarray(0, await reader.read(target));
      // A line that has no end yet waits for it.
      const length = read.lastIndexOf(LF) + 1;
      const bytes = read.subarray(0, length);
      const offset = reader.positionAt(length);
      const checksums = reader.checksumsUpTo(offset);
      await reader.close();
      const before = Buffer.concat([reader.before, bytes]).subarray(-64);
      const i = known.findIndex(({ id }) => id === assignment.partition.id);
      known[i] = { ...assignment.partition, offset, checksums, tailChecksum: fingerprintOf(before) };
      text += Buffer.from(bytes).toString();
    }
  }
}

describe('a log that is replaced', () => {
  it('by a longer copy goes on where it was', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    for (let i = 300; i < 600; i += 100) {
      write('copy', lines(0, i + 100));
      renameSync(pathOf('copy'), pathOf('a.log'));
      expect(await readAll()).toEqual({ text: lines(i, i + 100), codes: [] });
    }
  });

  it('by a shorter copy waits until that has come further', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    write('a.log', lines(0, 20));
    expect(await readAll()).toEqual({ text: '', codes: ['COPY_BEHIND'] });
    write('a.log', lines(0, 320));
    expect(await readAll()).toEqual({ text: lines(300, 320), codes: [] });
  });

  it('by a copy whose room was made before its bytes came waits for them', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    const copy = Buffer.from(lines(0, 310));
    write('a.log', Buffer.concat([copy.subarray(0, 5_000), Buffer.alloc(copy.length - 5_000)]));
    expect(await readAll()).toEqual({ text: '', codes: ['COPY_BEHIND'] });
    write('a.log', copy);
    expect(await readAll()).toEqual({ text: lines(300, 310), codes: [] });
  });

  it('by another one is read anew, and known again when it comes back', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    write('a.log', lines(1000, 1010));
    expect(await readAll()).toMatchObject({ text: lines(1000, 1010) });
    write('a.log', lines(0, 310));
    expect(await readAll()).toMatchObject({ text: lines(300, 310) });
  });

  it('by most of itself is read anew once, and not again and again', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    write('a.log', lines(0, 200) + lines(1000, 1100));
    expect(await readAll()).toMatchObject({ text: lines(0, 200) + lines(1000, 1100) });
    write('a.log', lines(0, 200) + lines(2000, 2100));
    expect(await readAll()).toEqual({ text: '', codes: ['REWRITTEN_AGAIN'] });
    nowMs += REPEAT_WINDOW_MS;
    // Nothing changed but the time.
    expect((await source.discover()).isUnchanged).toBe(false);
    expect(await readAll()).toMatchObject({ text: lines(0, 200) + lines(2000, 2100) });
  });
});

describe('a copy that goes on by itself', () => {
  const shared = lines(0, 100);

  it('counts from where it parted, where it was seen before', async () => {
    expect(shared.length).toBeGreaterThan(FORK_MIN_BYTES);
    write('a.log', shared);
    write('copy.log', shared);
    await readAll();
    appendFileSync(pathOf('a.log'), lines(100, 150));
    expect((await readAll()).text).toBe(lines(100, 150));
    appendFileSync(pathOf('copy.log'), lines(500, 520));
    expect((await readAll()).text).toBe(lines(500, 520));
    appendFileSync(pathOf('copy.log'), lines(520, 530));
    look({});
    expect((await readAll()).text).toBe(lines(520, 530));
  });

  it('counts from where it parted, where both went on before the next look', async () => {
    write('a.log', shared);
    write('copy.log', shared);
    await readAll();
    appendFileSync(pathOf('a.log'), lines(100, 150));
    appendFileSync(pathOf('copy.log'), lines(500, 520));
    expect((await readAll()).text).toBe(lines(100, 150) + lines(500, 520));
  });

  it('counts from its start where both have little in common', async () => {
    write('a.log', lines(0, 2));
    write('b.log', lines(0, 2));
    await readAll();
    appendFileSync(pathOf('a.log'), line(100));
    appendFileSync(pathOf('b.log'), line(200));
    expect((await readAll()).text).toBe(line(100) + lines(0, 2) + line(200));
  });
});

describe('what only the last bytes of a file show', () => {
  it('lets a copy that goes on by one line count from where it parted', async () => {
    write('a.log', lines(0, 300));
    await readAll();
    write('copy.log', lines(0, 290));
    expect((await readAll()).text).toBe('');
    appendFileSync(pathOf('copy.log'), line(900));
    expect((await readAll()).text).toBe(line(900));
  });

  it('lets what two files share behind the position count once', async () => {
    write('a.log', lines(0, 200));
    await readAll();
    write('a.log', lines(0, 300) + lines(700, 705));
    write('b.log', lines(0, 300) + lines(800, 805));
    expect((await readAll()).text).toBe(lines(200, 300) + lines(700, 705) + lines(800, 805));
  });
});

describe('an archive that goes on where a log ends that is still there', () => {
  it('is looked into before it is read, and nothing of it counts twice', async () => {
    write('app.log', lines(0, 200));
    await readAll();
    write('app.log.1.gz', gzip([Buffer.from(lines(0, 230))]));
    expect((await readAll()).text).toBe(lines(200, 230));
  });
});

describe('a file that is written into room that was made before', () => {
  it('counts once, however slowly it is filled', async () => {
    const whole = Buffer.from(lines(0, 400));
    const filled = (bytes: number) =>
      Buffer.concat([whole.subarray(0, bytes), Buffer.alloc(whole.length - bytes)]);
    look({ isFollowing: true });
    let text = '';
    for (const bytes of [9_000, 14_000, 20_000, whole.length]) {
      write('a.log', filled(bytes));
      text += (await readAll()).text;
    }
    expect(text).toBe(lines(0, 400));
  });
});

describe('a store of an earlier version', () => {
  it('knows its logs though it has no keys and checksums of them, beside a longer one that is gone', async () => {
    write('a.log', lines(0, 50));
    write('gone.log', lines(0, 40) + lines(100, 300));
    await readAll();
    known = known.map((one) => ({ ...one, headKey: '', checksums: new Uint8Array() }));
    rmSync(pathOf('gone.log'));
    appendFileSync(pathOf('a.log'), lines(400, 410));
    look({});
    expect((await readAll()).text).toBe(lines(400, 410));
  });

  it('that was set back under a program that follows is read on from there', async () => {
    write('a.log', lines(0, 50));
    await readAll();
    const before = [...known];
    write('b.log', lines(100, 150));
    await readAll();
    known = before;
    write('c.log', line(200));
    expect((await readAll()).text).toBe(lines(100, 150) + line(200));
  });
});

describe('logs that only begin alike', () => {
  const header = `${'#'.repeat(1799)}\n`;

  it('are all read, plain and compressed, whatever of them is there at a time', async () => {
    for (let i = 0; i < 6; i++) write(`a${i}.log`, header + lines(i * 100, i * 100 + 1 + (i % 3)));
    for (let i = 6; i < 12; i++)
      write(`a${i}.log.gz`, gzip([Buffer.from(header + lines(i * 100, i * 100 + 1 + (i % 3)))]));
    const { text, codes } = await readAll();
    expect(text.split('\n')).toHaveLength(12 + 24 + 1);
    expect(codes).toEqual([]);
    for (let i = 0; i < 12; i++) rmSync(pathOf(i < 6 ? `a${i}.log` : `a${i}.log.gz`));
    write('new.log', header + line(5000));
    expect((await readAll()).text).toBe(header + line(5000));
  });

  it('are read behind the NULs of a log that was truncated while it was written', async () => {
    write('a.log', Buffer.concat([Buffer.alloc(100_000), Buffer.from(lines(0, 3))]));
    expect((await readAll()).text).toBe(lines(0, 3));
    appendFileSync(pathOf('a.log'), line(3));
    expect((await readAll()).text).toBe(line(3));
    write('b.log.gz', gzip([Buffer.alloc(20_000), Buffer.from(lines(10, 13))]));
    expect((await readAll()).text).toBe(lines(10, 13));
  });
});

describe('logs with equal first lines, of which little was read', () => {
  const header = lines(0, 30);
  const older = header + lines(100, 200);
  const newer = header + lines(500, 640);

  /** Adds what is there, and reads so many lines of one log, as a process does that commits small batches. */
  async function readLines(count: number, name: string): Promise<void> {
    const { assignments: found } = await (await source.discover()).assign(knowing([]));
    known = found.map(({ partition }) => ({ ...partition }));
    const { assignments } = await (await source.discover()).assign(knowing(known));
    const assignment = assignments.find(({ partition }) => partition.name === pathOf(name));
    const reader = await assignment?.open();
    if (!assignment || !reader) throw new Error(`${name} is not read`);
    const bytes = new Uint8Array(line(0).length * count);
    await reader.read(bytes);
    const offset = reader.positionAt(bytes.length);
    const checksums = reader.checksumsUpTo(offset);
    await reader.close();
    const tailChecksum = fingerprintOf(bytes.subarray(-64));
    const part = { ...NO_LINES, from: assignment.partition.offset, to: offset, tailChecksum };
    const ledger = new Ledger();
    ledger.add(assignment.partition, part, checksums);
    const [{ prefixChecksums }] = ledger.advances();
    known = known.map((one) =>
      one.id === assignment.partition.id
        ? { ...one, offset, tailChecksum, checksums: prefixChecksums ?? one.checksums }
        : one,
    );
  }

  /** The partitions that are read, by the name of the file. */
  async function idsByName(): Promise<ReadonlyMap<string, string>> {
    const { assignments } = await (await source.discover()).assign(knowing(known));
    return new Map(assignments.map(({ partition: { name, id } }) => [relative(directory, name), id]));
  }
  const idOf = (name: string) => known.find((one) => one.name === pathOf(name))?.id;

  it.each([
    [7, 'app.log'],
    [7, 'app.log.1'],
    [29, 'app.log'],
    [29, 'app.log.1'],
  ])(
    'are told apart where %i lines were read of %s and another process sees other names',
    async (count, name) => {
      write('app.log.1', older);
      write('app.log', newer);
      await readLines(count, name);
      const [olderId, newerId] = [idOf('app.log.1'), idOf('app.log')];
      rmSync(pathOf('app.log'));
      rmSync(pathOf('app.log.1'));
      write('view.log', newer);
      write('b/app.log', older);
      look({});
      expect(await idsByName()).toEqual(
        new Map([
          ['view.log', newerId],
          ['b/app.log', olderId],
        ]),
      );
    },
  );

  it('are told apart by a process that sees only the beginning of one', async () => {
    write('app.log.1', older);
    write('app.log', newer);
    await readLines(7, 'app.log');
    const olderId = idOf('app.log.1');
    rmSync(pathOf('app.log'));
    rmSync(pathOf('app.log.1'));
    write('view.log', older.slice(0, older.length - line(0).length * 50));
    look({});
    expect(await idsByName()).toEqual(new Map([['view.log', olderId]]));
  });

  it('are told apart when a file goes on behind the equal lines', async () => {
    write('app.log.1', older);
    write('app.log', newer);
    await readLines(7, 'app.log');
    const [olderId, newerId] = [idOf('app.log.1'), idOf('app.log')];
    rmSync(pathOf('app.log'));
    rmSync(pathOf('app.log.1'));
    look({});
    write('view.log', lines(0, 10));
    expect(await idsByName()).toEqual(new Map([['view.log', newerId]]));
    appendFileSync(pathOf('view.log'), older.slice(lines(0, 10).length));
    expect(await idsByName()).toEqual(new Map([['view.log', olderId]]));
  });

  it('count once where the log was renamed before it was read on, and a longer one has its name', async () => {
    write('app.log', older);
    await readLines(7, 'app.log');
    renameSync(pathOf('app.log'), pathOf('app.log.1'));
    write('app.log', newer);
    look({});
    const { text } = await readAll();
    expect(text.length).toBe(older.length - line(0).length * 7 + newer.length);
    expect(text).toContain(lines(100, 200));
    expect(text).toContain(newer);
  });
});

const NO_LINES = {
  ...{ bytes: 0, lines: 0, accepted: 0, rejected: 0, dropped: 0, excluded: 0, late: 0 },
  ...{ clockMs: null, firstEventMs: null, lastEventMs: null },
  ...{ rejectedByReason: new Map<string, number>(), rejectedLines: [] },
};

describe('logs of equal content', () => {
  it('are one, wherever they are', async () => {
    write('a.log', lines(0, 3));
    write('b/a.log', lines(0, 3));
    expect(await readAll()).toEqual({ text: lines(0, 3), codes: ['SAME_CONTENT'] });
  });

  it('are one for each directory, where that is asked for', async () => {
    look({ fileIdentity: 'directory' });
    write('a.log', lines(0, 3));
    write('a.log.1', lines(0, 3));
    write('b/a.log', lines(0, 3));
    expect(await readAll()).toEqual({ text: lines(0, 3) + lines(0, 3), codes: ['SAME_CONTENT'] });
    renameSync(pathOf('b/a.log'), pathOf('b/c.log'));
    expect((await readAll()).text).toBe('');
  });

  it('are one for each file, where that is asked for', async () => {
    look({ fileIdentity: 'inode' });
    write('a.log', lines(0, 3));
    expect((await readAll()).text).toBe(lines(0, 3));
    renameSync(pathOf('a.log'), pathOf('a.log.1'));
    write('a.log', lines(0, 3));
    expect((await readAll()).text).toBe(lines(0, 3));
    look({ fileIdentity: 'inode' });
    expect((await readAll()).text).toBe('');
  });
});

describe('a log of which a line was changed in place', () => {
  it('is another log, whether it was being followed or not', async () => {
    for (const isSeen of [true, false]) {
      const name = `edited-${isSeen}.log`;
      const text = lines(isSeen ? 3000 : 6000, isSeen ? 3300 : 6300);
      write(name, text);
      await readAll();
      if (!isSeen) look({});
      const changed = text.replace(' 200 ', ' 503 ');
      write(name, changed);
      expect((await readAll()).text).toBe(changed);
    }
  });
});
