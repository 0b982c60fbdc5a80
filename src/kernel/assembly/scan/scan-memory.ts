/** The memory of the scanner, from low to high addresses, and the bounds of the kernel. */

export const ROWS: u32 = 4096;
export const MAX_CUSTOMERS: u32 = 131_072;
export const KEY_BYTES: u32 = 8 * 1024 * 1024;
export const INPUT_BYTES: u32 = 384 * 1024;
export const MAX_LINE_BYTES: u32 = 65_536;
export const MAX_CUSTOMER_ID_BYTES: u32 = 255;
export const MAX_DURATION_US: u64 = 86_400_000_000;

/** The compiled format; see `instructions.ts`. */
export const PROGRAM: usize = 0x1000;
export const PROGRAM_BYTES: u32 = 0x4000;
/**
 * Spans of local time, 24 bytes each: from (ms), to (ms), and what to add to get UTC (ms). A local time that occurs
 * twice or never, because clocks change, is in no span.
 */
export const ZONE: usize = PROGRAM + PROGRAM_BYTES;
export const MAX_ZONE_SPANS: u32 = 512;
export const ZONE_SPAN_BYTES: u32 = 24;
/** A place for customer ids that do not stand in the input as they are. An id written here can be interned. */
export const SCRATCH: usize = ZONE + MAX_ZONE_SPANS * ZONE_SPAN_BYTES;
export const SCRATCH_BYTES: u32 = 512;

/** A date and a time that are joined: at most HALF_BYTES each, what stands between them, and a newline. */
export const JOINED: usize = SCRATCH + SCRATCH_BYTES;
export const HALF_BYTES: usize = 40;
const JOINED_BYTES: usize = 96;

/** The names that earlier lines had at each place; see `names.ts`. */
export const LEARNED: usize = (JOINED + JOINED_BYTES + 15) & ~15;
export const LEARNED_NAMES: u32 = 32;
export const LEARNED_BYTES: usize = 48;

/** Where the fields that rules look at stand in the line: first and last address (u32 each) of each slot. */
export const SPANS: usize = LEARNED + <usize>LEARNED_NAMES * LEARNED_BYTES;
export const MAX_SPANS: u32 = 18;

export const FIRST_YEAR: u32 = 1970;
export const YEARS: u32 = 130;
/** The day of the first of each month since 1970-01, and of the month after the last. */
export const MONTHS: usize = SPANS + <usize>MAX_SPANS * 8;
/**
 * Dates that were read before, 16 bytes each: the 11 or 12 bytes before the time of day (the first 8, then the last
 * 4), and the second at which the date begins. A log has few dates and many lines of each, so nearly every date is
 * found here.
 */
export const DATES: usize = (MONTHS + (YEARS * 12 + 1) * 4 + 15) & ~15;
export const DATE_SLOTS: u64 = 1024;
/** Free slots hold it, too, so that bytes which happen to equal a free slot are no date. */
export const NO_DATE: u32 = 0xffffffff;

export const EVENT_TIMES: usize = DATES + <usize>DATE_SLOTS * 16;
export const CUSTOMERS: usize = EVENT_TIMES + ROWS * 8;
export const STATUSES: usize = CUSTOMERS + ROWS * 4;
export const DURATIONS: usize = STATUSES + ROWS * 4;
/** The number of the endpoint of a record's customer; negative where it has none. */
export const ENDPOINTS: usize = DURATIONS + ROWS * 8;
/** Where the line of a record begins and ends, as positions: numbers of bytes (f64 each). */
export const LINE_BEGINS: usize = ENDPOINTS + ROWS * 4;
export const LINE_ENDS: usize = LINE_BEGINS + ROWS * 8;
/** The key of an endpoint while it is made, and a segment of a path without its escapes. */
export const ENDPOINT_KEY: usize = LINE_ENDS + ROWS * 8;
const ENDPOINT_KEY_BYTES: usize = 1024;
export const SEGMENT: usize = ENDPOINT_KEY + ENDPOINT_KEY_BYTES;
const SEGMENT_BYTES: usize = 128;
/** What each byte means in a segment of a path; see `segments.ts`. */
export const BYTE_TRAITS: usize = SEGMENT + SEGMENT_BYTES;
const BYTE_TRAITS_BYTES: usize = 512;
/** Paths that were read before, and the numbers of their endpoints; see `known-paths.ts`. */
export const PATHS: usize = (BYTE_TRAITS + BYTE_TRAITS_BYTES + 63) & ~63;
export const PATH_SLOT_BITS: u64 = 10;
export const PATH_SLOTS: usize = 1 << 10;
export const PATH_SLOT_BYTES: usize = 48;
/**
 * 16 bytes a slot: the id itself where it has up to 8 bytes, else its hash; its length; the customer's number. Length
 * 0 marks a free slot. There are few slots at first, so that the used ones lie close together.
 */
export const SLOTS: usize = (PATHS + PATH_SLOTS * PATH_SLOT_BYTES + 15) & ~15;
export const MIN_SLOT_BITS: u64 = 9;
export const MAX_SLOTS: u32 = 1 << 18;
export const KEY_ADDRESSES: usize = SLOTS + <usize>MAX_SLOTS * 16;
/** A key: its length in 8 bytes, then its bytes, padded to a multiple of 8. */
export const KEYS: usize = KEY_ADDRESSES + MAX_CUSTOMERS * 4;
/** A line that does not stand in the input as it is, and what is written behind it, because 64 bytes are copied at once. */
export const UNWRAPPED: usize = KEYS + KEY_BYTES;
const UNWRAPPED_BYTES: usize = MAX_LINE_BYTES + 256;
/** The bytes before the input. The scanner keeps them there to take checksums of what precedes a position. */
export const HISTORY_BYTES: u32 = 64;
/** The templates of endpoints; see `endpoint-tree.ts`. */
export const ENDPOINT_TREE: usize = (UNWRAPPED + UNWRAPPED_BYTES + 15) & ~15;
export const ENDPOINT_TREE_BYTES: u32 = 1024 * 1024;
export const INPUT: usize = ENDPOINT_TREE + ENDPOINT_TREE_BYTES + HISTORY_BYTES;
