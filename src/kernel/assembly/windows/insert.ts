/** Inserts records into their windows. */

import { greatestTime, leastTime, setTimes } from '../scan/bounds';
import { CUSTOMERS, DURATIONS, ENDPOINTS, EVENT_TIMES, ROWS, STATUSES } from '../scan/scan-memory';
import { cellOf, keepTime, keepTimeBits, lastCellOf, windows } from './cells';
import { append, appendOther, appendWord, countRecords, freeBytes, NO_WORD, wordOf } from './chunks';
import { countLine, countRow } from './days';
import { placeOf } from './statuses';
import { MAX_CHUNK_BYTES, MAX_PENDING, MAX_WINDOWS, NO_DURATION, PENDING, PENDING_BYTES } from './window-memory';

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

// @ts-ignore: decorator
@inline
function keepTimes(least: f64, greatest: f64): void {
  if (least < firstTime) firstTime = least;
  if (greatest > lastTime) lastTime = greatest;
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
 * Inserts a record that {@link canInsertDirectly} allows. @param place of its status. @param ms its duration. @param line the
 * address of its line. @param next that behind it.
 */
// @ts-ignore: decorator
@inline
export function insertDirectly(customer: u32, second: u32, place: u32, ms: u32, line: usize, next: usize): void {
  const local = second + offsetSeconds;
  const day = <i32>(local / DAY_S);
  countLine(day, line, next);
  const cell = isHourly ? lastCellOf(customer, hourNumber(local), false) : cellOf(customer, day, false);
  const word = ms < NO_DURATION ? wordOf(place, ms) : NO_WORD;
  insertMs(cell, reinterpret<i64>(<f64>second * 1000), word, place, ms);
}

/** Behind the last record that {@link insertLater} has put off. */
let pending: usize = PENDING;

/**
 * The same for a record with the endpoint of its customer. It is inserted by {@link insertPending}, at the latest before the
 * batch ends. In random order, each of its two windows is out of the cache. In a loop of its own, the processor waits for
 * the windows of many records at once; the lines between them keep it from that. 20 million lines of 43,500 windows took 0.84 of
 * the processor time (2026-11-30).
 */
// @ts-ignore: decorator
@inline
export function insertLater(
  customer: u32,
  endpoint: u32,
  second: u32,
  place: u32,
  ms: u32,
  line: usize,
  next: usize,
): void {
  countLine(<i32>((second + offsetSeconds) / DAY_S), line, next);
  const at = pending;
  store<u32>(at, customer);
  store<u32>(at, endpoint, 4);
  store<u32>(at, second, 8);
  store<u32>(at, (ms << PLACE_BITS) | place, 12);
  pending = at + PENDING_BYTES;
  if (pending == PENDING + <usize>MAX_PENDING * PENDING_BYTES) insertPending();
}

/** Inserts what {@link insertLater} has put off. */
export function insertPending(): void {
  const end = pending;
  pending = PENDING;
  for (let at = PENDING; at < end; at += PENDING_BYTES) {
    const local = load<u32>(at, 8) + offsetSeconds;
    const day = <i32>(local / DAY_S);
    store<u32>(at, <u32>lastCellOf(load<u32>(at), isHourly ? hourNumber(local) : day, false));
    store<u32>(at, <u32>lastCellOf(load<u32>(at, 4), day, true), 4);
  }
  for (let at = PENDING; at < end; at += PENDING_BYTES) {
    const answer = load<u32>(at, 12);
    const place = answer & ((1 << PLACE_BITS) - 1);
    const ms = answer >> PLACE_BITS;
    const word = ms < NO_DURATION ? wordOf(place, ms) : NO_WORD;
    const timeBits = reinterpret<i64>(<f64>load<u32>(at, 8) * 1000);
    insertMs(load<u32>(at), timeBits, word, place, ms);
    insertMs(load<u32>(at, 4), timeBits, word, place, ms);
  }
}

/** Places of statuses are below 2^16, and so are the milliseconds of plain lines. */
const PLACE_BITS: u32 = 16;

// @ts-ignore: decorator
@inline
function hourNumber(local: u32): i32 {
  return <i32>(local / HOUR_S) * 2 + spanParity;
}

// @ts-ignore: decorator
@inline
function cellOfCustomer(customer: u32, span: i32, hasEndpoint: bool): usize {
  return isHourly || hasEndpoint ? lastCellOf(customer, span, false) : cellOf(customer, span, false);
}

// @ts-ignore: decorator
@inline
function insertMs(cell: usize, timeBits: i64, word: u32, place: u32, ms: u32): void {
  keepTimeBits(cell, timeBits);
  if (word < NO_WORD) appendWord(cell, word);
  else appendOther(cell, place, <f64>ms * 1000);
}

/** Counts records that were inserted directly, from the least to the greatest of their seconds. */
export function addRecords(more: u32, least: u32, greatest: u32): void {
  if (more == 0) return;
  countRecords(more * cellsOfRecord);
  keepTimes(<f64>least * 1000, <f64>greatest * 1000);
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
    const customer = load<u32>(CUSTOMERS + (<usize>row << 2));
    const cell = cellOfCustomer(customer, spanNumber(time + spanOffset, day), hasEndpoints);
    const place = placeOf(load<u32>(STATUSES + (<usize>row << 2)));
    const duration = load<f64>(DURATIONS + (<usize>row << 3));
    keepTimes(time, time);
    keepTime(cell, time);
    append(cell, place, duration);
    countRecords(1);
    countRow(day, row);
    if (!hasEndpoints) continue;
    const endpoint = load<i32>(ENDPOINTS + (<usize>row << 2));
    if (endpoint < 0) continue;
    const ofEndpoint = lastCellOf(endpoint, day, true);
    keepTime(ofEndpoint, time);
    append(ofEndpoint, place, duration);
    countRecords(1);
  }
  return row;
}

// @ts-ignore: decorator
@inline
function spanNumber(localMs: f64, day: i32): i32 {
  return isHourly ? <i32>Math.floor(localMs / HOUR_MS) * 2 + spanParity : day;
}
