import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHandover, mergeHandovers } from '../../src/pipeline/handover.ts';
import { encodeStatistics } from '../../src/statistics/daily-statistics.ts';
import type { WindowDelta } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { deltasOf, type Request } from '../support/batches.ts';
import { check } from '../support/property.ts';
import { anyDuration } from '../support/requests.ts';

const DAY_MS = 86_400_000;

const request: fc.Arbitrary<Request> = fc
  .record({
    customerId: fc.constantFrom('a', 'b', 'cust_1', 'é', '\uffff', '😀'),
    day: fc.integer({ min: -2, max: 2 }),
    status: fc.integer({ min: 100, max: 599 }),
    durationUs: anyDuration,
    timeMs: fc.integer({ min: 0, max: DAY_MS - 1 }),
  })
  .map(({ day, timeMs, ...rest }) => ({ ...rest, date: dateOfDay(day), eventMs: day * DAY_MS + timeMs }));

function handoverOf(requests: readonly Request[]): Uint8Array {
  return encodeHandover(
    deltasOf(requests).map(({ key, statistics }) => ({
      customerId: key.customerId,
      day: Date.parse(key.date) / DAY_MS,
      statistics,
    })),
  );
}

function asText(deltas: Iterable<WindowDelta>): string[] {
  return Array.from(
    deltas,
    ({ key, statistics }) =>
      `${key.customerId} ${key.date} ${Buffer.from(encodeStatistics(statistics)).toString('hex')}`,
  );
}

describe('merging handovers', () => {
  it('gives what counting all at once gives, in key order', () => {
    check(
      fc.property(fc.array(fc.array(request, { maxLength: 40 }), { maxLength: 6 }), (parts) => {
        const merged = asText(mergeHandovers(parts.map(handoverOf)));
        expect(merged).toEqual(asText(deltasOf(parts.flat())));
      }),
    );
  });

  it('can be done again', () => {
    const handovers = [handoverOf(fc.sample(request, { numRuns: 50, seed: 1 }))];
    expect(asText(mergeHandovers(handovers))).toEqual(asText(mergeHandovers(handovers)));
  });
});
