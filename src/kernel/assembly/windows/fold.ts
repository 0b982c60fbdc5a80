/**
 * Folding: when the pool of chunks is full, what each window's chunks hold is counted into a total of the window, which
 * takes a byte or two a bucket, and the pool is empty again.
 */

import { emptyPool, setPoolLimit, windows } from './chunks';
import { countWindow } from './count';
import { CELL_BYTES, CELLS, CURSOR, FIRST_CHUNK, NEXT_TOTAL, POOL, TOTAL } from './layout';
import { writeTotal } from './totals';

let areas: usize = POOL;
let areaBytes: usize = 0;
/** Which of the two areas holds the totals. */
let area: usize = 0;

/** Gives the pool and the totals their memory. @param end where it ends. */
export function setEnd(end: u32): void {
  areaBytes = ((<usize>end - POOL) / 4) & ~63;
  areas = <usize>end - 2 * areaBytes;
  setPoolLimit(areas);
}

/**
 * Counts all chunks into the windows' totals.
 * @returns false where the totals have no room; then nothing has changed.
 */
export function fold(): bool {
  const next = area ^ 1;
  let at = areas + next * areaBytes;
  const end = at + areaBytes;
  for (let window: u32 = 0; window < windows; window++) {
    countWindow(window);
    store<u32>(NEXT_TOTAL + (window << 2), <u32>at);
    at = writeTotal(at, end);
    if (at == 0) return false;
  }
  for (let window: u32 = 0; window < windows; window++) {
    const cell = CELLS + <usize>window * CELL_BYTES;
    store<u32>(TOTAL + (window << 2), load<u32>(NEXT_TOTAL + (window << 2)));
    store<u32>(FIRST_CHUNK + (window << 2), 0);
    store<u64>(cell + CURSOR, 0);
  }
  area = next;
  emptyPool();
  return true;
}
