/**
 * The names of fields that a format asks for. A node: the lengths of its names (u64, a bit each), their number (u32);
 * then 32 bytes each: its first 8 bytes (u64), length, address of its bytes, the node below it or 0, the step's word
 * (u32 each), and its bit in the mask of what was seen (u64).
 */

import { isEqual, lowest } from './customers';

const ENTRIES: usize = 16;
const ENTRY_BYTES: usize = 32;

/** The entry of the name `[name, end)`; 0 where nobody asks for it. */
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
