/**
 * The fast half of the window accumulator (`../../window-accumulator.ts`, which documents the idea), in
 * AssemblyScript: appends records to chunks of their window, and later counts a window's records.
 *
 * A record is one 32-bit word: its duration in µs above its status. In place of a duration, NONE says that there is
 * none, and LONG that it did not fit: then its low and high halves are in the two words behind, in the same chunk.
 * VOID ends a chunk early.
 *
 * When the pool of chunks is full, it can be folded: what each window's chunks hold is counted into a total of the
 * window, which takes a byte or two a bucket, and the pool is empty again.
 *
 * Memory, from BASE on: columns, windows, counters, results, the pool of chunks, two areas for totals in turn. What
 * lies below BASE is the scanner's.
 */

export const BASE: usize = 16 * 1024 * 1024;

export const ROWS: u32 = 4096;
export const MAX_WINDOWS: u32 = 131_072;
export const BUCKETS: u32 = 73_000;
const STATUSES: u32 = 500;

/* Columns: the records to add, where they do not lie in this memory already. */
export const CUSTOMER_COLUMN: usize = BASE + 0x2000;
export const STATUS_COLUMN: usize = CUSTOMER_COLUMN + ROWS * 4;
export const EVENT_TIME_COLUMN: usize = STATUS_COLUMN + ROWS * 4;
export const DURATION_COLUMN: usize = EVENT_TIME_COLUMN + ROWS * 8;

/*
 * Windows. A slot is a window's number + 1, or 0: open addressing, at least twice as many as windows. There are few
 * slots at first, so that those in use lie together and clearing them costs little.
 */
const SLOTS: usize = DURATION_COLUMN + ROWS * 8;
const FEWEST_SLOT_BITS: u64 = 12;
const MOST_SLOTS: u32 = 1 << 18;
let slotBits: u64 = FEWEST_SLOT_BITS;
/** 32 bytes a window, half a cache line: what adding a record touches. */
export const CELLS: usize = SLOTS + MOST_SLOTS * 4;
const CELL_BYTES: usize = 32;
export const CUSTOMER: usize = 0;
export const DAY: usize = 4;
/** The addresses of the next free word and of the end of its present chunk. */
const CURSOR: usize = 8;
const CHUNK_END: usize = 12;
export const FIRST_EVENT: usize = 16;
export const LAST_EVENT: usize = 24;
/** The address of a window's first chunk, and how many more it has. */
const FIRST_CHUNK: usize = CELLS + <usize>MAX_WINDOWS * CELL_BYTES;
const CHUNKS: usize = FIRST_CHUNK + MAX_WINDOWS * 4;
/** The address of a window's total, or 0; and where that which is being folded puts it. */
const TOTAL: usize = CHUNKS + MAX_WINDOWS * 4;
const NEXT_TOTAL: usize = TOTAL + MAX_WINDOWS * 4;

/* Counters: zero between two counts. */
const REQUESTS: usize = NEXT_TOTAL + MAX_WINDOWS * 4;
const DURATIONS: usize = REQUESTS + STATUSES * 8;
/** Requests and durations together, until they could overflow: one addition a record instead of two. */
const PACKED: usize = DURATIONS + STATUSES * 8;
const PACKED_BITS: u64 = 44;
/** So many durations below 2^23 µs sum up to less than 2^44, and the requests to 2^20. */
const MOST_PACKED: u32 = (1 << 20) - 1;
const COUNTS: usize = PACKED + STATUSES * 8;
/** A byte for each 64 buckets, not zero where one of them is. Up to a multiple of 8 bytes. */
const TOUCHED: usize = COUNTS + ((BUCKETS + 63) / 64) * 64 * 4;
const TOUCHED_BYTES: u32 = ((BUCKETS + 63) / 64 + 7) & ~7;

