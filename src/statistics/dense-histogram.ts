import { bug } from '../errors.ts';
import { BUCKET_COUNT } from './duration-buckets.ts';
import type { Histogram } from './types.ts';

/**
 * A histogram to count into: one counter a bucket, and above them a tree of bits that says which are not zero,
 * so that taking it out in order costs what was put in, not what could have been. One is reused for window
 * after window.
 */
export class DenseHistogram {
  readonly #counts = new Uint32Array(BUCKET_COUNT);
  /** Bit i of word w: counter 32 w + i is not zero. Then the same over these words. */
  readonly #words = new Uint32Array(Math.ceil(BUCKET_COUNT / 32));
  readonly #summary = new Uint32Array(Math.ceil(BUCKET_COUNT / 1024));
  #used = 0;

  /** Adds one duration. At most 2^32 - 1 of a bucket may be added between two takes. */
  add(bucket: number): void {
    if (this.#counts[bucket]++ === 0) this.#mark(bucket);
  }

  #mark(bucket: number): void {
    this.#used++;
    this.#words[bucket >>> 5] |= 1 << (bucket & 31);
    this.#summary[bucket >>> 10] |= 1 << ((bucket >>> 5) & 31);
  }

  /** What was added since the last take; empties it. */
  take(): Histogram {
    const buckets = new Int32Array(this.#used);
    const counts = new Float64Array(this.#used);
    let n = 0;
    for (let s = 0; s < this.#summary.length; s++) {
      for (let words = this.#summary[s]; words !== 0; words &= words - 1) {
        n = this.#takeWord((s << 5) + trailingZeros(words), buckets, counts, n);
      }
      this.#summary[s] = 0;
    }
    if (n !== this.#used) throw bug(`histogram took ${n} buckets of ${this.#used}`);
    this.#used = 0;
    return { buckets, counts };
  }

  #takeWord(word: number, buckets: Int32Array, counts: Float64Array, start: number): number {
    let n = start;
    for (let bits = this.#words[word]; bits !== 0; bits &= bits - 1) {
      const bucket = (word << 5) + trailingZeros(bits);
      buckets[n] = bucket;
      counts[n++] = this.#counts[bucket];
      this.#counts[bucket] = 0;
    }
    this.#words[word] = 0;
    return n;
  }
}

function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
