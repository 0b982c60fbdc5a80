/** The counters of one window. They are zero between two counts. */

import { bucketOfLong, bucketOfShort, SHORT_END } from './buckets';
import { placeOfIndex } from './statuses';
import {
  CELL_BYTES,
  CELLS,
  chunkBytes,
  COUNTS,
  CURSOR,
  DURATION_BITS,
  DURATIONS,
  FIRST_CHUNK,
  KIND_SHIFT,
  LONG,
  MAX_CHUNK_BYTES,
  MILLISECONDS,
  NO_DURATION,
  NONE,
  OTHER,
  PACKED,
  REQUESTS,
  TOUCHED,
  VOID,
} from './window-memory';

const PACKED_BITS: u64 = 44;
/** So many durations below 2^11 ms sum up to less than 2^44. So many requests are less than 2^20. */
const MAX_PACKED: u32 = (1 << 20) - 1;

/** True where a counter by bucket is not zero. Otherwise all durations are in MILLISECONDS. */
export let hasBuckets: bool = false;

export function forgetBuckets(): void {
  hasBuckets = false;
}

/** Counts the records in the chunks of a window. */
export function countChunks(window: u32): void {
  const end: usize = load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR);
  let chunk: usize = load<u32>(FIRST_CHUNK + (window << 2));
  let packed: u32 = 0;
  for (let number: u32 = 0; chunk != 0; number++) {
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    packed += MAX_CHUNK_BYTES / 2;
    if (packed + MAX_CHUNK_BYTES / 2 > MAX_PACKED) {
      unpack();
      packed = 0;
    }
    chunk = next;
  }
  unpack();
}

function countWords(from: usize, to: usize): void {
  for (let at = from; at < to; at += 2) {
    const word = <u32>load<u16>(at);
    if (word >= OTHER << DURATION_BITS) {
      at = countOther(word, at, to);
      continue;
    }
    const duration = word & NO_DURATION;
    const packed = PACKED + (<usize>(word >> DURATION_BITS) << 3);
    if (duration == NO_DURATION) {
      store<u64>(packed, load<u64>(packed) + ((<u64>1) << PACKED_BITS));
      continue;
    }
    store<u64>(packed, load<u64>(packed) + (((<u64>1) << PACKED_BITS) | duration));
    const counter = MILLISECONDS + (<usize>duration << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
}

/** Counts the record of a word with OTHER. @returns the address of the record's last word. */
function countOther(word: u32, at: usize, to: usize): usize {
  const kind = (word >> KIND_SHIFT) & 3;
  if (kind == VOID) return to;
  const place: usize = (word & ((1 << KIND_SHIFT) - 1)) << 3;
  store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + 1);
  if (kind == NONE) return at;
  const duration = kind == LONG ? load<u64>(at + 2) : <u64>load<u32>(at + 2);
  store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + duration);
  countBucket(duration < SHORT_END ? bucketOfShort(<u32>duration) : bucketOfLong(duration), 1);
  return kind == LONG ? at + 8 : at + 4;
}

// @ts-ignore: decorator
@inline
export function countBucket(bucket: u32, count: u32): void {
  const counter = COUNTS + (<usize>bucket << 2);
  store<u32>(counter, load<u32>(counter) + count);
  // Stored always, and not only where it was zero. It was zero about every other time, which no branch predictor
  // guesses.
  store<u8>(TOUCHED + (bucket >> 6), 1);
  hasBuckets = true;
}

/** Adds the packed counters to requests and durations. */
function unpack(): void {
  for (let index: u32 = 0; index < OTHER; index++) {
    const packed = load<u64>(PACKED + (index << 3));
    if (packed == 0) continue;
    const place: usize = placeOfIndex(index) << 3;
    const us = (packed & (((<u64>1) << PACKED_BITS) - 1)) * 1000;
    store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + (packed >> PACKED_BITS));
    store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + us);
    store<u64>(PACKED + (index << 3), 0);
  }
}

/** Moves the counts of MILLISECONDS to the buckets. */
export function spreadMilliseconds(): void {
  for (let four: u32 = 0; four < NO_DURATION; four += 4) {
    const counts = v128.load(MILLISECONDS + (<usize>four << 2));
    if (!v128.any_true(counts)) continue;
    for (let ms = four; ms < four + 4; ms++) {
      const count = load<u32>(MILLISECONDS + (<usize>ms << 2));
      if (count != 0) countBucket(bucketOfShort(ms * 1000), count);
    }
    v128.store(MILLISECONDS + (<usize>four << 2), i32x4.splat(0));
  }
}
