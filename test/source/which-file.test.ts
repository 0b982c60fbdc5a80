import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/fingerprint.ts';
import { FORK_MIN_BYTES, REPEAT_WINDOW_MS } from '../../src/limits.ts';
import { Ledger } from '../../src/pipeline/scan/ledger.ts';
import { gzip } from '../support/archives.ts';
import { FilesUnderTest, line, lines } from '../support/files-under-test.ts';
import { knowing } from '../support/known.ts';

let files: FilesUnderTest;

beforeEach(() => {
  files = new FilesUnderTest();
});

afterEach(() => files.close());

const NO_LINES = {
  ...{ bytes: 0, lines: 0, accepted: 0, rejected: 0, dropped: 0, excluded: 0, late: 0 },
  ...{ clockMs: null, firstEventMs: null, lastEventMs: null },
  ...{ days: [], rejectedByReason: new Map<string, number>(), rejectedLines: [] },
};

describe('a log that is replaced', () => {
  it('by a longer copy goes on where it was', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    for (let i = 300; i < 600; i += 100) {
      files.write('copy', lines(0, i + 100));
      renameSync(files.pathOf('copy'), files.pathOf('a.log'));
      expect(await files.readAll()).toEqual({ text: lines(i, i + 100), codes: [] });
    }
  });

  it('by a shorter copy waits until that has come further', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    files.write('a.log', lines(0, 20));
    expect(await files.readAll()).toEqual({ text: '', codes: ['COPY_BEHIND'] });
    files.write('a.log', lines(0, 320));
    expect(await files.readAll()).toEqual({ text: lines(300, 320), codes: [] });
  });

  it('by a copy whose room was made before its bytes came waits for them', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    const copy = Buffer.from(lines(0, 310));
    files.write('a.log', Buffer.concat([copy.subarray(0, 5_000), Buffer.alloc(copy.length - 5_000)]));
    expect(await files.readAll()).toEqual({ text: '', codes: ['COPY_BEHIND'] });
    files.write('a.log', copy);
    expect(await files.readAll()).toEqual({ text: lines(300, 310), codes: [] });
  });

  it('by another one is read anew, and known again when it comes back', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    files.write('a.log', lines(1000, 1010));
    expect(await files.readAll()).toMatchObject({ text: lines(1000, 1010) });
    files.write('a.log', lines(0, 310));
    expect(await files.readAll()).toMatchObject({ text: lines(300, 310) });
  });

  it('by most of itself is read anew once, and not again and again', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    files.write('a.log', lines(0, 200) + lines(1000, 1100));
    expect(await files.readAll()).toMatchObject({ text: lines(0, 200) + lines(1000, 1100) });
    files.write('a.log', lines(0, 200) + lines(2000, 2100));
    expect(await files.readAll()).toEqual({ text: '', codes: ['REWRITTEN_AGAIN'] });
    files.nowMs += REPEAT_WINDOW_MS;
    // Nothing changed but the time.
    expect((await files.source.discover()).isUnchanged).toBe(false);
    expect(await files.readAll()).toMatchObject({ text: lines(0, 200) + lines(2000, 2100) });
  });
});

describe('a copy that goes on by itself', () => {
  const shared = lines(0, 100);

  it('counts from where it parted, where it was seen before', async () => {
    expect(shared.length).toBeGreaterThan(FORK_MIN_BYTES);
    files.write('a.log', shared);
    files.write('copy.log', shared);
    await files.readAll();
    appendFileSync(files.pathOf('a.log'), lines(100, 150));
    expect((await files.readAll()).text).toBe(lines(100, 150));
    appendFileSync(files.pathOf('copy.log'), lines(500, 520));
    expect((await files.readAll()).text).toBe(lines(500, 520));
    appendFileSync(files.pathOf('copy.log'), lines(520, 530));
    files.look({});
    expect((await files.readAll()).text).toBe(lines(520, 530));
  });

  it('counts from where it parted, where both went on before the next look', async () => {
    files.write('a.log', shared);
    files.write('copy.log', shared);
    await files.readAll();
    appendFileSync(files.pathOf('a.log'), lines(100, 150));
    appendFileSync(files.pathOf('copy.log'), lines(500, 520));
    expect((await files.readAll()).text).toBe(lines(100, 150) + lines(500, 520));
  });

  it('counts from its start where both have little in common', async () => {
    files.write('a.log', lines(0, 2));
    files.write('b.log', lines(0, 2));
    await files.readAll();
    appendFileSync(files.pathOf('a.log'), line(100));
    appendFileSync(files.pathOf('b.log'), line(200));
    expect((await files.readAll()).text).toBe(line(100) + lines(0, 2) + line(200));
  });
});

