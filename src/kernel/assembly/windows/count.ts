/** Counts a window's records into its statistics. */

import {
  BUCKET_RESULT,
  CELL_BYTES,
  CELLS,
  chunkBytes,
  COUNT_RESULT,
  COUNTS,
  CURSOR,
  DURATION_BITS,
  DURATION_RESULT,
  DURATIONS,
  ENCODED_RESULT,
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
  REQUESTS_RESULT,
  STATUS_RESULT,
  STATUSES,
  TOTAL,
  TOUCHED,
  TOUCHED_BYTES,
  VOID,
} from './layout';
import { statusOf } from './statuses';
import { addTotal } from './totals';
import { writeVarint } from './varint';

export let encodedBytes: u32 = 0;
export let statusResults: u32 = 0;
export let bucketResults: u32 = 0;

const PACKED_BITS: u64 = 44;
/** So many durations below 2^11 ms sum up to less than 2^44, and the requests to 2^20. */
const MOST_PACKED: u32 = (1 << 20) - 1;

/** Counts the records of a window into the results. */
export function count(window: u32): void {
  countWindow(window);
  takeResults();
}

/** Takes what the counters hold into the results. */
export function takeResults(): void {
  takeStatuses();
  isListing = true;
  if (hasBuckets) {
    spreadMilliseconds();
    takeBuckets();
  } else {
    takeMilliseconds();
  }
}

/** The same without BUCKET_RESULT and COUNT_RESULT, and without what is in MILLISECONDS. */
export function encodeResults(): void {
  takeStatuses();
  isListing = false;
  takeBuckets();
}

let isListing: bool = true;
/** True where something is counted by bucket, and not all in MILLISECONDS. */
let hasBuckets: bool = false;

/** Counts the records of a window into the counters. */
export function countWindow(window: u32): void {
  const end: usize = load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR);
  let chunk: usize = load<u32>(FIRST_CHUNK + (window << 2));
  let packed: u32 = 0;
  for (let number: u32 = 0; chunk != 0; number++) {
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    packed += MAX_CHUNK_BYTES / 2;
    if (packed + MAX_CHUNK_BYTES / 2 > MOST_PACKED) {
      unpack();
      packed = 0;
    }
    chunk = next;
  }
  unpack();
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
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

/** Counts the record of a word with OTHER at an address. @returns the address of its last word. */
function countOther(word: u32, at: usize, to: usize): usize {
  const kind = (word >> KIND_SHIFT) & 3;
  if (kind == VOID) return to;
  const status: usize = (word & ((1 << KIND_SHIFT) - 1)) << 3;
  store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + 1);
  if (kind == NONE) return at;
  const duration = kind == LONG ? load<u64>(at + 2) : <u64>load<u32>(at + 2);
  store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + duration);
  countBucket(duration < SHORT_END ? bucketOfShort(<u32>duration) : bucketOfLong(duration), 1);
  return kind == LONG ? at + 8 : at + 4;
}

// @ts-ignore: decorator
@inline
export function countBucket(bucket: u32, count: u32): void {
  const counter = COUNTS + (<usize>bucket << 2);
  store<u32>(counter, load<u32>(counter) + count);
  // Always, and not only where it was zero: about every other time it was, which no branch predictor guesses.
  store<u8>(TOUCHED + (bucket >> 6), 1);
  hasBuckets = true;
}

/** Adds what is packed to requests and durations. */
function unpack(): void {
  for (let index: u32 = 0; index < OTHER; index++) {
    const packed = load<u64>(PACKED + (index << 3));
    if (packed == 0) continue;
    const status: usize = statusOf(index) << 3;
    const us = (packed & (((<u64>1) << PACKED_BITS) - 1)) * 1000;
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + (packed >> PACKED_BITS));
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + us);
    store<u64>(PACKED + (index << 3), 0);
  }
}

/** Counts what MILLISECONDS holds into the buckets, and empties it. */
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

/** Below this, {@link bucketOfShort} is exact. */
const SHORT_END: u64 = 1 << 23;
/** By decade: half of the width of its buckets, and 2^40 over the width, rounded up. */
const HALVES: usize = memory.data<u32>([0, 5, 50, 500]);
const RECIPROCALS: usize = memory.data<u64>([0x10000000000, 109951162778, 10995116278, 1099511628]);

