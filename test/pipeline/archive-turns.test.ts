import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARCHIVE_TURN_MS, LOG_TURN_MS } from '../../src/limits.ts';
import type { EventTimeSettings } from '../../src/pipeline/types.ts';
import type { Discovery, Position, Source } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { pipelineOf } from '../support/pipeline.ts';
import { checkAsync } from '../support/property.ts';
import { readOnce } from '../support/steps.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

let directory: string;
let place: StorePlace;
let store: Store;
/** What the program takes for the system time. */
const NOW_MS = Date.now() + 3_600_000;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-turns-'));
  place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
  store = await place.open();
  await store.migrate();
});

afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

const pathOf = (name: string) => join(directory, name);

/** Lines in an order of time that goes back and forth over days. */
function linesOf(customer: string, count: number): Buffer {
  const lines = Array.from({ length: count }, (_, i) => {
    const day = String(1 + ((i * 7) % 9)).padStart(2, '0');
    const second = String(i % 60).padStart(2, '0');
    return `2024-10-${day} 05:10:${second} ${customer} /requests/${customer}/${i} 200 0.100\n`;
  });
  return Buffer.from(lines.join(''));
}

const bzip2 = (bytes: Uint8Array) => execFileSync('bzip2', ['-1'], { input: bytes, maxBuffer: 2 ** 28 });
const xz = (bytes: Uint8Array) => execFileSync('xz', ['-0'], { input: bytes, maxBuffer: 2 ** 28 });

/** What happened, in its order: commits by the logs that they move, looks, and archives that were opened. */
type Event =
  | { readonly kind: 'look' }
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'commit'; readonly names: readonly string[] };

interface Watched {
  readonly events: readonly Event[];
  readonly lines: number;
}

interface FollowSettings {
  /** Called at each event; what it changes is there at the next look. */
  readonly at?: (event: Event, events: readonly Event[], stop: () => void) => Promise<void> | void;
  /** The clock goes on by so much whenever it is asked: at least once for each block of an archive. */
  readonly stepMs?: number;
  readonly eventTime?: Partial<EventTimeSettings>;
}

/** Follows the directory until all is read, or it is stopped. */
async function follow({
  at = () => undefined,
  stepMs = 60,
  eventTime,
}: FollowSettings = {}): Promise<Watched> {
  const events: Event[] = [];
  const stop = new AbortController();
  const note = async (event: Event) => {
    events.push(event);
    await at(event, events, () => stop.abort());
  };
  // It goes on while the program rests: what it has seen is quiet then.
  let restedMs = 0;
  const source = new FilesSource([directory], { isFollowing: true, nowMs: () => restedMs });
  let nowMs = 0;
  const pipeline = pipelineOf({
    source: new WatchedSource(source, note),
    store: watched(store, note),
    signal: stop.signal,
    pause: async () => {
      restedMs += 2_000;
      if (restedMs >= 10_000) stop.abort();
    },
    systemTimeMs: () => NOW_MS,
    isFollowing: true,
    ...(eventTime ? { eventTime } : {}),
    now: () => {
      nowMs += stepMs;
      return nowMs;
    },
  });
  try {
    const { lines } = await pipeline.run();
    return { events, lines };
  } finally {
    source.close();
  }
}

function watched(real: Store, note: (event: Event) => Promise<void>): Store {
  return new Proxy(real, {
    get: (target, key: keyof Store) => {
      if (key !== 'commit') {
        const value = target[key];
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (batch: Parameters<Store['commit']>[0]) => {
        await target.commit(batch);
        const moved = batch.advances.filter(({ fromOffset, toOffset }) => toOffset > fromOffset);
        if (moved.length > 0) await note({ kind: 'commit', names: moved.map(({ name }) => basename(name)) });
      };
    },
  });
}

class WatchedSource implements Source {
  readonly #source: Source;
  readonly #note: (event: Event) => Promise<void>;

  constructor(source: Source, note: (event: Event) => Promise<void>) {
    this.#source = source;
    this.#note = note;
  }

  async discover(): Promise<Discovery> {
    await this.#note({ kind: 'look' });
    const discovery = await this.#source.discover();
    return {
      ...discovery,
      assign: async (known) => {
        const assigned = await discovery.assign(known);
        const assignments = assigned.assignments.map((assignment) => ({
          ...assignment,
          open: async (yieldPoint?: () => Promise<void>) => {
            await this.#note({ kind: 'open', name: basename(assignment.partition.name) });
            return await assignment.open(yieldPoint);
          },
        }));
        return { ...assigned, assignments };
      },
    };
  }

  positionText(position: Position): string {
    return this.#source.positionText(position);
  }

  close(): void {
    this.#source.close();
  }
}

/** Requests by customer, as the store has them, and that its ledgers add up. */
async function counted(): Promise<Record<string, number>> {
  const checkpoints = await store.checkpoints.all();
  const lines = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.lines, 0);
  const counts: Record<string, number> = {};
  for (const customerId of ['live', 'old', 'other']) {
    const rows = await store.dailyStats({ customerId, from: '0001-01-01', limit: 99 });
    counts[customerId] = rows.reduce((sum, row) => sum + row.successRequests + row.failedRequests, 0);
  }
  expect(lines).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
  return counts;
}

const commitsOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.kind === 'commit' ? [event.names] : []));
const opensOf = (events: readonly Event[], name: string) =>
  events.filter((event) => event.kind === 'open' && event.name === name).length;
const isCommitOf = (event: Event, name: string) => event.kind === 'commit' && event.names.includes(name);

