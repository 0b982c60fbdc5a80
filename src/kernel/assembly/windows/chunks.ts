/** Appends records to the chunks of their windows. */

import { greatestTime, leastTime, setTimes } from '../scan/bounds';
import { CUSTOMERS, DURATIONS, ENDPOINTS, EVENT_TIMES, ROWS, STATUSES } from '../scan/scan-memory';
import { countLine, countRow } from './days';
import {
  CELL_BYTES,
  CELLS,
  CHUNK_END,
  chunkBytes,
  CHUNKS,
  CURSOR,
  CUSTOMER,
  DURATION_BITS,
  MIN_SLOT_BITS,
  FIRST_CHUNK,
  FIRST_EVENT,
  KIND_SHIFT,
  LAST_CELLS,
  LAST_EVENT,
  LONG,
  MAX_CHUNK_BYTES,
  MAX_WINDOWS,
  NO_DURATION,
  NONE,
  OF_ENDPOINT,
  OTHER,
  POOL,
  SHORT,
  SLOTS,
  SPAN,
  TOTAL,
  VOID,
} from './window-memory';
import { forgetStatuses, indexOf, placeOf } from './statuses';

export let windows: u32 = 0;
/** Records since the chunks were last emptied. */
export let records: u32 = 0;
/**
 * There are at least twice as many slots as windows. There are few at first, so that the used ones lie close
 * together.
 */
let slotBits: u64 = MIN_SLOT_BITS;
/** Above the numbers of all subjects that have windows. */
let endOfSubjects: u32 = 0;
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

/** Gives the pool the area of totals, too. @returns false where it has that already, or there are totals. */
export function extendPool(): bool {
  if (isPoolExtended() || (windows > 0 && load<u32>(TOTAL) != 0)) return false;
  poolLimit = whole;
  return true;
}

export function isPoolExtended(): bool {
  return poolLimit == whole;
}

/** The free bytes of the pool. */
export function freeBytes(): u32 {
  return <u32>(poolLimit - poolEnd);
}

/** Forgets all windows. */
export function clear(): void {
  memory.fill(SLOTS, 0, <usize>((<u64>4) << slotBits));
  memory.fill(LAST_CELLS, 0, <usize>endOfSubjects << 3);
  endOfSubjects = 0;
  slotBits = MIN_SLOT_BITS;
  windows = 0;
  poolLimit = half;
  emptyPool();
}

/** Empties the pool of chunks. */
export function emptyPool(): void {
  poolEnd = POOL;
  records = 0;
  forgetStatuses();
}

const DAY_MS: f64 = 86_400_000;
const DAY_S: u32 = 86_400;
const HOUR_MS: f64 = 3_600_000;
const HOUR_S: u32 = 3_600;
const SECONDS: f64 = 4_294_967_295;
let spanFrom: f64 = 0;
let spanTo: f64 = 0;
let spanOffset: f64 = 0;
/* The span in seconds since 1970, cut to 32 bits: its first second, how many there are, and the offset. */
let spanFirst: u32 = 0;
let spanSeconds: u32 = 0;
let offsetSeconds: u32 = 0;
/** True where windows are hours, and not days. */
let isHourly: bool = false;
let spanParity: i32 = 0;

export function setHourly(value: bool): void {
  isHourly = value;
}

/**
 * Sets the span of time in which `time + offset` gives the local time. All in ms. The number of a window's span is that of the
 * local day; or twice that of the local hour, and 1 more where `parity` is 1. So an hour that comes twice, because clocks were
 * put back, has two numbers.
 */
export function setSpan(from: f64, to: f64, offset: f64, parity: i32): void {
  spanParity = parity;
  // Cut to the accepted times, so that no record has to be compared with those as well.
  spanFrom = Math.max(from, leastTime);
  spanTo = Math.min(to, greatestTime + 1);
  spanOffset = offset;
  const first = Math.ceil(max(spanFrom, max(0, -offset)) / 1000);
  const last = Math.ceil(min(spanTo / 1000, SECONDS - max(offset, 0) / 1000));
  const isUsable = offset % 1000 == 0 && last > first;
  spanFirst = isUsable ? <u32>first : 0;
  spanSeconds = isUsable ? <u32>(last - first) : 0;
  offsetSeconds = <u32><i32>(offset / 1000);
}

/** Sets the accepted event times in ms, both included. */
export function setTimeBounds(least: f64, greatest: f64): void {
  setTimes(least, greatest);
  spanTo = spanFrom;
  spanSeconds = 0;
}

/** The first and the last event time of the records that were added since {@link forgetTimes}. */
export let firstTime: f64 = Infinity;
export let lastTime: f64 = -Infinity;

export function forgetTimes(): void {
  firstTime = Infinity;
  lastTime = -Infinity;
}

/** True where the scanner may insert records directly. */
let isDirect: bool = false;
/** The number of seconds from `spanFirst` on for which it may do so now. */
let directSeconds: u32 = 0;

export function setDirectInsert(value: bool): void {
  isDirect = value;
}

/** The room that a record batch needs for each cell that a record touches, whatever it holds. */
const BATCH_BYTES: u32 = ROWS * MAX_CHUNK_BYTES;

/** How many cells a record touches: 2 where endpoints are kept. */
export let cellsOfRecord: u32 = 1;

export function setEndpoints(value: bool): void {
  cellsOfRecord = value ? 2 : 1;
}

/** Call it before inserting directly at most one batch, counting the rows that are in the columns already. */
export function beginDirectInsert(): void {
  const hasRoom = freeBytes() >= BATCH_BYTES * cellsOfRecord && windows + ROWS * cellsOfRecord <= MAX_WINDOWS;
  directSeconds = isDirect && hasRoom ? spanSeconds : 0;
}

