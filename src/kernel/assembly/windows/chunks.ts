/** The chunks of the windows: a pool of a fixed size, and how records are appended. */

import {
  CELL_BYTES,
  CELLS,
  CHUNK_END,
  chunkBytes,
  CHUNKS,
  CURSOR,
  DURATION_BITS,
  FIRST_CHUNK,
  KIND_SHIFT,
  LONG,
  NO_DURATION,
  NONE,
  OTHER,
  POOL,
  SHORT,
  VOID,
} from './window-memory';
import { forgetStatuses, indexOf } from './statuses';

/** Records since the chunks were last emptied. */
export let records: u32 = 0;
let poolEnd: usize = POOL;
let poolLimit: usize = POOL;
let half: usize = POOL;
let whole: usize = POOL;

/** Sets where the pool ends while there is an area of totals behind it, and where that ends. */
export function setPoolLimits(halfEnd: usize, wholeEnd: usize): void {
  half = halfEnd;
  whole = wholeEnd;
  poolLimit = half;
}

/** Gives the pool the area of totals, too. */
export function usePoolWhole(): void {
  poolLimit = whole;
}

export function usePoolHalf(): void {
  poolLimit = half;
}

export function isPoolExtended(): bool {
  return poolLimit == whole;
}

/** The free bytes of the pool. */
export function freeBytes(): u32 {
  return <u32>(poolLimit - poolEnd);
}

/** Empties the pool of chunks. */
export function emptyPool(): void {
  poolEnd = POOL;
  records = 0;
  forgetStatuses();
}

export function countRecords(more: u32): void {
  records += more;
}

export function takeFirstChunk(window: u32, cell: usize): usize {
  store<u32>(FIRST_CHUNK + (window << 2), <u32>poolEnd);
  store<u32>(CHUNKS + (window << 2), 0);
  return takeChunk(cell, chunkBytes(0));
}

/** Gives a window its next chunk. @returns the address of its first free word. */
function openChunk(cell: usize): usize {
  const window = <u32>((cell - CELLS) / CELL_BYTES);
  if (load<u32>(FIRST_CHUNK + (window << 2)) == 0) return takeFirstChunk(window, cell);
  const counter = CHUNKS + (window << 2);
  const number = load<u32>(counter) + 1;
  store<u32>(counter, number);
  store<u32>(load<u32>(cell + CHUNK_END) - chunkBytes(number - 1), <u32>poolEnd);
  return takeChunk(cell, chunkBytes(number));
}

function takeChunk(cell: usize, bytes: u32): usize {
  const chunk = poolEnd;
  poolEnd += bytes;
  store<u32>(chunk, 0);
  store<u32>(cell + CURSOR, <u32>chunk + 4);
  store<u32>(cell + CHUNK_END, <u32>poolEnd);
  return chunk + 4;
}

/** The word of a record; {@link NO_WORD} where it does not fit in one. @param ms the duration, up to NO_DURATION. */
// @ts-ignore: decorator
@inline
export function wordOf(place: u32, ms: u32): u32 {
  const index = indexOf(place);
  return index == OTHER ? NO_WORD : (index << DURATION_BITS) | ms;
}

export const NO_WORD: u32 = OTHER << DURATION_BITS;

// @ts-ignore: decorator
@inline
export function appendWord(cell: usize, word: u32): void {
  let cursor: usize = load<u32>(cell + CURSOR);
  if (cursor == load<u32>(cell + CHUNK_END)) cursor = openChunk(cell);
  store<u16>(cursor, word);
  store<u32>(cell + CURSOR, <u32>cursor + 2);
}

/** In µs: durations from here on do not fit in a word of 16 bits. */
const MILLISECONDS_END: f64 = <f64>NO_DURATION * 1000;

/** @param duration in µs; negative where there is none. */
// @ts-ignore: decorator
@inline
export function append(cell: usize, place: u32, duration: f64): void {
  const us = duration >= 0 && duration < MILLISECONDS_END ? <u32>duration : 1;
  const ms = us / 1000;
  const isShort = duration < 0 || ms * 1000 == us;
  const word = isShort ? wordOf(place, duration < 0 ? NO_DURATION : ms) : NO_WORD;
  if (word < NO_WORD) appendWord(cell, word);
  else appendOther(cell, place, duration);
}

export function appendOther(cell: usize, place: u32, duration: f64): void {
  const kind = duration < 0 ? NONE : duration < 4_294_967_296 ? SHORT : LONG;
  const bytes: u32 = kind == NONE ? 2 : kind == SHORT ? 6 : 10;
  let cursor: usize = load<u32>(cell + CURSOR);
  const free = load<u32>(cell + CHUNK_END) - <u32>cursor;
  if (free < bytes) {
    if (free > 0) store<u16>(cursor, otherWord(VOID, 0));
    cursor = openChunk(cell);
  }
  store<u16>(cursor, otherWord(kind, place));
  if (kind == SHORT) store<u32>(cursor + 2, <u32>duration);
  else if (kind == LONG) store<u64>(cursor + 2, <u64>duration);
  store<u32>(cell + CURSOR, <u32>cursor + bytes);
}

// @ts-ignore: decorator
@inline
function otherWord(kind: u32, place: u32): u32 {
  return (OTHER << DURATION_BITS) | (kind << KIND_SHIFT) | place;
}
