/**
 * The fast half of the window accumulator (`../../window-accumulator.ts`, which documents the idea), in
 * AssemblyScript: appends records to chunks of their window, and later counts a window's records.
 *
 * A record is one 32-bit word: its duration in µs above its status. In place of a duration, NONE says that there is
 * none, and LONG that it did not fit: then its low and high halves are in the two words behind, in the same chunk.
 * VOID ends a chunk early.
 *
 * Memory, from low to high: columns, windows, counters, results, and the pool of chunks up to its end.
 */

export const ROWS: u32 = 4096;
export const MAX_WINDOWS: u32 = 131_072;
export const BUCKETS: u32 = 73_000;
const STATUSES: u32 = 500;

/* Columns: the records to add. */
export const CUSTOMER_COLUMN: usize = 0x2000;
export const DAY_COLUMN: usize = CUSTOMER_COLUMN + ROWS * 4;
export const STATUS_COLUMN: usize = DAY_COLUMN + ROWS * 4;
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

/* Counters: zero between two counts. For those of buckets, bit i of word w says that 64 w + i is not zero. */
const REQUESTS: usize = CHUNKS + MAX_WINDOWS * 4;
const DURATIONS: usize = REQUESTS + STATUSES * 8;
const COUNTS: usize = DURATIONS + STATUSES * 8;
const WORDS: usize = COUNTS + BUCKETS * 4;
const WORD_COUNT: u32 = (BUCKETS + 63) / 64;

/* Results of counting. */
export const STATUS_RESULT: usize = WORDS + WORD_COUNT * 8;
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

/** Adds the first `rows` records of the columns. The caller sees to it that they fit. */
export function add(rows: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    const customer = load<u32>(CUSTOMER_COLUMN + (row << 2));
    const day = load<i32>(DAY_COLUMN + (row << 2));
    const cell = cellOf(customer, day);
    const time = load<f64>(EVENT_TIME_COLUMN + (row << 3));
    if (time < load<f64>(cell + FIRST_EVENT)) store<f64>(cell + FIRST_EVENT, time);
    if (time > load<f64>(cell + LAST_EVENT)) store<f64>(cell + LAST_EVENT, time);
    const duration = load<f64>(DURATION_COLUMN + (row << 3));
    const status = load<u32>(STATUS_COLUMN + (row << 2)) - 100;
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
  store<u32>(FIRST_CHUNK + (window << 2), <u32>poolEnd);
  store<u32>(CHUNKS + (window << 2), 0);
  takeChunk(cell, chunkBytes(0));
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

/** Gives a window its next chunk. @returns the address of its first free word. */
function openChunk(cell: usize): usize {
  const counter = CHUNKS + (((cell - CELLS) / CELL_BYTES) << 2);
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
  for (let number: u32 = 0; chunk != 0; number++) {
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    chunk = next;
  }
  takeStatuses();
  takeBuckets();
}

function countWords(from: usize, to: usize): void {
  for (let at = from; at < to; at += 4) {
    const word = load<u32>(at);
    const short = word >> STATUS_BITS;
    const status: usize = (word & ((1 << STATUS_BITS) - 1)) << 3;
    let duration: u64 = short;
    let bucket: u32;
    if (short >= NONE) {
      if (word == VOID) return;
      if (short == NONE) {
        store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + 1);
        continue;
      }
      duration = load<u64>(at + 4);
      bucket = bucketOfLong(duration);
      at += 8;
    } else {
      bucket = bucketOfShort(short);
    }
    store<u64>(REQUESTS + status, load<u64>(REQUESTS + status) + 1);
    store<u64>(DURATIONS + status, load<u64>(DURATIONS + status) + duration);
    const counter = COUNTS + (bucket << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    // Always, and not only where it was zero: about every other time it was, which no branch predictor guesses.
    const bits = WORDS + ((bucket >> 6) << 3);
    store<u64>(bits, load<u64>(bits) | ((<u64>1) << (bucket & 63)));
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
  let encoded = ENCODED_RESULT;
  let previous: u32 = 0;
  for (let word: u32 = 0; word < WORD_COUNT; word++) {
    let bits = load<u64>(WORDS + (word << 3));
    if (bits == 0) continue;
    store<u64>(WORDS + (word << 3), 0);
    for (; bits != 0; bits &= bits - 1) {
      const bucket = (word << 6) + <u32>ctz(bits);
      const result: usize = bucketResults++;
      store<u32>(BUCKET_RESULT + (result << 2), bucket);
      const count = load<u32>(COUNTS + (bucket << 2));
      store<f64>(COUNT_RESULT + (result << 3), <f64>count);
      store<u32>(COUNTS + (bucket << 2), 0);
      const step = (bucket - previous) << 3;
      previous = bucket;
      if (count < 8) {
        encoded = writeVarint(encoded, step | (count - 1));
      } else {
        encoded = writeVarint(encoded, step | 7);
        encoded = writeVarint(encoded, count - 8);
      }
    }
  }
  encodedBytes = <u32>(encoded - ENCODED_RESULT);
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

export function clear(): void {
  memory.fill(SLOTS, 0, <usize>((<u64>4) << slotBits));
  slotBits = FEWEST_SLOT_BITS;
  poolEnd = POOL;
  windows = 0;
}
