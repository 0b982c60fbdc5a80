import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKernel } from '../../src/kernel/kernel.ts';
import { MAX_MERGED_RUNS, RECORD_BATCH_ROWS } from '../../src/limits.ts';
import { columnsOf, STATISTICS_COLUMNS } from '../../src/statistics/columns.ts';
import {
  encodeStatistics,
  finalizeStatistics,
  mergeStatistics,
} from '../../src/statistics/daily-statistics.ts';
import { encodeWindows, StoredRowEncoder } from '../../src/statistics/encoded-windows.ts';
import { keyedWindows } from '../../src/statistics/keyed-windows.ts';
import { type Run, RunMerger } from '../../src/statistics/merged-runs.ts';
import { windowsOf } from '../../src/statistics/merged-window.ts';
import { Scratch } from '../../src/statistics/scratch.ts';
import { sortTexts } from '../../src/statistics/sorted-windows.ts';
import { TextInterner } from '../../src/statistics/text-interner.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { compareUtf8 } from '../../src/window/key.ts';
import type { KeptWindows } from '../../src/window/kind.ts';
import type { ZoneTable } from '../../src/window/types.ts';
import { windowSpans } from '../../src/window/window-spans.ts';
import { UTC } from '../../src/window/zone.ts';
import { deltasOf, type Request } from '../support/batches.ts';
import { ALL_KINDS, ONLY_DAYS } from '../support/kept-windows.ts';
import { check, runsOf } from '../support/property.ts';
import { anyDuration, batchOf } from '../support/requests.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const DAY_MS = 86_400_000;
const accumulator = new WindowAccumulator(windowSpans(UTC, false), newKernel(MIN_STATE_BYTES));
const merger = new RunMerger();

const request: fc.Arbitrary<Request> = fc
  .record({
    customerId: fc.constantFrom(
      'a',
      'b',
      'cust_1',
      'cust_10',
      'cust_100000',
      'cust_100001',
      'é',
      '\uffff',
      '😀',
    ),
    day: fc.integer({ min: -2, max: 2 }),
    status: fc.oneof(fc.constantFrom(0, 200), fc.integer({ min: 100, max: 599 })),
    durationUs: fc.oneof(anyDuration, fc.constantFrom(-1, 0, 5_000, 2_046_000, 2_047_000, 2_048_000)),
    timeMs: fc.integer({ min: 0, max: DAY_MS - 1 }),
  })
  .map(({ day, timeMs, ...rest }) => ({ ...rest, date: dateOfDay(day), eventMs: day * DAY_MS + timeMs }));

function add(to: WindowAccumulator, requests: readonly Request[], ids: readonly string[]): void {
  to.clear();
  for (let i = 0; i < requests.length; i += RECORD_BATCH_ROWS) {
    const part = requests.slice(i, i + RECORD_BATCH_ROWS);
    const records = part.map(({ eventMs, ...rest }) => ({ ...rest, eventTimeMs: eventMs }));
    to.add(
      batchOf(
        records,
        part.map(({ customerId }) => ids.indexOf(customerId)),
      ),
    );
  }
}

function runOf(requests: readonly Request[]): Run {
  const ids = [...new Set(requests.map(({ customerId }) => customerId))];
  add(accumulator, requests, ids);
  const names = { customerId: (customer: number) => ids[customer] ?? '' };
  return inMemory(encodeWindows(accumulator, names, ONLY_DAYS, UTC));
}

/** @param pieces each valid until the next one. */
function inMemory(pieces: Iterable<Uint8Array>): Run {
  const bytes = Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
  return {
    bytes: bytes.length,
    read: (target, position) => target.set(bytes.subarray(position, position + target.length)),
  };
}

const windowsOfRuns = (merger: RunMerger, runs: readonly Run[]) =>
  Array.from(merger.blocks(runs)).flatMap((block) => [...windowsOf(block, new TextInterner())]);

function merged(runs: readonly Run[]): string[] {
  return Array.from(windowsOfRuns(merger, runs), ({ key, state, row, lateEvents }) => {
    const { length } = key.values;
    expect([row.slice(0, length), row.at(-1)]).toEqual([key.values, state]);
    const numbers = JSON.stringify(row.slice(length, -1));
    return `${key.values.join(' ')} ${lateEvents} ${numbers} ${Buffer.from(state).toString('hex')}`;
  });
}

/** Each window counted by itself, in the order of keys. */
function oracle(requests: readonly Request[]): string[] {
  return deltasOf(requests).map(({ key, statistics }) => {
    const numbers = Object.values(columnsOf(finalizeStatistics(statistics)));
    const state = Buffer.from(encodeStatistics(statistics)).toString('hex');
    return `${key.values.join(' ')} undefined ${JSON.stringify(numbers)} ${state}`;
  });
}

