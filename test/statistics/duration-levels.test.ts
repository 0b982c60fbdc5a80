import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DURATION_US } from '../../src/limits.ts';
import {
  durationPrecision,
  EXACT,
  FIVE_DIGITS,
  FOUR_DIGITS,
  FOUR_DIGITS_ONLY,
  type Level,
  numberOf,
  OTHERS_END,
  ofNumber,
  valueAt,
} from '../../src/statistics/duration-levels.ts';
import { keptAt } from '../support/histogram.ts';
import { check } from '../support/property.ts';
import { anyDuration, fourDigitDuration, millisecondsToAnHour } from '../support/requests.ts';

const LEVELS: readonly Level[] = [EXACT, FIVE_DIGITS, FOUR_DIGITS, FOUR_DIGITS_ONLY];

/** Of all sizes alike. */
const duration = fc.oneof(
  anyDuration,
  fc
    .double({ min: 0, max: Math.log10(MAX_DURATION_US), noNaN: true })
    .map((exponent) => Math.floor(10 ** exponent)),
  millisecondsToAnHour,
  fourDigitDuration.map((us) => Math.max(0, us - 1)),
);

describe('a level', () => {
  it.each(LEVELS)('%i keeps the digits that the definition says', (level) => {
    check(
      fc.property(duration, (us) => {
        expect(valueAt(level, us)).toBe(keptAt(level, us));
      }),
      3000,
    );
  });

  it('has values that every level before it leads to', () => {
    check(
      fc.property(duration, fc.constantFrom(...LEVELS), fc.constantFrom(...LEVELS), (us, a, b) => {
        const [fine, coarse] = a < b ? [a, b] : [b, a];
        expect(valueAt(coarse, valueAt(fine, us))).toBe(valueAt(coarse, us));
      }),
      5000,
    );
  });

  it.each(LEVELS)('%i keeps the order of durations', (level) => {
    check(
      fc.property(duration, fc.oneof(duration, fc.nat(2_000)), (a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a];
        expect(valueAt(level, short)).toBeLessThanOrEqual(valueAt(level, long));
        const next = Math.min(MAX_DURATION_US, a + (b % 2_000));
        expect(valueAt(level, a)).toBeLessThanOrEqual(valueAt(level, next));
      }),
      3000,
    );
  });

  it.each<Level>([EXACT, FIVE_DIGITS, FOUR_DIGITS])(
    '%i keeps every whole millisecond up to a day',
    (level) => {
      check(
        fc.property(fc.integer({ min: 0, max: MAX_DURATION_US / 1_000 }), (ms) => {
          expect(valueAt(level, ms * 1_000)).toBe(ms * 1_000);
        }),
        3000,
      );
    },
  );

  it.each(LEVELS)('%i numbers its values that are no whole milliseconds in their order', (level) => {
    check(
      fc.property(duration, duration, (a, b) => {
        const [one, other] = [valueAt(level, a), valueAt(level, b)];
        for (const us of [one, other]) {
          if (us % 1_000 === 0) return;
          expect(ofNumber(level, numberOf(level, us))).toBe(us);
          expect(numberOf(level, us)).toBeLessThan(OTHERS_END[level] ?? 0);
          expect(Number.isInteger(numberOf(level, us))).toBe(true);
        }
        expect(Math.sign(numberOf(level, one) - numberOf(level, other))).toBe(Math.sign(one - other));
      }),
      3000,
    );
  });

  it.each<[Level, number, number]>([
    [FIVE_DIGITS, 99_999, 99_999],
    [FIVE_DIGITS, 123_456, 123_450],
    [FIVE_DIGITS, 1_234_567, 1_234_500],
    [FIVE_DIGITS, 12_345_678, 12_345_000],
    [FIVE_DIGITS, 123_456_789, 123_456_000],
    [FOUR_DIGITS, 9_999, 9_999],
    [FOUR_DIGITS, 10_005, 10_010],
    [FOUR_DIGITS, 99_995, 100_000],
    [FOUR_DIGITS, 9_999_500, 10_000_000],
    [FOUR_DIGITS, 11_388_500, 11_388_000],
    [FOUR_DIGITS_ONLY, 11_388_000, 11_390_000],
    [FOUR_DIGITS_ONLY, 11_385_000, 11_390_000],
    [FOUR_DIGITS_ONLY, 11_384_999, 11_380_000],
  ])('%i makes of %d µs %d µs', (level, us, kept) => {
    expect(valueAt(level, us)).toBe(kept);
  });
});

describe('the precision of percentiles', () => {
  it.each([
    [EXACT, 86_400, null],
    [FIVE_DIGITS, 0.099999, null],
    [FIVE_DIGITS, 0.1, 5],
    [FOUR_DIGITS, 0.009999, null],
    [FOUR_DIGITS, 0.01, 4],
    [FOUR_DIGITS_ONLY, 11.39, 4],
    [FOUR_DIGITS_ONLY, null, null],
  ] as const)('of level %i is, with a 99th percentile of %s s, %s', (level, p99S, precision) => {
    expect(durationPrecision(level, p99S)).toBe(precision);
  });
});
