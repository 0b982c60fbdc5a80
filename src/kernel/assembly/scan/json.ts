/**
 * Reads lines that are JSON objects. It skips values that the format does not need, but still checks their structure.
 */

import { isComplete, readLeaf, readMissing, readTextLeaf } from './leaf';
import {
  bitOf,
  entryOf,
  forgetNames,
  isLearned,
  learn,
  learnedBytes,
  learnedEntry,
  nodeOf,
  NOTED_NODE,
  wordOf,
} from './names';
import { durationOf, statusCode } from './numbers';
import { endOfRecord } from './pattern-runner';
import {
  opcodeOf,
  CUSTOMER,
  DURATION,
  EPOCH,
  exponentOf,
  ISO8601,
  isNew,
  OPTIONAL,
  PATH,
  setRunning,
  STATUS,
  INSTRUCTIONS,
  SUM,
} from './instructions';
import { setSpan } from './rules';
import { endOfName, endOfQuoted, endOfText } from './search';
import { iso8601 } from './timestamps';

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const POINT: u32 = 0x2e;
const COLON: u32 = 0x3a;
const OPEN_ARRAY: u32 = 0x5b;
const CLOSE_ARRAY: u32 = 0x5d;
const OPEN_OBJECT: u32 = 0x7b;
const CLOSE_OBJECT: u32 = 0x7d;
/** A line with deeper nesting is not plain. */
const MAX_DEPTH: u32 = 64;

/** The needed fields that the line has so far, one bit each. A line with the same name twice is not plain. */
let seen: u64 = 0;

/** How many names of the line were read so far. */
let place: u32 = 0;

export function readJson(p: usize): usize {
  if (isNew()) {
    forgetNames();
    setRunning();
  }
  seen = 0;
  place = 0;
  p = object(spaces(p), INSTRUCTIONS);
  if (p == 0 || !isComplete(seen)) return 0;
  return endOfRecord(spaces(p));
}

// @ts-ignore: decorator
@inline
function spaces(p: usize): usize {
  return <u32>load<u8>(p) > 0x20 ? p : behindSpaces(p);
}

function behindSpaces(p: usize): usize {
  while (load<u8>(p) == 0x20 || load<u8>(p) == 0x09) p++;
  return p;
}

/** Reads the object at `p`. @param node the names that are needed in it. */
function object(p: usize, node: usize): usize {
  if (<u32>load<u8>(p) != OPEN_OBJECT) return 0;
  p = spaces(p + 1);
  if (<u32>load<u8>(p) == CLOSE_OBJECT) return p + 1;
  while (true) {
    if (<u32>load<u8>(p) != QUOTE) return 0;
    let entry: usize = 0;
    if (isLearned(place, node, p + 1)) {
      entry = learnedEntry(place);
      p += 1 + learnedBytes(place);
    } else {
      const name = p + 1;
      const nameEnd = endOfName(name);
      if (<u32>load<u8>(nameEnd) != QUOTE) return 0;
      p = spaces(nameEnd + 1);
      if (<u32>load<u8>(p) != COLON) return 0;
      entry = entryOf(node, name, nameEnd);
      if (p == nameEnd + 1) learn(place, node, name, <u32>(nameEnd - name), entry);
      p++;
    }
    place++;
    p = spaces(p);
    p = entry == 0 ? skipValue(p) : value(p, entry);
    if (p == 0) return 0;
    p = spaces(p);
    const next = <u32>load<u8>(p);
    if (next != COMMA) return next == CLOSE_OBJECT ? p + 1 : 0;
    p = spaces(p + 1);
  }
}

/** Reads a value that is needed. */
function value(p: usize, entry: usize): usize {
  const bit = bitOf(entry);
  if ((seen & bit) != 0) return 0;
  seen |= bit;
  const node = nodeOf(entry);
  if (node == 0) return leaf(p, wordOf(entry));
  return node == NOTED_NODE ? notedLeaf(p, wordOf(entry)) : object(p, node);
}

/** Reads a field that rules look at, and notes where its text or number is. */
function notedLeaf(p: usize, word: u32): usize {
  const end = leaf(p, word);
  if (end == 0) return 0;
  const first = <u32>load<u8>(p);
  const quotes: usize = first == QUOTE ? 1 : first == OPEN_ARRAY ? 2 : 0;
  // `null` means that there is no value.
  if (first != 0x6e) setSpan(word, p + quotes, end - quotes);
  return end;
}