const LIVE = linesOf('live', 40);
const OLD_LINES = 60_000;
const OLD = linesOf('old', OLD_LINES);

/** The next line of the live log. */
let written = 0;
beforeEach(() => {
  written = 0;
});
function writeLive(): void {
  const line = `2024-10-02 05:10:46 live /again/${written++} 200 0.100\n`;
  appendFileSync(pathOf('live.log'), line);
}

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
      // What was written while a turn ended is read before the next one.
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
    await readOnce({ paths: [directory], store, nowMs: () => NOW_MS });
    rmSync(pathOf('old.log'));
    writeFileSync(pathOf('old.log.1.gz'), gzipSync(OLD));
    const { events } = await follow({
      at: (event) => {
        if (event.kind === 'look' && written < 3) writeLive();
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
    expect(await counted()).toEqual({ live: 40 + written, old: lines, other: 0 });
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
        await readOnce({ paths: [directory], store, nowMs: () => NOW_MS });
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
    expect(openFiles().filter((path) => path.startsWith(directory))).toEqual([]);
    expect((await store.checkpoints.all())[0]?.lines).toBe(lines);
    expect((await follow()).lines).toBe(OLD_LINES - lines);
    expect(await counted()).toEqual({ live: 0, old: OLD_LINES, other: 0 });
  });

  it('has the late lines that it has when it is read at one go', async () => {
    writeFileSync(pathOf('old.log.gz'), gzipSync(OLD));
    const eventTime = { waitMs: 3_600_000, isDroppingLate: true };
    await follow({ eventTime, at: (event) => (event.kind === 'commit' ? writeLive() : undefined) });
    const inTurns = (await store.ledger()).find(({ name }) => name.endsWith('.gz'));
    const whole = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
    try {
      store = await whole.open();
      await store.migrate();
      await follow({ eventTime, stepMs: 0 });
      const atOnce = (await store.ledger()).find(({ name }) => name.endsWith('.gz'));
      expect(inTurns?.dropped).toBeGreaterThan(1000);
      expect(inTurns).toMatchObject({
        lines: OLD_LINES,
        dropped: atOnce?.dropped,
        accepted: atOnce?.accepted,
      });
    } finally {
      await whole.dispose();
    }
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

describe('while logs are followed', () => {
  it('a large log gives way to the others with each commit that ends its turn', async () => {
    writeFileSync(pathOf('large.log'), OLD);
    writeFileSync(pathOf('live.log'), LIVE);
    const { events } = await follow({
      stepMs: LOG_TURN_MS / 3,
      at: (event) => {
        if (isCommitOf(event, 'large.log')) writeLive();
      },
    });
    const commits = commitsOf(events);
    const turns = commits.filter((names) => names.includes('large.log')).length;
    expect(turns).toBeGreaterThan(3);
    // What was written during one is in the next commit, or in that which moves the large log on.
    for (const [i, names] of commits.slice(0, -1).entries())
      if (names.includes('large.log')) expect(commits[i + 1]).toContain('live.log');
    expect(await counted()).toEqual({ live: 40 + turns, old: OLD_LINES, other: 0 });
  });

  it('every line counts once, whatever happens between the turns of archives', () => {
    const operations = fc.constantFrom(
      'write',
      'rename',
      'replace by a copy',
      'stop',
      'other process',
      'nothing',
    );
    return checkAsync(
      fc.asyncProperty(
        fc.array(operations, { maxLength: 8 }),
        fc.integer({ min: 1, max: 2 * ARCHIVE_TURN_MS }),
        fc.constantFrom('gz', 'zst'),
        async (planned, stepMs, ending) => {
          await place.dispose();
          place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
          store = await place.open();
          await store.migrate();
          for (const name of readdirSync(directory)) rmSync(pathOf(name));
          written = 0;
          writeFileSync(pathOf('live.log'), LIVE);
          const compress = ending === 'gz' ? gzipSync : zstdCompressSync;
          let name = `old.log.1.${ending}`;
          writeFileSync(pathOf(name), compress(OLD.subarray(0, OLD.indexOf('\n', 900_000) + 1)));
          writeFileSync(pathOf(`other.log.1.${ending}`), compress(linesOf('other', 9000)));
          const lines = readLines(OLD.subarray(0, OLD.indexOf('\n', 900_000) + 1));
          const left = [...planned];
          let isStopped = true;
          while (isStopped) {
            isStopped = false;
            await follow({
              stepMs,
              at: async (event, _, stop) => {
                if (event.kind !== 'commit') return;
                const operation = left.shift();
                if (operation === 'write') writeLive();
                if (operation === 'rename') {
                  const next = name.replace(/\d+/, (number) => String(Number(number) + 1));
                  renameSync(pathOf(name), pathOf(next));
                  name = next;
                }
                if (operation === 'replace by a copy') {
                  copyFileSync(pathOf(name), pathOf('copy'));
                  renameSync(pathOf('copy'), pathOf(name));
                }
                if (operation === 'other process')
                  await readOnce({ paths: [directory], store, nowMs: () => NOW_MS });
                if (operation === 'stop') {
                  isStopped = true;
                  stop();
                }
              },
            });
          }
          expect(await counted()).toEqual({ live: 40 + written, old: lines, other: 9000 });
        },
      ),
      process.env.TEST_LONG ? 500 : 25,
    );
  });
});

function readLines(bytes: Uint8Array): number {
  return bytes.reduce((lines, byte) => lines + Number(byte === 0x0a), 0);
}
