import { BUCKET_COUNT } from './duration-buckets.ts';
import type { Histogram } from './types.ts';

/**
 * Adds histograms up, with one counter for each bucket. One bit for each counter says that it is not zero, and one
 * bit for each word of those bits says the same of the word. So taking a sum of few buckets is as fast as adding
 * them.
 *
 * Merging two sorted lists instead needs a branch a bucket that no predictor can guess. For 1,500 windows of 1,900
 * buckets in each of two parts, reading and merging lists took 110 ms of CPU time; this takes 78 ms (2026-11-25).
 */
export class HistogramSum {
  readonly #counts = new Float64Array(BUCKET_COUNT);
  readonly #used = new Int32Array(Math.ceil(BUCKET_COUNT / 32));
  readonly #usedWords = new Int32Array(Math.ceil(BUCKET_COUNT / 1024));
  readonly #takenBuckets = new Int32Array(BUCKET_COUNT);
  readonly #takenCounts = new Float64Array(BUCKET_COUNT);
  /** The words of `#usedWords` that are not zero lie in `[from, to)`. */
  #from = BUCKET_COUNT;
  #to = 0;

  /** Adds to one bucket. @param bucket from 0 to BUCKET_COUNT - 1. @param count at least 1. */
  add(bucket: number, count: number): void {
    const word = bucket >>> 5;
    const before = this.#used[word];
    if (before === 0) this.#useWord(word);
    this.#used[word] = before | (1 << (bucket & 31));
    this.#counts[bucket] += count;
  }

  #useWord(word: number): void {
    const group = word >>> 5;
    this.#usedWords[group] |= 1 << (word & 31);
    if (group < this.#from) this.#from = group;
    if (group >= this.#to) this.#to = group + 1;
  }

  addHistogram({ buckets, counts }: Histogram): void {
    for (let i = 0; i < buckets.length; i++) this.add(buckets[i], counts[i]);
  }

  /**
   * Takes the sum of everything added since the last call. The result is valid until the next call: a commit takes
   * thousands, and fresh arrays for each of 1,500 windows cost 39 MB.
   */
  take(): Histogram {
    const words = this.#usedWords;
    let length = 0;
    for (let group = this.#from; group < this.#to; group++) {
      for (let rest = words[group]; rest !== 0; rest &= rest - 1)
        length = this.#takeWord((group << 5) + lowestBit(rest), length);
      words[group] = 0;
    }
    this.#from = BUCKET_COUNT;
    this.#to = 0;
    return { buckets: this.#takenBuckets.subarray(0, length), counts: this.#takenCounts.subarray(0, length) };
  }

  #takeWord(word: number, length: number): number {
    let next = length;
    const buckets = this.#takenBuckets;
    const counts = this.#takenCounts;
    for (let rest = this.#used[word]; rest !== 0; rest &= rest - 1) {
      const bucket = (word << 5) + lowestBit(rest);
      buckets[next] = bucket;
      counts[next++] = this.#counts[bucket];
      this.#counts[bucket] = 0;
    }
    this.#used[word] = 0;
    return next;
  }
}

/** The index of the lowest bit that is set. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The number of durations in a histogram. */
export function histogramTotal({ counts }: Histogram): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}
