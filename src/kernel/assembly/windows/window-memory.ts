/**
 * The memory of the windows, from low to high addresses, and the form of a record in it. It follows the scanner's
 * memory.
 */

import { INPUT, INPUT_BYTES } from '../scan/scan-memory';

export const MAX_WINDOWS: u32 = 131_072;
export const BUCKETS: u32 = 73_000;
/** The places of statuses; see `statuses.ts`. */
export const STATUSES: u32 = 501;

/*
 * A record is a word of 16 bits: the small number of its status (`statuses.ts`) above its duration in ms, or above
 * NO_DURATION.
 *
 * Where that does not fit, the number is OTHER, and the rest of the word is a kind above the place of the status. The
 * duration in µs follows SHORT in two words and LONG in four words of the same chunk. NONE has no duration. VOID ends
 * a chunk early.
 *
 * Most logs write milliseconds. Words of 32 bits for all records took twice the memory, so twice as many cache misses
 * and compactions.
 */
export const DURATION_BITS: u32 = 11;
export const NO_DURATION: u32 = 0x7ff;
export const OTHER: u32 = 31;
export const KIND_SHIFT: u32 = 9;
export const SHORT: u32 = 0;
export const LONG: u32 = 1;
export const NONE: u32 = 2;
export const VOID: u32 = 3;

/** Slots of a hash table by window key. A slot holds the number of a window plus 1, or 0. */
export const SLOTS: usize = (INPUT + INPUT_BYTES + 0xffff) & ~0xffff;
export const MIN_SLOT_BITS: u64 = 12;
export const MAX_SLOTS: u32 = 1 << 18;
/** 32 bytes a window, half a cache line: all that adding a record touches. */
export const CELLS: usize = SLOTS + MAX_SLOTS * 4;
export const CELL_BYTES: u32 = 32;
export const CUSTOMER: usize = 0;
export const DAY: usize = 4;
/** The address of the next free word, and the end of the current chunk. */
export const CURSOR: usize = 8;
export const CHUNK_END: usize = 12;
export const FIRST_EVENT: usize = 16;
export const LAST_EVENT: usize = 24;
/** The address of a window's first chunk or 0, and how many further chunks it has. */
export const FIRST_CHUNK: usize = CELLS + <usize>MAX_WINDOWS * CELL_BYTES;
export const CHUNKS: usize = FIRST_CHUNK + MAX_WINDOWS * 4;
/** The address of a window's total, or 0. */
export const TOTAL: usize = CHUNKS + MAX_WINDOWS * 4;

/** One byte for each place of a status, and 2 for each small number; see `statuses.ts`. */
export const STATUS_INDEX: usize = TOTAL + MAX_WINDOWS * 4;
export const PLACE_OF_INDEX: usize = STATUS_INDEX + 512;

/* The counters are zero between two counts. */
export const REQUESTS: usize = PLACE_OF_INDEX + 64;
export const DURATIONS: usize = REQUESTS + STATUSES * 8;
/**
 * For each small number of a status: its milliseconds, and its requests above them. Unpacked before they can
 * overflow.
 */
export const PACKED: usize = DURATIONS + STATUSES * 8;
/** Requests for each millisecond. */
export const MILLISECONDS: usize = (PACKED + OTHER * 8 + 63) & ~63;
export const COUNTS: usize = MILLISECONDS + (NO_DURATION + 1) * 4;
/** One byte for each 64 buckets, not zero where one of them is not zero. Padded to a multiple of 8 bytes. */
export const TOUCHED: usize = COUNTS + ((BUCKETS + 63) / 64) * 64 * 4;
export const TOUCHED_BYTES: u32 = ((BUCKETS + 63) / 64 + 7) & ~7;

/* The results of a count. */
export const STATUS_RESULT: usize = TOUCHED + TOUCHED_BYTES;
export const REQUESTS_RESULT: usize = STATUS_RESULT + STATUSES * 8;
export const DURATION_RESULT: usize = REQUESTS_RESULT + STATUSES * 8;
export const BUCKET_RESULT: usize = DURATION_RESULT + STATUSES * 8;
export const COUNT_RESULT: usize = BUCKET_RESULT + BUCKETS * 4;
/**
 * The histogram as `VarintWriter.histogram` of `statistics/varints.ts` writes it. A bucket takes at most 10 bytes.
 */
export const ENCODED_RESULT: usize = COUNT_RESULT + BUCKETS * 8;

/**
 * A total that enters or leaves the kernel. It lies over the results by bucket, which are not needed at that time.
 */
export const TOTAL_RESULT: usize = BUCKET_RESULT;
export const TOTAL_RESULT_END: usize = ENCODED_RESULT;

/** The pool of chunks. The area of totals follows it. */
export const POOL: usize = (ENCODED_RESULT + BUCKETS * 10 + 63) & ~63;
/** The bytes of the largest chunk. */
export const MAX_CHUNK_BYTES: u32 = 256;

/** The bytes of a window's first, second and each further chunk. A chunk begins with the address of the next one. */
// @ts-ignore: decorator
@inline
export function chunkBytes(number: u32): u32 {
  return number == 0 ? 32 : number == 1 ? 128 : MAX_CHUNK_BYTES;
}