/** True where a record of that second can be inserted directly. */
// @ts-ignore: decorator
@inline
export function canInsertDirectly(second: u32): bool {
  return second - spanFirst < directSeconds;
}

/**
 * Inserts a record that {@link canInsertDirectly} allows. @param place of its status. @param ms its duration. @param line
 * the address of its line. @param next that behind it.
 */
// @ts-ignore: decorator
@inline
export function insertDirectly(
  customer: u32,
  second: u32,
  place: u32,
  ms: u32,
  line: usize,
  next: usize,
): void {
  const local = second + offsetSeconds;
  const day = <i32>(local / DAY_S);
  countLine(day, line, next);
  const cell = cellOf(customer, isHourly ? <i32>(local / HOUR_S) * 2 + spanParity : day, false);
  insertMs(cell, second, place, ms);
}

/** The same for the endpoint of a customer: its windows are days. */
// @ts-ignore: decorator
@inline
export function insertEndpointDirectly(endpoint: u32, second: u32, place: u32, ms: u32): void {
  insertMs(cellOf(endpoint, <i32>((second + offsetSeconds) / DAY_S), true), second, place, ms);
}

// @ts-ignore: decorator
@inline
function insertMs(cell: usize, second: u32, place: u32, ms: u32): void {
  keepTime(cell, <f64>second * 1000);
  if (ms < NO_DURATION) append(cell, place, ms);
  else appendOther(cell, place, <f64>ms * 1000);
}

/** @param more records that were inserted directly. */
export function addRecords(more: u32): void {
  records += more * cellsOfRecord;
}

/**
 * Adds the records of the columns from `row` to `rows`, up to the first one whose time is outside the span. The
 * caller must know that there is room for all.
 * @returns the first row that was not added.
 */
export function add(row: u32, rows: u32): u32 {
  return cellsOfRecord == 1 ? addRows(row, rows, false) : addRows(row, rows, true);
}

/** The compiler makes two loops of this one. */
// @ts-ignore: decorator
@inline
function addRows(row: u32, rows: u32, hasEndpoints: bool): u32 {
  for (; row < rows; row++) {
    const time = load<f64>(EVENT_TIMES + (<usize>row << 3));
    if (!(time >= spanFrom && time < spanTo)) break;
    const day = <i32>Math.floor((time + spanOffset) / DAY_MS);
    const cell = cellOf(load<u32>(CUSTOMERS + (<usize>row << 2)), spanNumber(time + spanOffset, day), false);
    const place = placeOf(load<u32>(STATUSES + (<usize>row << 2)));
    const duration = load<f64>(DURATIONS + (<usize>row << 3));
    keepTime(cell, time);
    appendAny(cell, place, duration);
    records++;
    countRow(day, row);
    if (!hasEndpoints) continue;
    const endpoint = load<i32>(ENDPOINTS + (<usize>row << 2));
    if (endpoint < 0) continue;
    const ofEndpoint = cellOf(endpoint, day, true);
    keepTime(ofEndpoint, time);
    appendAny(ofEndpoint, place, duration);
    records++;
  }
  return row;
}

// @ts-ignore: decorator
@inline
function spanNumber(localMs: f64, day: i32): i32 {
  return isHourly ? <i32>Math.floor(localMs / HOUR_MS) * 2 + spanParity : day;
}

// @ts-ignore: decorator
@inline
function keepTime(cell: usize, time: f64): void {
  if (time < load<f64>(cell + FIRST_EVENT)) store<f64>(cell + FIRST_EVENT, time);
  if (time > load<f64>(cell + LAST_EVENT)) store<f64>(cell + LAST_EVENT, time);
  if (time < firstTime) firstTime = time;
  if (time > lastTime) lastTime = time;
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
 * The cell of a window. A server writes lines in the order of time, so nearly every record goes to the window that took the
 * last one of its subject.
 */
// @ts-ignore: decorator
@inline
function cellOf(subject: u32, span: i32, ofEndpoint: bool): usize {
  const last = LAST_CELLS + (<usize>subject << 3);
  const known: usize = load<u32>(last, 4);
  if (load<i32>(last) == span && known != 0) return known;
  const cell = findCell(subject, span, ofEndpoint);
  store<i32>(last, span);
  store<u32>(last, <u32>cell, 4);
  endOfSubjects = max(endOfSubjects, subject + 1);
  return cell;
}

// @ts-ignore: decorator
@inline
function findCell(subject: u32, span: i32, ofEndpoint: bool): usize {
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

/** In µs: durations from here on do not fit in a word of 16 bits. */
const MILLISECONDS_END: f64 = <f64>NO_DURATION * 1000;

/** @param duration in ms, up to NO_DURATION. */
// @ts-ignore: decorator
@inline
function append(cell: usize, place: u32, duration: u32): void {
  const index = indexOf(place);
  if (index == OTHER) {
    appendOther(cell, place, duration == NO_DURATION ? -1 : <f64>duration * 1000);
    return;
  }
  let cursor: usize = load<u32>(cell + CURSOR);
  if (cursor == load<u32>(cell + CHUNK_END)) cursor = openChunk(cell);
  store<u16>(cursor, (index << DURATION_BITS) | duration);
  store<u32>(cell + CURSOR, <u32>cursor + 2);
}

/** @param duration in µs; negative where there is none. */
// @ts-ignore: decorator
@inline
function appendAny(cell: usize, place: u32, duration: f64): void {
  if (duration < 0) {
    append(cell, place, NO_DURATION);
    return;
  }
  const us = duration < MILLISECONDS_END ? <u32>duration : 1;
  const ms = us / 1000;
  if (ms * 1000 == us) append(cell, place, ms);
  else appendOther(cell, place, duration);
}

function appendOther(cell: usize, place: u32, duration: f64): void {
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
