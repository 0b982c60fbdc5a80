import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeStatistics,
  encodeStatistics,
  finalizeStatistics,
  mergeStatistics,
  stateHeadOf,
} from '../../src/statistics/daily-statistics.ts';
import { durationPrecision } from '../../src/statistics/duration-levels.ts';
import type { DailyStatistics } from '../../src/statistics/types.ts';
import { histogramOf, levelOf } from '../support/histogram.ts';
import { oracle, plain } from '../support/oracle.ts';
import { check } from '../support/property.ts';
import { randomNumbers, shuffle } from '../support/random-log.ts';
import { statisticsOf } from '../support/requests.ts';

const KINDS = ['milliseconds', 'microseconds', 'long', 'few', 'mixed'] as const;
type Kind = (typeof KINDS)[number];

/** Durations of a log: whole milliseconds up to an hour; microseconds around 50 ms, or of any size; few distinct ones. */
function durationsOf(kind: Kind, size: number, random: () => number): number[] {
  const make: Record<Kind, () => number> = {
    milliseconds: () => 1_000 * Math.floor(random() * 3_600_000),
    microseconds: () => Math.floor(50_000 * Math.exp(4 * (random() + random() - 1))),
    long: () => Math.floor(10 ** (random() * 10.9)),
    few: () => 1 + 333 * Math.floor(random() * 500),
    mixed: () => make[KINDS[Math.floor(random() * 4)] ?? 'few'](),
  };
  return Array.from({ length: size }, make[kind]);
}

function statisticsFrom(durationsUs: readonly number[], level = levelOf(durationsUs)): DailyStatistics {
  const sum = durationsUs.reduce((total, us) => total + BigInt(us), 0n);
  return {
    statuses: [{ status: 200, requests: durationsUs.length, durationUs: sum }],
    histogram: histogramOf(durationsUs, level),
    firstEventMs: 0,
    lastEventMs: 1,
  };
}

/** Cuts durations into parts, and merges them in any order and nesting, some of them encoded. */
function mergedAnyhow(durationsUs: readonly number[], random: () => number): DailyStatistics {
  const parts: DailyStatistics[] = [];
  for (let from = 0; from < durationsUs.length; ) {
    const to = from + 1 + Math.floor((durationsUs.length - from) * random());
    parts.push(statisticsFrom(durationsUs.slice(from, to)));
    from = to;
  }
  const rest: (DailyStatistics | Uint8Array)[] = shuffle(parts, random);
  while (rest.length > 1) {
    const some = rest.splice(0, 2 + Math.floor(random() * (rest.length - 1)));
    const merged = mergeStatistics(some);
    rest.push(random() < 0.5 ? encodeStatistics(merged) : merged);
    shuffle(rest, random);
  }
  const [last] = rest;
  return last instanceof Uint8Array ? decodeStatistics(last) : (last as DailyStatistics);
}

const textOf = (statistics: DailyStatistics) => Buffer.from(encodeStatistics(statistics)).toString('base64');

const RUNS = process.env.TEST_FAST ? 4 : 12;

describe('statistics of many durations', () => {
  it.each(KINDS)('have the same bytes however they were split, ordered and nested: %s', (kind) => {
    check(
      fc.property(fc.integer(), fc.constantFrom(1_000, 9_000, 13_000, 60_000), (seed, size) => {
        const random = randomNumbers(seed);
        const durations = durationsOf(kind, size, random);
        expect(textOf(mergedAnyhow(durations, random))).toBe(textOf(statisticsFrom(durations)));
      }),
      RUNS,
    );
  });

  it.each([
    ['microseconds', 8_000, 0],
    ['microseconds', 13_000, 1],
    ['microseconds', 60_000, 2],
    ['milliseconds', 60_000, 0],
    ['few', 60_000, 0],
  ] as const)('are at the level that the definition says: %s, %i of them', (kind, size, level) => {
    expect(mergedAnyhow(durationsOf(kind, size, randomNumbers(3)), randomNumbers(4)).histogram.level).toBe(
      level,
    );
  });

  it.each([
    ['whole milliseconds up to an hour', 'milliseconds', 40_000],
    ['as many distinct microseconds as are kept', 'microseconds', 8_192],
  ] as const)('have exact percentiles: %s', (_, kind, size) => {
    check(
      fc.property(fc.integer(), (seed) => {
        const durations = durationsOf(kind, size, randomNumbers(seed));
        const merged = mergedAnyhow(durations, randomNumbers(seed));
        const request = { eventTimeMs: 0, customerId: 'c', status: 200 };
        const expected = oracle(durations.map((durationUs) => ({ ...request, durationUs })));
        expect(finalizeStatistics(merged)).toMatchObject({
          durationP50S: expected.durationP50S,
          durationP99S: expected.durationP99S,
        });
        expect(merged.histogram.level).toBe(0);
      }),
      RUNS,
    );
  });

  it('keep to four digits what has too many distinct milliseconds', () => {
    const values = Float64Array.from({ length: 2 ** 22 }, (_, i) => 15 + i);
    const none = { values: new Float64Array(), counts: new Float64Array() };
    const all: DailyStatistics = {
      ...statisticsFrom([]),
      statuses: [{ status: 200, requests: 1e9, durationUs: 1n }],
      histogram: { level: 0, milliseconds: { values, counts: values.map(() => 1) }, others: none },
    };
    expect(mergeStatistics([all, statisticsFrom([15_000])]).histogram.level).toBe(0);
    const merged = mergeStatistics([all, statisticsFrom([14_000])]).histogram;
    expect(merged.level).toBe(3);
    // 14 to 9,999 ms, and 9,000 values in each decade up to 4,194 s.
    expect(merged.milliseconds.values).toHaveLength(9_986 + 18_000 + 3_195);
  });
});

