import { BUCKET_COUNT } from './duration-buckets.ts';
import type { Histogram } from './types.ts';

/** Room for any histogram, to be used again and again: a commit merges thousands. */
export interface HistogramRoom {
  readonly buckets: Int32Array;
  readonly counts: Float64Array;
}

/** @param capacity how many buckets there is room for. */
export function histogramRoom(capacity = BUCKET_COUNT): HistogramRoom {
  return { buckets: new Int32Array(capacity), counts: new Float64Array(capacity) };
}

/** Adds two histograms. Neither is changed. @param room where to write the sum; not where `a` or `b` lies. */
export function mergeHistograms(
  a: Histogram,
  b: Histogram,
  room = histogramRoom(a.buckets.length + b.buckets.length),
): Histogram {
  const { buckets, counts } = room;
  let n = 0;
  let i = 0;
  let j = 0;
  while (i < a.buckets.length && j < b.buckets.length) {
    const left = a.buckets[i];
    const right = b.buckets[j];
    buckets[n] = Math.min(left, right);
    let count = 0;
    if (left <= right) count = a.counts[i++];
    if (right <= left) count += b.counts[j++];
    counts[n++] = count;
  }
  for (; i < a.buckets.length; i++) {
    buckets[n] = a.buckets[i];
    counts[n++] = a.counts[i];
  }
  for (; j < b.buckets.length; j++) {
    buckets[n] = b.buckets[j];
    counts[n++] = b.counts[j];
  }
  return { buckets: buckets.subarray(0, n), counts: counts.subarray(0, n) };
}

/** How many durations it holds. */
export function histogramTotal(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram.counts) total += count;
  return total;
}
