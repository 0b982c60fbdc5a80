/**
 * Totals: what was counted of a window so far, in a form that can be added up.
 *
 * A total has a head of 24 bytes: the number of statuses, and the bytes of the two encoded lists (u32 each); the bytes
 * of each count of milliseconds (1, 2, or 0 where there are none), the first millisecond that is counted, and the end of
 * those, and the level (u16 each). Then come the counts of milliseconds, 16 bytes a status (its place and requests, u32 each; the sum
 * of its durations in µs, u64), and the encoded lists of all durations that are not among the milliseconds: those of
 * whole milliseconds, then the others.
 */

import { countDuration, forgetMilliseconds } from './counters';
import { combine, countMillisecond, hasRoom, raiseLevel } from './others';
import { encodeCounts, encodedMsBytes, encodedUsBytes, encodeResults, resultLevel, statusResults } from './results';
import { placeOf } from './statuses';
import { readVarint, varintEnd } from './varint';
import {
  DURATION_RESULT,
  DURATIONS,
  ENCODED_MS,
  ENCODED_US,
  MILLISECONDS,
  NO_DURATION,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL_RESULT,
} from './window-memory';

const HEAD_BYTES: usize = 24;
const STATUS_BYTES: usize = 16;

/** The milliseconds that have counts lie in `[first, end)`. Both are multiples of 16. */
let first: u32 = 0;
let end: u32 = 0;
/** The bytes of the largest count of a millisecond; 0 where it takes far less room to encode them. */
let width: u32 = 0;

/** Writes the counters as a total, and empties them. @returns the address behind it; 0 where it does not fit. */
export function writeTotal(at: usize, limit: usize): usize {
  // It may move durations to the milliseconds.
  combine();
  measure();
  encodeResults(width == 0);
  const denseBytes = <usize>((end - first) * width);
  const encodedBytes = encodedMsBytes + encodedUsBytes;
  const bytes = HEAD_BYTES + denseBytes + <usize>statusResults * STATUS_BYTES + encodedBytes;
  if (at + bytes + 8 > limit) {
    forgetMilliseconds();
    return 0;
  }
  store<u32>(at, statusResults);
  store<u32>(at, encodedMsBytes, 4);
  store<u32>(at, encodedUsBytes, 8);
  store<u16>(at, width, 12);
  store<u16>(at, first, 14);
  store<u16>(at, end, 16);
  store<u16>(at, resultLevel, 18);
  at += HEAD_BYTES;
  if (width != 0) takeMilliseconds(at);
  at += denseBytes;
  for (let i: usize = 0; i < statusResults; i++, at += STATUS_BYTES) {
    store<u32>(at, placeOf(<u32>load<f64>(STATUS_RESULT + (i << 3))));
    // A batch has fewer than 2^32 lines: BATCH_LINES is at most 10^9, and a batch exceeds it by little.
    store<u32>(at, <u32>load<f64>(REQUESTS_RESULT + (i << 3)), 4);
    store<u64>(at, load<u64>(DURATION_RESULT + (i << 3)), 8);
  }
  memory.copy(at, ENCODED_MS, encodedMsBytes);
  memory.copy(at + encodedMsBytes, ENCODED_US, encodedUsBytes);
  return (at + encodedBytes + 7) & ~7;
}

/** How many bytes {@link writeTotal} wrote at an address. */
export function totalBytes(at: usize): usize {
  const denseBytes = <usize>(<u32>load<u16>(at, 16) - <u32>load<u16>(at, 14)) * <u32>load<u16>(at, 12);
  const statusBytes = <usize>load<u32>(at) * STATUS_BYTES;
  return (HEAD_BYTES + denseBytes + statusBytes + load<u32>(at, 4) + load<u32>(at, 8) + 7) & ~7;
}

/** Adds the total at TOTAL_RESULT to the counters. @returns false where it has no room: take the results first. */
export function addTotalResult(): bool {
  if (!hasRoomForTotal(TOTAL_RESULT)) return false;
  addTotal(TOTAL_RESULT);
  return true;
}

/** False where the counters have no room for a total. Empty counters have room for any. */
export function hasRoomForTotal(total: usize): bool {
  // A duration takes at least a byte.
  return hasRoom(load<u32>(total, 4) + load<u32>(total, 8));
}

/**
 * Makes encoded results of a total, without the counters. @returns false, and makes none, where it has more than counts of
 * milliseconds.
 */
export function encodeTotal(total: usize): bool {
  const width = <u32>load<u16>(total, 12);
  const isEncoded = (load<u32>(total, 4) | load<u32>(total, 8)) != 0;
  if (width == 0 || isEncoded || load<u16>(total, 18) != 0) return false;
  const ms = <u32>load<u16>(total, 14);
  const end = <u32>load<u16>(total, 16);
  const counts = total + HEAD_BYTES;
  encodeCounts(counts, width, ms, end, counts + <usize>((end - ms) * width), load<u32>(total));
  return true;
}

