/** Turns the counters into the results that leave the kernel, and empties them. */

import { unpack } from './counters';
import { combine, forgetOthers, level, otherAt, others } from './others';
import { placeOfIndex, statusAt } from './statuses';
import { readVarint, varintEnd, writeVarint } from './varint';
import {
  DURATION_BITS,
  DURATION_RESULT,
  DURATIONS,
  ENCODED_MS,
  ENCODED_US,
  MILLISECONDS,
  MS_COUNTS_RESULT,
  MS_RESULT,
  NO_DURATION,
  OTHER,
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

/** Makes results of the statuses of a state, as `writeState` writes them. @returns false where they are more than a count can have. */
export function readStatuses(at: usize): bool {
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
  return true;
}

/** Makes results of the two lists of durations of a state. Their level is 0. @param at where they begin. */
export function readDurations(at: usize): void {
  msResults = readList(at, MS_RESULT, MS_COUNTS_RESULT);
  usResults = readList(varintEnd, US_RESULT, US_COUNTS_RESULT);
  resultLevel = 0;
}

/** @param at where the list begins. @returns its length. */
function readList(at: usize, values: usize, counts: usize): u32 {
  const length = <usize>readVarint(at);
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
  unpack();
  takeStatuses();
  combine();
  resultLevel = level;
  msResults = 0;
  usResults = 0;
  msEnd = ENCODED_MS;
  usEnd = ENCODED_US;
  previousMs = 0;
  previousUs = 0;
  if (withMilliseconds) {
    if (isListing) takeMilliseconds();
    else encodeMilliseconds();
  }
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

/**
 * The same without the lists, for most windows: all that changes stays in registers. To encode
 * 45,000 windows took 220 to 234 ms, and 262 ms with the code above (2026-11-30).
 */
function encodeMilliseconds(): void {
  let to = msEnd;
  let previous: u32 = 0;
  let results: u32 = 0;
  for (let sixteen: u32 = 0; sixteen < NO_DURATION; sixteen += 16) {
    const at = MILLISECONDS + (<usize>sixteen << 2);
    let counted = countedAt(at);
    if (counted == 0) continue;
    results += popcnt(counted);
    do {
      const ms = sixteen + ctz(counted);
      const step = ms - previous;
      const count = load<u32>(MILLISECONDS + (<usize>ms << 2));
      previous = ms;
      to = encodeMs(to, step, count);
      counted &= counted - 1;
    } while (counted != 0);
    for (let i: usize = 0; i < 64; i += 16) v128.store(at + i, i32x4.splat(0));
  }
  msEnd = to;
  previousMs = previous;
  msResults = results;
}

/**
 * Makes encoded results of milliseconds that are counted side by side, in `width` bytes each, from `ms` to `end`, both multiples of
 * 16. There are no other durations. @param at of the counts. @param statuses of them, 16 bytes each, as totals have them.
 */
export function encodeCounts(at: usize, width: u32, ms: u32, end: u32, statuses: usize, length: u32): void {
  statusResults = length;
  for (let i: usize = 0; i < length; i++, statuses += 16) {
    store<f64>(STATUS_RESULT + (i << 3), <f64>statusAt(load<u32>(statuses)));
    store<f64>(REQUESTS_RESULT + (i << 3), <f64>load<u32>(statuses, 4));
    store<u64>(DURATION_RESULT + (i << 3), load<u64>(statuses, 8));
  }
  let to = ENCODED_MS;
  let previous: u32 = 0;
  let results: u32 = 0;
  for (; ms < end; ms += 16, at += width << 4) {
    let counted = width == 1 ? countedBytesAt(at) : countedWordsAt(at);
    results += popcnt(counted);
    for (; counted != 0; counted &= counted - 1) {
      const place = ctz(counted);
      const step = ms + place - previous;
      previous = ms + place;
      const count = width == 1 ? <u32>load<u8>(at + place) : <u32>load<u16>(at + (place << 1));
      to = encodeMs(to, step, count);
    }
  }
  msResults = results;
  usResults = 0;
  encodedMsBytes = <u32>(to - ENCODED_MS);
  encodedUsBytes = 0;
  resultLevel = 0;
}

/** The words of a window's first chunk, sorted: duration above place (u32 each). */
const SORTED: usize = MS_RESULT;

/**
 * Makes encoded results of a few words of records, without the counters, which have to be searched for what is not zero.
 * @returns false where a record has more than its word.
 */
export function encodeFew(from: usize, end: usize): bool {
  let sorted = SORTED;
  for (let at = from; at < end; at += 2) {
    const word = <u32>load<u16>(at);
    if (word >= OTHER << DURATION_BITS) return false;
    const record = ((word & NO_DURATION) << 16) | placeOfIndex(word >> DURATION_BITS);
    let to = sorted;
    for (; to > SORTED && load<u32>(to - 4) > record; to -= 4) store<u32>(to, load<u32>(to - 4));
    store<u32>(to, record);
    sorted += 4;
  }
  statusResults = 0;
  msResults = 0;
  usResults = 0;
  encodedUsBytes = 0;
  resultLevel = 0;
  let to = ENCODED_MS;
  let previous: u32 = 0;
  for (let at = SORTED; at < sorted; ) {
    const ms = load<u32>(at) >> 16;
    let count: u32 = 0;
    for (; at < sorted && load<u32>(at) >> 16 == ms; at += 4) {
      addFew(load<u32>(at) & 0xffff, ms);
      count++;
    }
    if (ms == NO_DURATION) break;
    to = encodeMs(to, ms - previous, count);
    previous = ms;
    msResults++;
  }
  encodedMsBytes = <u32>(to - ENCODED_MS);
  return true;
}

/** Adds a record to the results of statuses. */
// @ts-ignore: decorator
@inline
function addFew(place: u32, ms: u32): void {
  const status = <f64>statusAt(place);
  const us = ms == NO_DURATION ? 0 : <u64>ms * 1000;
  let i = <usize>statusResults << 3;
  while (i > 0 && load<f64>(STATUS_RESULT + i - 8) > status) i -= 8;
  if (i > 0 && load<f64>(STATUS_RESULT + i - 8) == status) {
    i -= 8;
    store<f64>(REQUESTS_RESULT + i, load<f64>(REQUESTS_RESULT + i) + 1);
    store<u64>(DURATION_RESULT + i, load<u64>(DURATION_RESULT + i) + us);
    return;
  }
  const bytes = (<usize>statusResults << 3) - i;
  memory.copy(STATUS_RESULT + i + 8, STATUS_RESULT + i, bytes);
  memory.copy(REQUESTS_RESULT + i + 8, REQUESTS_RESULT + i, bytes);
  memory.copy(DURATION_RESULT + i + 8, DURATION_RESULT + i, bytes);
  store<f64>(STATUS_RESULT + i, status);
  store<f64>(REQUESTS_RESULT + i, 1);
  store<u64>(DURATION_RESULT + i, us);
  statusResults++;
}

/** One bit for each of 16 counts of a byte: whether it is not zero. */
// @ts-ignore: decorator
@inline
function countedBytesAt(at: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.ne(v128.load(at), i8x16.splat(0)));
}

// @ts-ignore: decorator
@inline
function countedWordsAt(at: usize): u32 {
  const zero = i16x8.splat(0);
  const low = i16x8.ne(v128.load(at), zero);
  const high = i16x8.ne(v128.load(at, 16), zero);
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
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

/** The same for small numbers. Nearly all durations of windows take a byte. */
// @ts-ignore: decorator
@inline
function encodeMs(at: usize, step: u32, count: u32): usize {
  if (count >= 8 || step >= 16) return encode(at, step, count);
  store<u8>(at, (step << 3) | (count - 1));
  return at + 1;
}

// @ts-ignore: decorator
@inline
function encode(at: usize, step: u64, count: u64): usize {
  if (count < 8) return writeVarint(at, (step << 3) | (count - 1));
  return writeVarint(writeVarint(at, (step << 3) | 7), count - 8);
}