describe('what only the last bytes of a file show', () => {
  it('lets a copy that goes on by one line count from where it parted', async () => {
    files.write('a.log', lines(0, 300));
    await files.readAll();
    files.write('copy.log', lines(0, 290));
    expect((await files.readAll()).text).toBe('');
    appendFileSync(files.pathOf('copy.log'), line(900));
    expect((await files.readAll()).text).toBe(line(900));
  });

  it('lets what two files share behind the position count once', async () => {
    files.write('a.log', lines(0, 200));
    await files.readAll();
    files.write('a.log', lines(0, 300) + lines(700, 705));
    files.write('b.log', lines(0, 300) + lines(800, 805));
    expect((await files.readAll()).text).toBe(lines(200, 300) + lines(700, 705) + lines(800, 805));
  });
});

describe('an archive that goes on where a log ends that is still there', () => {
  it('is looked into before it is read, and nothing of it counts twice', async () => {
    files.write('app.log', lines(0, 200));
    await files.readAll();
    files.write('app.log.1.gz', gzip([Buffer.from(lines(0, 230))]));
    expect((await files.readAll()).text).toBe(lines(200, 230));
  });
});

describe('a file that is written into room that was made before', () => {
  it('counts once, however slowly it is filled', async () => {
    const whole = Buffer.from(lines(0, 400));
    const filled = (bytes: number) =>
      Buffer.concat([whole.subarray(0, bytes), Buffer.alloc(whole.length - bytes)]);
    files.look({ isFollowing: true });
    let text = '';
    for (const bytes of [9_000, 14_000, 20_000, whole.length]) {
      files.write('a.log', filled(bytes));
      text += (await files.readAll()).text;
    }
    expect(text).toBe(lines(0, 400));
  });
});

describe('a store of an earlier version', () => {
  it('knows its logs though it has no keys and checksums of them, beside a longer one that is gone', async () => {
    files.write('a.log', lines(0, 50));
    files.write('gone.log', lines(0, 40) + lines(100, 300));
    await files.readAll();
    files.known = files.known.map((one) => ({ ...one, headKey: '', checksums: new Uint8Array() }));
    rmSync(files.pathOf('gone.log'));
    appendFileSync(files.pathOf('a.log'), lines(400, 410));
    files.look({});
    expect((await files.readAll()).text).toBe(lines(400, 410));
  });

  it('that was set back under a program that follows is read on from there', async () => {
    files.write('a.log', lines(0, 50));
    await files.readAll();
    const before = [...files.known];
    files.write('b.log', lines(100, 150));
    await files.readAll();
    files.known = before;
    files.write('c.log', line(200));
    expect((await files.readAll()).text).toBe(lines(100, 150) + line(200));
  });
});

describe('logs that only begin alike', () => {
  const header = `${'#'.repeat(1799)}\n`;

  it('are all read, plain and compressed, whatever of them is there at a time', async () => {
    for (let i = 0; i < 6; i++) files.write(`a${i}.log`, header + lines(i * 100, i * 100 + 1 + (i % 3)));
    for (let i = 6; i < 12; i++)
      files.write(`a${i}.log.gz`, gzip([Buffer.from(header + lines(i * 100, i * 100 + 1 + (i % 3)))]));
    const { text, codes } = await files.readAll();
    expect(text.split('\n')).toHaveLength(12 + 24 + 1);
    expect(codes).toEqual([]);
    for (let i = 0; i < 12; i++) rmSync(files.pathOf(i < 6 ? `a${i}.log` : `a${i}.log.gz`));
    files.write('new.log', header + line(5000));
    expect((await files.readAll()).text).toBe(header + line(5000));
  });

  it('are read behind the NULs of a log that was truncated while it was written', async () => {
    files.write('a.log', Buffer.concat([Buffer.alloc(100_000), Buffer.from(lines(0, 3))]));
    expect((await files.readAll()).text).toBe(lines(0, 3));
    appendFileSync(files.pathOf('a.log'), line(3));
    expect((await files.readAll()).text).toBe(line(3));
    files.write('b.log.gz', gzip([Buffer.alloc(20_000), Buffer.from(lines(10, 13))]));
    expect((await files.readAll()).text).toBe(lines(10, 13));
  });
});

