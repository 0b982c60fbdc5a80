/** Turns the counters into the results that leave the kernel, and empties them. */

import { combine, forgetOthers, level, otherAt, others } from './others';
import { statusAt } from './statuses';
import { readVarint, varintEnd, writeVarint } from './varint';
import {
  DURATION_RESULT,
  DURATIONS,
  ENCODED_MS,
  ENCODED_US,
  MILLISECONDS,
  MS_COUNTS_RESULT,
  MS_RESULT,
  NO_DURATION,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_RESULT,
  STATUSES,
  US_COUNTS_RESULT,
  US_RESULT,
} from './window-memory';

export let statusResults: u32 = 0;
export let msResults: u32 = 0;
export let usResults: u32 = 0;
export let encodedMsBytes: u32 = 0;
export let encodedUsBytes: u32 = 0;
/** How exactly the durations are kept; see `levels.ts`. */
export let resultLevel: u32 = 0;

/**
 * Makes the results of the three lists of a state, as `writeState` writes them, without the counters: most windows of a merge are in one run
 * alone. Their level is 0. @returns false where they have more statuses than a count can have.
 */
export function readResults(at: usize): bool {
  const statuses = <u32>readVarint(at);
  if (statuses > STATUSES) return false;
  let status: u32 = 0;
  for (let i: usize = 0; i < statuses; i++) {
    status += <u32>readVarint(varintEnd);
    store<f64>(STATUS_RESULT + (i << 3), <f64>status);
    store<f64>(REQUESTS_RESULT + (i << 3), <f64>readVarint(varintEnd));
    store<u64>(DURATION_RESULT + (i << 3), readVarint(varintEnd));
  }
  statusResults = statuses;
  msResults = readList(MS_RESULT, MS_COUNTS_RESULT);
  usResults = readList(US_RESULT, US_COUNTS_RESULT);
  resultLevel = 0;
  return true;
}

/** Reads the list behind the varint that was read last. @returns its length. */
function readList(values: usize, counts: usize): u32 {
  const length = <usize>readVarint(varintEnd);
  let value: u64 = 0;
  for (let i: usize = 0; i < length; i++) {
    const word = readVarint(varintEnd);
    value += word >> 3;
    const few = (word & 7) + 1;
    const count = few == 8 ? 8 + readVarint(varintEnd) : few;
    store<f64>(values + (i << 3), <f64>value);
    store<f64>(counts + (i << 3), <f64>count);
  }
  return <u32>length;
}

/** True where the lists are needed beside their encoded form. */
let isListing: bool = true;

/** Turns all counters into results. */
export function takeResults(): void {
  isListing = true;
  take(true);
}

/** Leaves out the lists, and what is in MILLISECONDS unless that is asked for. */
export function encodeResults(withMilliseconds: bool): void {
  isListing = false;
  take(withMilliseconds);
}

function take(withMilliseconds: bool): void {
  takeStatuses();
  combine();
  resultLevel = level;
  msResults = 0;
  usResults = 0;
  msEnd = ENCODED_MS;
  usEnd = ENCODED_US;
  previousMs = 0;
  previousUs = 0;
  if (withMilliseconds) takeMilliseconds();
  takeOthers();
  encodedMsBytes = <u32>(msEnd - ENCODED_MS);
  encodedUsBytes = <u32>(usEnd - ENCODED_US);
}

function takeStatuses(): void {
  statusResults = 0;
  for (let eight: u32 = 0; eight < STATUSES; eight += 8) {
    const at = REQUESTS + (<usize>eight << 3);
    const any = v128.or(v128.or(v128.load(at), v128.load(at, 16)), v128.or(v128.load(at, 32), v128.load(at, 48)));
    if (!v128.any_true(any)) continue;
    const end = min(eight + 8, STATUSES);
    for (let place = eight; place < end; place++) takeStatus(place);
  }
}

// @ts-ignore: decorator
@inline
function takeStatus(place: u32): void {
  const requests = load<u64>(REQUESTS + (<usize>place << 3));
  if (requests == 0) return;
  const result: usize = statusResults++ << 3;
  store<f64>(STATUS_RESULT + result, <f64>statusAt(place));
  store<f64>(REQUESTS_RESULT + result, <f64>requests);
  store<u64>(DURATION_RESULT + result, load<u64>(DURATIONS + (<usize>place << 3)));
  store<u64>(REQUESTS + (<usize>place << 3), 0);
  store<u64>(DURATIONS + (<usize>place << 3), 0);
}

/** Looks at 16 counters at once and goes from one that is not zero to the next: a window of an hour has few of them. */
function takeMilliseconds(): void {
  for (let sixteen: u32 = 0; sixteen < NO_DURATION; sixteen += 16) {
    const at = MILLISECONDS + (<usize>sixteen << 2);
    let counted = countedAt(at);
    if (counted == 0) continue;
    do {
      const ms = sixteen + ctz(counted);
      takeMs(ms, load<u32>(MILLISECONDS + (<usize>ms << 2)));
      counted &= counted - 1;
    } while (counted != 0);
    for (let i: usize = 0; i < 64; i += 16) v128.store(at + i, i32x4.splat(0));
  }
}

/** One bit for each of 16 counters: whether it is not zero. */
// @ts-ignore: decorator
@inline
function countedAt(at: usize): u32 {
  const zero = i32x4.splat(0);
  const low = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(at), zero), i32x4.ne(v128.load(at, 16), zero));
  const high = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(at, 32), zero), i32x4.ne(v128.load(at, 48), zero));
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** All that are whole milliseconds are longer than those of MILLISECONDS. */
function takeOthers(): void {
  for (let i: u32 = 0; i < others; i++) {
    const us = load<u64>(otherAt(i));
    const count = load<u64>(otherAt(i), 8);
    const ms = us / 1000;
    if (ms * 1000 == us) takeMs(<u32>ms, count);
    else takeUs(us, count);
  }
  forgetOthers();
}

let msEnd: usize = ENCODED_MS;
let previousMs: u32 = 0;
let usEnd: usize = ENCODED_US;
let previousUs: u64 = 0;

// @ts-ignore: decorator
@inline
function takeMs(ms: u32, count: u64): void {
  const result: usize = msResults++ << 3;
  if (isListing) {
    store<f64>(MS_RESULT + result, <f64>ms);
    store<f64>(MS_COUNTS_RESULT + result, <f64>count);
  }
  msEnd = encode(msEnd, ms - previousMs, count);
  previousMs = ms;
}

// @ts-ignore: decorator
@inline
function takeUs(us: u64, count: u64): void {
  const result: usize = usResults++ << 3;
  if (isListing) {
    store<f64>(US_RESULT + result, <f64>us);
    store<f64>(US_COUNTS_RESULT + result, <f64>count);
  }
  usEnd = encode(usEnd, us - previousUs, count);
  previousUs = us;
}

// @ts-ignore: decorator
@inline
function encode(at: usize, step: u64, count: u64): usize {
  if (count < 8) return writeVarint(at, (step << 3) | (count - 1));
  return writeVarint(writeVarint(at, (step << 3) | 7), count - 8);
}
