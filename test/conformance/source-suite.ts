/** What every source must do: the tests of `source.test.ts` and `kafka-source.test.ts`. */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/pipeline/types.ts';
import type { Assignment, Position, Source } from '../../src/source/contract.ts';
import type { RejectedLine, Store } from '../../src/store/contract.ts';
import { knowing } from '../support/known.ts';
import { pipelineOf } from '../support/pipeline.ts';
import { checkAsync } from '../support/property.ts';
import { type Rows, statisticsRows } from '../support/rows.ts';
import { FILES, type SourceKind, type SourceLog } from '../support/sources.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const SQLITE = STORE_KINDS[0] as (typeof STORE_KINDS)[number];

/** A message: lines of three customers, some of them broken; its last newline may be missing. */
const message: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), fc.boolean())
  .map(([kinds, hasNewline]) => `${kinds.map(lineOf).join('\n')}${hasNewline ? '\n' : ''}`);
/** A log that begins with a request, for else it is taken for no log. */
const messages = fc
  .array(message, { minLength: 1, maxLength: 12 })
  .map(([first = '', ...others]) => [`${lineOf(9)}\n${first}`, ...others]);

function lineOf(kind: number): string {
  if (kind < 2) return `broken ${kind}`;
  return `2024-10-0${kind} 05:10:46 customer_${kind % 3} /path/${kind} ${kind === 5 ? 500 : 200} 0.${kind}00`;
}

/** The lines of messages. */
function linesOf(all: readonly string[]): string[] {
  return all.flatMap((one) => one.replace(/\n$/, '').split('\n'));
}

/** What a store holds in the end. */
interface Outcome {
  readonly rows: Rows;
  readonly rejected: readonly RejectedLine[];
}

class Crash extends Error {}

/** Crashes with the `commits`th commit, before or behind it. */
function crashing(store: Store, commits: number, isStored: boolean): Store {
  let left = commits;
  const commit: Store['commit'] = async (batch) => {
    left--;
    if (left === 0 && !isStored) throw new Crash();
    await store.commit(batch);
    if (left === 0) throw new Crash();
  };
  const get = (_: unknown, name: keyof Store) => {
    const value = name === 'commit' ? commit : store[name];
    return typeof value === 'function' ? value.bind(store) : value;
  };
  return new Proxy(store, { get: (target, name) => get(target, name as keyof Store) });
}

function read(source: Source, store: Store, batchLines: number): Promise<Summary> {
  const signal = new AbortController().signal;
  const never = { signal, pause: async () => undefined, systemTimeMs: () => Date.UTC(2024, 9, 30) };
  return pipelineOf({ source, store, ...never, isFollowing: false, batchLines }).run();
}

async function outcomeIn(place: StorePlace, store: Store): Promise<Outcome> {
  const [ledger, ...others] = await store.ledger();
  expect(others).toEqual([]);
  if (!ledger) throw new Error('nothing was read');
  expect(ledger.accepted + ledger.rejected).toBe(ledger.lines);
  const range = { fromOffset: 0, toOffset: Number.MAX_SAFE_INTEGER, limit: 1_000 };
  const rejected = await store.rejectedLines({ partitionId: ledger.id, ...range });
  return { rows: await statisticsRows(place), rejected };
}

/** Reads a log into a store of its own, by as many processes as it takes. */
async function outcomeOf(
  log: SourceLog,
  batchLines: number,
  crashes: readonly { readonly commits: number; readonly isStored: boolean }[] = [],
): Promise<Outcome> {
  const place = await SQLITE.createPlace();
  try {
    const store = await place.open();
    await store.migrate();
    for (const { commits, isStored } of crashes) {
      const source = log.open(false);
      await read(source, crashing(store, commits, isStored), batchLines).catch((error) => {
        if (!(error instanceof Crash)) throw error;
      });
      source.close();
    }
    const source = log.open(false);
    await read(source, store, batchLines);
    source.close();
    return await outcomeIn(place, store);
  } finally {
    await place.dispose();
  }
}

/** What these messages come to as one file that is read at once. */
async function expectedOf(all: readonly string[]): Promise<Outcome> {
  const log = await FILES.createLog();
  try {
    for (const one of all) await log.append(one);
    return await outcomeOf(log, 1e6);
  } finally {
    await log.dispose();
  }
}

