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
  store<f64>(at, isTimed ? nearestRankUs(timed, 500) / 1e6 : NaN, 24);
  store<f64>(at, isTimed ? nearestRankUs(timed, 990) / 1e6 : NaN, 32);
  store<f64>(at, isTimed ? uptime(successUs, totalUs) : NaN, 40);
  store<f64>(at, (100 * successes) / (successes + failures), 48);
  return at + 56;
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

/** @param tenths of a percent. */
function nearestRankUs(timed: f64, tenths: f64): f64 {
  const rank = Math.floor((tenths * timed + 999) / 1000);
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
