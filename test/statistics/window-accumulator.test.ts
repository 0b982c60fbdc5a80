import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKernel } from '../../src/kernel/kernel.ts';
import { MAX_DURATION_US, RECORD_BATCH_ROWS } from '../../src/limits.ts';
import { finalizeStatistics } from '../../src/statistics/daily-statistics.ts';
import { histogramTotal } from '../../src/statistics/histogram.ts';
import { TotalSum } from '../../src/statistics/total-sum.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import { windowSpans } from '../../src/window/window-spans.ts';
import { UTC } from '../../src/window/zone.ts';
import { fingerprintOf, histogramOf } from '../support/histogram.ts';
import { oracle, type Request } from '../support/oracle.ts';
import { check } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';
import { batchOf, fourDigitDuration, NO_DURATION } from '../support/requests.ts';

interface Row {
  readonly customer: number;
  readonly day: number;
  readonly status: number;
  readonly durationUs: number;
}

const rows = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 5 }),
    day: fc.integer({ min: -3, max: 3 }),
    status: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 599 })),
    // Durations around the sizes where a record takes one, three or five words.
    durationUs: fc.oneof(
      fourDigitDuration,
      fc.integer({ min: 0, max: 2_100 }).map((ms) => ms * 1_000),
      fc.constantFrom(NO_DURATION, 2_045_000, 2_046_000, 2_047_000, 8_388_605, 8_388_608),
      fc.constantFrom(4_294_000_000, 4_295_000_000),
    ),
  }),
  { minLength: 1, maxLength: 3000 },
);

/**
 * Records of each customer. Their milliseconds are counted in one byte, two, or more, or are too few for such counts.
 */
const MOST_MS = [3_000, 2_000, 20, 4, 0];

