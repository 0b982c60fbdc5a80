/** The cells of the windows: a hash table finds them by subject and span. */

import { emptyPool, takeFirstChunk, usePoolHalf } from './chunks';
import {
  CELL_BYTES,
  CELLS,
  CUSTOMER,
  FIRST_EVENT,
  LAST_CELLS,
  LAST_EVENT,
  MIN_SLOT_BITS,
  OF_ENDPOINT,
  SLOTS,
  SPAN,
  TOTAL,
} from './window-memory';

export let windows: u32 = 0;
/**
 * There are at least twice as many slots as windows. There are few at first, so that the used ones lie close
 * together.
 */
let slotBits: u64 = MIN_SLOT_BITS;
/** Above the numbers of all subjects that have windows. */
let endOfSubjects: u32 = 0;

/** Forgets all windows. */
export function clear(): void {
  memory.fill(SLOTS, 0, <usize>((<u64>4) << slotBits));
  memory.fill(LAST_CELLS, 0, <usize>endOfSubjects << 3);
  endOfSubjects = 0;
  slotBits = MIN_SLOT_BITS;
  windows = 0;
  usePoolHalf();
  emptyPool();
}

/**
 * Fibonacci hashing: the highest bits of the product spread successive numbers as far as possible. The spans of a customer lie
 * side by side from there: so the days of a month rarely collide, a branch predictor cannot guess collisions, and hours that
 * follow each other share a cache line. The spans of endpoints lie apart: side by side, they filled the gaps between hours,
 * and a log in random order with 43,500 windows took twice as long to add.
 */
// @ts-ignore: decorator
@inline
function firstSlot(subject: u32, span: i32, ofEndpoint: bool): u32 {
  if (ofEndpoint) return <u32>((((<u64>subject << 32) | <u32>span) * 0x9e3779b97f4a7c15) >> (64 - slotBits));
  const start = <u32>((<u64>subject * 0x9e3779b97f4a7c15) >> (64 - slotBits));
  return (start + <u32>span) & slotMask();
}

// @ts-ignore: decorator
@inline
function slotMask(): u32 {
  return <u32>(((<u64>1) << slotBits) - 1);
}

/**
 * The cell of a window that is one of many. A server writes lines in the order of time, so nearly every record goes to the
 * window that took the last one of its subject. Windows of days alone are few and lie close together: to find them takes no
 * longer, and in random order 3 % less (2026-11-29).
 */
// @ts-ignore: decorator
@inline
export function lastCellOf(subject: u32, span: i32, ofEndpoint: bool): usize {
  const last = LAST_CELLS + (<usize>subject << 3);
  const known: usize = load<u32>(last, 4);
  if (load<i32>(last) == span && known != 0) return known;
  const cell = cellOf(subject, span, ofEndpoint);
  store<i32>(last, span);
  store<u32>(last, <u32>cell, 4);
  endOfSubjects = max(endOfSubjects, subject + 1);
  return cell;
}

// @ts-ignore: decorator
@inline
export function cellOf(subject: u32, span: i32, ofEndpoint: bool): usize {
  let slot = firstSlot(subject, span, ofEndpoint);
  while (true) {
    const number = load<u32>(SLOTS + (slot << 2));
    if (number == 0) return openWindow(slot, subject, span, ofEndpoint);
    const cell = CELLS + <usize>(number - 1) * CELL_BYTES;
    if (load<u32>(cell + CUSTOMER) == subject && load<i32>(cell + SPAN) == span) return cell;
    slot = (slot + 1) & slotMask();
  }
}

function openWindow(slot: u32, subject: u32, span: i32, ofEndpoint: bool): usize {
  const window = windows++;
  const cell = CELLS + <usize>window * CELL_BYTES;
  store<u32>(SLOTS + (slot << 2), window + 1);
  store<u32>(cell + CUSTOMER, subject);
  store<i32>(cell + SPAN, span);
  store<f64>(cell + FIRST_EVENT, Infinity);
  store<f64>(cell + LAST_EVENT, -Infinity);
  store<u32>(TOTAL + (window << 2), 0);
  store<u8>(OF_ENDPOINT + window, ofEndpoint);
  takeFirstChunk(window, cell);
  if (<u64>windows * 2 > (<u64>1) << slotBits) growSlots();
  return cell;
}

/** Makes four times as many slots, and moves every window to its new one. */
function growSlots(): void {
  slotBits += 2;
  memory.fill(SLOTS, 0, (<usize>slotMask() + 1) << 2);
  for (let window: u32 = 0; window < windows; window++) {
    const cell = CELLS + <usize>window * CELL_BYTES;
    const ofEndpoint = load<bool>(OF_ENDPOINT + window);
    let slot = firstSlot(load<u32>(cell + CUSTOMER), load<i32>(cell + SPAN), ofEndpoint);
    while (load<u32>(SLOTS + (slot << 2)) != 0) slot = (slot + 1) & slotMask();
    store<u32>(SLOTS + (slot << 2), window + 1);
  }
}

/** Keeps the time of a record, in ms since 1970. */
// @ts-ignore: decorator
@inline
export function keepTime(cell: usize, time: f64): void {
  if (time < load<f64>(cell + FIRST_EVENT)) store<f64>(cell + FIRST_EVENT, time);
  if (time > load<f64>(cell + LAST_EVENT)) store<f64>(cell + LAST_EVENT, time);
}

/**
 * The same for a time from 1970 on, as the bits of its number. Such numbers are in the order of their bits as integers, and
 * all others that a cell can hold stand on the right side of them. Whether the second has changed since the record before is
 * what no branch predictor can guess, and integers need no branch.
 */
// @ts-ignore: decorator
@inline
export function keepTimeBits(cell: usize, bits: i64): void {
  const first = load<i64>(cell + FIRST_EVENT);
  const last = load<i64>(cell + LAST_EVENT);
  store<i64>(cell + FIRST_EVENT, select<i64>(bits, first, bits < first));
  store<i64>(cell + LAST_EVENT, select<i64>(bits, last, bits > last));
}
