/**
 * The histograms of states with format version 1. A bucket was a duration of four significant digits: each µs below
 * 10,000 µs, and 9,000 values in each decade above. So durations above were rounded, and nobody knows which of them were
 * exact.
 */

import { CountsBuffer } from './counts.ts';
import { FOUR_DIGITS_ONLY, isWholeMs } from './duration-levels.ts';
import { exactHistogram } from './histogram.ts';
import type { Histogram } from './types.ts';
import type { VarintReader } from './varints.ts';

const EXACT_BELOW = 10_000;
const BUCKETS_A_DECADE = 9_000;
const BUCKET_COUNT = EXACT_BELOW + 7 * BUCKETS_A_DECADE;

/**
 * Reads the number of buckets and the buckets. Durations below 10 ms are exact, if there are no others.
 * @throws {DaymarkError} STORE_CORRUPT.
 */
export function readFourDigitHistogram(reader: VarintReader): Histogram {
  const { values, counts } = reader.counts(reader.varint(), BUCKET_COUNT, new CountsBuffer());
  const milliseconds = new CountsBuffer();
  const others = new CountsBuffer();
  for (let i = 0; i < values.length; i++) {
    const us = durationUsOf(values[i]);
    if (isWholeMs(us)) milliseconds.put(us / 1000, counts[i]);
    else others.put(us, counts[i]);
  }
  const isExact = values.length === 0 || values[values.length - 1] < EXACT_BELOW;
  if (isExact) return exactHistogram(milliseconds.view(), others.view());
  return { level: FOUR_DIGITS_ONLY, milliseconds: milliseconds.view(), others: others.view() };
}

function durationUsOf(bucket: number): number {
  if (bucket < EXACT_BELOW) return bucket;
  const decade = Math.floor((bucket - EXACT_BELOW) / BUCKETS_A_DECADE);
  const digits = 1000 + ((bucket - EXACT_BELOW) % BUCKETS_A_DECADE);
  return digits * 10 ** (decade + 1);
}
