import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_IDENTITY_BYTES } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { checkAsync } from '../support/property.ts';
import { follow, readOnce, type Stepped } from '../support/steps.ts';

/** What can happen to a directory of logs, and to the program that reads it. */
const OPERATIONS = [
  'write',
  'write',
  'write half a line',
  'write no newline',
  'look',
  'look',
  'wait',
  'wait long',
  'rename',
  'rename, and write on',
  'rename away',
  'rename away, and write on',
  'delete',
  'copy and truncate',
  'copy, write, and truncate',
  'rewrite',
  'gzip',
  'zstd',
  'gzip in two looks',
  'copy aside',
  'delete the oldest',
  'stop',
  'start',
  'read once',
] as const;

type Operation = (typeof OPERATIONS)[number];

interface Step {
  readonly log: 0 | 1;
  readonly operation: Operation;
}

/** How each new log begins: with nothing, or with lines that all of them have. */
const HEADERS = [0, 1, 25];

/**
 * Where so many first bytes are the same that they identify nothing, a file that is gone cannot be told from a shorter one,
 * nor two archives from each other: there each log stays as it is, under whatever name.
 */
const LOSING = /delete|away|rewrite|copy, write|gzip|zstd/;

const stepsOf = (header: number) =>
  fc.array(
    fc.record({
      log: fc.constantFrom(0 as const, 1 as const),
      operation: fc.constantFrom(...OPERATIONS.filter((operation) => header < 20 || !LOSING.test(operation))),
    }),
    { minLength: 3, maxLength: 30 },
  );

let parent: string;
let store: Store;
let database: DatabaseSync;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'daymark-living-'));
  store = await openSqliteStore({ dataDir: parent });
  await store.migrate();
  database = new DatabaseSync(join(parent, 'daymark.db'));
});

afterAll(async () => {
  database.close();
  await store.close();
  rmSync(parent, { recursive: true });
});

/** Names of the logs. Each is rotated as logrotate does it, `a.log.1` the youngest. */
const NAMES = ['a.log', 'b.log'];

