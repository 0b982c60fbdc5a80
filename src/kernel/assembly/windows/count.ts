/** Counts a window: its total, and the records in its chunks. It comes in pieces where the counters have no more room. */

import { beginChunks, countChunks, forgetMilliseconds } from './counters';
import { encodeResults } from './results';
import { addTotal, hasRoomForTotal, writeTotal } from './totals';
import { TOTAL, TOTAL_RESULT, TOTAL_RESULT_END } from './window-memory';

/** True where all of the window was counted. Otherwise the counters are full: take them, and count on. */
export let isCounted: bool = true;

/** Begins with a window. The counters must be empty, or {@link hasRoomFor} it. */
export function begin(window: u32): void {
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
  beginChunks(window);
}

/** True where the total of a window can be added to what was counted of others. */
export function hasRoomFor(window: u32): bool {
  const total: usize = load<u32>(TOTAL + (window << 2));
  return total == 0 || hasRoomForTotal(total);
}

/** Counts the window that was begun into the counters, beside what they hold of others. */
export function countOn(): void {
  isCounted = countChunks();
}

/** Counts a whole window. @returns false where it does not fit in the counters, which are empty then. */
export function countWindow(window: u32): bool {
  begin(window);
  if (countChunks()) return true;
  encodeResults(false);
  forgetMilliseconds();
  return false;
}

/** Writes what was counted as a total to TOTAL_RESULT. @returns the bytes of the total. */
export function takeTotal(): u32 {
  return <u32>(writeTotal(TOTAL_RESULT, TOTAL_RESULT_END) - TOTAL_RESULT);
}
