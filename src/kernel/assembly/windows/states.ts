/**
 * Encoded states: the form in which a store keeps a window, as `statistics/daily-statistics.ts` defines it. Here are those
 * whose durations are exact (level 0). All others are left to that file.
 */

import { countDuration } from './counters';
import { countMillisecond, hasRoom } from './others';
import {
  encodedMsBytes,
  encodedUsBytes,
  encodeFew,
  encodeResults,
  msResults,
  readStatuses,
  resultLevel,
  statusResults,
  usResults,
} from './results';
import { placeOf } from './statuses';
import { encodeTotal } from './totals';
import { readVarint, varintEnd, writeVarint } from './varint';
import {
  CELL_BYTES,
  CELLS,
  CURSOR,
  DURATION_RESULT,
  DURATIONS,
  ENCODED_MS,
  ENCODED_US,
  FIRST_CHUNK,
  NO_DURATION,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL,
  TOTAL_RESULT,
} from './window-memory';

export const STATE_VERSION: u8 = 2;

/** A longer state is left to others, so that the counters always have room for the next one. */
export const MAX_STATE_BYTES: u32 = 16_384;

/**
 * Writes what was counted as a state to TOTAL_RESULT, and empties the counters.
 * @param first the first event time of the window in ms. @param last the last one.
 * @returns the bytes of the state; 0 where its durations are not exact.
 */
export function takeState(first: f64, last: f64): u32 {
  encodeResults(true);
  if (resultLevel != 0) return 0;
  return <u32>(writeState(TOTAL_RESULT, <i64>first, <i64>last) - TOTAL_RESULT);
}

/**
 * Writes a window as a state to TOTAL_RESULT, as {@link takeState} would after it was counted, where all its records are in its total
 * and none in chunks: in a log in the order of time, most windows are like that. The counters stay as they are. So 40 million lines
 * take 3.55 s of a processor, and 3.61 s through the counters (the best of six runs each, 2026-11-30).
 * @returns the bytes of the state; 0 where it must be counted.
 */
export function takeStateOfTotal(window: u32, first: f64, last: f64): u32 {
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total == 0 || load<u32>(FIRST_CHUNK + (window << 2)) != 0 || !encodeTotal(total)) return 0;
  return <u32>(writeState(TOTAL_RESULT, <i64>first, <i64>last) - TOTAL_RESULT);
}

/**
 * The same for a window whose records are all in its first chunk, as in a log of very many customers. To search the counters of each
 * window for what is not zero took a sixth of the time of such a read (2026-11-30).
 * @returns the bytes of the state; 0 where it must be counted.
 */
export function takeStateOfFew(window: u32, first: f64, last: f64): u32 {
  const chunk: usize = load<u32>(FIRST_CHUNK + (window << 2));
  if (chunk == 0 || load<u32>(chunk) != 0 || load<u32>(TOTAL + (window << 2)) != 0) return 0;
  if (!encodeFew(chunk + 4, load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR))) return 0;
  return <u32>(writeState(TOTAL_RESULT, <i64>first, <i64>last) - TOTAL_RESULT);
}

/** Writes the results as a state. Their level must be 0. @returns the address behind it. */
export function writeState(at: usize, first: i64, last: i64): usize {
  store<u8>(at, STATE_VERSION);
  store<u8>(at, 0, 1);
  at = writeVarint(at + 2, signed(first));
  at = writeVarint(at, signed(last));
  at = writeVarint(at, statusResults);
  let previous: u32 = 0;
  for (let i: usize = 0; i < statusResults; i++) {
    const status = <u32>load<f64>(STATUS_RESULT + (i << 3));
    at = writeVarint(at, status - previous);
    at = writeVarint(at, <u64>load<f64>(REQUESTS_RESULT + (i << 3)));
    at = writeVarint(at, load<u64>(DURATION_RESULT + (i << 3)));
    previous = status;
  }
  at = writeVarint(at, msResults);
  memory.copy(at, ENCODED_MS, encodedMsBytes);
  at = writeVarint(at + encodedMsBytes, usResults);
  memory.copy(at, ENCODED_US, encodedUsBytes);
  return at + encodedUsBytes;
}

/** The lowest bit is the sign. */
// @ts-ignore: decorator
@inline
function signed(value: i64): u64 {
  return value < 0 ? <u64>(-2 * value - 1) : <u64>(2 * value);
}

// @ts-ignore: decorator
@inline
function unsigned(value: u64): i64 {
  return (value & 1) == 0 ? <i64>(value >> 1) : -<i64>((value >> 1) + 1);
}

/** The event times of the state that was added last, in ms. */
export let stateFirst: i64 = 0;
export let stateLast: i64 = 0;

/** True of a state that is counted here. */
// @ts-ignore: decorator
@inline
function isExact(state: usize, bytes: u32): bool {
  return bytes <= MAX_STATE_BYTES && load<u8>(state) == STATE_VERSION && load<u8>(state, 1) == 0;
}

/**
 * Makes results of the statuses of a state, without the counters.
 * @returns where its durations begin; 0 where it is not one of those that are counted here.
 */
export function openState(state: usize, bytes: u32): usize {
  if (!isExact(state, bytes)) return 0;
  readVarint(state + 2);
  readVarint(varintEnd);
  return readStatuses(varintEnd) ? varintEnd : 0;
}

/**
 * A counter of a duration has 32 bits. What a batch or a spill reads has at most 2^30 lines or little more, but a store may have any
 * number.
 */
const MAX_STATE_REQUESTS: u64 = 1 << 31;

/** The requests of a state. @param at where its statuses begin. */
function requestsAt(at: usize): u64 {
  let requests: u64 = 0;
  for (let left = readVarint(at); left > 0; left--) {
    readVarint(varintEnd);
    requests += readVarint(varintEnd);
    readVarint(varintEnd);
  }
  return requests;
}

/** Adds a state to the counters. @returns false, and adds nothing, where it is not one of those that are counted here. */
export function addState(state: usize, bytes: u32): bool {
  if (!isExact(state, bytes) || !hasRoom(bytes)) return false;
  stateFirst = unsigned(readVarint(state + 2));
  stateLast = unsigned(readVarint(varintEnd));
  const statuses = varintEnd;
  if (requestsAt(statuses) >= MAX_STATE_REQUESTS) return false;
  let status: u32 = 0;
  for (let left = readVarint(statuses); left > 0; left--) {
    status += <u32>readVarint(varintEnd);
    const place = <usize>placeOf(status) << 3;
    store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + readVarint(varintEnd));
    store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + readVarint(varintEnd));
  }
  addCounts(1000);
  addCounts(1);
  return true;
}

/** Adds the list behind the varint that was read last. @param unit of its values, in µs. */
// @ts-ignore: decorator
@inline
function addCounts(unit: u64): void {
  let value: u64 = 0;
  for (let left = readVarint(varintEnd); left > 0; left--) {
    const word = readVarint(varintEnd);
    value += word >> 3;
    const few = <u32>(word & 7) + 1;
    const count = few == 8 ? 8 + <u32>readVarint(varintEnd) : few;
    if (unit == 1000 && value < NO_DURATION) countMillisecond(<u32>value, count);
    else countDuration(value * unit, count);
  }
}
