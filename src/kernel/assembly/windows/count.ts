/** Counts a window: the records in its chunks, and its total. */

import { countChunks } from './counters';
import { takeResults } from './results';
import { addTotal, writeTotal } from './totals';
import { TOTAL, TOTAL_RESULT, TOTAL_RESULT_END } from './window-memory';

/** Counts a window into the counters. */
export function countWindow(window: u32): void {
  countChunks(window);
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
}

/** Counts a window into the results. */
export function count(window: u32): void {
  countWindow(window);
  takeResults();
}

/** Counts a window into a total at TOTAL_RESULT. @returns the bytes of the total. */
export function takeTotal(window: u32): u32 {
  countWindow(window);
  return <u32>(writeTotal(TOTAL_RESULT, TOTAL_RESULT_END) - TOTAL_RESULT);
}
