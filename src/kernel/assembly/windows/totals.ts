/**
 * Folding: when the pool of chunks is full, what each window's chunks hold is counted into a total of the window, which
 * takes a byte or two a bucket, and the pool is empty again.
 */

import { emptyPool, setPoolLimit, windows } from './chunks';
import { countEncoded, encodedBytes, STATUS_BYTES, statusResults, TOTAL_HEAD } from './count';
import {
  CELL_BYTES,
  CELLS,
  CURSOR,
  DURATION_RESULT,
  ENCODED_RESULT,
  FIRST_CHUNK,
  NEXT_TOTAL,
  POOL,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL,
} from './layout';

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
    countEncoded(window);
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

/** Writes the results as a total. @returns the address behind it; 0 where it does not fit before `end`. */
function writeTotal(at: usize, end: usize): usize {
  const bytes = TOTAL_HEAD + <usize>statusResults * STATUS_BYTES + encodedBytes;
  if (at + bytes + 8 > end) return 0;
  store<u32>(at, statusResults);
  store<u32>(at, encodedBytes, 4);
  at += TOTAL_HEAD;
  for (let i: usize = 0; i < statusResults; i++, at += STATUS_BYTES) {
    store<u32>(at, <u32>load<f64>(STATUS_RESULT + (i << 3)) - 100);
    store<u64>(at, <u64>load<f64>(REQUESTS_RESULT + (i << 3)), 8);
    store<u64>(at, load<u64>(DURATION_RESULT + (i << 3)), 16);
  }
  memory.copy(at, ENCODED_RESULT, encodedBytes);
  return (at + encodedBytes + 7) & ~7;
}
