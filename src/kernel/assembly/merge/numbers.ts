/**
 * The served numbers of a window, from the results of a count, as `finalizeStatistics` of `statistics/daily-statistics.ts`
 * defines them: the same steps in the same doubles.
 */

import { msResults, readDurations, statusResults, usResults } from '../windows/results';
import { readVarint, varintEnd } from '../windows/varint';
import {
  DURATION_RESULT,
  MARKS,
  MS_COUNTS_RESULT,
  MS_RESULT,
  REQUESTS_RESULT,
  STATUS_RESULT,
  US_COUNTS_RESULT,
  US_RESULT,
} from '../windows/window-memory';

/** How many numbers there are. */
export const NUMBERS: u32 = 7;

/** Writes the numbers in the order of `STATISTICS_COLUMNS`; NaN where there is none. @returns the address behind them. */
export function writeNumbers(at: usize): usize {
  const timed = totalOf(MS_COUNTS_RESULT, msResults) + totalOf(US_COUNTS_RESULT, usResults);
  const isTimed = timed > 0;
  const p50 = isTimed ? fromBelow(rankOf(500, timed)) : NaN;
  return write(at, timed, p50, isTimed ? fromAbove(timed - rankOf(990, timed) + 1) : NaN);
}

/**
 * The same of an encoded state, of whose statuses there are results. Nearly all states have whole milliseconds alone. Their list is
 * walked once: for 45,000 windows, to make it a list of numbers first took 323 ms, and a walk 85 to 99 ms (2026-11-30). Results of
 * durations are made only where the walk cannot be.
 * @param durations where its durations begin.
 */
export function writeNumbersOfState(at: usize, durations: usize): usize {
  if (!walk(durations)) {
    readDurations(durations);
    return writeNumbers(at);
  }
  const timed = <f64>walked;
  if (walked == 0) return write(at, 0, NaN, NaN);
  return write(at, timed, <f64>(valueAt(<u64>rankOf(500, timed)) * 1000), <f64>(valueAt(<u64>rankOf(990, timed)) * 1000));
}

/** Where a walk stood before each group of 32 durations: the value, and how many requests were seen (u64), and the address (u32). */
const MARK_BYTES: usize = 24;
const GROUP_LENGTH: u32 = 32;
let marksEnd: usize = MARKS;
/** The requests that a walk saw. */
let walked: u64 = 0;

/** Walks a list of whole milliseconds. @returns false where there are other durations behind it. */
function walk(list: usize): bool {
  const length = <u32>readVarint(list);
  let at = varintEnd;
  let mark = MARKS;
  let value: u64 = 0;
  let seen: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    if (i % GROUP_LENGTH == 0) {
      store<u64>(mark, value);
      store<u64>(mark, seen, 8);
      store<u32>(mark, <u32>at, 16);
      mark += MARK_BYTES;
    }
    let word = <u64>load<u8>(at++);
    if (word >= 128) {
      word = readVarint(at - 1);
      at = varintEnd;
    }
    value += word >> 3;
    let count = (word & 7) + 1;
    if (count == 8) {
      count = 8 + readVarint(at);
      at = varintEnd;
    }
    seen += count;
  }
  marksEnd = mark;
  walked = seen;
  return readVarint(at) == 0;
}

/** The shortest duration with so many at or below it, in ms. @param rank from 1 to `walked`. */
function valueAt(rank: u64): u64 {
  let mark = MARKS;
  while (mark + MARK_BYTES < marksEnd && load<u64>(mark + MARK_BYTES, 8) < rank) mark += MARK_BYTES;
  let value = load<u64>(mark);
  let seen = load<u64>(mark, 8);
  let at = <usize>load<u32>(mark, 16);
  while (seen < rank) {
    const word = readVarint(at);
    value += word >> 3;
    const few = (word & 7) + 1;
    seen += few == 8 ? 8 + readVarint(varintEnd) : few;
    at = varintEnd;
  }
  return value;
}

/** @param p50 in µs. @param p99 in µs. */
function write(at: usize, timed: f64, p50: f64, p99: f64): usize {
  let successes: f64 = 0;
  let failures: f64 = 0;
  let successUs: u64 = 0;
  let totalUs: u64 = 0;
  for (let i: usize = 0; i < statusResults; i++) {
    const status = load<f64>(STATUS_RESULT + (i << 3));
    const requests = load<f64>(REQUESTS_RESULT + (i << 3));
    const us = load<u64>(DURATION_RESULT + (i << 3));
    totalUs += us;
    if (status >= 200 && status <= 299) {
      successes += requests;
      successUs += us;
    } else {
      failures += requests;
    }
  }
  store<f64>(at, successes);
  store<f64>(at, failures, 8);
  store<f64>(at, timed > 0 ? <f64>totalUs / (timed * 1e6) : NaN, 16);
  store<f64>(at, p50 / 1e6, 24);
  store<f64>(at, p99 / 1e6, 32);
  store<f64>(at, timed > 0 ? uptime(successUs, totalUs) : NaN, 40);
  store<f64>(at, (100 * successes) / (successes + failures), 48);
  return at + NUMBERS * 8;
}

function uptime(successUs: u64, totalUs: u64): f64 {
  if (totalUs == 0) return 0;
  return successUs == totalUs ? 100 : (100 * <f64>successUs) / <f64>totalUs;
}

function totalOf(counts: usize, length: u32): f64 {
  let total: f64 = 0;
  for (let i: usize = 0; i < length; i++) total += load<f64>(counts + (i << 3));
  return total;
}

// @ts-ignore: decorator
@inline
function rankOf(tenthsOfPercent: f64, timed: f64): f64 {
  return Math.floor((tenthsOfPercent * timed + 999) / 1000);
}

/** The shortest duration with so many at or below it, in µs. */
function fromBelow(rank: f64): f64 {
  let seen: f64 = 0;
  let ms: usize = 0;
  let us: usize = 0;
  while (true) {
    const msUs = ms < msResults ? load<f64>(MS_RESULT + (ms << 3)) * 1000 : Infinity;
    const usUs = us < usResults ? load<f64>(US_RESULT + (us << 3)) : Infinity;
    if (msUs < usUs) seen += load<f64>(MS_COUNTS_RESULT + (ms++ << 3));
    else seen += load<f64>(US_COUNTS_RESULT + (us++ << 3));
    if (seen >= rank) return min(msUs, usUs);
    if (msUs == Infinity && usUs == Infinity) return NaN;
  }
}

/**
 * The longest duration with so many at or above it, in µs: a hundredth of the way to p99. With both in one walk from below, the numbers of
 * 45,000 windows took 162 ms, and so 86 to 102 ms (2026-11-30).
 */
function fromAbove(rank: f64): f64 {
  let seen: f64 = 0;
  // Below 0, an index is larger than any other.
  let ms: usize = <usize>msResults - 1;
  let us: usize = <usize>usResults - 1;
  while (true) {
    const msUs = ms < msResults ? load<f64>(MS_RESULT + (ms << 3)) * 1000 : -1;
    const usUs = us < usResults ? load<f64>(US_RESULT + (us << 3)) : -1;
    if (msUs > usUs) seen += load<f64>(MS_COUNTS_RESULT + (ms-- << 3));
    else seen += load<f64>(US_COUNTS_RESULT + (us-- << 3));
    if (seen >= rank) return max(msUs, usUs);
    if (msUs == -1 && usUs == -1) return NaN;
  }
}
