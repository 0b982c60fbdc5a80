/**
 * Converts durations to buckets and back. The histogram is decimal and log-linear: one bucket for each value of four
 * significant digits. It is related to HdrHistogram (binary, log-linear) and Circllhist (decimal, two digits;
 * Hartmann and Schlossnagle, 2020, arXiv:2001.06561).
 *
 * Below 10,000 µs each microsecond has its own bucket. Above, decade `j` (from 10^(3+j) µs, j = 1…7) has 9,000
 * buckets that are 10^j µs apart. A duration belongs to the nearest bucket; halves go up. So a duration of up to four
 * significant digits is exactly the value of its bucket, and any other is at most 0.05 % away from it (5 µs at 10,005
 * µs). Rounding keeps the order, so the nearest rank among buckets is the bucket of the nearest rank.
 */

const EXACT_BELOW_US = 10_000;
const BUCKETS_A_DECADE = 9_000;
const DECADES = 7;

/** The number of buckets: enough for 24 hours, and up to the end of that decade. */
export const BUCKET_COUNT = EXACT_BELOW_US + DECADES * BUCKETS_A_DECADE;

/**
 * @param durationUs an integer from 0 to MAX_DURATION_US.
 * @returns from 0 to BUCKET_COUNT - 1; never smaller for a longer duration.
 */
export function bucketOf(durationUs: number): number {
  if (durationUs < EXACT_BELOW_US) return durationUs;
  // The first decades use constants, because dividing by a constant is only a multiplication. Rounding up out of a
  // decade gives 10,000 widths, which is the first bucket of the next decade.
  if (durationUs < 100_000) return 9_000 + (((durationUs + 5) / 10) | 0);
  if (durationUs < 1_000_000) return 18_000 + (((durationUs + 50) / 100) | 0);
  if (durationUs < 10_000_000) return 27_000 + (((durationUs + 500) / 1_000) | 0);
  let widthUs = 10_000;
  let decade = 4;
  for (; durationUs >= widthUs * EXACT_BELOW_US; widthUs *= 10) decade++;
  return decade * BUCKETS_A_DECADE + Math.floor((durationUs + widthUs / 2) / widthUs);
}

/**
 * The duration that a bucket stands for.
 * @param bucket from 0 to BUCKET_COUNT - 1.
 * @returns microseconds. `bucketOf` of it is the bucket.
 */
export function durationUsOf(bucket: number): number {
  if (bucket < EXACT_BELOW_US) return bucket;
  const decade = Math.floor((bucket - EXACT_BELOW_US) / BUCKETS_A_DECADE);
  const digits = 1000 + ((bucket - EXACT_BELOW_US) % BUCKETS_A_DECADE);
  return digits * 10 ** (decade + 1);
}