describe('merging runs of encoded windows', () => {
  it('gives the rows that counting all at once gives, in the order of keys', () => {
    check(
      fc.property(fc.array(fc.array(request, { maxLength: 40 }), { maxLength: 9 }), (parts) => {
        expect(merged(parts.map(runOf))).toEqual(oracle(parts.flat()));
      }),
      runsOf({ fast: 60, normal: 120, long: 5000 }),
    );
  });

  it('adds what a store has, however many requests that are, and says what is as it was', () => {
    const of = (customerId: string): Request => {
      return { customerId, date: dateOfDay(1), status: 200, durationUs: 1_000, eventMs: DAY_MS };
    };
    const [{ key, statistics }] = deltasOf([of('b')]);
    let many = statistics;
    for (let i = 0; i < 31; i++) many = mergeStatistics([many, many]);
    const stateHex = Buffer.from(encodeStatistics(many)).toString('hex');
    const encoder = new StoredRowEncoder();
    for (const id of ['a', 'b']) expect(encoder.add(key.kind, [id, dateOfDay(1)], stateHex)).toBe(true);
    const stored = inMemory([encoder.take()]);
    const rows = Array.from(merger.blocks([runOf([of('b'), of('c')]), runOf([of('b')])], stored)).flatMap(
      (block) => {
        const found = [];
        for (let row = 0; row < block.bytes.length; row = block.next(row)) {
          const state = block.bytes.subarray(block.stateFrom(row), block.stateEnd(row));
          const served = STATISTICS_COLUMNS.map((_, column) => block.number(row, column));
          found.push({ isStored: block.isStored(row), state: state.toString('hex'), served });
        }
        return found;
      },
    );
    const expected = [many, mergeStatistics([many, statistics, statistics]), statistics].map((all, i) => ({
      isStored: i === 0,
      state: Buffer.from(encodeStatistics(all)).toString('hex'),
      served: Object.values(columnsOf(finalizeStatistics(all))),
    }));
    expect(rows).toEqual(expected);
    const old = new StoredRowEncoder();
    expect(old.add(key.kind, ['a', dateOfDay(1)], `01${stateHex.slice(2)}`)).toBe(false);
  });

  it('finds the numbers of states with any number of durations', () => {
    for (let durations = 0; durations <= 200; durations++) {
      const requests = Array.from({ length: durations + 1 }, (_, i): Request[] => {
        // Counts and steps of one byte and of more. The last request has no duration.
        const durationUs = i === durations ? -1 : i * (1 + (durations % 20)) * 1_000;
        const count = [1, 2, 7, 8, 9, 140][(i * 7 + durations) % 6];
        return Array(count).fill({
          customerId: 'a',
          date: dateOfDay(1),
          status: 200,
          durationUs,
          eventMs: DAY_MS,
        });
      }).flat();
      expect(merged([runOf(requests)])).toEqual(oracle(requests));
    }
  });

  it('reads runs that are longer than their buffers, and can be done again', () => {
    const requests = Array.from({ length: 24_000 }, (_, i): Request => {
      const day = (i * 7) % 24_000;
      const durationUs = i % 5 === 0 ? -1 : (i % 3_000) * 1_000;
      return {
        customerId: `c${i % 4}`,
        date: dateOfDay(day),
        status: 200 + (i % 3),
        durationUs,
        eventMs: day * DAY_MS,
      };
    });
    const runs = [0, 1, 2].map((part) => runOf(requests.filter((_, i) => i % 3 === part)));
    expect(runs[0].bytes).toBeGreaterThan(256 * 1024);
    const expected = oracle(requests);
    expect(merged(runs)).toEqual(expected);
    expect(merged(runs)).toEqual(expected);
  });

  it('merges states that are longer than a buffer, and those that are kept less exactly', () => {
    const of = (customerId: string, durations: number, step: number): Request[] =>
      Array.from({ length: durations }, (_, i) => {
        return { customerId, date: '1970-01-01', status: 200, durationUs: 1 + i * step, eventMs: i };
      });
    const few = of('b', 3, 1_000_000);
    const parts = [
      [...of('a', 6_000, 7_001), ...few],
      [...of('a', 6_000, 7_003), ...of('c', 30_000, 11)],
      [...few, ...of('c', 30_000, 13), ...of('d', 60_000, 1_000)],
    ];
    expect(merged(parts.map(runOf))).toEqual(oracle(parts.flat()));
  });

  it('merges as many runs as a spill may have', () => {
    const requests = fc.sample(request, { numRuns: MAX_MERGED_RUNS, seed: 3 });
    expect(merged(requests.map((one) => runOf([one])))).toEqual(oracle(requests));
  });
});

