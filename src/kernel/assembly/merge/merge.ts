/**
 * Merges sorted runs of encoded windows into rows. `statistics/merged-runs.ts` brings the bytes of the runs, and says what an
 * entry of a run is. A run has a cursor, and the cursors stand in a heap by the keys of their entries.
 *
 * All entries of a key are one group: their states are added up in the counters, and come out as one row. The state of a group
 * with one entry is copied. Where a state is long or not exact, the caller takes it, and finishes the group.
 */

import { addState, openState, stateFirst, stateLast, writeState } from '../windows/states';
import { resultLevel, takeResults } from '../windows/results';
import { MAX_KEY_BYTES, POOL } from '../windows/window-memory';
import { readVarint, varintEnd } from '../windows/varint';
import { NUMBERS, writeNumbers, writeNumbersOfState } from './numbers';

export const MAX_RUNS: u32 = 4096;

/** What {@link mergeRows} stopped for. */
const DONE: u32 = 0;
/** There are enough rows. */
const FULL: u32 = 1;
/** The bytes of a cursor end before its next entry does. Give it those from the entry on ({@link fillCursor}), or none. */
const MORE: u32 = 2;
/** The state of a cursor's entry is not counted here. Take it, and say {@link entryTaken}. */
const TAKE: u32 = 3;
/** The group is complete, and the caller has parts of it, or must encode it. Take the results, and say {@link groupTaken}. */
const GROUP: u32 = 4;

/** A cursor: the address of its entry, and the end of its bytes; key, its length, state and its length (u32 each); late (u64). */
export const MERGE_CURSORS: usize = POOL;
const CURSOR_BITS: usize = 5;
const END: usize = 4;
const KEY: usize = 8;
const KEY_BYTES: usize = 12;
const STATE: usize = 16;
const STATE_BYTES: usize = 20;
const LATE: usize = 24;

const HEAP: usize = MERGE_CURSORS + (<usize>MAX_RUNS << CURSOR_BITS);
/** The key of the group: a customer id has at most 255 bytes, an endpoint 240. */
export const MERGE_KEY: usize = HEAP + <usize>MAX_RUNS * 4;
/** The rows. When a group is finished, there must be room for the longest row that the counters can hold. */
export const MERGED_ROWS: usize = MERGE_KEY + MAX_KEY_BYTES + 64;
const ENOUGH_ROWS_BYTES: usize = 256 * 1024;
const MOST_ROW_BYTES: usize = 1024 * 1024;
/** Where a row has its late events, its numbers, and its key; see {@link writeRow}. */
export const ROW_LATE: usize = 8;
export const ROW_NUMBERS: usize = 16;
export const ROW_KEY: usize = ROW_NUMBERS + NUMBERS * 8;
/** The buffers of the runs lie behind. */
export const RUN_BUFFERS: usize = (MERGED_ROWS + ENOUGH_ROWS_BYTES + MOST_ROW_BYTES + 63) & ~63;

const NO_CURSOR: u32 = 0xffffffff;

let heapSize: u32 = 0;
/** True where the entry of the first cursor was used, and the next one must be found. */
let isUsed: bool = false;
let isInGroup: bool = false;
let keyBytes: u32 = 0;
/** True where the caller has taken states of the group, and where the counters have some. */
let isTaken: bool = false;
let isCounted: bool = false;
let late: u64 = 0;
/** The cursor of what the store has already; NO_CURSOR where there is none. */
let storeCursor: u32 = NO_CURSOR;
/** True where the group has nothing but what the store has. */
let isStored: bool = false;
let first: i64 = 0;
let last: i64 = 0;

/** The cursor whose bytes begin with its next entry; NO_CURSOR where there is none. */
let filledCursor: u32 = NO_CURSOR;

/** The cursor that {@link mergeRows} stopped for. */
export let mergeCursor: u32 = 0;
/** The end of the rows that were written. */
export let mergedRowsEnd: usize = MERGED_ROWS;

export function mergeKeyBytes(): u32 {
  return keyBytes;
}

/** The late events of the group; -1 where it is as the store has it. */
export function mergeLate(): f64 {
  return isStored ? -1 : <f64>late;
}

/** The event times of what the counters have; not valid where {@link hasCounts} is false. */
export function mergeFirst(): f64 {
  return <f64>first;
}

export function mergeLast(): f64 {
  return <f64>last;
}

export function hasCounts(): bool {
  return isCounted;
}

/** Begins to merge. @param stored the cursor of what the store has already; any other number where there is none. */
export function beginMerge(stored: u32): void {
  storeCursor = stored;
  heapSize = 0;
  isUsed = false;
  isInGroup = false;
  mergedRowsEnd = MERGED_ROWS;
}