/** Adds a total to the counters. */
export function addTotal(total: usize): void {
  let at = total + HEAD_BYTES;
  raiseLevel(load<u16>(total, 18));
  const dense = <u32>load<u16>(total, 12);
  if (dense != 0) at = addMilliseconds(at, dense, load<u16>(total, 14), load<u16>(total, 16));
  for (let left = load<u32>(total); left > 0; left--, at += STATUS_BYTES) {
    const place = <usize>load<u32>(at) << 3;
    store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + load<u32>(at, 4));
    store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + load<u64>(at, 8));
  }
  const others = at + load<u32>(total, 4);
  addEncoded(at, others, 1000);
  addEncoded(others, others + load<u32>(total, 8), 1);
}

/** Adds an encoded list. @param unit of its values, in µs. Most steps and counts take one byte, and are read without a call. */
// @ts-ignore: decorator
@inline
function addEncoded(at: usize, end: usize, unit: u64): void {
  let value: u64 = 0;
  while (at < end) {
    let step = <u64>load<u8>(at++);
    if (step >= 128) {
      step = readVarint(at - 1);
      at = varintEnd;
    }
    value += step >> 3;
    let count = <u32>(step & 7) + 1;
    if (count == 8) {
      count = <u32>load<u8>(at++);
      if (count >= 128) {
        count = <u32>readVarint(at - 1);
        at = varintEnd;
      }
      count += 8;
    }
    if (unit == 1000 && value < NO_DURATION) countMillisecond(<u32>value, count);
    else countDuration(value * unit, count);
  }
}

/** Finds `first`, `end` and `width` for the counts in MILLISECONDS. */
function measure(): void {
  let all = i32x4.splat(0);
  let zeros = i32x4.splat(0);
  let looked: i32 = 0;
  first = 0;
  end = 0;
  for (let ms: u32 = 0; ms <= NO_DURATION; ms += 16) {
    const at = MILLISECONDS + (<usize>ms << 2);
    const sixteen = v128.or(
      v128.or(v128.load(at), v128.load(at, 16)),
      v128.or(v128.load(at, 32), v128.load(at, 48)),
    );
    if (!v128.any_true(sixteen)) continue;
    if (end == 0) first = ms;
    end = ms + 16;
    all = v128.or(all, sixteen);
    looked += 16;
    zeros = i32x4.add(zeros, i32x4.add(zerosAt(at), zerosAt(at + 16)));
    zeros = i32x4.add(zeros, i32x4.add(zerosAt(at + 32), zerosAt(at + 48)));
  }
  const counted = <u32>(looked + lanesOf(zeros));
  const bits = orOf(all);
  width = bits < 0x100 ? 1 : 2;
  // An encoded count takes one to three bytes, but each compaction must read and write it by itself. When this code
  // chose the smaller of both, 100 million lines of 1,500 windows in 12 MiB took 4.7 s. This way they take 3.3 s
  // (2026-11-25). With all kinds of windows, 20 million lines take 0.93 of the processor time in time order, and 0.95 in random
  // order, with 5 instead of 3; 8 and 16 save no more (2026-11-29).
  if (bits >= 0x1_0000 || end - first > 5 * counted) first = end = width = 0;
}

/** -1 in each lane that is zero. */
// @ts-ignore: decorator
@inline
function zerosAt(at: usize): v128 {
  return i32x4.eq(v128.load(at), i32x4.splat(0));
}

function lanesOf(sum: v128): i32 {
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

function orOf(all: v128): u32 {
  const halves = i64x2.extract_lane(all, 0) | i64x2.extract_lane(all, 1);
  return <u32>halves | <u32>(<u64>halves >> 32);
}

/** Moves the milliseconds from `first` to `end` to an address. */
function takeMilliseconds(at: usize): void {
  for (let ms = first; ms < end; ms += 16) {
    const from = MILLISECONDS + (<usize>ms << 2);
    const low = i16x8.narrow_i32x4_u(v128.load(from), v128.load(from, 16));
    const high = i16x8.narrow_i32x4_u(v128.load(from, 32), v128.load(from, 48));
    if (width == 1) {
      v128.store(at, i8x16.narrow_i16x8_u(low, high));
    } else {
      v128.store(at, low);
      v128.store(at, high, 16);
    }
    for (let i: usize = 0; i < 64; i += 16) v128.store(from + i, i32x4.splat(0));
    at += width << 4;
  }
}

/** Adds counts of `width` bytes to the milliseconds from `ms` to `end`. @returns the address behind them. */
function addMilliseconds(at: usize, width: u32, ms: u32, end: u32): usize {
  for (let to = MILLISECONDS + (<usize>ms << 2); ms < end; ms += 8, to += 32, at += width << 3) {
    const eight = width == 1 ? v128.load8x8_u(at) : v128.load(at);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(eight)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(eight)), 16);
  }
  return at;
}