/**
 * `bucketOf` of `duration-buckets.ts` for a duration below 2^23 µs, without a branch: which decade a duration is
 * in is a coin toss in real logs. Multiplying by the rounded reciprocal is exact for such numbers.
 */
// @ts-ignore: decorator
@inline
function bucketOfShort(duration: u32): u32 {
  const decade = u32(duration >= 10_000) + u32(duration >= 100_000) + u32(duration >= 1_000_000);
  const rounded = <u64>(duration + load<u32>(HALVES + (decade << 2)));
  return decade * 9_000 + <u32>((rounded * load<u64>(RECIPROCALS + (decade << 3))) >> 40);
}

function bucketOfLong(duration: u64): u32 {
  let width: u64 = 1_000;
  let decade: u32 = 3;
  for (; duration >= width * 10_000; width *= 10) decade++;
  return decade * 9_000 + <u32>((duration + width / 2) / width);
}

function takeStatuses(): void {
  statusResults = 0;
  for (let status: u32 = 0; status < STATUSES; status++) {
    const requests = load<u64>(REQUESTS + (status << 3));
    if (requests == 0) continue;
    const result: usize = statusResults++ << 3;
    store<f64>(STATUS_RESULT + result, <f64>(status + 100));
    store<f64>(REQUESTS_RESULT + result, <f64>requests);
    store<u64>(DURATION_RESULT + result, load<u64>(DURATIONS + (status << 3)));
    store<u64>(REQUESTS + (status << 3), 0);
    store<u64>(DURATIONS + (status << 3), 0);
  }
}

function beginBuckets(): void {
  bucketResults = 0;
  encodedEnd = ENCODED_RESULT;
  previousBucket = 0;
}

function takeBuckets(): void {
  beginBuckets();
  hasBuckets = false;
  for (let word: u32 = 0; word < TOUCHED_BYTES; word += 8) {
    let touched = load<u64>(TOUCHED + word);
    if (touched == 0) continue;
    store<u64>(TOUCHED + word, 0);
    for (; touched != 0; touched &= touched - 1) takeGroup((word + <u32>(ctz(touched) >> 3)) << 6);
  }
  encodedBytes = <u32>(encodedEnd - ENCODED_RESULT);
}

/** The same out of MILLISECONDS, where all is: each has a bucket of its own, in the same order. */
function takeMilliseconds(): void {
  beginBuckets();
  for (let four: u32 = 0; four < NO_DURATION; four += 4) {
    const at = MILLISECONDS + (<usize>four << 2);
    if (!v128.any_true(v128.load(at))) continue;
    for (let ms = four; ms < four + 4; ms++) {
      const count = load<u32>(MILLISECONDS + (<usize>ms << 2));
      if (count != 0) takeBucket(bucketOfShort(ms * 1000), count);
    }
    v128.store(at, i32x4.splat(0));
  }
  encodedBytes = <u32>(encodedEnd - ENCODED_RESULT);
}

let encodedEnd: usize = ENCODED_RESULT;
let previousBucket: u32 = 0;

/** Takes those of 64 buckets that are not zero. */
function takeGroup(first: u32): void {
  for (let four: u32 = first; four < first + 64; four += 4) {
    const counts = v128.load(COUNTS + (<usize>four << 2));
    let mask = i32x4.bitmask(i32x4.ne(counts, i32x4.splat(0)));
    if (mask == 0) continue;
    v128.store(COUNTS + (<usize>four << 2), i32x4.splat(0));
    v128.store(FOUR, counts);
    for (; mask != 0; mask &= mask - 1) {
      const i = ctz(mask);
      takeBucket(four + i, load<u32>(FOUR + (<usize>i << 2)));
    }
  }
}

const FOUR: usize = memory.data<u64>([0, 0], 16);

// @ts-ignore: decorator
@inline
function takeBucket(bucket: u32, count: u32): void {
  if (isListing) {
    const result: usize = bucketResults++;
    store<u32>(BUCKET_RESULT + (result << 2), bucket);
    store<f64>(COUNT_RESULT + (result << 3), <f64>count);
  }
  const step = (bucket - previousBucket) << 3;
  previousBucket = bucket;
  if (count < 8) {
    encodedEnd = writeVarint(encodedEnd, step | (count - 1));
  } else {
    encodedEnd = writeVarint(encodedEnd, step | 7);
    encodedEnd = writeVarint(encodedEnd, count - 8);
  }
}