/* Results of counting. */
export const STATUS_RESULT: usize = TOUCHED + TOUCHED_BYTES;
export const REQUESTS_RESULT: usize = STATUS_RESULT + STATUSES * 8;
export const DURATION_RESULT: usize = REQUESTS_RESULT + STATUSES * 8;
export const BUCKET_RESULT: usize = DURATION_RESULT + STATUSES * 8;
export const COUNT_RESULT: usize = BUCKET_RESULT + BUCKETS * 4;
/** The histogram as `ByteWriter.histogram` of `../../bytes.ts` writes it; at most 10 bytes a bucket. */
export const ENCODED_RESULT: usize = COUNT_RESULT + BUCKETS * 8;
export let encodedBytes: u32 = 0;
export let statusResults: u32 = 0;
export let bucketResults: u32 = 0;

export const POOL: usize = (ENCODED_RESULT + BUCKETS * 10 + 63) & ~63;
/** Bytes of the largest chunk. */
export const MAX_CHUNK_BYTES: u32 = 512;
export let poolEnd: usize = POOL;
/** Where the pool ends, and the areas for totals begin. */
let poolLimit: usize = POOL;
let areaBytes: usize = 0;
/** Which of the two areas holds the totals. */
let area: usize = 0;
export let windows: u32 = 0;

const STATUS_BITS: u32 = 9;
/** These are the largest values above a status, so that one comparison tells a short duration from all of them. */
const NONE: u32 = 0x7ffffe;
const LONG: u32 = 0x7fffff;
const VOID: u32 = 0xffffffff;

/** Bytes of a window's first, second and each further chunk; the first word is the address of the next one. */
// @ts-ignore: decorator
@inline
function chunkBytes(number: u32): u32 {
  return number == 0 ? 32 : number == 1 ? 128 : MAX_CHUNK_BYTES;
}

let customers: usize = CUSTOMER_COLUMN;
let statuses: usize = STATUS_COLUMN;
let eventTimes: usize = EVENT_TIME_COLUMN;
let durations: usize = DURATION_COLUMN;

/** Says where the columns lie. */
export function setColumns(customer: u32, status: u32, eventTime: u32, duration: u32): void {
  customers = customer;
  statuses = status;
  eventTimes = eventTime;
  durations = duration;
}

const DAY_MS: f64 = 86_400_000;
let spanFrom: f64 = 0;
let spanTo: f64 = 0;
let spanOffset: f64 = 0;

/** Says that from a time to another the day is that of the time with an offset added; in ms. */
export function setSpan(from: f64, to: f64, offset: f64): void {
  spanFrom = from;
  spanTo = to;
  spanOffset = offset;
}

/**
 * Adds the records of the columns from `row` to `rows`, as long as their times lie in the span. The caller sees to it
 * that they fit.
 * @returns the first row that was not added.
 */
export function add(row: u32, rows: u32): u32 {
  for (; row < rows; row++) {
    const time = load<f64>(eventTimes + (<usize>row << 3));
    if (!(time >= spanFrom && time < spanTo)) break;
    const day = <i32>Math.floor((time + spanOffset) / DAY_MS);
    const cell = cellOf(load<u32>(customers + (<usize>row << 2)), day);
    if (time < load<f64>(cell + FIRST_EVENT)) store<f64>(cell + FIRST_EVENT, time);
    if (time > load<f64>(cell + LAST_EVENT)) store<f64>(cell + LAST_EVENT, time);
    const duration = load<f64>(durations + (<usize>row << 3));
    const status = load<u32>(statuses + (<usize>row << 2)) - 100;
    let short: u32 = NONE;
    // As bits, the numbers from 0 on are in order, and those below 0 come after them: one comparison for both.
    if (reinterpret<u64>(duration) < reinterpret<u64>(<f64>NONE)) {
      short = <u32>duration;
    } else if (duration >= 0) {
      appendLong(cell, <u64>duration, status);
      continue;
    }
    let cursor: usize = load<u32>(cell + CURSOR);
    if (cursor == load<u32>(cell + CHUNK_END)) cursor = openChunk(cell);
    store<u32>(cursor, (short << STATUS_BITS) | status);
    store<u32>(cell + CURSOR, <u32>cursor + 4);
  }
  return row;
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
}

