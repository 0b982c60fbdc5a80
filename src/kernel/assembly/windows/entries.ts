/**
 * Entries of a run: windows with their keys, as `statistics/encoded-windows.ts` defines them. The caller writes the key to ENTRY_KEY,
 * and takes what was written before it is more than ENTRIES_BYTES.
 */

import { begin, countOn, hasRoomFor, isCounted } from './count';
import { takeResults } from './results';
import { takeState, takeStateOfFew, takeStateOfTotal } from './states';
import { writeVarint } from './varint';
import { CELL_BYTES, CELLS, ENTRIES, ENTRY_KEY, FIRST_EVENT, LAST_EVENT, TOTAL_RESULT } from './window-memory';

/** The entry of a longer state is left to others. */
const MAX_ENTRY_STATE_BYTES: u32 = 65_536;

/** The address behind the last entry. */
let entriesEnd: usize = ENTRIES;

/** The event times of the windows that were added to the next entry. */
let first: f64 = Infinity;
let last: f64 = -Infinity;

/** Forgets the entries that were written. */
export function entriesTaken(): void {
  entriesEnd = ENTRIES;
}

/** Writes the entry of one window. @returns the bytes of all entries; 0, and writes nothing, where its state is left to others. */
export function writeEntry(window: u32, keyBytes: u32, late: f64): u32 {
  const cell = CELLS + <usize>window * CELL_BYTES;
  const began = load<f64>(cell + FIRST_EVENT);
  const ended = load<f64>(cell + LAST_EVENT);
  let bytes = takeStateOfTotal(window, began, ended);
  if (bytes == 0) bytes = takeStateOfFew(window, began, ended);
  if (bytes != 0) return write(bytes, keyBytes, late);
  return addToEntry(window) ? endEntry(keyBytes, late) : 0;
}

/** Adds a window to the next entry. @returns false, and forgets all that were added, where the counters have no room. */
export function addToEntry(window: u32): bool {
  if (hasRoomFor(window)) {
    begin(window);
    countOn();
    const cell = CELLS + <usize>window * CELL_BYTES;
    first = min(first, load<f64>(cell + FIRST_EVENT));
    last = max(last, load<f64>(cell + LAST_EVENT));
    if (isCounted) return true;
  }
  takeResults();
  forgetTimes();
  return false;
}

/** Writes the entry of the windows that were added, at least one. @returns as {@link writeEntry}. */
export function endEntry(keyBytes: u32, late: f64): u32 {
  const bytes = takeState(first, last);
  forgetTimes();
  return bytes != 0 ? write(bytes, keyBytes, late) : 0;
}

function forgetTimes(): void {
  first = Infinity;
  last = -Infinity;
}

/** @param bytes of the state at TOTAL_RESULT. */
function write(bytes: u32, keyBytes: u32, late: f64): u32 {
  if (bytes > MAX_ENTRY_STATE_BYTES) return 0;
  let at = writeVarint(entriesEnd, keyBytes);
  at = writeVarint(at, <u64>late);
  at = writeVarint(at, bytes);
  at = copy(at, ENTRY_KEY, keyBytes);
  entriesEnd = copy(at, TOTAL_RESULT, bytes);
  return <u32>(entriesEnd - ENTRIES);
}

/** Most keys and many states are too short for a call. Behind both places there is room for a few bytes more. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, bytes: u32): usize {
  if (bytes > 64) memory.copy(to, from, bytes);
  else for (let i: usize = 0; i < bytes; i += 8) store<u64>(to + i, load<u64>(from + i));
  return to + bytes;
}
