/** Counts a window: its total, and the records in its chunks. It comes in pieces where the counters have no more room. */

import { beginChunks, countChunks, forgetMilliseconds } from './counters';
import { encodeResults, takeResults } from './results';
import { addTotal, writeTotal } from './totals';
import { TOTAL, TOTAL_RESULT, TOTAL_RESULT_END } from './window-memory';

/** True where all of the window was counted. Otherwise {@link count} or {@link takeTotal} gives the next piece. */
export let isCounted: bool = true;

/** Begins with a window. */
export function begin(window: u32): void {
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
  beginChunks(window);
}

/** Counts a whole window. @returns false where it does not fit in the counters, which are empty then. */
export function countWindow(window: u32): bool {
  begin(window);
  if (countChunks()) return true;
  encodeResults(false);
  forgetMilliseconds();
  return false;
}

/** Counts the window that was begun into the results. */
export function count(): void {
  isCounted = countChunks();
  takeResults();
}

/** Counts the window that was begun into a total at TOTAL_RESULT. @returns the bytes of the total. */
export function takeTotal(): u32 {
  isCounted = countChunks();
  return <u32>(writeTotal(TOTAL_RESULT, TOTAL_RESULT_END) - TOTAL_RESULT);
}
