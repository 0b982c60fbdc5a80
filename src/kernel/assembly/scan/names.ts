/**
 * Looks up the names of fields that a format needs.
 *
 * A node has a head of 16 bytes: the lengths of its names (u64, one bit each) and how many there are (u32). Each name
 * then has an entry of 32 bytes: the first 8 bytes of the name (u64), its length, the address of its bytes, the node
 * below it, 0 or NOTED_NODE, the word of its instruction (u32 each), and its bit in the mask of seen fields (u64).
 */

import { isEqual, lowest } from './customers';
import { LEARNED, LEARNED_BYTES, LEARNED_NAMES } from './scan-memory';

const ENTRIES: usize = 16;
const ENTRY_BYTES: usize = 32;

/** The entry of the name `[name, end)`; 0 where the format does not need it. */
export function entryOf(node: usize, name: usize, end: usize): usize {
  const length = <u32>(end - name);
  if (length - 1 > 62 || ((load<u64>(node) >> length) & 1) == 0) return 0;
  const first = lowest(name, min(length, 8));
  const last = node + ENTRIES + <usize>load<u32>(node, 8) * ENTRY_BYTES;
  for (let entry = node + ENTRIES; entry < last; entry += ENTRY_BYTES) {
    if (load<u64>(entry) != first || load<u32>(entry, 8) != length) continue;
    if (length <= 8 || isEqual(load<u32>(entry, 12), name, length)) return entry;
  }
  return 0;
}

/** Stands for the node of a field that rules look at. Such a field has no node of its own. */
export const NOTED_NODE: usize = 1;

// @ts-ignore: decorator
@inline
export function nodeOf(entry: usize): usize {
  return load<u32>(entry, 16);
}

// @ts-ignore: decorator
@inline
export function wordOf(entry: usize): u32 {
  return load<u32>(entry, 20);
}

// @ts-ignore: decorator
@inline
export function bitOf(entry: usize): u64 {
  return load<u64>(entry, 24);
}

/*
 * Most lines of a log have the same names in the same order. So each name is first compared with the name that stood
 * at the same place in earlier lines. For each place the table keeps: 16 bytes with the name, its quote and its
 * colon; a mask of the bytes that count; and the node, the entry and the number of bytes (u32 each).
 */

const MASK: usize = 16;
const NODE: usize = 32;
const ENTRY: usize = 36;
const BYTES: usize = 40;
const QUOTE_AND_COLON: u32 = 2;

export function forgetNames(): void {
  memory.fill(LEARNED, 0, <usize>LEARNED_NAMES * LEARNED_BYTES);
}

/** True where the name at an address, in a node, is the one that stood at this place in earlier lines. */
// @ts-ignore: decorator
@inline
export function isLearned(place: u32, node: usize, name: usize): bool {
  const learned = LEARNED + <usize>place * LEARNED_BYTES;
  if (place >= LEARNED_NAMES || load<u32>(learned + NODE) != <u32>node) return false;
  const differences = v128.xor(v128.load(name), v128.load(learned));
  return !v128.any_true(v128.and(differences, v128.load(learned + MASK)));
}

// @ts-ignore: decorator
@inline
export function learnedEntry(place: u32): usize {
  return load<u32>(LEARNED + <usize>place * LEARNED_BYTES + ENTRY);
}

/** The bytes of the name, its quote and its colon. */
// @ts-ignore: decorator
@inline
export function learnedBytes(place: u32): usize {
  return load<u32>(LEARNED + <usize>place * LEARNED_BYTES + BYTES);
}

/**
 * Remembers a name of `length` bytes, followed by a quote and a colon, for this place. Does nothing where it is too
 * long.
 */
export function learn(place: u32, node: usize, name: usize, length: u32, entry: usize): void {
  const bytes = length + QUOTE_AND_COLON;
  if (place >= LEARNED_NAMES || bytes > 16) return;
  const learned = LEARNED + <usize>place * LEARNED_BYTES;
  v128.store(learned, v128.load(name));
  memory.fill(learned + MASK, 0, 16);
  memory.fill(learned + MASK, 0xff, bytes);
  store<u32>(learned + NODE, <u32>node);
  store<u32>(learned + ENTRY, <u32>entry);
  store<u32>(learned + BYTES, bytes);
}