/** What daymark 0.1.0 wrote for one request with status 200 and two with 503: 316 ms; 1,551 ms and 12 µs. */
const OLD_STATE = Buffer.from('0180a0b6a8c964c0c9bda8c96402c80101e0a413af0202a4d55e0360e0a90af8cd03', 'hex');
const AT_MS = 1_727_827_200_000;

const old = (durationUs: number, status = 200, eventTimeMs = AT_MS) => ({
  ...{ eventTimeMs, customerId: 'c', status, durationUs },
});

/** A state of format version 1: its head, and its buckets as they stood in it. */
function oldState(requests: number, buckets: readonly number[]): Uint8Array {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
  const steps = buckets.flatMap((bucket, i) => varint((bucket - (buckets[i - 1] ?? 0)) * 8));
  return Uint8Array.from([
    1,
    0,
    0,
    1,
    ...varint(200),
    ...varint(requests),
    9,
    ...varint(buckets.length),
    ...steps,
  ]);
}

describe('a state of four digits', () => {
  it('has the durations that it had', () => {
    const requests = [old(316_000), old(1_551_000, 503), old(12, 503, AT_MS + 60_000)];
    const { histogram, ...rest } = statisticsOf(requests);
    const expected = { ...rest, histogram: { ...histogram, level: 3 as const } };
    expect(plain(decodeStatistics(OLD_STATE))).toEqual(plain(expected));
  });

  it('is never called exact, whatever is added to it', () => {
    const added = statisticsFrom([5_000, 11_388_000, 123_456_789]);
    const merged = mergeStatistics([added, OLD_STATE, added]);
    expect(merged.histogram.level).toBe(3);
    expect(finalizeStatistics(merged).durationP99S).toBe(123.5);
    const { level, statuses } = stateHeadOf(encodeStatistics(merged));
    expect(durationPrecision(level, 123.5)).toBe(4);
    expect(statuses).toEqual(merged.statuses);
    expect(durationPrecision(stateHeadOf(OLD_STATE).level, 1.551)).toBe(4);
  });

  it('is exact where all of it is below 10 ms', () => {
    const merged = mergeStatistics([oldState(2, [1_500, 9_999]), statisticsFrom([11_388_001])]);
    expect(merged.histogram.level).toBe(0);
    expect(finalizeStatistics(merged).durationP99S).toBe(11.388001);
    expect(decodeStatistics(oldState(2, [1_500, 10_000])).histogram.level).toBe(3);
  });

  it('stands for durations that were rounded: adding to it before or after gives the same', () => {
    check(
      fc.property(fc.integer(), fc.constantFrom(...KINDS), (seed, kind) => {
        const random = randomNumbers(seed);
        const [a, b] = [durationsOf(kind, 3_000, random), durationsOf(kind, 12_000, random)];
        const rounded = encodeStatistics(statisticsFrom([...a, 10_000], 3));
        const [left, right] = [statisticsFrom(b), mergedAnyhow(b, random)];
        const merged = mergeStatistics(shuffle<DailyStatistics | Uint8Array>([rounded, left, right], random));
        expect(textOf(merged)).toBe(textOf(statisticsFrom([...a, 10_000, ...b, ...b], 3)));
        const nested = mergeStatistics([mergeStatistics([left, rounded]), right]);
        expect(textOf(nested)).toBe(textOf(merged));
      }),
      RUNS,
    );
  });
});