describe('a run', () => {
  const endpoints = ['GET /a', 'GET /b/{id}', 'POST /a'];

  /** The entries of a run, as texts; and the same of windows that are taken one by one. */
  function entriesOf(requests: readonly Request[], kept: KeptWindows, zone: ZoneTable): [string[], string[]] {
    const hourly = new WindowAccumulator(windowSpans(zone, kept.hasHours), newKernel(MIN_STATE_BYTES));
    const ids = [...new Set(requests.map(({ customerId }) => customerId))];
    const pairs = new Map<string, number>();
    const endpointOf = requests.map(({ customerId }, i) => {
      const pair = `${ids.indexOf(customerId)} ${(i * 7) % endpoints.length}`;
      pairs.set(pair, pairs.get(pair) ?? ids.length + pairs.size);
      return pairs.get(pair) ?? 0;
    });
    const records = requests.map(({ eventMs, ...rest }) => ({ ...rest, eventTimeMs: eventMs }));
    const batch = batchOf(
      records,
      requests.map(({ customerId }) => ids.indexOf(customerId)),
    );
    hourly.add({ ...batch, endpoint: Int32Array.from(endpointOf) });
    const bySubject = new Map([...pairs].map(([pair, subject]) => [subject, pair.split(' ').map(Number)]));
    const names = {
      customerId: (subject: number) => ids[subject] ?? '',
      endpoint: (subject: number) => {
        const [customer = 0, text = 0] = bySubject.get(subject) ?? [];
        return bySubject.has(subject) ? { customer, text: endpoints[text] ?? '' } : undefined;
      },
    };
    const run = inMemory(encodeWindows(hourly, names, kept, zone));
    const found = Array.from(
      windowsOfRuns(merger, [run]),
      ({ key, state }) => `${key.kind.name} ${key.values.join(' ')} ${Buffer.from(state).toString('hex')}`,
    );
    const expected = Array.from(keyedWindows(hourly, names, kept, zone), ({ key, windows }) => {
      const state = Buffer.from(encodeStatistics(hourly.statistics(windows))).toString('hex');
      return `${key.kind.name} ${key.values.join(' ')} ${state}`;
    });
    return [found, expected];
  }

  it('holds all kinds of windows in the order of keys, in any zone', () => {
    const kept = fc.constantFrom(
      ALL_KINDS,
      ONLY_DAYS,
      { ...ALL_KINDS, hasAll: false },
      { ...ALL_KINDS, hasHours: false },
    );
    const zone = fc.constantFrom(...ZONE_NAMES).map(tableOf);
    const atChanges = fc
      .record({
        day: fc.integer({ min: 14_000, max: 20_000 }),
        timeMs: fc.integer({ min: 0, max: DAY_MS - 1 }),
      })
      .map(({ day, timeMs }) => day * DAY_MS + timeMs);
    const timed = fc.tuple(request, atChanges).map(([one, eventMs]) => ({ ...one, eventMs }));
    check(
      fc.property(fc.array(timed, { minLength: 1, maxLength: 60 }), kept, zone, (requests, kinds, table) => {
        const [found, expected] = entriesOf(requests, kinds, table);
        expect(found).toEqual(expected);
      }),
      runsOf({ fast: 6, normal: 12, long: 1000 }),
    );
  });

  it('is right where clocks were put back over midnight, so that an hour of a day comes behind one of the next', () => {
    // Sao Paulo: at midnight it was 23 h again.
    const back = Date.UTC(2018, 1, 18, 2);
    const requests = Array.from({ length: 60 }, (_, i): Request => {
      return {
        customerId: `c${i % 2}`,
        date: '',
        status: 200,
        durationUs: i * 1000,
        eventMs: back + (i - 30) * 300_000,
      };
    });
    const [found, expected] = entriesOf(requests, ALL_KINDS, tableOf('America/Sao_Paulo'));
    expect(found).toEqual(expected);
  });

  it('has ids in the order of their bytes', () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 3_000_000 }).map((number) => `customer_of_a_long_name_${number}`),
      fc.uuid(),
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 60 }),
    );
    // Many that are equal in more letters than are sorted at once, and a few that are not.
    const long = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 20, maxLength: 60 });
    const prefix = fc.constantFrom('', 'one-tenant-of-a-long-name-', 'another-tenant-of-a-long-name-');
    const tenants = fc.tuple(prefix, long).map(([before, text]) => before + text);
    const alike = fc.uniqueArray(tenants, { minLength: 100, maxLength: 300 });
    check(
      fc.property(fc.oneof(fc.uniqueArray(id, { maxLength: 50 }), alike), (ids) => {
        const texts = ids.filter((text) => text.isWellFormed() && !text.includes('\0'));
        const bytes = texts.map((text) => Buffer.from(text));
        const starts = Int32Array.from([0, ...bytes].map((_, i) => Buffer.concat(bytes.slice(0, i)).length));
        const order = [...sortTexts({ bytes: Buffer.concat(bytes), starts }, new Scratch())];
        expect(order.map((i) => texts[i])).toEqual(texts.toSorted(compareUtf8));
      }),
      runsOf({ fast: 30, normal: 60, long: 2000 }),
    );
  });
});
