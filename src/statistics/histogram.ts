import type { Histogram } from './types.ts';

/** Adds two histograms. Neither is changed. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  const capacity = a.buckets.length + b.buckets.length;
  const buckets = new Int32Array(capacity);
  const counts = new Float64Array(capacity);
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
