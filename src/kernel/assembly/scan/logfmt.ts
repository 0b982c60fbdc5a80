/** Reads lines of `key=value`. */

import { isComplete, readLeaf } from './leaf';
import { bitOf, entryOf, wordOf } from './names';
import { endOfRecord } from './pattern-runner';
import { INSTRUCTIONS, terminatorOf } from './instructions';
import { setSpan } from './rules';
import { endOfQuoted } from './search';

const QUOTE: u32 = 0x22;
const EQUALS: u32 = 0x3d;
const BACKSLASH: u32 = 0x5c;

export function readLogfmt(p: usize): usize {
  let seen: u64 = 0;
  while (true) {
    while (load<u8>(p) == 0x20 || load<u8>(p) == 0x09) p++;
    if (load<u8>(p) < 0x20) break;
    const key = p;
    while (isOfKey(load<u8>(p))) p++;
    // A key without a value, an empty key, and a quote in a key are not plain.
    if (<u32>load<u8>(p) != EQUALS || p == key) return 0;
    const entry = entryOf(INSTRUCTIONS, key, p);
    const isQuoted = <u32>load<u8>(++p) == QUOTE;
    const start = isQuoted ? p + 1 : p;
    const end = isQuoted ? endOfQuoted(start) : endOfBare(start);
    if (isQuoted && <u32>load<u8>(end) != QUOTE) return 0;
    p = isQuoted ? end + 1 : end;
    if (load<u8>(p) > 0x20) return 0;
    if (entry == 0) continue;
    if ((seen & bitOf(entry)) != 0 || start == end || hasBackslash(start, end)) return 0;
    seen |= bitOf(entry);
    const word = wordOf(entry);
    if (!readLeaf(word, start, end)) return 0;
    if (terminatorOf(word) != 0) setSpan(word, start, end);
  }
  return isComplete(seen) ? endOfRecord(p) : 0;
}

// @ts-ignore: decorator
@inline
function isOfKey(byte: u32): bool {
  return byte > 0x20 && byte != EQUALS && byte != QUOTE;
}

/** The first byte that is a space, a control character or a quote. */
// @ts-ignore: decorator
@inline
function endOfBare(p: usize): usize {
  while (<u32>load<u8>(p) > 0x20 && <u32>load<u8>(p) != QUOTE) p++;
  return p;
}

function hasBackslash(p: usize, end: usize): bool {
  for (; p < end; p++) if (<u32>load<u8>(p) == BACKSLASH) return true;
  return false;
}
