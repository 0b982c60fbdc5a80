/**
 * Counts the lines of each day, and notes where they stand: from the first line to the end of the last one. It counts the
 * lines that go into windows, and no others.
 *
 * A log in any order has lines of hundreds of days, so a day has a slot by its number, which is found by one look. A day
 * that comes into the slot of another one evicts it. With {@link DAY_SLOTS} this only happens in logs of over eleven years.
 */

import { LINE_BEGINS, LINE_ENDS } from '../scan/scan-memory';
import { DAY_BEGINS, DAY_SLOTS, DAYS, EVICTED_DAYS, MAX_EVICTED_DAYS, USED_DAYS } from './window-memory';

const LINES: usize = 4;
const END: usize = 8;
/** No day has this number. */
const FREE: i32 = i32.MIN_VALUE;

/** The slots that are used, and the days that were evicted, since {@link forgetDays}. */
export let usedDays: u32 = 0;
export let evictedDays: u32 = 0;

/** The position of address 0: positions count the bytes of a partition. */
let base: i64 = 0;
/** The bytes of the line before what is scanned of it. */
let prefixBytes: u32 = 0;

/** Sets the position of the byte at address 0. */
export function setBase(position: f64): void {
  base = <i64>position;
}

/** Says how many bytes of a line stand before the address at which its scan begins. */
export function setPrefixBytes(bytes: u32): void {
  prefixBytes = bytes;
}

/** Called once. */
export function initializeDays(): void {
  for (let slot: u32 = 0; slot < DAY_SLOTS; slot++) store<i32>(DAYS + (<usize>slot << 4), FREE);
}

/** Forgets all days. */
export function forgetDays(): void {
  for (let i: u32 = 0; i < usedDays; i++)
    store<i32>(DAYS + (<usize>load<u32>(USED_DAYS + (<usize>i << 2)) << 4), FREE);
  usedDays = 0;
  evictedDays = 0;
}

/** Counts a line that is inserted directly. Such lines come in their order. @param line its address. @param next that behind it. */
// @ts-ignore: decorator
@inline
export function countLine(day: i32, line: usize, next: usize): void {
  const entry = DAYS + (<usize>(<u32>day & (DAY_SLOTS - 1)) << 4);
  if (load<i32>(entry) != day) openDay(entry, day, base + <i64>line - prefixBytes);
  store<u32>(entry, load<u32>(entry, LINES) + 1, LINES);
  store<i64>(entry, base + <i64>next, END);
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
// @ts-ignore: decorator
@inline
export function countRow(day: i32, row: u32): void {
  const begin = <i64>load<f64>(LINE_BEGINS + (<usize>row << 3));
  const end = <i64>load<f64>(LINE_ENDS + (<usize>row << 3));
  const entry = DAYS + (<usize>(<u32>day & (DAY_SLOTS - 1)) << 4);
  if (load<i32>(entry) != day) openDay(entry, day, begin);
  const first = DAY_BEGINS + ((entry - DAYS) >> 1);
  if (begin < load<i64>(first)) store<i64>(first, begin);
  store<u32>(entry, load<u32>(entry, LINES) + 1, LINES);
  if (end > load<i64>(entry, END)) store<i64>(entry, end, END);
}

/** Gives a slot to a day. */
function openDay(entry: usize, day: i32, begin: i64): void {
  const slot = <u32>((entry - DAYS) >> 4);
  if (load<i32>(entry) == FREE) {
    store<u32>(USED_DAYS + (<usize>usedDays << 2), slot);
    usedDays++;
  } else {
    evict(entry, slot);
  }
  store<i32>(entry, day);
  store<u32>(entry, 0, LINES);
  store<i64>(entry, 0, END);
  store<i64>(DAY_BEGINS + (<usize>slot << 3), begin);
}

function evict(entry: usize, slot: u32): void {
  if (evictedDays == MAX_EVICTED_DAYS) unreachable();
  const evicted = EVICTED_DAYS + <usize>evictedDays * 24;
  evictedDays++;
  memory.copy(evicted, entry, 16);
  store<i64>(evicted, load<i64>(DAY_BEGINS + (<usize>slot << 3)), 16);
}
