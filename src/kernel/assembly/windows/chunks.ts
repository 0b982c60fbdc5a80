/** Records, appended to chunks of their windows. */

import { greatestTime, leastTime, setTimes } from '../scan/bounds';
import { CUSTOMERS, DURATIONS, EVENT_TIMES, ROWS, STATUSES } from '../scan/layout';
import {
  CELL_BYTES,
  CELLS,
  CHUNK_END,
  chunkBytes,
  CHUNKS,
  CURSOR,
  CUSTOMER,
  DAY,
  FEWEST_SLOT_BITS,
  FIRST_CHUNK,
  FIRST_EVENT,
  LAST_EVENT,
  LONG,
  MAX_CHUNK_BYTES,
  MAX_WINDOWS,
  NO_DURATION,
  POOL,
  SLOTS,
  STATUS_BITS,
  TOTAL,
  VOID,
} from './layout';

export let windows: u32 = 0;
/** Records since the chunks were empty. */
export let records: u32 = 0;
/** At least twice as many slots as windows; few at first, so that those in use lie together. */
let slotBits: u64 = FEWEST_SLOT_BITS;
let poolEnd: usize = POOL;
let poolLimit: usize = POOL;

export function setPoolLimit(limit: usize): void {
  poolLimit = limit;
}

/** Bytes of the pool that are free. */
export function freeBytes(): u32 {
  return <u32>(poolLimit - poolEnd);
}

/** Forgets all windows. */
export function clear(): void {
  memory.fill(SLOTS, 0, <usize>((<u64>4) << slotBits));
  slotBits = FEWEST_SLOT_BITS;
  windows = 0;
  emptyPool();
}

/** Takes all chunks back. */
export function emptyPool(): void {
  poolEnd = POOL;
  records = 0;
}

const DAY_MS: f64 = 86_400_000;
let spanFrom: f64 = 0;
let spanTo: f64 = 0;
let spanOffset: f64 = 0;

/** Says that from a time to another the day is that of the time with an offset added; in ms. */
export function setSpan(from: f64, to: f64, offset: f64): void {
  // Within the times that are taken, so that no record has to be held against those, too.
  spanFrom = Math.max(from, leastTime);
  spanTo = Math.min(to, greatestTime + 1);
  spanOffset = offset;
}

/** Says between which event times lines are taken, both included; in ms. */
export function setTimeBounds(least: f64, greatest: f64): void {
  setTimes(least, greatest);
  spanTo = spanFrom;
}

/** The first and the last event time of the records that were added since {@link forgetTimes}. */
export let firstTime: f64 = Infinity;
export let lastTime: f64 = -Infinity;

export function forgetTimes(): void {
  firstTime = Infinity;
  lastTime = -Infinity;
}

/** True where the scanner may add records by itself. */
let isFed: bool = false;

export function setFed(value: bool): void {
  isFed = value;
}

/** A batch of records that fills the columns must find room whatever was added before it. */
const FED_BYTES: u32 = 2 * ROWS * MAX_CHUNK_BYTES;

/** True where a record of that time can be added at once. */
// @ts-ignore: decorator
@inline
export function canAdd(time: f64): bool {
  return (
    isFed && time >= spanFrom && time < spanTo && freeBytes() >= FED_BYTES && windows + 2 * ROWS <= MAX_WINDOWS
  );
}

/**
 * Adds a record whose time lies in the span.
 * @param short its duration in µs below NO_DURATION, or that.
 */
// @ts-ignore: decorator
@inline
export function addShort(customer: u32, time: f64, status: u32, short: u32): void {
  const cell = cellAt(customer, time);
  let cursor: usize = load<u32>(cell + CURSOR);
  if (cursor == load<u32>(cell + CHUNK_END)) cursor = openChunk(cell);
  store<u32>(cursor, (short << STATUS_BITS) | (status - 100));
  store<u32>(cell + CURSOR, <u32>cursor + 4);
  records++;
}

/**
 * Adds the records of the columns from `row` to `rows`, as long as their times lie in the span. The caller sees to it
 * that they fit.
 * @returns the first row that was not added.
 */