// @ts-ignore: decorator
@inline
function leaf(p: usize, word: u32): usize {
  const first = <u32>load<u8>(p);
  if (first == QUOTE) return text(p, word);
  if (first == OPEN_ARRAY) return onlyElement(p + 1, word);
  if (first - 0x30 <= 9) {
    const code = opcodeOf(word);
    if (code == STATUS) return behindNumber(statusCode(p));
    if (code == DURATION)
      return behindNumber(durationOf(p, exponentOf(word), (word & OPTIONAL) != 0, (word & SUM) != 0));
  }
  if (first == 0x6e) return isNull(p) && readMissing(word) ? p + 4 : 0;
  const end = endOfScalar(p);
  return isNumber(p, end, word) && readLeaf(word, p, end) ? end : 0;
}

/** The address behind a number; 0 where the number goes on. */
// @ts-ignore: decorator
@inline
function behindNumber(end: usize): usize {
  const next = <u32>load<u8>(end);
  return end != 0 && (next == COMMA || next == CLOSE_OBJECT || next == 0x20) ? end : 0;
}

/** False for signs, exponents, words, and fractions where a text is needed: the reference parser reads those. */
function isNumber(p: usize, end: usize, word: u32): bool {
  const code = opcodeOf(word);
  const mayHavePoint = code == DURATION || code == EPOCH;
  if (p == end || <u32>load<u8>(p) == POINT) return false;
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte - 0x30 > 9 && !(mayHavePoint && byte == POINT)) return false;
  }
  return true;
}

/** Reads `"text"]`. */
function onlyElement(p: usize, word: u32): usize {
  if (<u32>load<u8>(p) != QUOTE) return 0;
  const end = text(p, word);
  return end != 0 && <u32>load<u8>(end) == CLOSE_ARRAY ? end + 1 : 0;
}

function text(p: usize, word: u32): usize {
  const code = opcodeOf(word);
  if (code == ISO8601 && load<u8>(p, 11) >= 0x20) {
    const end = iso8601(p + 1);
    return end != 0 && <u32>load<u8>(end) == QUOTE ? end + 1 : 0;
  }
  if (code == CUSTOMER || code == PATH) {
    const end = endOfText(p + 1, QUOTE);
    return <u32>load<u8>(end) == QUOTE && readTextLeaf(word, p + 1, end) ? end + 1 : 0;
  }
  const end = endOfName(p + 1);
  return <u32>load<u8>(end) == QUOTE && readLeaf(word, p + 1, end) ? end + 1 : 0;
}

function isNull(p: usize): bool {
  return load<u32>(p) == 0x6c6c756e && endOfScalar(p) == p + 4;
}

/** Skips letters, digits, `+`, `-` and `.`, which numbers, `true`, `false` and `null` are made of. */
// @ts-ignore: decorator
@inline
function endOfScalar(p: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte - 0x30 > 9 && (byte | 0x20) - 0x61 > 25 && byte != 0x2b && byte != 0x2d && byte != 0x2e) return p;
    p++;
  }
}

/** Skips a value. @returns the address behind it; 0 where it is not plain. */
export function skipValue(p: usize): usize {
  const first = <u32>load<u8>(p);
  if (first == QUOTE) return skipText(p);
  if (first == OPEN_OBJECT || first == OPEN_ARRAY) return skipNested(p);
  const end = endOfScalar(p);
  return end == p ? 0 : end;
}

// @ts-ignore: decorator
@inline
function skipText(p: usize): usize {
  const end = endOfQuoted(p + 1);
  return <u32>load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** Skips an object or an array. `kinds` has one bit for each open bracket: 1 for an object. */
function skipNested(p: usize): usize {
  let kinds: u64 = 0;
  let depth: u32 = 0;
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte == QUOTE) {
      p = skipText(p);
      if (p == 0) return 0;
      continue;
    }
    if (byte < 0x20 && byte != 0x09) return 0;
    if (byte == OPEN_OBJECT || byte == OPEN_ARRAY) {
      if (++depth == MAX_DEPTH) return 0;
      kinds = (kinds << 1) | u64(byte == OPEN_OBJECT);
    } else if (byte == CLOSE_OBJECT || byte == CLOSE_ARRAY) {
      if ((kinds & 1) != u64(byte == CLOSE_OBJECT)) return 0;
      kinds >>= 1;
      if (--depth == 0) return p + 1;
    }
    p++;
  }
}
