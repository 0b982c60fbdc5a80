/**
 * The memory of the windows, from low to high addresses, and the form of a record in it. It follows the scanner's
 * memory.
 */

import { INPUT, INPUT_BYTES, MAX_CUSTOMERS, ROWS } from '../scan/scan-memory';

export const MAX_WINDOWS: u32 = 131_072;
/** Durations that one count holds beside those of MILLISECONDS. Beyond it, it gives its results in pieces. */
export const MAX_OTHERS: u32 = 65_536;
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
/** The number of its span; see `setSpan` in `insert.ts`. */
export const SPAN: usize = 4;
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

/** One byte a window: 1 where its subject is an endpoint. */
export const OF_ENDPOINT: usize = TOTAL + MAX_WINDOWS * 4;
/** For each subject, the span and the cell (u32 each) of the window that took its last record; 0: none. */
export const LAST_CELLS: usize = (OF_ENDPOINT + MAX_WINDOWS + 63) & ~63;

/** One byte for each place of a status, and 2 for each small number; see `statuses.ts`. */
export const STATUS_INDEX: usize = LAST_CELLS + <usize>MAX_CUSTOMERS * 8;
export const PLACE_OF_INDEX: usize = STATUS_INDEX + 512;

/* The counters are zero between two counts. */
export const REQUESTS: usize = PLACE_OF_INDEX + 64;
export const DURATIONS: usize = REQUESTS + STATUSES * 8;
/**
 * For each small number of a status: its milliseconds, and its requests above them. Unpacked before they can
 * overflow.
 */
export const PACKED: usize = DURATIONS + STATUSES * 8;
/** Requests for each millisecond below NO_DURATION. */
export const MILLISECONDS: usize = (PACKED + OTHER * 8 + 63) & ~63;
/** All other durations, 16 bytes each: µs and requests (u64 each). Sorting them takes a second area. */
export const OTHERS: usize = MILLISECONDS + (NO_DURATION + 1) * 4;
export const SPARE_OTHERS: usize = OTHERS + MAX_OTHERS * 16;

/* The results of a count. Those of durations stand in two lists: whole milliseconds, and other numbers of µs. */
export const STATUS_RESULT: usize = SPARE_OTHERS + MAX_OTHERS * 16;
export const REQUESTS_RESULT: usize = STATUS_RESULT + STATUSES * 8;
export const DURATION_RESULT: usize = REQUESTS_RESULT + STATUSES * 8;
const MAX_MS: u32 = NO_DURATION + 1 + MAX_OTHERS;
export const MS_RESULT: usize = DURATION_RESULT + STATUSES * 8;
/**
 * Of a walk through an encoded state, which makes no lists meanwhile: 24 bytes for each 32 durations, and a state has fewer durations
 * than bytes (MAX_STATE_BYTES).
 */
export const MARKS: usize = MS_RESULT;
export const MS_COUNTS_RESULT: usize = MS_RESULT + MAX_MS * 8;
export const US_RESULT: usize = MS_COUNTS_RESULT + MAX_MS * 8;
export const US_COUNTS_RESULT: usize = US_RESULT + MAX_OTHERS * 8;
/** The lists as `VarintWriter.counts` of `statistics/varints.ts` writes them. A value takes at most 11 bytes. */
export const ENCODED_MS: usize = US_COUNTS_RESULT + MAX_OTHERS * 8;
export const ENCODED_US: usize = ENCODED_MS + MAX_MS * 11;

/** A total that enters or leaves the kernel. It lies over the lists, which are not needed at that time. */
export const TOTAL_RESULT: usize = MS_RESULT;
export const TOTAL_RESULT_END: usize = ENCODED_MS;

/**
 * Lines by day; see `days.ts`. Each day since 1970 whose seconds fit in 32 bits has a place: lines, and the address behind
 * the last one (8 bytes); the positions of the first one, and behind the last one (8 bytes each).
 */
export const PLACED_DAYS: u32 = 49_712;
export const DAY_LINES: usize = (ENCODED_US + MAX_OTHERS * 11 + 63) & ~63;
export const DAY_BEGINS: usize = DAY_LINES + <usize>PLACED_DAYS * 8;
export const DAY_ENDS: usize = DAY_BEGINS + <usize>PLACED_DAYS * 8;
/** The days that have lines, in the order in which they came. */
export const USED_DAYS: usize = DAY_ENDS + <usize>PLACED_DAYS * 8;
/** Other days: day, lines, and two positions each. Twice as many as one record batch can have. */
export const OTHER_DAYS: usize = USED_DAYS + <usize>PLACED_DAYS * 4;
export const OTHER_DAY_BYTES: usize = 24;
export const MAX_OTHER_DAYS: u32 = 2 * ROWS;

/**
 * Records whose windows are still to be found; see `insert.ts`. Each has its customer, its endpoint, its second, and its status'
 * place below its milliseconds (u32 each).
 */
export const PENDING: usize = (OTHER_DAYS + <usize>MAX_OTHER_DAYS * OTHER_DAY_BYTES + 63) & ~63;
export const PENDING_BYTES: usize = 16;
export const MAX_PENDING: u32 = 512;

/** The key of the next entry; see `entries.ts`. */
export const ENTRY_KEY: usize = (PENDING + <usize>MAX_PENDING * PENDING_BYTES + 63) & ~63;
export const MAX_KEY_BYTES: u32 = 1024;
/** Entries. Behind ENTRIES_BYTES there is room for one more. */
export const ENTRIES: usize = ENTRY_KEY + MAX_KEY_BYTES + 64;
export const ENTRIES_BYTES: usize = 256 * 1024;
const ENTRY_ROOM: usize = 72 * 1024;

/** The pool of chunks. The area of totals follows it. */
export const POOL: usize = (ENTRIES + ENTRIES_BYTES + ENTRY_ROOM + 63) & ~63;
/** The bytes of the largest chunk. */
export const MAX_CHUNK_BYTES: u32 = 256;

/**
 * The bytes of a window's chunks: 32, 64, 128, then 256 each. A chunk begins with the address of the next one. A log in random
 * order has tens of thousands of windows with some dozens of records each, and what a commit covers depends on their room.
 */
// @ts-ignore: decorator
@inline
export function chunkBytes(number: u32): u32 {
  return number > 2 ? MAX_CHUNK_BYTES : 32 << number;
}