export function add(row: u32, rows: u32): u32 {
  for (; row < rows; row++) {
    const time = load<f64>(EVENT_TIMES + (<usize>row << 3));
    if (!(time >= spanFrom && time < spanTo)) break;
    const customer = load<u32>(CUSTOMERS + (<usize>row << 2));
    const duration = load<f64>(DURATIONS + (<usize>row << 3));
    const status = load<u32>(STATUSES + (<usize>row << 2));
    // As bits, the numbers from 0 on are in order, and those below 0 come after them: one comparison for both.
    if (reinterpret<u64>(duration) < reinterpret<u64>(<f64>NO_DURATION)) {
      addShort(customer, time, status, <u32>duration);
    } else if (duration < 0) {
      addShort(customer, time, status, NO_DURATION);
    } else {
      appendLong(cellAt(customer, time), <u64>duration, status - 100);
    }
  }
  return row;
}

/** The window of a record, opened if it is new. */
// @ts-ignore: decorator
@inline
function cellAt(customer: u32, time: f64): usize {
  const cell = cellOf(customer, <i32>Math.floor((time + spanOffset) / DAY_MS));
  if (time < load<f64>(cell + FIRST_EVENT)) store<f64>(cell + FIRST_EVENT, time);
  if (time > load<f64>(cell + LAST_EVENT)) store<f64>(cell + LAST_EVENT, time);
  if (time < firstTime) firstTime = time;
  if (time > lastTime) lastTime = time;
  return cell;
}

/**
 * Fibonacci hashing of the customer (the highest bits of the product; successive customers lie as far from each
 * other as can be), and from there the days side by side: so the days of a month rarely collide with anything, which
 * a branch predictor could not guess.
 */
// @ts-ignore: decorator
@inline
function firstSlot(customer: u32, day: i32): u32 {
  const start = <u32>((<u64>customer * 0x9e3779b97f4a7c15) >> (64 - slotBits));
  return (start + <u32>day) & <u32>(((<u64>1) << slotBits) - 1);
}

// @ts-ignore: decorator
@inline
function cellOf(customer: u32, day: i32): usize {
  let slot = firstSlot(customer, day);
  while (true) {
    const number = load<u32>(SLOTS + (slot << 2));
    if (number == 0) return openWindow(slot, customer, day);
    const cell = CELLS + <usize>(number - 1) * CELL_BYTES;
    if (load<u32>(cell + CUSTOMER) == customer && load<i32>(cell + DAY) == day) return cell;
    slot = (slot + 1) & <u32>(((<u64>1) << slotBits) - 1);
  }
}

function openWindow(slot: u32, customer: u32, day: i32): usize {
  const window = windows++;
  const cell = CELLS + <usize>window * CELL_BYTES;
  store<u32>(SLOTS + (slot << 2), window + 1);
  store<u32>(cell + CUSTOMER, customer);
  store<i32>(cell + DAY, day);
  store<f64>(cell + FIRST_EVENT, Infinity);
  store<f64>(cell + LAST_EVENT, -Infinity);
  store<u32>(TOTAL + (window << 2), 0);
  takeFirstChunk(window, cell);
  if (<u64>windows * 2 > (<u64>1) << slotBits) growSlots();
  return cell;
}

/** Four times as many slots, and every window in its new one. */
function growSlots(): void {
  slotBits += 2;
  const mask = <u32>(((<u64>1) << slotBits) - 1);
  memory.fill(SLOTS, 0, (<usize>mask + 1) << 2);
  for (let window: u32 = 0; window < windows; window++) {
    const cell = CELLS + <usize>window * CELL_BYTES;
    let slot = firstSlot(load<u32>(cell + CUSTOMER), load<i32>(cell + DAY));
    while (load<u32>(SLOTS + (slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(SLOTS + (slot << 2), window + 1);
  }
}

function takeFirstChunk(window: u32, cell: usize): usize {
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

function appendLong(cell: usize, duration: u64, status: u32): void {
  let cursor: usize = load<u32>(cell + CURSOR);
  const free = load<u32>(cell + CHUNK_END) - <u32>cursor;
  if (free < 12) {
    if (free > 0) store<u32>(cursor, VOID);
    cursor = openChunk(cell);
  }
  store<u32>(cursor, (LONG << STATUS_BITS) | status);
  store<u64>(cursor + 4, duration);
  store<u32>(cell + CURSOR, <u32>cursor + 12);
  records++;
}
