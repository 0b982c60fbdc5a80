/**
 * Finds the template that a path fits. `log-format/endpoints/template-tree.ts` defines it, and `log-format/compile/endpoint-tree.ts`
 * writes the tree.
 *
 * A node has 20 bytes (u32 each): how many texts lead on from it, the address of their entries, the node below any segment or 0,
 * whether segments with a text and a parameter lead on from it, and the address of its ends or 0. An entry of a text has 24 bytes:
 * its first 8 bytes (u64), its length, its address, the node below it, and nothing (u32 each). The ends have, for each method and
 * for none, the address and the length of the endpoint's text, or 0 (u32 each).
 */

import { isEqual, lowest } from './customers';

const ENTRY_BYTES: usize = 24;
const SLASH: u32 = 0x2f;
/** Behind the methods: the endpoint of a request whose method is not known. */
const NO_METHOD_END: u32 = 9;

export let matchedText: usize = 0;
/** 0: the kernel cannot tell. */
export let matchedTextBytes: usize = 0;

let isUntold: bool = false;

/** @param method its number; above those of all where there is none. @returns true where a template fits, or that cannot be told. */
export function isMatchingTree(tree: usize, method: u32, p: usize, end: usize): bool {
  matchedTextBytes = 0;
  isUntold = false;
  if (!isPlain(p, end)) return true;
  return isMatching(tree, min(method, NO_METHOD_END), p, end) || isUntold;
}

/** False where a byte would be encoded, or is part of an escape. */
function isPlain(p: usize, end: usize): bool {
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte - 0x21 > 0x5d || byte == 0x25 || byte == 0x7b || byte == 0x7d) return false;
  }
  return true;
}

/** Each node of the tree is looked at once at most, because only one path leads to it. */
function isMatching(node: usize, method: u32, p: usize, end: usize): bool {
  while (p < end && <u32>load<u8>(p) == SLASH) p++;
  if (p == end) return isEnd(load<u32>(node, 16), method);
  const start = p;
  while (p < end && <u32>load<u8>(p) != SLASH) p++;
  const child = childOf(node, start, <u32>(p - start));
  if (child != 0 && isMatching(child, method, p, end)) return true;
  if (load<u32>(node, 12) != 0) isUntold = true;
  if (isUntold) return false;
  const any: usize = load<u32>(node, 8);
  return any != 0 && isMatching(any, method, p, end);
}

function childOf(node: usize, text: usize, length: u32): usize {
  const first = lowest(text, min(length, 8));
  let entry: usize = load<u32>(node, 4);
  for (let left = load<u32>(node); left > 0; left--) {
    const isSame = load<u64>(entry) == first && load<u32>(entry, 8) == length;
    if (isSame && (length <= 8 || isEqual(load<u32>(entry, 12), text, length))) return load<u32>(entry, 16);
    entry += ENTRY_BYTES;
  }
  return 0;
}

function isEnd(ends: usize, method: u32): bool {
  if (ends == 0) return false;
  const end = ends + (<usize>method << 3);
  matchedText = load<u32>(end);
  matchedTextBytes = load<u32>(end, 4);
  return matchedTextBytes != 0;
}