// @ts-ignore: decorator
@inline
function cursorAt(cursor: u32): usize {
  return MERGE_CURSORS + (<usize>cursor << CURSOR_BITS);
}

/** Gives a cursor bytes that begin with its next entry. */
export function fillCursor(cursor: u32, at: usize, end: usize): void {
  filledCursor = cursor;
  store<u32>(cursorAt(cursor), <u32>at);
  store<u32>(cursorAt(cursor) + END, <u32>end);
}

/** Adds a cursor that has bytes. @returns false where they do not hold a whole key. */
export function addCursor(cursor: u32): bool {
  if (!readEntry(cursor)) return false;
  let place = heapSize++;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (compare(cursorIn(above), cursor) <= 0) break;
    setCursor(place, cursorIn(above));
    place = above;
  }
  setCursor(place, cursor);
  return true;
}

/** The address of the next entry of a cursor. It may lie behind the end of its bytes. */
export function nextEntry(cursor: u32): usize {
  return load<u32>(cursorAt(cursor));
}

export function entryState(cursor: u32): usize {
  return load<u32>(cursorAt(cursor) + STATE);
}

export function entryStateBytes(cursor: u32): u32 {
  return load<u32>(cursorAt(cursor) + STATE_BYTES);
}

/** Says that a cursor for which there is nothing more has ended. It is the first one. */
export function endCursor(): void {
  isUsed = false;
  heapSize--;
  if (heapSize > 0) sink(cursorIn(heapSize));
}

export function entryTaken(): void {
  isTaken = true;
  useEntry();
}

export function groupTaken(): void {
  isInGroup = false;
}

/** Forgets the rows that were written. */
export function rowsTaken(): void {
  mergedRowsEnd = MERGED_ROWS;
}

/** Writes rows. @returns why it stopped. */
export function mergeRows(): u32 {
  while (true) {
    if (isUsed) {
      const top = cursorIn(0);
      mergeCursor = top;
      if (!readEntry(top)) return MORE;
      isUsed = false;
      sink(top);
    }
    if (!isInGroup) {
      if (heapSize == 0) return DONE;
      if (mergedRowsEnd >= MERGED_ROWS + ENOUGH_ROWS_BYTES) return FULL;
      beginGroup();
      if (writeSingle()) continue;
    }
    if (heapSize > 0 && isOfGroup(cursorIn(0))) {
      const top = cursorIn(0);
      const cursor = cursorAt(top);
      late += load<u64>(cursor + LATE);
      const state: usize = load<u32>(cursor + STATE);
      const bytes = load<u32>(cursor + STATE_BYTES);
      if (state + bytes > <usize>load<u32>(cursor + END) || !addState(state, bytes)) {
        mergeCursor = top;
        return TAKE;
      }
      if (!isCounted || stateFirst < first) first = stateFirst;
      if (!isCounted || stateLast > last) last = stateLast;
      isCounted = true;
      useEntry();
      continue;
    }
    if (isCounted) takeResults();
    if (isTaken || resultLevel != 0) return GROUP;
    writeRow();
    isInGroup = false;
  }
}

function beginGroup(): void {
  const cursor = cursorAt(cursorIn(0));
  keyBytes = load<u32>(cursor + KEY_BYTES);
  memory.copy(MERGE_KEY, load<u32>(cursor + KEY), keyBytes);
  isInGroup = true;
  isTaken = false;
  isCounted = false;
  isStored = true;
  late = 0;
}

/**
 * Writes the row of a group with one entry, as nearly all are in a log in time order, and in one of very many customers. To add them up
 * and to encode them again took three times as long.
 * @returns false, and writes nothing, where the group has more, or may not be written here.
 */
function writeSingle(): bool {
  // A run has a key once, so the next entry of this key would be the first one of another run.
  if (heapSize > 1 && isOfGroup(cursorIn(1))) return false;
  if (heapSize > 2 && isOfGroup(cursorIn(2))) return false;
  const cursor = cursorAt(cursorIn(0));
  const state: usize = load<u32>(cursor + STATE);
  const stateBytes = load<u32>(cursor + STATE_BYTES);
  if (state + stateBytes > <usize>load<u32>(cursor + END)) return false;
  const durations = openState(state, stateBytes);
  if (durations == 0) return false;
  late = load<u64>(cursor + LATE);
  isStored = cursorIn(0) == storeCursor;
  const to = writeHead(stateBytes, durations);
  memory.copy(to, state, stateBytes);
  mergedRowsEnd = (to + stateBytes + 7) & ~7;
  isInGroup = false;
  useEntry();
  return true;
}