describe('logs with equal first lines, of which little was read', () => {
  const header = lines(0, 30);
  const older = header + lines(100, 200);
  const newer = header + lines(500, 640);

  /** Adds what is there, and reads so many lines of one log, as a process does that commits small batches. */
  async function readLines(count: number, name: string): Promise<void> {
    const { assignments: found } = await (await files.source.discover()).assign(knowing([]));
    files.known = found.map(({ partition }) => ({ ...partition }));
    const { assignments } = await (await files.source.discover()).assign(knowing(files.known));
    const assignment = assignments.find(({ partition }) => partition.name === files.pathOf(name));
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
    files.known = files.known.map((one) =>
      one.id === assignment.partition.id
        ? { ...one, offset, tailChecksum, checksums: prefixChecksums ?? one.checksums }
        : one,
    );
  }

  /** The partitions that are read, by the name of the file. */
  async function idsByName(): Promise<ReadonlyMap<string, string>> {
    const { assignments } = await (await files.source.discover()).assign(knowing(files.known));
    return new Map(assignments.map(({ partition: { name, id } }) => [relative(files.directory, name), id]));
  }
  const idOf = (name: string) => files.known.find((one) => one.name === files.pathOf(name))?.id;

  it.each([
    [7, 'app.log'],
    [7, 'app.log.1'],
    [29, 'app.log'],
    [29, 'app.log.1'],
  ])(
    'are told apart where %i lines were read of %s and another process sees other names',
    async (count, name) => {
      files.write('app.log.1', older);
      files.write('app.log', newer);
      await readLines(count, name);
      const [olderId, newerId] = [idOf('app.log.1'), idOf('app.log')];
      rmSync(files.pathOf('app.log'));
      rmSync(files.pathOf('app.log.1'));
      files.write('view.log', newer);
      files.write('b/app.log', older);
      files.look({});
      expect(await idsByName()).toEqual(
        new Map([
          ['view.log', newerId],
          ['b/app.log', olderId],
        ]),
      );
    },
  );

  it('are told apart by a process that sees only the beginning of one', async () => {
    files.write('app.log.1', older);
    files.write('app.log', newer);
    await readLines(7, 'app.log');
    const olderId = idOf('app.log.1');
    rmSync(files.pathOf('app.log'));
    rmSync(files.pathOf('app.log.1'));
    files.write('view.log', older.slice(0, older.length - line(0).length * 50));
    files.look({});
    expect(await idsByName()).toEqual(new Map([['view.log', olderId]]));
  });

  it('are told apart when a file goes on behind the equal lines', async () => {
    files.write('app.log.1', older);
    files.write('app.log', newer);
    await readLines(7, 'app.log');
    const [olderId, newerId] = [idOf('app.log.1'), idOf('app.log')];
    rmSync(files.pathOf('app.log'));
    rmSync(files.pathOf('app.log.1'));
    files.look({});
    files.write('view.log', lines(0, 10));
    expect(await idsByName()).toEqual(new Map([['view.log', newerId]]));
    appendFileSync(files.pathOf('view.log'), older.slice(lines(0, 10).length));
    expect(await idsByName()).toEqual(new Map([['view.log', olderId]]));
  });

  it('count once where the log was renamed before it was read on, and a longer one has its name', async () => {
    files.write('app.log', older);
    await readLines(7, 'app.log');
    renameSync(files.pathOf('app.log'), files.pathOf('app.log.1'));
    files.write('app.log', newer);
    files.look({});
    const { text } = await files.readAll();
    expect(text.length).toBe(older.length - line(0).length * 7 + newer.length);
    expect(text).toContain(lines(100, 200));
    expect(text).toContain(newer);
  });
});
