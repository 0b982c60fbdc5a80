/**
 * Durations to buckets and back: decimal and log-linear, a bucket for each value of four significant digits.
 * Relatives: HdrHistogram (binary, log-linear) and Circllhist (decimal, two digits; Hartmann and Schlossnagle,
 * 2020, arXiv:2001.06561).
 *
 * Below 10,000 µs each microsecond has a bucket of its own. Above, decade `j` (from 10^(3+j) µs, j = 1…7) has
 * 9,000 buckets, 10^j µs apart, and a duration belongs to the nearest one, halves upwards. So a duration of up
 * to four significant digits is its bucket's own value, and any other lies at most 0.05 % away from it
 * (5 µs at 10,005 µs). Rounding keeps the order, so nearest rank on buckets is the bucket of the nearest rank.
 */

const EXACT_BELOW_US = 10_000;
const BUCKETS_A_DECADE = 9_000;
const DECADES = 7;

/** How many buckets there are: enough for 24 hours, and to the end of that decade. */
export const BUCKET_COUNT = EXACT_BELOW_US + DECADES * BUCKETS_A_DECADE;

/**
 * @param durationUs an integer from 0 to MAX_DURATION_US.
 * @returns from 0 to BUCKET_COUNT - 1; never smaller for a longer duration.
 */
export function bucketOf(durationUs: number): number {
  if (durationUs < EXACT_BELOW_US) return durationUs;
  // The first decades with constants: an integer division by a constant costs a multiplication. Rounding up out
  // of a decade gives 10,000 widths, which is the first bucket of the next one.
  if (durationUs < 100_000) return 9_000 + (((durationUs + 5) / 10) | 0);
  if (durationUs < 1_000_000) return 18_000 + (((durationUs + 50) / 100) | 0);
  if (durationUs < 10_000_000) return 27_000 + (((durationUs + 500) / 1_000) | 0);
  let widthUs = 10_000;
  let decade = 4;
  for (; durationUs >= widthUs * EXACT_BELOW_US; widthUs *= 10) decade++;
  return decade * BUCKETS_A_DECADE + Math.floor((durationUs + widthUs / 2) / widthUs);
}

/**
 * @param bucket from 0 to BUCKET_COUNT - 1.
 * @returns the duration that the bucket stands for, in microseconds: `bucketOf` of it is the bucket.
 */
export function durationUsOf(bucket: number): number {
  if (bucket < EXACT_BELOW_US) return bucket;
  const decade = Math.floor((bucket - EXACT_BELOW_US) / BUCKETS_A_DECADE);
  const digits = 1000 + ((bucket - EXACT_BELOW_US) % BUCKETS_A_DECADE);
  return digits * 10 ** (decade + 1);
}
