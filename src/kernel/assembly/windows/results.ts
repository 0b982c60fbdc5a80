/** Turns the counters into the results that leave the kernel, and empties them. */

import { bucketOfShort } from './buckets';
import { forgetBuckets, hasBuckets, spreadMilliseconds } from './counters';
import { statusAt } from './statuses';
import { writeVarint } from './varint';
import {
  BUCKET_RESULT,
  COUNT_RESULT,
  COUNTS,
  DURATION_RESULT,
  DURATIONS,
  ENCODED_RESULT,
  MILLISECONDS,
  NO_DURATION,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_RESULT,
  STATUSES,
  TOUCHED,
  TOUCHED_BYTES,
} from './window-memory';

export let encodedBytes: u32 = 0;
export let statusResults: u32 = 0;
export let bucketResults: u32 = 0;

/** True where BUCKET_RESULT and COUNT_RESULT are needed, too. */
let isListing: bool = true;

/** Turns all counters into results. */
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

/** Leaves out BUCKET_RESULT and COUNT_RESULT, and what is in MILLISECONDS. */
export function encodeResults(): void {
  takeStatuses();
  isListing = false;
  takeBuckets();
}

function takeStatuses(): void {
  statusResults = 0;
  for (let place: u32 = 0; place < STATUSES; place++) {
    const requests = load<u64>(REQUESTS + (place << 3));
    if (requests == 0) continue;
    const result: usize = statusResults++ << 3;
    store<f64>(STATUS_RESULT + result, <f64>statusAt(place));
    store<f64>(REQUESTS_RESULT + result, <f64>requests);
    store<u64>(DURATION_RESULT + result, load<u64>(DURATIONS + (place << 3)));
    store<u64>(REQUESTS + (place << 3), 0);
    store<u64>(DURATIONS + (place << 3), 0);
  }
}

function beginBuckets(): void {
  bucketResults = 0;
  encodedEnd = ENCODED_RESULT;
  previousBucket = 0;
}

function takeBuckets(): void {
  beginBuckets();
  forgetBuckets();
  for (let word: u32 = 0; word < TOUCHED_BYTES; word += 8) {
    let touched = load<u64>(TOUCHED + word);
    if (touched == 0) continue;
    store<u64>(TOUCHED + word, 0);
    for (; touched != 0; touched &= touched - 1) takeGroup((word + <u32>(ctz(touched) >> 3)) << 6);
  }
  encodedBytes = <u32>(encodedEnd - ENCODED_RESULT);
}

/**
 * Takes the buckets from MILLISECONDS, where all durations are in there. Each millisecond has a bucket of its own, in
 * the same order.
 */
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

/** Takes the buckets of a group of 64 that are not zero. */
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