/** Counts the records of a window into the results. */
export function count(window: u32): void {
  const end: usize = load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR);
  let chunk: usize = load<u32>(FIRST_CHUNK + (window << 2));
  let packed: u32 = 0;
  for (let number: u32 = 0; chunk != 0; number++) {
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    packed += MAX_CHUNK_BYTES / 4;
    if (packed + MAX_CHUNK_BYTES / 4 > MOST_PACKED) {
      unpack();
      packed = 0;
    }
    chunk = next;
  }
  unpack();
  const total: usize = load<u32>(TOTAL + (window << 2));
  if (total != 0) addTotal(total);
  takeStatuses();
  takeBuckets();
}

function countWords(from: usize, to: usize): void {
  for (let at = from; at < to; at += 4) {
    const word = load<u32>(at);
    const short = word >> STATUS_BITS;
    const status: usize = (word & ((1 << STATUS_BITS) - 1)) << 3;
    if (short >= NONE) {
      if (word == VOID) return;
      store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + 1);
      if (short == NONE) continue;
      const duration = load<u64>(at + 4);
      store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + duration);
      countBucket(bucketOfLong(duration), 1);
      at += 8;
      continue;
    }
    store<u64>(PACKED + status, load<u64>(PACKED + status) + (((<u64>1) << PACKED_BITS) | short));
    countBucket(bucketOfShort(short), 1);
  }
}

// @ts-ignore: decorator
@inline
function countBucket(bucket: u32, count: u32): void {
  const counter = COUNTS + (<usize>bucket << 2);
  store<u32>(counter, load<u32>(counter) + count);
  // Always, and not only where it was zero: about every other time it was, which no branch predictor guesses.
  store<u8>(TOUCHED + (bucket >> 6), 1);
}

/** Adds what is packed to requests and durations. */
function unpack(): void {
  for (let status: usize = 0; status < STATUSES << 3; status += 8) {
    const packed = load<u64>(PACKED + status);
    if (packed == 0) continue;
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + (packed >> PACKED_BITS));
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + (packed & (((<u64>1) << PACKED_BITS) - 1)));
    store<u64>(PACKED + status, 0);
  }
}

/** By decade: half of the width of its buckets, and 2^40 over the width, rounded up. */
const HALVES: usize = memory.data<u32>([0, 5, 50, 500]);
const RECIPROCALS: usize = memory.data<u64>([0x10000000000, 109951162778, 10995116278, 1099511628]);

/**
 * `bucketOf` of `duration-buckets.ts` for a duration below 2^23 µs, without a branch: which decade a duration is
 * in is a coin toss in real logs. Multiplying by the rounded reciprocal is exact for such numbers.
 */
// @ts-ignore: decorator
@inline
function bucketOfShort(duration: u32): u32 {
  const decade = u32(duration >= 10_000) + u32(duration >= 100_000) + u32(duration >= 1_000_000);
  const rounded = <u64>(duration + load<u32>(HALVES + (decade << 2)));
  return decade * 9_000 + <u32>((rounded * load<u64>(RECIPROCALS + (decade << 3))) >> 40);
}

function bucketOfLong(duration: u64): u32 {
  let width: u64 = 1_000;
  let decade: u32 = 3;
  for (; duration >= width * 10_000; width *= 10) decade++;
  return decade * 9_000 + <u32>((duration + width / 2) / width);
}

function takeStatuses(): void {
  statusResults = 0;
  for (let status: u32 = 0; status < STATUSES; status++) {
    const requests = load<u64>(REQUESTS + (status << 3));
    if (requests == 0) continue;
    const result: usize = statusResults++ << 3;
    store<f64>(STATUS_RESULT + result, <f64>(status + 100));
    store<f64>(REQUESTS_RESULT + result, <f64>requests);
    store<u64>(DURATION_RESULT + result, load<u64>(DURATIONS + (status << 3)));
    store<u64>(REQUESTS + (status << 3), 0);
    store<u64>(DURATIONS + (status << 3), 0);
  }
}

function takeBuckets(): void {
  bucketResults = 0;
  encodedEnd = ENCODED_RESULT;
  previousBucket = 0;
  for (let word: u32 = 0; word < TOUCHED_BYTES; word += 8) {
    let touched = load<u64>(TOUCHED + word);
    if (touched == 0) continue;
    store<u64>(TOUCHED + word, 0);
    for (; touched != 0; touched &= touched - 1) takeGroup((word + <u32>(ctz(touched) >> 3)) << 6);
  }
  encodedBytes = <u32>(encodedEnd - ENCODED_RESULT);
}

