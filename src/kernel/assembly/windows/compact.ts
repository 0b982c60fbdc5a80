/**
 * Compaction: when the pool of chunks is full, the records of each window are counted into its total, and the pool is
 * empty again. A total takes a byte or two for each distinct duration, up to four where these are microseconds.
 *
 * The totals lie one after the other in an area, in the order of their windows, and grow with each compaction. So the
 * old totals from the first window with new records on are first moved to the end of the area. Then each one is read
 * from there, and the new one is written before those that are still to be read. A second area to write to would leave
 * half of the memory for totals idle.
 */

import { windows } from './cells';
import { emptyPool, isPoolExtended, setPoolLimits, usePoolWhole } from './chunks';
import { countWindow } from './count';
import { CELL_BYTES, CELLS, CURSOR, FIRST_CHUNK, POOL, TOTAL } from './window-memory';
import { totalBytes, writeTotal } from './totals';

let area: usize = POOL;
let areaEnd: usize = POOL;
/** The end of the last total; 0 where a compaction has stopped half-way. */
let totalsEnd: usize = 0;

/** A larger pool is no faster: what is written to it has left the cache before it is counted. */
const POOL_BYTES: usize = 6 * 1024 * 1024;

/**
 * Gives a part of the memory to the pool and the rest to the totals; the pool gets all memory where compaction makes no room
 * (`extendPool`). @param end the end of the memory.
 */
export function setEnd(end: u32): void {
  const all = (<usize>end & ~7) - POOL;
  areaEnd = POOL + all;
  area = (POOL + max(all / 8, min(all / 2, POOL_BYTES))) & ~63;
  setPoolLimits(area, areaEnd);
}

/**
 * Counts all chunks into the totals of their windows.
 * @returns false where the pool has the area of totals, or they need more room, or a window has too many distinct durations.
 * Then some windows are compacted and nothing is lost, but the pool has no more room than before, and must be cleared before the
 * next compaction.
 */
export function compact(): bool {
  const hasTotals = windows > 0 && load<u32>(TOTAL) != 0;
  // Where a compaction has stopped half-way, the totals do not lie side by side.
  if (isPoolExtended() || (hasTotals && totalsEnd == 0)) return false;
  const first = firstTouched();
  let at: usize = hasTotals ? totalsEnd : area;
  if (first < windows && load<u32>(TOTAL + (first << 2)) != 0) {
    at = load<u32>(TOTAL + (first << 2));
    moveTotalsToEnd(first);
  }
  totalsEnd = 0;
  for (let window = first; window < windows; window++) {
    if (load<u32>(FIRST_CHUNK + (window << 2)) == 0) {
      at = moveTotal(window, at);
      continue;
    }
    if (!countWindow(window)) return false;
    const end = writeTotal(at, endOfTotal(window));
    if (end == 0) return false;
    store<u32>(TOTAL + (window << 2), <u32>at);
    store<u32>(FIRST_CHUNK + (window << 2), 0);
    store<u64>(CELLS + <usize>window * CELL_BYTES + CURSOR, 0);
    at = end;
  }
  totalsEnd = at;
  emptyPool();
  return true;
}

/** Gives the pool the area of totals, too. @returns false where it has that already, or there are totals. */
export function extendPool(): bool {
  if (isPoolExtended() || (windows > 0 && load<u32>(TOTAL) != 0)) return false;
  usePoolWhole();
  return true;
}

/** The first window with new records. Those before it keep their totals where they are: in a log in the order of time, most. */
function firstTouched(): u32 {
  let window: u32 = 0;
  while (window < windows && load<u32>(FIRST_CHUNK + (window << 2)) == 0) window++;
  return window;
}

/** Moves the totals of all windows from this one on, which has one. */
function moveTotalsToEnd(first: u32): void {
  const begin: usize = load<u32>(TOTAL + (first << 2));
  const by = areaEnd - totalsEnd;
  memory.copy(begin + by, begin, totalsEnd - begin);
  for (let window = first; window < windows; window++) {
    const total = load<u32>(TOTAL + (window << 2));
    // Windows are numbered in the order in which they came. So all windows after this one are new as well.
    if (total == 0) break;
    store<u32>(TOTAL + (window << 2), total + <u32>by);
  }
}

/** Moves the total of a window without new records. @returns the address behind it. */
function moveTotal(window: u32, to: usize): usize {
  const total: usize = load<u32>(TOTAL + (window << 2));
  const bytes = totalBytes(total);
  memory.copy(to, total, bytes);
  store<u32>(TOTAL + (window << 2), <u32>to);
  return to + bytes;
}

/** The end of a window's total; the end of the area where the next window has none. */
function endOfTotal(window: u32): usize {
  if (window + 1 == windows) return areaEnd;
  const next: usize = load<u32>(TOTAL + ((window + 1) << 2));
  return next == 0 ? areaEnd : next;
}
