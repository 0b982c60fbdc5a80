/** The counters of one window. They are zero between two counts. */

import { addOther, countMillisecond, hasRoom, MILLISECONDS_END } from './others';
import { placeOfIndex } from './statuses';
import {
  CELL_BYTES,
  CELLS,
  chunkBytes,
  CURSOR,
  DURATION_BITS,
  DURATIONS,
  FIRST_CHUNK,
  KIND_SHIFT,
  LONG,
  MAX_CHUNK_BYTES,
  MILLISECONDS,
  NO_DURATION,
  NONE,
  OTHER,
  PACKED,
  REQUESTS,
  VOID,
} from './window-memory';

const PACKED_BITS: u64 = 44;
/** So many durations below 2^11 ms sum up to less than 2^44. So many requests are less than 2^20. */
const MAX_PACKED: u32 = (1 << 20) - 1;

/** The records with their own durations in a chunk: each takes three words. */
const MAX_OTHERS_A_CHUNK: u32 = MAX_CHUNK_BYTES / 6;

/* The chunk to count next, or 0; its number; and the end of the last one. */
let chunk: usize = 0;
let number: u32 = 0;
let end: usize = 0;

/** Begins with the chunks of a window. */
export function beginChunks(window: u32): void {
  chunk = load<u32>(FIRST_CHUNK + (window << 2));
  number = 0;
  end = load<u32>(CELLS + <usize>window * CELL_BYTES + CURSOR);
}

/** At least as many records as the packed counters hold. */
let packedRecords: u32 = 0;

/** Counts the records in the chunks, as far as there is room. @returns true where all are counted. */
export function countChunks(): bool {
  for (; chunk != 0 && hasRoom(MAX_OTHERS_A_CHUNK); number++) {
    if (packedRecords + MAX_CHUNK_BYTES / 2 > MAX_PACKED) unpack();
    packedRecords += MAX_CHUNK_BYTES / 2;
    const next: usize = load<u32>(chunk);
    countWords(chunk + 4, next == 0 ? end : chunk + chunkBytes(number));
    chunk = next;
  }
  return chunk == 0;
}

function countWords(from: usize, to: usize): void {
  for (let at = from; at < to; at += 2) {
    const word = <u32>load<u16>(at);
    if (word >= OTHER << DURATION_BITS) {
      at = countOther(word, at, to);
      continue;
    }
    const duration = word & NO_DURATION;
    const packed = PACKED + (<usize>(word >> DURATION_BITS) << 3);
    if (duration == NO_DURATION) {
      store<u64>(packed, load<u64>(packed) + ((<u64>1) << PACKED_BITS));
      continue;
    }
    store<u64>(packed, load<u64>(packed) + (((<u64>1) << PACKED_BITS) | duration));
    const counter = MILLISECONDS + (<usize>duration << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
}

/** Counts the record of a word with OTHER. @returns the address of the record's last word. */
function countOther(word: u32, at: usize, to: usize): usize {
  const kind = (word >> KIND_SHIFT) & 3;
  if (kind == VOID) return to;
  const place: usize = (word & ((1 << KIND_SHIFT) - 1)) << 3;
  store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + 1);
  if (kind == NONE) return at;
  const duration = kind == LONG ? load<u64>(at + 2) : <u64>load<u32>(at + 2);
  store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + duration);
  countDuration(duration, 1);
  return kind == LONG ? at + 8 : at + 4;
}

// @ts-ignore: decorator
@inline
export function countDuration(us: u64, count: u32): void {
  const ms = us < MILLISECONDS_END ? <u32>us / 1000 : 0;
  if (us == <u64>(ms * 1000)) countMillisecond(ms, count);
  else addOther(us, count);
}

/**
 * Adds the packed counters to requests and durations. That is done once for all windows that are counted together: very many of them
 * have a record or two.
 */
export function unpack(): void {
  packedRecords = 0;
  for (let index: u32 = 0; index < OTHER; index++) {
    const packed = load<u64>(PACKED + (index << 3));
    if (packed == 0) continue;
    const place: usize = placeOfIndex(index) << 3;
    const us = (packed & (((<u64>1) << PACKED_BITS) - 1)) * 1000;
    store<u64>(REQUESTS + place, load<u64>(REQUESTS + place) + (packed >> PACKED_BITS));
    store<u64>(DURATIONS + place, load<u64>(DURATIONS + place) + us);
    store<u64>(PACKED + (index << 3), 0);
  }
}

export function forgetMilliseconds(): void {
  memory.fill(MILLISECONDS, 0, (NO_DURATION + 1) << 2);
}
