/** Where things lie in memory behind the scanner's part, from low to high, and what a record looks like. */

import { INPUT, INPUT_BYTES } from '../scan/scan-memory';

export const MAX_WINDOWS: u32 = 131_072;
export const BUCKETS: u32 = 73_000;
export const STATUSES: u32 = 500;

/*
 * A record is a word of 16 bits: the index of its status (`statuses.ts`) above its duration in ms, or above NO_DURATION.
 * Where that is not enough, the index is OTHER, and the rest of the word is a kind above the status itself: SHORT and
 * LONG are followed by the duration in µs, in two and four further words of the same chunk; of NONE there is none; and
 * VOID ends a chunk early. Most logs write milliseconds. A word of 32 bits for any record took twice the memory, so twice
 * as many cache misses and folds.
 */
export const DURATION_BITS: u32 = 11;
export const NO_DURATION: u32 = 0x7ff;
export const OTHER: u32 = 31;
export const KIND_SHIFT: u32 = 9;
export const SHORT: u32 = 0;
export const LONG: u32 = 1;
export const NONE: u32 = 2;
export const VOID: u32 = 3;

/** Windows by a hash of their key: a window's number + 1, or 0. */
export const SLOTS: usize = (INPUT + INPUT_BYTES + 0xffff) & ~0xffff;
export const MIN_SLOT_BITS: u64 = 12;
export const MAX_SLOTS: u32 = 1 << 18;
/** 32 bytes a window, half a cache line: what adding a record touches. */
export const CELLS: usize = SLOTS + MAX_SLOTS * 4;
export const CELL_BYTES: u32 = 32;
export const CUSTOMER: usize = 0;
export const DAY: usize = 4;
/** The addresses of the next free word and of the end of its present chunk. */
export const CURSOR: usize = 8;
export const CHUNK_END: usize = 12;
export const FIRST_EVENT: usize = 16;
export const LAST_EVENT: usize = 24;
/** The address of a window's first chunk, or 0, and how many more it has. */
export const FIRST_CHUNK: usize = CELLS + <usize>MAX_WINDOWS * CELL_BYTES;
export const CHUNKS: usize = FIRST_CHUNK + MAX_WINDOWS * 4;
/** The address of a window's total, or 0. */
export const TOTAL: usize = CHUNKS + MAX_WINDOWS * 4;

/** A byte for each status, and 2 for each index: `statuses.ts`. */
export const STATUS_INDEX: usize = TOTAL + MAX_WINDOWS * 4;
export const STATUS_OF_INDEX: usize = STATUS_INDEX + 512;

/* Counters: zero between two counts. */
export const REQUESTS: usize = STATUS_OF_INDEX + 64;
export const DURATIONS: usize = REQUESTS + STATUSES * 8;
/** By the index of a status: its milliseconds, and above them its requests, until one could overflow. */
export const PACKED: usize = DURATIONS + STATUSES * 8;
/** Requests by their milliseconds. */
export const MILLISECONDS: usize = (PACKED + OTHER * 8 + 63) & ~63;
export const COUNTS: usize = MILLISECONDS + (NO_DURATION + 1) * 4;
/** A byte for each 64 buckets, not zero where one of them is. Up to a multiple of 8 bytes. */
export const TOUCHED: usize = COUNTS + ((BUCKETS + 63) / 64) * 64 * 4;
export const TOUCHED_BYTES: u32 = ((BUCKETS + 63) / 64 + 7) & ~7;

/* Results of counting. */
export const STATUS_RESULT: usize = TOUCHED + TOUCHED_BYTES;
export const REQUESTS_RESULT: usize = STATUS_RESULT + STATUSES * 8;
export const DURATION_RESULT: usize = REQUESTS_RESULT + STATUSES * 8;
export const BUCKET_RESULT: usize = DURATION_RESULT + STATUSES * 8;
export const COUNT_RESULT: usize = BUCKET_RESULT + BUCKETS * 4;
/** The histogram as `VarintWriter.histogram` of `statistics/varints.ts` writes it; at most 10 bytes a bucket. */
export const ENCODED_RESULT: usize = COUNT_RESULT + BUCKETS * 8;

/** A total that leaves the kernel, or comes in. It lies where the results have their buckets, which nobody needs then. */
export const TOTAL_RESULT: usize = BUCKET_RESULT;
export const TOTAL_RESULT_END: usize = ENCODED_RESULT;

/** The pool of chunks; behind it, the area of totals. */
export const POOL: usize = (ENCODED_RESULT + BUCKETS * 10 + 63) & ~63;
/** Bytes of the largest chunk. */
export const MAX_CHUNK_BYTES: u32 = 256;

/** Bytes of a window's first, second and each further chunk; the first word is the address of the next one. */
// @ts-ignore: decorator
@inline
export function chunkBytes(number: u32): u32 {
  return number == 0 ? 32 : number == 1 ? 128 : MAX_CHUNK_BYTES;
}