/** The tests that each source must pass. */
export function testSource({ name, createLog, runs }: SourceKind): void {
  describe(`a source of ${name}`, () => {
    let log: SourceLog;

    beforeEach(async () => {
      log = await createLog();
    });
    afterEach(() => log.dispose());

    /** The partition as a run without a store finds it. */
    async function assigned(known: Parameters<typeof knowing>[0] = []): Promise<Assignment> {
      const [assignment] = (await (await log.open(false).discover()).assign(knowing(known))).assignments;
      if (!assignment) throw new Error('nothing to read');
      return assignment;
    }

    /** The partition as one that was read up to a position. */
    async function assignedFrom(offset: Position): Promise<Assignment> {
      const { partition } = await assigned();
      return await assigned([{ ...partition, checksums: new Uint8Array(), tailChecksum: '', offset }]);
    }

    /** Reads to the end. @returns the lines, and the position before each and behind the last. */
    async function readLines(assignment: Assignment, blockBytes = 1_000): Promise<[string[], Position[]]> {
      const reader = await assignment.open();
      if (!reader) throw new Error('it cannot be opened');
      const target = new Uint8Array(blockBytes);
      const positions = [reader.positionAt(0)];
      let text = '';
      let taken = 0;
      for (let bytes = -1; bytes !== 0; ) {
        bytes = await reader.read(target);
        text += Buffer.from(target.subarray(0, bytes)).toString();
        for (let end = text.indexOf('\n', taken); end >= 0; end = text.indexOf('\n', taken)) {
          taken = end + 1;
          positions.push(reader.positionAt(taken));
        }
      }
      expect(taken).toBe(text.length);
      await reader.close();
      return [text.split('\n').slice(0, -1), positions];
    }

    test('gives the rows of the same lines in a file, in batches of any size, through any crashes', async () => {
      const crash = fc.record({ commits: fc.integer({ min: 1, max: 5 }), isStored: fc.boolean() });
      const property = fc.asyncProperty(
        messages,
        fc.integer({ min: 1, max: 12 }),
        fc.array(crash, { maxLength: 3 }),
        async (all, batchLines, crashes) => {
          const fresh = await createLog();
          try {
            for (const one of all) await fresh.append(one);
            const { rows, rejected } = await outcomeOf(fresh, batchLines, crashes);
            const expected = await expectedOf(all);
            expect(rows).toEqual(expected.rows);
            const textOf = ({ reason, excerpt }: RejectedLine) => `${reason} ${excerpt}`;
            expect(rejected.map(textOf)).toEqual(expected.rejected.map(textOf));
            expect(new Set(rejected.map(({ offset }) => offset)).size).toBe(rejected.length);
          } finally {
            await fresh.dispose();
          }
        },
      );
      await checkAsync(property, runs);
    });

    test('gives two broken lines of one message places of their own', async () => {
      await log.append(`${lineOf(3)}\nbroken a\n${lineOf(4)}\nbroken b`);
      const { rejected } = await outcomeOf(log, 1e6);
      expect(rejected.map(({ excerpt }) => excerpt)).toEqual(['broken a', 'broken b']);
      const [, positions] = await readLines(await assigned());
      expect(rejected.map(({ offset }) => offset)).toEqual([positions[1], positions[3]]);
      const source = log.open(false);
      const { id } = (await assigned()).partition;
      const [a, b] = [positions[1], positions[3]].map((position) =>
        source.positionText(position as Position, id),
      );
      expect(a).not.toBe(b);
    });

    test('gives positions that grow from line to line, the same for every size of blocks', async () => {
      const all = [`${lineOf(2)}\n${lineOf(3)}\n`, lineOf(4), `${lineOf(5)}\n${lineOf(6)}\n${lineOf(7)}`];
      for (const one of all) await log.append(one);
      const [lines, positions] = await readLines(await assigned());
      expect(lines).toEqual(linesOf(all));
      expect(positions.toSorted((a, b) => a - b)).toEqual(positions);
      expect(new Set(positions).size).toBe(positions.length);
      for (const blockBytes of [1, 7, 60]) {
        const assignment = await assigned();
        expect((await readLines(assignment, blockBytes))[0]).toEqual(lines);
      }
    });

    test('gives from each of its positions the lines behind, and up to each the lines before', async () => {
      const all = [`${lineOf(2)}\n${lineOf(3)}\n`, lineOf(4), `${lineOf(5)}\n${lineOf(6)}\n${lineOf(7)}`];
      for (const one of all) await log.append(one);
      const [lines, positions] = await readLines(await assigned());
      for (const [i, position] of positions.entries()) {
        if (i > 0)
          expect((await readLines((await assigned()).until(position)))[0]).toEqual(lines.slice(0, i));
        if (i === lines.length) continue;
        const rest = await assignedFrom(position);
        const reader = await rest.open();
        expect(reader?.before.length === 0).toBe(i === 0);
        expect(reader?.positionAt(0)).toBe(position);
        await reader?.close();
        expect((await readLines(rest))[0]).toEqual(lines.slice(i));
      }
    });

    test('gives what is added later, and nothing again', async () => {
      await log.append(`${lineOf(2)}\n${lineOf(3)}`);
      const place = await SQLITE.createPlace();
      try {
        const store = await place.open();
        await store.migrate();
        const source = log.open(false);
        expect((await read(source, store, 1)).lines).toBe(2);
        expect((await read(source, store, 1)).lines).toBe(0);
        await log.append(`${lineOf(4)}\nbroken\n${lineOf(6)}\n`);
        expect((await read(source, store, 1)).lines).toBe(3);
        source.close();
        expect((await store.ledger())[0]).toMatchObject({ lines: 5, accepted: 4, rejected: 1 });
      } finally {
        await place.dispose();
      }
    });
  });
}