describe('the window accumulator', () => {
  it('keeps the requests of every customer and day apart, in batches of any size', () => {
    const accumulator = accumulatorOf(MIN_STATE_BYTES);
    check(
      fc.property(rows, fc.integer({ min: 1, max: 500 }), (all, batchRows) => {
        accumulator.clear();
        for (let i = 0; i < all.length; i += batchRows) addRows(accumulator, all.slice(i, i + batchRows));
        const expected = new Map<string, Request[]>();
        for (const row of all) {
          const key = `${row.customer} ${row.day}`;
          expected.set(key, [...(expected.get(key) ?? []), requestOf(row)]);
        }
        expect(accumulator.windows).toBe(expected.size);
        for (let window = 0; window < accumulator.windows; window++) {
          const key = `${accumulator.subject(window)} ${accumulator.span(window)}`;
          const { successRequests, failedRequests, durationP50S, durationP99S } = oracle(
            expected.get(key) ?? [],
          );
          const numbers = { successRequests, failedRequests, durationP50S, durationP99S };
          const served = finalizeStatistics(accumulator.statistics([window]));
          expect(served).toMatchObject(numbers);
          expect(finalizeStatistics(accumulator.statistics([window]))).toEqual(served);
        }
      }),
      60,
    );
  });

  it('is full while a whole batch still fits, whatever the batch holds', () => {
    const accumulator = accumulatorOf(MIN_STATE_BYTES);
    let batches = 0;
    while (!accumulator.isFull) {
      const long = Array.from({ length: RECORD_BATCH_ROWS }, (_, i) => ({
        customer: batches * RECORD_BATCH_ROWS + i,
        day: 0,
        status: 200,
        durationUs: 86_400_000_000,
      }));
      addRows(accumulator, long);
      batches++;
    }
    expect(batches).toBeGreaterThan(10);
    expect(accumulator.windows).toBe(batches * RECORD_BATCH_ROWS);
  });

  const itTakingLong = it.skipIf(process.env.TEST_FAST);

  itTakingLong('counts them all where the totals of many windows have no room for another compaction', () => {
    const accumulator = accumulatorOf(MIN_STATE_BYTES);
    const random = randomNumbers(7);
    const sums = new Map<number, { requests: number; us: bigint }>();
    for (let customers = 1_000; !accumulator.isFull; customers += 10) {
      const part = Array.from({ length: RECORD_BATCH_ROWS }, (): Row => {
        const customer = Math.floor(random() * customers);
        // Each customer has so many distinct durations that the totals do not fit.
        return { customer, day: 0, status: 200, durationUs: 1_000 * Math.floor(random() * 2_000) + 500 };
      });
      for (const { customer, durationUs } of part) {
        const { requests, us } = sums.get(customer) ?? { requests: 0, us: 0n };
        sums.set(customer, { requests: requests + 1, us: us + BigInt(durationUs) });
      }
      addRows(accumulator, part);
    }
    for (let window = 0; window < accumulator.windows; window++) {
      const { requests, us } = sums.get(accumulator.subject(window)) ?? { requests: 0, us: 0n };
      const { statuses, histogram } = accumulator.statistics([window]);
      expect(statuses).toEqual([{ status: 200, requests, durationUs: us }]);
      expect(histogramTotal(histogram)).toBe(requests);
    }
  });

  it('counts a window in pieces where it has too many distinct durations for one count', () => {
    const accumulator = accumulatorOf(MIN_STATE_BYTES);
    const sum = new TotalSum();
    const random = randomNumbers(11);
    const durationsUs: number[] = [];
    for (let batch = 0; batch < 50; batch++) {
      // Mostly whole milliseconds up to an hour, of which few are alike.
      const durations = Array.from({ length: RECORD_BATCH_ROWS }, () =>
        random() < 0.9 ? 1_000 * Math.floor(random() * 3_600_000) : Math.floor(random() * 5_000_000),
      );
      durationsUs.push(...durations);
      addRows(
        accumulator,
        durations.map((durationUs) => ({ customer: 0, day: 0, status: 200, durationUs })),
      );
    }
    const expected = fingerprintOf(histogramOf(durationsUs));
    expect(fingerprintOf(accumulator.statistics([0]).histogram)).toBe(expected);
    let pieces = 0;
    for (const total of accumulator.totals([0])) {
      sum.add(total);
      pieces++;
    }
    expect(pieces).toBeGreaterThan(2);
    const { statuses, histogram } = sum.take();
    expect(fingerprintOf(histogram)).toBe(expected);
    expect(statuses).toEqual(accumulator.statistics([0]).statuses);
  });

  itTakingLong('takes far more requests of few windows than it has room for, and counts them all', () => {
    const accumulator = accumulatorOf(MIN_STATE_BYTES);
    const kept = new Map<number, Request[]>();
    const random = randomNumbers(42);
    // Of all sizes. A window whose distinct durations did not fit could not be compacted.
    const odd = Array.from({ length: 12_000 }, () => Math.floor(10 ** (random() * 11 - 1)));
    for (let batch = 0; batch < 700; batch++) {
      const part = Array.from({ length: RECORD_BATCH_ROWS }, (): Row => {
        const customer = Math.floor(random() * 5);
        const anyDuration = odd[Math.floor(random() * odd.length)];
        const ownMs = Math.floor(random() * MOST_MS[customer]);
        const isOdd = random() < 0.05 || ownMs === 0;
        const durationUs = isOdd ? Math.min(anyDuration, MAX_DURATION_US) : ownMs * 1_000;
        return {
          customer,
          day: 0,
          status: 200 + Math.floor(random() * 300 ** random()),
          durationUs: random() < 0.01 ? NO_DURATION : durationUs,
        };
      });
      for (const row of part) keep(kept, row);
      addRows(accumulator, part);
      if (batch % 100 === 0) expect(accumulator.isFull).toBe(false);
    }
    for (let window = 0; window < accumulator.windows; window++) {
      const all = kept.get(accumulator.subject(window)) ?? [];
      const { statuses, histogram } = accumulator.statistics([window]);
      expect(statuses.reduce((sum, { requests }) => sum + requests, 0)).toBe(all.length);
      const withDuration = all.filter(({ durationUs }) => durationUs >= 0);
      const sumUs = withDuration.reduce((sum, { durationUs }) => sum + BigInt(durationUs), 0n);
      expect(statuses.reduce((sum, { durationUs }) => sum + durationUs, 0n)).toBe(sumUs);
      const durationsUs = withDuration.map(({ durationUs }) => durationUs);
      expect(fingerprintOf(histogram)).toBe(fingerprintOf(histogramOf(durationsUs)));
    }
  });
});

function accumulatorOf(stateBytes: number): WindowAccumulator {
  return new WindowAccumulator(windowSpans(UTC, false), newKernel(stateBytes));
}

function addRows(accumulator: WindowAccumulator, part: readonly Row[]): void {
  const customers = part.map(({ customer }) => customer);
  accumulator.add(batchOf(part.map(requestOf), customers));
}

function keep(kept: Map<number, Request[]>, row: Row): void {
  const all = kept.get(row.customer) ?? [];
  kept.set(row.customer, all);
  all.push(requestOf(row));
}

function requestOf({ day, status, durationUs }: Row): Request {
  return { eventTimeMs: day * 86_400_000, customerId: '', status, durationUs };
}
