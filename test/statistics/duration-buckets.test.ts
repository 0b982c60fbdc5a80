import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DURATION_US } from '../../src/limits.ts';
import { BUCKET_COUNT, bucketOf, durationUsOf } from '../../src/statistics/duration-buckets.ts';
import { check } from '../support/property.ts';
import { anyDuration, fourDigitDuration } from '../support/requests.ts';

describe('duration buckets', () => {
  it('give back every duration of up to four significant digits', () => {
    check(
      fc.property(fourDigitDuration, (durationUs) => {
        expect(durationUsOf(bucketOf(durationUs))).toBe(durationUs);
      }),
      5000,
    );
  });

  it('give back any other duration within 0.05 %', () => {
    check(
      fc.property(anyDuration, (durationUs) => {
        const error = Math.abs(durationUsOf(bucketOf(durationUs)) - durationUs);
        expect(error).toBeLessThanOrEqual(0.0005 * durationUs);
      }),
      5000,
    );
  });

  it('keep the order of durations', () => {
    check(
      fc.property(anyDuration, anyDuration, (a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a];
        expect(bucketOf(short)).toBeLessThanOrEqual(bucketOf(long));
      }),
      5000,
    );
  });

  it('stand for durations in ascending order, each in its own bucket, up to 24 hours', () => {
    let previous = -1;
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      const durationUs = durationUsOf(bucket);
      expect(durationUs).toBeGreaterThan(previous);
      if (durationUs <= MAX_DURATION_US) expect(bucketOf(durationUs)).toBe(bucket);
      previous = durationUs;
    }
    expect(previous).toBeGreaterThanOrEqual(MAX_DURATION_US);
  });

  it.each([
    [9_999, 9_999],
    [10_004, 10_000],
    [10_005, 10_010],
    [99_994, 99_990],
    [99_995, 100_000],
    [9_999_499, 9_999_000],
    [9_999_500, 10_000_000],
    [99_995_000, 100_000_000],
    [MAX_DURATION_US, MAX_DURATION_US],
  ])('round %d µs to %d µs: to the nearest, halves upwards', (durationUs, expected) => {
    expect(durationUsOf(bucketOf(durationUs))).toBe(expected);
  });
});
