/** Counts a window's records into its statistics. */

import {
  BUCKET_RESULT,
  CELL_BYTES,
  CELLS,
  chunkBytes,
  COUNT_RESULT,
  COUNTS,
  CURSOR,
  DURATION_RESULT,
  DURATIONS,
  ENCODED_RESULT,
  FIRST_CHUNK,
  MAX_CHUNK_BYTES,
  NO_DURATION,
  PACKED,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_BITS,
  STATUS_RESULT,
  STATUSES,
  TOTAL,
  TOUCHED,
  TOUCHED_BYTES,
  VOID,
} from './layout';
import { readVarint, varintEnd, writeVarint } from './varint';

export let encodedBytes: u32 = 0;
export let statusResults: u32 = 0;
export let bucketResults: u32 = 0;

const PACKED_BITS: u64 = 44;
/** So many durations below 2^23 µs sum up to less than 2^44, and the requests to 2^20. */
const MOST_PACKED: u32 = (1 << 20) - 1;

/** Counts the records of a window into the results. */
export function count(window: u32): void {
  isListing = true;
  countWindow(window);
}

/** The same without BUCKET_RESULT and COUNT_RESULT. */
export function countEncoded(window: u32): void {
  isListing = false;
  countWindow(window);
}

let isListing: bool = true;

function countWindow(window: u32): void {
  const end: usize = load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR);
  let chunk: usize = load<u32>(FIRST_CHUNK + (window << 2));
  let packed: u32 = 0;
  for (let number: u32 = 0; chunk != 0; number++) {
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    packed += MAX_CHUNK_BYTES / 4;
    if (packed + MAX_CHUNK_BYTES / 4 > MOST_PACKED) {
      unpack();
      packed = 0;
    }
    chunk = next;
  }
  unpack();
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
  takeStatuses();
  takeBuckets();
}

function countWords(from: usize, to: usize): void {
  for (let at = from; at < to; at += 4) {
    const word = load<u32>(at);
    const short = word >> STATUS_BITS;
    const status: usize = (word & ((1 << STATUS_BITS) - 1)) << 3;
    if (short >= NO_DURATION) {
      if (word == VOID) return;
      store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + 1);
      if (short == NO_DURATION) continue;
      const duration = load<u64>(at + 4);
      store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + duration);
      countBucket(bucketOfLong(duration), 1);
      at += 8;
      continue;
    }
    store<u64>(PACKED + status, load<u64>(PACKED + status) + (((<u64>1) << PACKED_BITS) | short));
    countBucket(bucketOfShort(short), 1);
  }
}

// @ts-ignore: decorator
@inline
function countBucket(bucket: u32, count: u32): void {
  const counter = COUNTS + (<usize>bucket << 2);
  store<u32>(counter, load<u32>(counter) + count);
  // Always, and not only where it was zero: about every other time it was, which no branch predictor guesses.
  store<u8>(TOUCHED + (bucket >> 6), 1);
}

/** Adds what is packed to requests and durations. */
function unpack(): void {
  for (let status: usize = 0; status < STATUSES << 3; status += 8) {
    const packed = load<u64>(PACKED + status);
    if (packed == 0) continue;
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + (packed >> PACKED_BITS));
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + (packed & (((<u64>1) << PACKED_BITS) - 1)));
    store<u64>(PACKED + status, 0);
  }
}

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

function takeBuckets(): void {
  bucketResults = 0;
  encodedEnd = ENCODED_RESULT;
  previousBucket = 0;
  for (let word: u32 = 0; word < TOUCHED_BYTES; word += 8) {
    let touched = load<u64>(TOUCHED + word);
    if (touched == 0) continue;
    store<u64>(TOUCHED + word, 0);
    for (; touched != 0; touched &= touched - 1) takeGroup((word + <u32>(ctz(touched) >> 3)) << 6);
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

/* A total: statuses, bytes of the histogram, then 24 bytes a status, then the histogram as it is encoded. */
export const TOTAL_HEAD: usize = 8;
export const STATUS_BYTES: usize = 24;

/** Adds a total to the counters. */
function addTotal(total: usize): void {
  let at = total + TOTAL_HEAD;
  for (let left = load<u32>(total); left > 0; left--, at += STATUS_BYTES) {
    const status = <usize>load<u32>(at) << 3;
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + load<u64>(at, 8));
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + load<u64>(at, 16));
  }
  const end = at + load<u32>(total, 4);
  let bucket: u32 = 0;
  while (at < end) {
    const step = readVarint(at);
    bucket += step >> 3;
    let count = (step & 7) + 1;
    at = varintEnd;
    if ((step & 7) == 7) {
      count = readVarint(at) + 8;
      at = varintEnd;
    }
    countBucket(bucket, count);
  }
}