/** A directory of logs, the program that reads it, and all lines that it must count. */
class World {
  readonly #directory: string;
  readonly #away: string;
  readonly #header: number;
  /** Requests by customer: one for each line, but for those that all logs begin with. */
  readonly expected = new Map<string, number>();
  rejected = 0;
  readonly problems = new Set<string>();
  /** Of the line that each log's last bytes begin, if they do: what is missing, and the customer. */
  readonly #open: ({ readonly rest: string; readonly customer: string } | undefined)[] = [
    undefined,
    undefined,
  ];
  #reader: Stepped | undefined;
  #nowMs = Date.now();
  #lines = 0;
  #files = 0;
  /** True where a file that left its path may not be read to its end yet. */
  #hasDeparted = false;
  /** True where half a last line of a rotated log may not be taken yet. */
  #hasRotatedHalf = false;

  constructor(directory: string, header: number) {
    this.#directory = directory;
    this.#away = `${directory}-away`;
    this.#header = header;
    mkdirSync(directory);
    mkdirSync(this.#away);
  }

  #path(log: number, rotation = ''): string {
    return join(this.#directory, `${NAMES[log]}${rotation}`);
  }

  /** As of the time that the program goes by. */
  #append(path: string, bytes: string | Uint8Array): void {
    appendFileSync(path, bytes);
    utimesSync(path, this.#nowMs / 1000, this.#nowMs / 1000);
  }

  #copy(from: string, to: string): void {
    this.#append(to, readFileSync(from));
  }

  get #settings() {
    return {
      paths: [this.#directory],
      store,
      nowMs: () => this.#nowMs,
      problem: (code: string) => void this.problems.add(code),
    };
  }

  #count(customer: string): void {
    this.expected.set(customer, (this.expected.get(customer) ?? 0) + 1);
  }

  /** Begins a file as all of them begin, and goes on with a line of its own: until then nobody can tell two apart. */
  #begin(path: string): void {
    if (existsSync(path) && statSync(path).size > 0) return;
    const lines = Array.from({ length: this.#header }, (_, i) => lineOf('everybody', i));
    for (let i = 0; i < this.#header; i++) this.#count('everybody');
    this.#append(path, lines.join('') + this.#line());
  }

  /** A line that stands nowhere else. */
  #line(): string {
    const customer = `c${this.#lines++}`;
    this.#count(customer);
    return lineOf(customer, this.#lines);
  }

  #write(log: number): void {
    const path = this.#path(log);
    if (this.#open[log]) this.#close(log, path);
    this.#begin(path);
    this.#append(path, this.#line() + (this.#lines % 3 === 0 ? this.#line() : ''));
  }

  #writeHalf(log: number, missing: number): void {
    if (this.#open[log]) return;
    this.#begin(this.#path(log));
    const customer = `c${this.#lines++}`;
    const line = lineOf(customer, this.#lines);
    this.#append(this.#path(log), line.slice(0, line.length - missing));
    this.#open[log] = { rest: line.slice(line.length - missing), customer };
  }

  /** Writes the rest of a line. */
  #close(log: number, path: string): void {
    const open = this.#open[log];
    if (!open) return;
    this.#append(path, open.rest);
    this.#count(open.customer);
    this.#open[log] = undefined;
  }

  /** Nothing more comes to a log: half a last line is one, whole or broken. */
  #endRotated(log: number): void {
    const open = this.#open[log];
    if (!open) return;
    if (open.rest === '\n') this.#count(open.customer);
    else this.rejected++;
    this.#open[log] = undefined;
    this.#hasRotatedHalf = true;
  }

  async #look(): Promise<void> {
    this.#nowMs += 200;
    if (!this.#reader) return;
    await this.#reader.step();
  }

  /** Reads everything that is there, also what only waiting shows. */
  async #settle(): Promise<void> {
    for (const waitMs of [0, 1_000, 11_000, 200, 200, 11_000, 200, 200, 200]) {
      this.#nowMs += waitMs;
      await this.#look();
    }
    this.#hasDeparted = false;
    this.#hasRotatedHalf = false;
  }

  /** Moves the rotated logs one on. */
  #shift(log: number): void {
    for (let rotation = 6; rotation >= 1; rotation--) {
      for (const ending of ['', '.gz', '.zst']) {
        const path = this.#path(log, `.${rotation}${ending}`);
        if (existsSync(path)) renameSync(path, this.#path(log, `.${rotation + 1}${ending}`));
      }
    }
  }

  #hasLog(log: number): boolean {
    return existsSync(this.#path(log)) && statSync(this.#path(log)).size > 0;
  }

  async #rotate(log: number, writesOn: boolean): Promise<void> {
    this.#shift(log);
    const path = this.#path(log, '.1');
    renameSync(this.#path(log), path);
    if (writesOn) {
      if (this.#lines % 2 === 0) await this.#look();
      this.#close(log, path);
      this.#append(path, this.#line());
    }
    this.#endRotated(log);
  }

  /** Out of reach only what was held: a look has seen it. */
  async #leave(log: number, leave: (path: string) => string | undefined, writesOn: boolean): Promise<void> {
    if (!this.#reader) return;
    await this.#look();
    if (this.#lines % 2 === 0) this.#write(log);
    const away = leave(this.#path(log));
    this.#hasDeparted = true;
    if (writesOn && away !== undefined) {
      if (this.#lines % 3 === 0) await this.#look();
      this.#close(log, away);
      this.#append(away, this.#line());
    }
    this.#endRotated(log);
    this.#hasDeparted = true;
  }

  #copyAndTruncate(log: number): void {
    this.#close(log, this.#path(log));
    this.#shift(log);
    this.#copy(this.#path(log), this.#path(log, '.1'));
  }

  #compress(
    log: number,
    ending: string,
    compress: (bytes: Uint8Array) => Uint8Array,
  ): [Buffer, string, string] | undefined {
    const path = this.#path(log, '.1');
    if (!existsSync(path)) return undefined;
    return [Buffer.from(compress(readFileSync(path))), path, `${path}${ending}`];
  }

  async apply({ log, operation }: Step): Promise<void> {
    const isThere = this.#hasLog(log);
    if (operation === 'write') return this.#write(log);
    if (operation === 'write half a line') return this.#writeHalf(log, 20);
    if (operation === 'write no newline') return this.#writeHalf(log, 1);
    if (operation === 'look') return await this.#look();
    if (operation === 'wait') this.#nowMs += 3_000;
    if (operation === 'wait long') this.#nowMs += 15_000;
    if (operation === 'stop' && this.#reader) await this.#stop();
    if (operation === 'start') await this.#start();
    if (operation === 'read once' && !this.#reader && !this.#open.some((open) => open))
      await this.#readOnce();
    if (operation === 'rename' && isThere) await this.#rotate(log, false);
    if (operation === 'rename, and write on' && isThere) await this.#rotate(log, true);
    if (operation.startsWith('rename away') && isThere)
      await this.#leave(log, (path) => this.#moveAway(path), operation !== 'rename away');
    if (operation === 'delete' && isThere) await this.#leave(log, (path) => void rmSync(path), false);
    if (operation === 'copy and truncate' && isThere) {
      this.#copyAndTruncate(log);
      truncateSync(this.#path(log));
      if (this.#lines % 2 === 0) this.#write(log);
    }
    if (operation === 'copy, write, and truncate' && isThere && this.#reader) {
      // A shorter copy cannot be recognised as the beginning of what was read.
      while (statSync(this.#path(log)).size < FILE_IDENTITY_BYTES) this.#write(log);
      this.#copyAndTruncate(log);
      this.#write(log);
      // Else the line is nowhere.
      await this.#look();
      truncateSync(this.#path(log));
    }
    if (operation === 'rewrite' && isThere && this.#reader) {
      this.#close(log, this.#path(log));
      await this.#look();
      truncateSync(this.#path(log));
      this.#write(log);
    }
    if (operation === 'gzip') this.#replace(this.#compress(log, '.gz', gzipSync));
    if (operation === 'zstd') this.#replace(this.#compress(log, '.zst', zstdCompressSync));
    if (operation === 'gzip in two looks') await this.#replaceSlowly(this.#compress(log, '.gz', gzipSync));
    if (operation === 'copy aside' && existsSync(this.#path(log, '.1')) && !this.#hasRotatedHalf)
      this.#copy(this.#path(log, '.1'), join(this.#directory, `copy-${this.#files++}.log`));
    if (operation === 'delete the oldest') await this.#deleteOldest(log);
  }

  #moveAway(path: string): string {
    const away = join(this.#away, String(this.#files++));
    renameSync(path, away);
    return away;
  }

  #replace(replacement: [Buffer, string, string] | undefined): void {
    if (!replacement) return;
    const [bytes, from, to] = replacement;
    this.#append(to, bytes);
    rmSync(from);
  }

  async #replaceSlowly(replacement: [Buffer, string, string] | undefined): Promise<void> {
    if (!replacement) return;
    const [bytes, from, to] = replacement;
    const middle = bytes.length >> 1;
    this.#append(to, bytes.subarray(0, middle));
    await this.#look();
    if (bytes.length % 2 === 0) await this.#look();
    this.#append(to, bytes.subarray(middle));
    if (bytes.length % 3 === 0) await this.#look();
    rmSync(from);
  }

  async #deleteOldest(log: number): Promise<void> {
    for (let rotation = 7; rotation >= 1; rotation--) {
      for (const ending of ['', '.gz', '.zst']) {
        const path = this.#path(log, `.${rotation}${ending}`);
        if (!existsSync(path)) continue;
        // What nobody has read is lost with it.
        if (!this.#reader) return;
        await this.#settle();
        return rmSync(path);
      }
    }
  }

  async #stop(): Promise<void> {
    if (this.#hasDeparted) await this.#settle();
    await this.#reader?.stop();
    this.#reader = undefined;
  }

  async #start(): Promise<void> {
    if (this.#reader) return;
    this.#reader = follow(this.#settings);
    await this.#look();
  }

  async #readOnce(): Promise<void> {
    await readOnce(this.#settings).catch(() => undefined);
  }

  /** Ends every line, and has everything read. */
  async end(): Promise<void> {
    for (const log of [0, 1]) if (this.#open[log]) this.#close(log, this.#path(log));
    await this.#start();
    await this.#settle();
    await this.#stop();
    rmSync(this.#directory, { recursive: true });
    rmSync(this.#away, { recursive: true });
  }
}

function lineOf(customer: string, number: number): string {
  return `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 0.${String(number).padStart(6, '0')}\n`;
}

function requestsByCustomer(): Map<string, number> {
  const rows = database.prepare('select customer_id, success_requests as requests from daily_stats').all();
  return new Map(rows.map((row) => [String(row.customer_id), Number(row.requests)]));
}

function ledger(): { lines: number; rejected: number; unsound: number } {
  const [row] = database
    .prepare(
      `select coalesce(sum(lines), 0) as lines, coalesce(sum(rejected), 0) as rejected,
        coalesce(sum(lines <> accepted + rejected + dropped), 0) as unsound from checkpoints`,
    )
    .all();
  return { lines: Number(row?.lines), rejected: Number(row?.rejected), unsound: Number(row?.unsound) };
}

function empty(): void {
  for (const table of ['daily_stats', 'rejected_lines', 'rejection_counts', 'checkpoints'])
    database.exec(`delete from ${table}`);
}

let sequences = 0;

async function live(header: number, sequence: readonly Step[]): Promise<World> {
  empty();
  const world = new World(join(parent, String(sequences++)), header);
  for (const step of sequence) await world.apply(step);
  await world.end();
  return world;
}

/** Sorted, and only what differs from one line each: what is wrong shows at once. */
function counts(requests: ReadonlyMap<string, number>): string[] {
  return Array.from(requests, ([customer, count]) => `${customer} ${count}`).sort();
}

describe('each line of logs that live', () => {
  it.each(HEADERS)(
    'counts once, whatever happens to its file and to the program, where logs begin with %i equal lines',
    async (header) => {
      await checkAsync(
        fc.asyncProperty(stepsOf(header), async (sequence) => {
          const { expected, rejected } = await live(header, sequence);
          expect(counts(requestsByCustomer())).toEqual(counts(expected));
          const lines = [...expected.values()].reduce((sum, count) => sum + count, rejected);
          expect(ledger()).toEqual({ lines, rejected, unsound: 0 });
        }),
        Number(process.env.LIVING_RUNS ?? (process.env.TEST_LONG ? 3_000 : 150)),
      );
    },
    600_000,
  );
});
