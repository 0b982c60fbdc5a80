import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readOnce } from '../../support/steps.ts';
import {
  commitsOf,
  counted,
  follow,
  isCommitOf,
  LIVE,
  linesOf,
  NOW_MS,
  OLD,
  OLD_LINES,
  opensOf,
  pathOf,
  turns,
  useTurns,
  writeLive,
} from '../../support/turns.ts';

useTurns();

const bzip2 = (bytes: Uint8Array) => execFileSync('bzip2', ['-1'], { input: bytes, maxBuffer: 2 ** 28 });
const xz = (bytes: Uint8Array) => execFileSync('xz', ['-0'], { input: bytes, maxBuffer: 2 ** 28 });

describe('while logs are followed, an archive', () => {
  it.each([
    ['gzip', 'gz', (bytes: Uint8Array) => gzipSync(bytes, { level: 1 })],
    ['zstd', 'zst', (bytes: Uint8Array) => zstdCompressSync(bytes)],
    ['bzip2', 'bz2', bzip2],
    ['xz', 'xz', xz],
  ])(
    'of %s is read in turns, between which live logs are read, and opened once',
    async (_, ending, compress) => {
      writeFileSync(pathOf('live.log'), LIVE);
      const name = `old.log.${ending}`;
      writeFileSync(pathOf(name), compress(OLD));
      const { events } = await follow({
        at: (event) => {
          if (isCommitOf(event, name)) writeLive();
        },
      });
      const commits = commitsOf(events);
      const turns = commits.filter((names) => names.includes(name)).length;
      expect(turns).toBeGreaterThan(3);
      // What was turns.written while a turn ended is read before the next one.
      expect(commits).toEqual(
        Array.from({ length: 2 * turns + 1 }, (_, i) => [i % 2 === 0 ? 'live.log' : name]),
      );
      expect(opensOf(events, name)).toBe(1);
      expect(await counted()).toEqual({ live: 40 + turns, old: OLD_LINES, other: 0 });
    },
  );

  it('that was read in part before gives way while that part is passed over', async () => {
    writeFileSync(pathOf('live.log'), LIVE);
    writeFileSync(pathOf('old.log'), OLD.subarray(0, OLD.lastIndexOf('\n', OLD.length - 1000) + 1));
    await readOnce({ paths: [turns.directory], store: turns.store, nowMs: () => NOW_MS });
    rmSync(pathOf('old.log'));
    writeFileSync(pathOf('old.log.1.gz'), gzipSync(OLD));
    const { events } = await follow({
      at: (event) => {
        if (event.kind === 'look' && turns.written < 3) writeLive();
      },
    });
    const archive = events.findIndex((event) => isCommitOf(event, 'old.log.1.gz'));
    const before = events.slice(0, archive).filter((event) => isCommitOf(event, 'live.log')).length;
    expect(before).toBe(3);
    expect(opensOf(events, 'old.log.1.gz')).toBe(1);
    expect(await counted()).toEqual({ live: 43, old: OLD_LINES, other: 0 });
  });

  it('that comes with many others does not keep a live log waiting for all of them', async () => {
    writeFileSync(pathOf('live.log'), LIVE);
    for (let i = 0; i < 60; i++)
      writeFileSync(
        pathOf(`old.log.${i + 1}.gz`),
        gzipSync(OLD.subarray(OLD.indexOf('\n', i * 5000) + 1, OLD.indexOf('\n', (i + 1) * 5000) + 1)),
      );
    const lines =
      OLD.subarray(OLD.indexOf('\n') + 1, OLD.indexOf('\n', 300_000) + 1)
        .toString()
        .split('\n').length - 1;
    const { events } = await follow({
      at: (event) => {
        if (event.kind === 'commit' && !event.names.includes('live.log')) writeLive();
      },
    });
    const commits = commitsOf(events);
    expect(commits.length).toBeGreaterThan(5);
    expect(commits.filter((_, i) => i % 2 === 0).every((names) => names.join() === 'live.log')).toBe(true);
    expect(await counted()).toEqual({ live: 40 + turns.written, old: lines, other: 0 });
  });

  it('that is replaced by another one between two turns is given up, and what lies there is read', async () => {
    writeFileSync(pathOf('old.log.gz'), gzipSync(OLD));
    let isDone = false;
    const { events } = await follow({
      at: (event) => {
        if (isDone || !isCommitOf(event, 'old.log.gz')) return;
        isDone = true;
        writeFileSync(pathOf('new'), gzipSync(Buffer.concat([OLD, linesOf('other', 50)])));
        renameSync(pathOf('new'), pathOf('old.log.gz'));
      },
    });
    expect(opensOf(events, 'old.log.gz')).toBe(2);
    expect(await counted()).toEqual({ live: 0, old: OLD_LINES, other: 50 });
  });

  it.each(['deleted', 'renamed'])('that is %s between two turns is read to its end', async (what) => {
    writeFileSync(pathOf('live.log'), LIVE);
    writeFileSync(pathOf('old.log.1.gz'), gzipSync(OLD));
    const { events } = await follow({
      at: (event, events) => {
        if (events.filter((one) => isCommitOf(one, 'old.log.1.gz')).length !== 2) return;
        if (!isCommitOf(event, 'old.log.1.gz')) return;
        if (what === 'deleted') rmSync(pathOf('old.log.1.gz'));
        else renameSync(pathOf('old.log.1.gz'), pathOf('old.log.2.gz'));
      },
    });
    expect(opensOf(events, 'old.log.1.gz') + opensOf(events, 'old.log.2.gz')).toBe(1);
    expect(await counted()).toEqual({ live: 40, old: OLD_LINES, other: 0 });
  });

  it('that another process brings on between two turns counts once', async () => {
    writeFileSync(pathOf('old.log.gz'), gzipSync(OLD));
    let isDone = false;
    await follow({
      at: async (event) => {
        if (isDone || !isCommitOf(event, 'old.log.gz')) return;
        isDone = true;
        await readOnce({ paths: [turns.directory], store: turns.store, nowMs: () => NOW_MS });
      },
    });
    expect(isDone).toBe(true);
    expect(await counted()).toEqual({ live: 0, old: OLD_LINES, other: 0 });
  });

  it('is closed when the run is stopped between two turns, and the next run goes on there', async () => {
    writeFileSync(pathOf('old.log.gz'), gzipSync(OLD));
    const { lines } = await follow({
      at: (event, _, stop) => {
        if (isCommitOf(event, 'old.log.gz')) stop();
      },
    });
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThan(OLD_LINES);
    expect(openFiles().filter((path) => path.startsWith(turns.directory))).toEqual([]);
    expect((await turns.store.checkpoints.all())[0]?.lines).toBe(lines);
    expect((await follow()).lines).toBe(OLD_LINES - lines);
    expect(await counted()).toEqual({ live: 0, old: OLD_LINES, other: 0 });
  });

  it('has the late lines that it has when it is read at one go', async () => {
    writeFileSync(pathOf('old.log.gz'), gzipSync(OLD));
    const eventTime = { waitMs: 3_600_000, isDroppingLate: true };
    await follow({ eventTime, at: (event) => (event.kind === 'commit' ? writeLive() : undefined) });
    const inTurns = (await turns.store.ledger()).find(({ name }) => name.endsWith('.gz'));
    await turns.place.dispose();
    await turns.openStore();
    await follow({ eventTime, stepMs: 0 });
    const atOnce = (await turns.store.ledger()).find(({ name }) => name.endsWith('.gz'));
    expect(inTurns?.dropped).toBeGreaterThan(1000);
    expect(inTurns).toMatchObject({
      lines: OLD_LINES,
      dropped: atOnce?.dropped,
      accepted: atOnce?.accepted,
    });
  });
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
