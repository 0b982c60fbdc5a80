/**
 * The durations of a window that MILLISECONDS does not count. They are gathered as they come, and sorted and combined
 * when they are many or needed. So a window of few takes little time. Too many distinct ones are kept less exactly.
 */

import { fits, valueAt } from './levels';
import { MAX_OTHERS, MILLISECONDS, NO_DURATION, OTHERS, SPARE_OTHERS } from './window-memory';

const ENTRY_BITS: usize = 4;
let entries: usize = OTHERS;
let spare: usize = SPARE_OTHERS;
export let others: u32 = 0;
/** How exactly they are kept; see `levels.ts`. */
export let level: u32 = 0;
/** How many there were when they were combined last. */
let combined: u32 = 0;

/** In µs: whole milliseconds from here on are not in MILLISECONDS. */
export const MILLISECONDS_END: u64 = <u64>NO_DURATION * 1000;

// @ts-ignore: decorator
@inline
export function countMillisecond(ms: u32, count: u32): void {
  const counter = MILLISECONDS + (<usize>ms << 2);
  store<u32>(counter, load<u32>(counter) + count);
}

/** The entry at an index, after {@link combine}. */
// @ts-ignore: decorator
@inline
export function otherAt(index: u32): usize {
  return entries + (<usize>index << ENTRY_BITS);
}

// @ts-ignore: decorator
@inline
export function addOther(us: u64, count: u64): void {
  const at = entries + (<usize>others << ENTRY_BITS);
  store<u64>(at, us);
  store<u64>(at, count, 8);
  others++;
}

export function forgetOthers(): void {
  others = 0;
  combined = 0;
  level = 0;
}

/** Says that durations which come now have this level. */
export function raiseLevel(to: u32): void {
  if (to <= level) return;
  level = to;
  combined = 0;
}

/**
 * True where there is room for more. After combining, half must be free: otherwise each of a few more would sort all of
 * them again.
 */
// @ts-ignore: decorator
@inline
export function hasRoom(more: u32): bool {
  return others + more <= MAX_OTHERS || makeRoom(more);
}

function makeRoom(more: u32): bool {
  combine();
  return others == 0 || (others <= MAX_OTHERS / 2 && others + more <= MAX_OTHERS);
}

/** Sorts the durations, combines equal ones, and finds the level that they need. */
export function combine(): void {
  if (others == combined) return;
  if (others > FEW) sortMany();
  else sortFew();
  if (level > 0) coarsen();
  combineEqual();
  while (others > FEW && !fits(level, distinctUs())) {
    level++;
    coarsen();
    combineEqual();
  }
  combined = others;
}

/** Gives the durations their values at the level. They stay in order. */
function coarsen(): void {
  const end = otherAt(others);
  others = 0;
  for (let at = entries; at < end; at += 16) {
    const us = valueAt(level, load<u64>(at));
    const count = load<u64>(at, 8);
    if (us < MILLISECONDS_END && us % 1000 == 0) countMillisecond(<u32>us / 1000, <u32>count);
    else addOther(us, count);
  }
}

/** The number of those that are no whole milliseconds. */
function distinctUs(): u32 {
  if (fits(level, others)) return others;
  let found: u32 = 0;
  const end = otherAt(others);
  for (let at = entries; at < end; at += 16) found += u32(load<u64>(at) % 1000 != 0);
  return found;
}

function combineEqual(): void {
  if (others == 0) return;
  let last = entries;
  const end = otherAt(others);
  for (let at = entries + 16; at < end; at += 16) {
    const us = load<u64>(at);
    if (us == load<u64>(last)) {
      store<u64>(last, load<u64>(last, 8) + load<u64>(at, 8), 8);
    } else {
      last += 16;
      store<u64>(last, us);
      store<u64>(last, load<u64>(at, 8), 8);
    }
  }
  others = <u32>((last + 16 - entries) >> ENTRY_BITS);
}

/** Up to so many are faster to insert one by one. */
const FEW: u32 = 24;

function sortFew(): void {
  for (let i: u32 = 1; i < others; i++) {
    const us = load<u64>(otherAt(i));
    const count = load<u64>(otherAt(i), 8);
    let to = otherAt(i);
    for (; to > entries && load<u64>(to - 16) > us; to -= 16) memory.copy(to, to - 16, 16);
    store<u64>(to, us);
    store<u64>(to, count, 8);
  }
}

/** Where the entries with each digit go. */
const PLACES: usize = memory.data(256 * 4, 16);

/** A radix sort, by one byte at a time from the lowest. */
function sortMany(): void {
  const end = otherAt(others);
  let bits: u64 = 0;
  for (let at = entries; at < end; at += 16) bits |= load<u64>(at);
  for (let shift: u64 = 0; bits >> shift != 0; shift += 8) sortByDigit(shift);
}

function sortByDigit(shift: u64): void {
  const end = otherAt(others);
  memory.fill(PLACES, 0, 256 * 4);
  for (let at = entries; at < end; at += 16) {
    const place = placeOf(load<u64>(at), shift);
    store<u32>(place, load<u32>(place) + 16);
  }
  let next: u32 = <u32>spare;
  for (let place = PLACES; place < PLACES + 256 * 4; place += 4) {
    const bytes = load<u32>(place);
    store<u32>(place, next);
    next += bytes;
  }
  for (let at = entries; at < end; at += 16) {
    const place = placeOf(load<u64>(at), shift);
    const to: usize = load<u32>(place);
    store<u32>(place, <u32>to + 16);
    v128.store(to, v128.load(at));
  }
  const sorted = spare;
  spare = entries;
  entries = sorted;
}

// @ts-ignore: decorator
@inline
function placeOf(us: u64, shift: u64): usize {
  return PLACES + ((<usize>(us >> shift) & 255) << 2);
}
