import type { Histogram } from './types.ts';

/** Adds two histograms. Neither is changed. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  const capacity = a.buckets.length + b.buckets.length;
  const buckets = new Int32Array(capacity);
  const counts = new Float64Array(capacity);
  let n = 0;
  let i = 0;
  let j = 0;
  while (i < a.buckets.length || j < b.buckets.length) {
    const left = i < a.buckets.length ? a.buckets[i] : Number.POSITIVE_INFINITY;
    const right = j < b.buckets.length ? b.buckets[j] : Number.POSITIVE_INFINITY;
    buckets[n] = Math.min(left, right);
    if (left <= right) counts[n] += a.counts[i++];
    if (right <= left) counts[n] += b.counts[j++];
    n++;
  }
  return { buckets: buckets.subarray(0, n), counts: counts.subarray(0, n) };
}

/** How many durations it holds. */
export function histogramTotal(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram.counts) total += count;
  return total;
}
