/**
 * The served numbers of a window, from the results of a count, as `finalizeStatistics` of `statistics/daily-statistics.ts`
 * defines them: the same steps in the same doubles.
 */

import { msResults, statusResults, usResults } from '../windows/results';
import {
  DURATION_RESULT,
  MS_COUNTS_RESULT,
  MS_RESULT,
  REQUESTS_RESULT,
  STATUS_RESULT,
  US_COUNTS_RESULT,
  US_RESULT,
} from '../windows/window-memory';

/** Writes the numbers in the order of `STATISTICS_COLUMNS`; NaN where there is none. @returns the address behind them. */
export function writeNumbers(at: usize): usize {
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
  const timed = totalOf(MS_COUNTS_RESULT, msResults) + totalOf(US_COUNTS_RESULT, usResults);
  const isTimed = timed > 0;
  store<f64>(at, successes);
  store<f64>(at, failures, 8);
  store<f64>(at, isTimed ? <f64>totalUs / (timed * 1e6) : NaN, 16);
  store<f64>(at, isTimed ? fromBelow(rankOf(500, timed)) / 1e6 : NaN, 24);
  store<f64>(at, isTimed ? fromAbove(timed - rankOf(990, timed) + 1) / 1e6 : NaN, 32);
  store<f64>(at, isTimed ? uptime(successUs, totalUs) : NaN, 40);
  store<f64>(at, (100 * successes) / (successes + failures), 48);
  return at + 56;
}

function uptime(successUs: u64, totalUs: u64): f64 {
  if (totalUs == 0) return 0;
  return successUs == totalUs ? 100 : (100 * <f64>successUs) / <f64>totalUs;
}

function totalOf(counts: usize, length: u32): f64 {
  // Sums of whole numbers, so their order does not matter.
  let even: f64 = 0;
  let odd: f64 = 0;
  let i: usize = 0;
  for (; i + 2 <= length; i += 2) {
    even += load<f64>(counts + (i << 3));
    odd += load<f64>(counts + (i << 3), 8);
  }
  if (i < length) even += load<f64>(counts + (i << 3));
  return even + odd;
}

/** The smallest duration with so many at or below it, in µs. */
function fromBelow(rank: f64): f64 {
  let seen: f64 = 0;
  let ms: usize = 0;
  let us: usize = 0;
  let msUs = usOfMs(0);
  let usUs = usOfUs(0);
  while (true) {
    const value = min(msUs, usUs);
    if (value == Infinity) return NaN;
    if (msUs < usUs) {
      seen += load<f64>(MS_COUNTS_RESULT + (ms++ << 3));
      msUs = usOfMs(ms);
    } else {
      seen += load<f64>(US_COUNTS_RESULT + (us++ << 3));
      usUs = usOfUs(us);
    }
    if (seen >= rank) return value;
  }
}

/** The same, from the longest duration on: a hundredth of the way to p99. @param rank from there, 1 for the longest one. */
function fromAbove(rank: f64): f64 {
  let seen: f64 = 0;
  // Below 0, an index is larger than any other.
  let ms: usize = <usize>msResults - 1;
  let us: usize = <usize>usResults - 1;
  while (true) {
    const msUs = ms < msResults ? load<f64>(MS_RESULT + (ms << 3)) * 1000 : -1;
    const usUs = us < usResults ? load<f64>(US_RESULT + (us << 3)) : -1;
    const value = max(msUs, usUs);
    if (value == -1) return NaN;
    if (msUs > usUs) seen += load<f64>(MS_COUNTS_RESULT + (ms-- << 3));
    else seen += load<f64>(US_COUNTS_RESULT + (us-- << 3));
    if (seen >= rank) return value;
  }
}

/** @param tenths of a percent. */
// @ts-ignore: decorator
@inline
function rankOf(tenths: f64, timed: f64): f64 {
  return Math.floor((tenths * timed + 999) / 1000);
}

// @ts-ignore: decorator
@inline
function usOfMs(i: usize): f64 {
  return i < msResults ? load<f64>(MS_RESULT + (i << 3)) * 1000 : Infinity;
}

// @ts-ignore: decorator
@inline
function usOfUs(i: usize): f64 {
  return i < usResults ? load<f64>(US_RESULT + (i << 3)) : Infinity;
}