/**
 * A row: the bytes of its key and of its state (u32 each), its late events (f64; -1 where it is as the store has it), its numbers (f64
 * each; no number where there is none), the key and the state. Rows begin at multiples of 8.
 */
function writeRow(): void {
  const row = mergedRowsEnd;
  const state = writeHead(0, 0);
  const end = writeState(state, first, last);
  store<u32>(row, <u32>(end - state), 4);
  mergedRowsEnd = (end + 7) & ~7;
}

/**
 * Writes what stands before the state, from the results.
 * @param durations where an encoded state has its durations; 0 where the results have them.
 * @returns the address of the state.
 */
function writeHead(stateBytes: u32, durations: usize): usize {
  const row = mergedRowsEnd;
  store<u32>(row, keyBytes);
  store<u32>(row, stateBytes, 4);
  store<f64>(row, mergeLate(), ROW_LATE);
  const numbers = row + ROW_NUMBERS;
  const key = durations == 0 ? writeNumbers(numbers) : writeNumbersOfState(numbers, durations);
  memory.copy(key, MERGE_KEY, keyBytes);
  return key + keyBytes;
}

/** Goes on behind the entry of the first cursor. */
// @ts-ignore: decorator
@inline
function useEntry(): void {
  if (cursorIn(0) != storeCursor) isStored = false;
  const cursor = cursorAt(cursorIn(0));
  store<u32>(cursor, load<u32>(cursor + STATE) + load<u32>(cursor + STATE_BYTES));
  isUsed = true;
}

/**
 * Reads the head of a cursor's entry. @returns false where its bytes do not hold the entry, and more could hold it. Where they begin
 * with the entry, they must hold its head and key alone: a state can be longer than all the bytes that a cursor ever has.
 */
function readEntry(number: u32): bool {
  const isFilled = number == filledCursor;
  filledCursor = NO_CURSOR;
  const cursor = cursorAt(number);
  const at: usize = load<u32>(cursor);
  const end: usize = load<u32>(cursor + END);
  if (at >= end) return false;
  const bytes = <u32>readVarint(at);
  const entryLate = readVarint(varintEnd);
  const stateBytes = <u32>readVarint(varintEnd);
  const key = varintEnd;
  if (key + bytes > end || (!isFilled && key + bytes + stateBytes > end)) return false;
  store<u32>(cursor + KEY, <u32>key);
  store<u32>(cursor + KEY_BYTES, bytes);
  store<u32>(cursor + STATE, <u32>key + bytes);
  store<u32>(cursor + STATE_BYTES, stateBytes);
  store<u64>(cursor + LATE, entryLate);
  return true;
}

// @ts-ignore: decorator
@inline
function cursorIn(place: u32): u32 {
  return load<u32>(HEAP + (<usize>place << 2));
}

// @ts-ignore: decorator
@inline
function setCursor(place: u32, cursor: u32): void {
  store<u32>(HEAP + (<usize>place << 2), cursor);
}

/** Puts a cursor where it belongs, from the top of the heap on. */
function sink(cursor: u32): void {
  let place: u32 = 0;
  while (true) {
    let below: u32 = 2 * place + 1;
    if (below >= heapSize) break;
    if (below + 1 < heapSize && compare(cursorIn(below + 1), cursorIn(below)) < 0) below++;
    if (compare(cursor, cursorIn(below)) <= 0) break;
    setCursor(place, cursorIn(below));
    place = below;
  }
  setCursor(place, cursor);
}

function isOfGroup(number: u32): bool {
  const cursor = cursorAt(number);
  const bytes = load<u32>(cursor + KEY_BYTES);
  return bytes == keyBytes && compareBytes(load<u32>(cursor + KEY), bytes, MERGE_KEY, keyBytes) == 0;
}

// @ts-ignore: decorator
@inline
function compare(a: u32, b: u32): i32 {
  const x = cursorAt(a);
  const y = cursorAt(b);
  return compareBytes(load<u32>(x + KEY), load<u32>(x + KEY_BYTES), load<u32>(y + KEY), load<u32>(y + KEY_BYTES));
}

export function compareBytes(a: usize, aBytes: u32, b: usize, bBytes: u32): i32 {
  const both = min(aBytes, bBytes);
  let i: u32 = 0;
  for (; i + 8 <= both; i += 8) {
    const x = bswap(load<u64>(a + i));
    const y = bswap(load<u64>(b + i));
    if (x != y) return x < y ? -1 : 1;
  }
  if (i < both) {
    const unused = <u64>(8 - (both - i)) << 3;
    const x = bswap(load<u64>(a + i)) >> unused;
    const y = bswap(load<u64>(b + i)) >> unused;
    if (x != y) return x < y ? -1 : 1;
  }
  return <i32>aBytes - <i32>bBytes;
}
