/**
 * Counts the lines of each day, and notes where they stand: from the first line to the end of the last one. It counts the
 * lines that go into windows, and no others.
 *
 * A day has a place by its number, so a line in any order finds it without a search. With slots of a hash table, scanning
 * took 1.05 of the time that it took without days, and so 1.02 (2026-11-29). Days that no line can have that is inserted
 * directly stand in a list, which is to be emptied behind each record batch that fills half of it.
 */

import { LINE_BEGINS, LINE_ENDS } from '../scan/scan-memory';
import {
  DAY_BEGINS,
  DAY_ENDS,
  DAY_LINES,
  MAX_OTHER_DAYS,
  OTHER_DAY_BYTES,
  OTHER_DAYS,
  PLACED_DAYS,
  USED_DAYS,
} from './window-memory';

/** Of a place in DAY_LINES: the address behind the last line that was inserted directly; 0: none since {@link settle}. */
const END: usize = 4;

/** The days with lines, and the entries of the list of others, since {@link forgetDays}. */
export let usedDays: u32 = 0;
export let otherDays: u32 = 0;

/** The position of address 0: positions count the bytes of a partition. */
let base: i64 = 0;
/** The bytes of the line before what is scanned of it. */
let prefixBytes: u32 = 0;

/** Sets the position of the byte at address 0. */
export function setBase(position: f64): void {
  settleDays();
  base = <i64>position;
}

/** Says how many bytes of a line stand before the address at which its scan begins. */
export function setPrefixBytes(bytes: u32): void {
  prefixBytes = bytes;
}

/** Makes positions of the addresses of all days. */
export function settleDays(): void {
  for (let i: u32 = 0; i < usedDays; i++) {
    const day = load<u32>(USED_DAYS + (<usize>i << 2));
    const place = DAY_LINES + (<usize>day << 3);
    const end = load<u32>(place, END);
    if (end == 0) continue;
    keepEnd(day, base + <i64>end);
    store<u32>(place, 0, END);
  }
}

/** Forgets all days. */
export function forgetDays(): void {
  for (let i: u32 = 0; i < usedDays; i++)
    store<u64>(DAY_LINES + (<usize>load<u32>(USED_DAYS + (<usize>i << 2)) << 3), 0);
  usedDays = 0;
  otherDays = 0;
}

/**
 * Counts a line that is inserted directly. Such lines come in their order. @param day below PLACED_DAYS. @param line its
 * address. @param next that behind it.
 */
// @ts-ignore: decorator
@inline
export function countLine(day: u32, line: usize, next: usize): void {
  const place = DAY_LINES + (<usize>day << 3);
  const lines = load<u32>(place);
  if (lines == 0) openDay(day, base + <i64>line - prefixBytes);
  store<u32>(place, lines + 1);
  store<u32>(place, <u32>next, END);
}

/** Notes where the line of a row stands. */
// @ts-ignore: decorator
@inline
export function keepPlace(row: u32, line: usize, next: usize): void {
  store<f64>(LINE_BEGINS + (<usize>row << 3), <f64>(base + <i64>line - prefixBytes));
  store<f64>(LINE_ENDS + (<usize>row << 3), <f64>(base + <i64>next));
}

/**
 * Counts the line of a row. Lines behind it may have been inserted directly before, and the lines of two streams may end
 * in another order than they begin.
 */
export function countRow(day: i32, row: u32): void {
  const begin = <i64>load<f64>(LINE_BEGINS + (<usize>row << 3));
  const end = <i64>load<f64>(LINE_ENDS + (<usize>row << 3));
  if (<u32>day >= PLACED_DAYS) {
    addOther(day, begin, end);
    return;
  }
  const place = DAY_LINES + (<usize>day << 3);
  const lines = load<u32>(place);
  if (lines == 0) openDay(day, begin);
  store<u32>(place, lines + 1);
  const first = DAY_BEGINS + (<usize>day << 3);
  if (begin < load<i64>(first)) store<i64>(first, begin);
  keepEnd(day, end);
}

function openDay(day: u32, begin: i64): void {
  store<u32>(USED_DAYS + (<usize>usedDays << 2), day);
  usedDays++;
  store<i64>(DAY_BEGINS + (<usize>day << 3), begin);
  store<i64>(DAY_ENDS + (<usize>day << 3), 0);
}

function keepEnd(day: u32, end: i64): void {
  const last = DAY_ENDS + (<usize>day << 3);
  if (end > load<i64>(last)) store<i64>(last, end);
}

/** Adds a line to the list: an entry each, or one for several of a day that follow each other. */
function addOther(day: i32, begin: i64, end: i64): void {
  const last = OTHER_DAYS + <usize>otherDays * OTHER_DAY_BYTES - OTHER_DAY_BYTES;
  if (otherDays > 0 && load<i32>(last) == day) {
    store<u32>(last, load<u32>(last, 4) + 1, 4);
    store<i64>(last, min(begin, load<i64>(last, 8)), 8);
    store<i64>(last, max(end, load<i64>(last, 16)), 16);
    return;
  }
  if (otherDays == MAX_OTHER_DAYS) unreachable();
  const entry = last + OTHER_DAY_BYTES;
  store<i32>(entry, day);
  store<u32>(entry, 1, 4);
  store<i64>(entry, begin, 8);
  store<i64>(entry, end, 16);
  otherDays++;
}
