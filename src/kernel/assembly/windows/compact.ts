/**
 * Folding: when the pool of chunks is full, what each window's chunks hold is counted into a total of the window, which
 * takes a byte or two a bucket, and the pool is empty again. The totals lie one behind the other in an area, in the
 * order of their windows, and grow with each fold. For that they are first moved to the end of the area; then each is
 * counted from there, and written in front of those that are still to be read. With a second area to write to, half of
 * the memory for totals would always be idle.
 */

import { emptyPool, setPoolLimit, windows } from './chunks';
import { countWindow } from './count';
import { CELL_BYTES, CELLS, CURSOR, FIRST_CHUNK, POOL, TOTAL } from './window-memory';
import { writeTotal } from './totals';

let area: usize = POOL;
let areaEnd: usize = POOL;
/** Behind the last total; 0 where a fold has stopped half-way. */
let totalsEnd: usize = 0;

/** Gives the pool and the totals their memory, half of it each. @param end where it ends. */
export function setEnd(end: u32): void {
  areaEnd = <usize>end & ~7;
  area = (POOL + areaEnd) / 2 & ~63;
  setPoolLimit(area);
}

/**
 * Counts all chunks into the windows' totals.
 * @returns false where the totals have no room. Then those of some windows are folded, and nothing is lost; but the pool
 * has no more room than before, and cannot be folded again.
 */
export function compact(): bool {
  if (!moveTotalsToEnd()) return false;
  let at = area;
  totalsEnd = 0;
  for (let window: u32 = 0; window < windows; window++) {
    countWindow(window);
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

/** @returns false where they do not lie side by side, because a fold has stopped half-way. */
function moveTotalsToEnd(): bool {
  if (windows == 0 || load<u32>(TOTAL) == 0) return true;
  if (totalsEnd == 0) return false;
  const by = areaEnd - totalsEnd;
  memory.copy(area + by, area, totalsEnd - area);
  for (let window: u32 = 0; window < windows; window++) {
    const total = load<u32>(TOTAL + (window << 2));
    // Windows are numbered in their order: those behind it are new since the last fold, too.
    if (total == 0) break;
    store<u32>(TOTAL + (window << 2), total + <u32>by);
  }
  return true;
}

/** Where the total of a window ends; the end of the area where it has none. */
function endOfTotal(window: u32): usize {
  if (window + 1 == windows) return areaEnd;
  const next: usize = load<u32>(TOTAL + ((window + 1) << 2));
  return next == 0 ? areaEnd : next;
}
