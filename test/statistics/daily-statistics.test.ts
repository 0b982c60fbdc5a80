import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DaymarkError } from '../../src/errors.ts';
import {
  decodeStatistics,
  encodeStatistics,
  finalizeStatistics,
  mergeStatistics,
} from '../../src/statistics/daily-statistics.ts';
import { histogramOf } from '../support/histogram.ts';
import { distance, durationsOf, oracle, plain, plainStatistics, type Request } from '../support/oracle.ts';
import { check } from '../support/property.ts';
import {
  anyDuration,
  fourDigitDuration,
  millisecondsToAnHour,
  NO_DURATION,
  requestsOf,
  statisticsOf,
} from '../support/requests.ts';

describe('daily statistics', () => {
  it.each([
    ['of any kind', anyDuration],
    ['of four significant digits', fourDigitDuration],
    ['of whole milliseconds up to an hour', millisecondsToAnHour],
  ])('are the numbers of the naive computation, exactly, for few durations %s', (_, durations) => {
    check(
      fc.property(requestsOf(durations), (requests) => {
        const served = finalizeStatistics(statisticsOf(requests));
        const expected = oracle(requests);
        const { durationMeanS, uptimePercentage, ...exact } = expected;
        expect(served).toMatchObject(exact);
        expect(distance(served.durationMeanS, durationMeanS)).toBeLessThanOrEqual(
          1e-12 * (durationMeanS ?? 0),
        );
        expect(distance(served.uptimePercentage, uptimePercentage)).toBeLessThanOrEqual(1e-10);
      }),
    );
  });

  it('keep counts and sums by status as exact integers', () => {
    check(
      fc.property(requestsOf(anyDuration), (requests) => {
        const { statuses } = statisticsOf(requests);
        const found = new Map(statuses.map((s) => [s.status, [s.requests, s.durationUs]]));
        expect(found).toEqual(plainStatistics(requests).statuses);
      }),
    );
  });

  it('do not depend on the order of the requests', () => {
    const shuffled = requestsOf(anyDuration).chain((requests) =>
      fc.tuple(fc.constant(requests), fc.shuffledSubarray(requests, { minLength: requests.length })),
    );
    check(
      fc.property(shuffled, ([requests, others]) => {
        expect(encodeStatistics(statisticsOf(others))).toEqual(encodeStatistics(statisticsOf(requests)));
      }),
    );
  });

  it('merge to those of all requests, however these are parted', () => {
    const parted = requestsOf(anyDuration).chain((requests) =>
      fc.tuple(fc.constant(requests), fc.array(fc.integer({ min: 0, max: 4 }), sameLength(requests))),
    );
    check(
      fc.property(parted, ([requests, parts]) => {
        const groups = [0, 1, 2, 3, 4].map((part) => requests.filter((_, i) => parts[i] === part));
        const states = groups.filter((group) => group.length > 0).map(statisticsOf);
        const merged = states.reduce((a, b) => mergeStatistics([a, b]));
        expect(plain(merged)).toEqual(plain(statisticsOf(requests)));
        expect(plain(states.reduceRight((a, b) => mergeStatistics([a, b])))).toEqual(plain(merged));
      }),
    );
  });

  it('are the same after encoding and decoding', () => {
    check(
      fc.property(requestsOf(anyDuration), (requests) => {
        const statistics = statisticsOf(requests);
        expect(plain(decodeStatistics(encodeStatistics(statistics)))).toEqual(plain(statistics));
      }),
    );
  });

  it('are encoded alike whether the histogram was encoded when it was counted or is encoded later', () => {
    check(
      fc.property(requestsOf(fc.oneof(anyDuration, fc.constantFrom(5, 6_000_000))), (requests) => {
        const { histogram, ...rest } = statisticsOf(requests);
        expect(histogram.milliseconds.encoded).toBeDefined();
        const listed = histogramOf(durationsOf(requests));
        expect(encodeStatistics({ ...rest, histogram: listed })).toEqual(
          encodeStatistics({ ...rest, histogram }),
        );
      }),
    );
  });

  it('add up past 2^53 µs without losing one', () => {
    let statistics = statisticsOf([request(86_399_999_999)]);
    for (let i = 0; i < 20; i++) statistics = mergeStatistics([statistics, statistics]);
    expect(statistics.statuses[0]?.durationUs).toBe(86_399_999_999n * 2n ** 20n);
    expect(decodeStatistics(encodeStatistics(statistics)).statuses).toEqual(statistics.statuses);
    expect(finalizeStatistics(statistics).durationP99S).toBe(86_399.999999);
  });

  it('keep event times before 1970', () => {
    const statistics = statisticsOf([{ ...request(1), eventTimeMs: -62_135_596_800_000 }]);
    expect(decodeStatistics(encodeStatistics(statistics)).firstEventMs).toBe(-62_135_596_800_000);
  });

  it('say 0 % uptime where no time was spent', () => {
    expect(finalizeStatistics(statisticsOf([request(0)]))).toMatchObject({
      uptimePercentage: 0,
      successPercentage: 100,
      durationMeanS: 0,
    });
  });

  it('count a request without a duration, and leave it out of every number that is made of durations', () => {
    const served = finalizeStatistics(
      statisticsOf([
        request(300_000),
        request(NO_DURATION),
        { ...request(100_000), status: 500 },
        { ...request(NO_DURATION), status: 500 },
      ]),
    );
    expect(served).toEqual({
      successRequests: 2,
      failedRequests: 2,
      durationMeanS: 0.2,
      durationP50S: 0.1,
      durationP99S: 0.3,
      uptimePercentage: 75,
      successPercentage: 50,
    });
  });

  it('claim nothing about durations where there are none', () => {
    expect(finalizeStatistics(statisticsOf([request(NO_DURATION)]))).toEqual({
      successRequests: 1,
      failedRequests: 0,
      durationMeanS: null,
      durationP50S: null,
      durationP99S: null,
      uptimePercentage: null,
      successPercentage: 100,
    });
  });

  it('keep requests without a response under status 0', () => {
    const requests = [
      { ...request(316_000), status: 0 },
      request(NO_DURATION),
      { ...request(NO_DURATION), status: 0, eventTimeMs: request(0).eventTimeMs + 60_000 },
    ];
    const statistics = statisticsOf(requests);
    expect(statistics.statuses).toEqual([
      { status: 0, requests: 2, durationUs: 316_000n },
      { status: 200, requests: 1, durationUs: 0n },
    ]);
    expect(plain(decodeStatistics(encodeStatistics(statistics)))).toEqual(plain(statistics));
    expect(finalizeStatistics(statistics)).toMatchObject({
      successRequests: 1,
      failedRequests: 2,
      uptimePercentage: 0,
    });
  });

  it('keep every status that there is at once', () => {
    const statuses = [0, ...Array.from({ length: 500 }, (_, i) => 100 + i)];
    const statistics = statisticsOf(statuses.map((status) => ({ ...request(status), status })));
    expect(statistics.statuses.map(({ status }) => status)).toEqual(statuses);
    expect(plain(decodeStatistics(encodeStatistics(statistics)))).toEqual(plain(statistics));
  });

  it.each([
    ['more durations than requests', { counts: 2, durationUs: 5n }],
    ['a sum of durations, and none of them', { counts: 0, durationUs: 5n }],
  ])('refuse a state that has %s', (_, { counts, durationUs }) => {
    const state = encodeStatistics({
      statuses: [{ status: 200, requests: 1, durationUs }],
      histogram: histogramOf(Array.from({ length: counts }, () => 5)),
      firstEventMs: 0,
      lastEventMs: 0,
    });
    expect(() => decodeStatistics(state)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
  });

  it('refuse bytes that they did not write, and never read beyond them', () => {
    const encoded = encodeStatistics(statisticsOf([request(316_000), request(12)]));
    const mutated = fc.tuple(
      fc.nat(encoded.length - 1),
      fc.integer({ min: 0, max: 255 }),
      fc.nat(encoded.length),
    );
    check(
      fc.property(mutated, ([at, byte, length]) => {
        const bytes = encoded.slice(0, length);
        bytes[at] = byte;
        try {
          // Where broken bytes cannot be told from a state, they must at least be a valid one.
          expect(finalizeStatistics(decodeStatistics(bytes))).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(DaymarkError);
          expect((error as DaymarkError).code).toBe('STORE_CORRUPT');
        }
      }),
      2000,
    );
  });

  it('refuse a state of a level that there is not', () => {
    expect(() => decodeStatistics(Uint8Array.of(2, 4, 0, 0, 0, 0, 0))).toThrow('no level 4');
  });

  it('refuse a state of another format version', () => {
    expect(() => decodeStatistics(Uint8Array.of(3, 0, 0, 0, 0))).toThrow('format version is 3');
  });
});

function request(durationUs: number): Request {
  return { eventTimeMs: 1_727_827_200_000, customerId: 'cust_1', status: 200, durationUs };
}

function sameLength(values: readonly unknown[]): { minLength: number; maxLength: number } {
  return { minLength: values.length, maxLength: values.length };
}
