/** Reads lines of `label:value` with tabs between them. */

import { isComplete, readLeaf } from './leaf';
import { bitOf, entryOf, wordOf } from './names';
import { endOfRecord } from './pattern-runner';
import { INSTRUCTIONS, terminatorOf } from './instructions';
import { setSpan } from './rules';

const TAB: u32 = 0x09;
const COLON: u32 = 0x3a;
const BACKSLASH: u32 = 0x5c;

export function readLtsv(p: usize): usize {
  let seen: u64 = 0;
  while (true) {
    const label = p;
    while (isOfLabel(load<u8>(p))) p++;
    // An empty field and an empty label are not plain.
    if (<u32>load<u8>(p) != COLON || p == label) return 0;
    const entry = entryOf(INSTRUCTIONS, label, p);
    const start = ++p;
    let hasBackslash = false;
    while (<u32>load<u8>(p) >= 0x20) {
      if (<u32>load<u8>(p) == BACKSLASH) hasBackslash = true;
      p++;
    }
    if (entry != 0) {
      if ((seen & bitOf(entry)) != 0 || start == p || hasBackslash) return 0;
      seen |= bitOf(entry);
      const word = wordOf(entry);
      if (!readLeaf(word, start, p)) return 0;
      if (terminatorOf(word) != 0) setSpan(word, start, p);
    }
    if (<u32>load<u8>(p) != TAB) break;
    p++;
  }
  return isComplete(seen) ? endOfRecord(p) : 0;
}

/** True for letters, digits, `_`, `.` and `-`. */
// @ts-ignore: decorator
@inline
function isOfLabel(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x5f || byte == 0x2e || byte == 0x2d;
}