let encodedEnd: usize = ENCODED_RESULT;
let previousBucket: u32 = 0;

/** Takes those of 64 buckets that are not zero. */
function takeGroup(first: u32): void {
  for (let four: u32 = first; four < first + 64; four += 4) {
    const counts = v128.load(COUNTS + (<usize>four << 2));
    let mask = i32x4.bitmask(i32x4.ne(counts, i32x4.splat(0)));
    if (mask == 0) continue;
    v128.store(COUNTS + (<usize>four << 2), i32x4.splat(0));
    v128.store(FOUR, counts);
    for (; mask != 0; mask &= mask - 1) {
      const i = ctz(mask);
      takeBucket(four + i, load<u32>(FOUR + (<usize>i << 2)));
    }
  }
}

const FOUR: usize = memory.data<u64>([0, 0], 16);

// @ts-ignore: decorator
@inline
function takeBucket(bucket: u32, count: u32): void {
  const result: usize = bucketResults++;
  store<u32>(BUCKET_RESULT + (result << 2), bucket);
  store<f64>(COUNT_RESULT + (result << 3), <f64>count);
  const step = (bucket - previousBucket) << 3;
  previousBucket = bucket;
  if (count < 8) {
    encodedEnd = writeVarint(encodedEnd, step | (count - 1));
  } else {
    encodedEnd = writeVarint(encodedEnd, step | 7);
    encodedEnd = writeVarint(encodedEnd, count - 8);
  }
}

// @ts-ignore: decorator
@inline
function writeVarint(at: usize, value: u32): usize {
  while (value >= 128) {
    store<u8>(at++, value | 128);
    value >>= 7;
  }
  store<u8>(at, value);
  return at + 1;
}

let varintEnd: usize = 0;

// @ts-ignore: decorator
@inline
function readVarint(at: usize): u32 {
  let byte = <u32>load<u8>(at++);
  let value = byte & 127;
  for (let shift: u32 = 7; byte >= 128; shift += 7) {
    byte = load<u8>(at++);
    value |= (byte & 127) << shift;
  }
  varintEnd = at;
  return value;
}

/* A total: statuses, bytes of the histogram, then 24 bytes a status, then the histogram as it is encoded. */
const TOTAL_HEAD: usize = 8;
const STATUS_BYTES: usize = 24;

/** Adds a total to the counters. */
function addTotal(total: usize): void {
  let at = total + TOTAL_HEAD;
  for (let left = load<u32>(total); left > 0; left--, at += STATUS_BYTES) {
    const status = <usize>load<u32>(at) << 3;
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + load<u64>(at, 8));
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + load<u64>(at, 16));
  }
  const end = at + load<u32>(total, 4);
  let bucket: u32 = 0;
  while (at < end) {
    const step = readVarint(at);
    bucket += step >> 3;
    let count = (step & 7) + 1;
    at = varintEnd;
    if ((step & 7) == 7) {
      count = readVarint(at) + 8;
      at = varintEnd;
    }
    countBucket(bucket, count);
  }
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

/** Gives the kernel its memory. @param end where it ends. */
export function setMemory(end: u32): void {
  areaBytes = ((<usize>end - POOL) / 5) & ~63;
  poolLimit = <usize>end - 2 * areaBytes;
}

/** Bytes of the pool that are free. */
export function freeBytes(): u32 {
  return <u32>(poolLimit - poolEnd);
}

/**
 * Counts all chunks into the windows' totals.
 * @returns false where the totals have no room; then nothing has changed.
 */
export function fold(): bool {
  const next = area ^ 1;
  let at = poolLimit + next * areaBytes;
  const end = at + areaBytes;
  for (let window: u32 = 0; window < windows; window++) {
    count(window);
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
  poolEnd = POOL;
  return true;
}

export function clear(): void {
  memory.fill(SLOTS, 0, <usize>((<u64>4) << slotBits));
  slotBits = FEWEST_SLOT_BITS;
  poolEnd = POOL;
  windows = 0;
}
