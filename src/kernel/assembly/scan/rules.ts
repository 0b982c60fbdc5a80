/**
 * Says whether the rules (EXCLUDE, INCLUDE) exclude a line. `log-format/rules/rule-judge.ts` defines it.
 *
 * The rules have a head of 16 bytes: the number of conditions of EXCLUDE, that of INCLUDE, the number of slots, and
 * whether a backslash in a field is not plain (u32 each). Each condition has 16 bytes: a word with its kind, slot, part
 * (a byte each) and whether it is the last of its rule; then two values (u32 each) that depend on the kind:
 * - a text has the address of a glob: the number of its pieces and whether it ignores case (u32 each), then the length
 *   and the address of each piece (u32 each). What stands between two pieces may be anything.
 * - a status has the address of a set with one bit for each status.
 * - a client has the bits of a network of IPv4, and a mask.
 */

import { terminatorOf } from './instructions';
import { status } from './record';
import { MAX_SPANS, SPANS } from './scan-memory';
import { endOfName } from './search';

/** The line counts. */
const COUNTS: u32 = 0;
export const EXCLUDED: u32 = 1;
export const NOT_PLAIN: u32 = 2;

const TEXT: u32 = 0;
const STATUS: u32 = 1;
const CLIENT: u32 = 2;
const IS_LAST: u32 = 0x1000000;

const PATH: u32 = 1;
const METHOD_OF_REQUEST: u32 = 2;
const PATH_OF_REQUEST: u32 = 3;

const HEAD_BYTES: usize = 16;
const CONDITION_BYTES: usize = 16;
const BACKSLASH: u32 = 0x5c;
const SPACE: u32 = 0x20;

/** True where a condition cannot be told from what is plain. */
let isOdd: bool = false;

/** Begins a line: fields that it does not have are empty. */
export function forgetSpans(rules: usize): void {
  const slots = min(load<u32>(rules, 8), MAX_SPANS);
  for (let slot: usize = 0; slot < <usize>slots; slot++) store<u64>(SPANS + (slot << 3), 0);
}

/** Notes where a named field stands. @param word its instruction. */
export function setSpan(word: u32, start: usize, end: usize): void {
  const span = SPANS + (<usize>(terminatorOf(word) - 1) << 3);
  store<u32>(span, <u32>start);
  store<u32>(span, <u32>end, 4);
}

/** The verdict on the line that was read last. */
export function verdictOf(rules: usize): u32 {
  isOdd = load<u32>(rules, 12) != 0 && hasBackslash(load<u32>(rules, 8));
  if (isOdd) return NOT_PLAIN;
  const excluding = load<u32>(rules);
  const including = load<u32>(rules, 4);
  const exclude = rules + HEAD_BYTES;
  const include = exclude + <usize>excluding * CONDITION_BYTES;
  const isExcluded = isAny(exclude, excluding) || (including > 0 && !isAny(include, including));
  if (isOdd) return NOT_PLAIN;
  return isExcluded ? EXCLUDED : COUNTS;
}

function hasBackslash(slots: u32): bool {
  for (let slot: usize = 0; slot < <usize>slots; slot++) {
    const span = SPANS + (slot << 3);
    const end = <usize>load<u32>(span, 4);
    for (let p = <usize>load<u32>(span); p < end; p++) {
      // A quote stops the search, too.
      p = endOfName(p);
      if (p < end && <u32>load<u8>(p) == BACKSLASH) return true;
    }
  }
  return false;
}

/** True if all conditions of any rule hold. @param count of the conditions from `condition` on. */
function isAny(condition: usize, count: u32): bool {
  let holdsSoFar = true;
  for (; count > 0; count--) {
    const word = load<u32>(condition);
    if (holdsSoFar) holdsSoFar = holds(condition, word);
    if ((word & IS_LAST) != 0) {
      if (holdsSoFar) return true;
      holdsSoFar = true;
    }
    condition += CONDITION_BYTES;
  }
  return false;
}

function holds(condition: usize, word: u32): bool {
  const kind = word & 0xff;
  const value = load<u32>(condition, 4);
  if (kind == STATUS) return ((load<u8>(<usize>value + (status >> 3)) >> (status & 7)) & 1) != 0;
  const span = SPANS + (<usize>((word >> 8) & 0xff) << 3);
  const start = <usize>load<u32>(span);
  const end = <usize>load<u32>(span, 4);
  if (kind == TEXT) return isPartMatching(value, start, end, (word >> 16) & 0xff);
  const address = ipv4(start, end);
  return kind == CLIENT && (address & load<u32>(condition, 8)) == value;
}

function isPartMatching(glob: usize, start: usize, end: usize, part: u32): bool {
  if (part == METHOD_OF_REQUEST) return isMatching(glob, start, behindMethod(start, end), false);
  if (part == PATH_OF_REQUEST) {
    const method = behindMethod(start, end);
    start = min(method + 1, end);
    end = beforeProtocol(start, end);
  }
  if (part == PATH || part == PATH_OF_REQUEST) {
    start = behindAuthority(start, end);
    return !isOdd && isMatching(glob, start, end, true);
  }
  return isMatching(glob, start, end, false);
}

/** The first space; the end where there is none. */
// @ts-ignore: decorator
@inline
function behindMethod(p: usize, end: usize): usize {
  while (p < end && <u32>load<u8>(p) != SPACE) p++;
  return p;
}

/** The last space; the end where there is none. */
// @ts-ignore: decorator
@inline
function beforeProtocol(start: usize, end: usize): usize {
  let p = end;
  while (p > start && <u32>load<u8>(p - 1) != SPACE) p--;
  return p == start ? end : p - 1;
}

/** Skips the scheme and the authority of a URL. */
function behindAuthority(start: usize, end: usize): usize {
  let p = start;
  while (p < end && isLetter(load<u8>(p))) p++;
  if (p == start || p == end) return start;
  const next = <u32>load<u8>(p);
  if (next - 0x30 <= 9 || (next >= 0x2b && next <= 0x2e && next != 0x2c)) return odd();
  if (next != 0x3a || end - p < 3 || load<u8>(p, 1) != 0x2f || load<u8>(p, 2) != 0x2f) return start;
  p += 3;
  while (p < end && <u32>load<u8>(p) != 0x2f && !endsPath(load<u8>(p))) p++;
  return p;
}

// @ts-ignore: decorator
@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 <= 25;
}

/** True for `?` and `#`. */
// @ts-ignore: decorator
@inline
function endsPath(byte: u32): bool {
  return byte == 0x3f || byte == 0x23;
}

function odd(): usize {
  isOdd = true;
  return 0;
}

/** An address of IPv4, perhaps with a port behind it. Everything else is odd. */
function ipv4(p: usize, end: usize): u32 {
  let address: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const start = p;
    let value: u32 = 0;
    while (p < end && <u32>load<u8>(p) - 0x30 <= 9) value = value * 10 + (<u32>load<u8>(p++) - 0x30);
    if (p - start - 1 > 2 || value > 255) return <u32>odd();
    address = (address << 8) | value;
    if (i == 3) break;
    if (p == end || <u32>load<u8>(p++) != 0x2e) return <u32>odd();
  }
  if (p == end) return address;
  if (<u32>load<u8>(p++) != 0x3a || p == end) return <u32>odd();
  while (p < end && <u32>load<u8>(p) - 0x30 <= 9) p++;
  return p == end ? address : <u32>odd();
}

/** @param isPath true where the text ends at its query. */
function isMatching(glob: usize, p: usize, end: usize, isPath: bool): bool {
  let left = load<u32>(glob) - 1;
  const ignoresCase = load<u32>(glob, 4) != 0;
  let piece = glob + 8;
  let length = <usize>load<u32>(piece);
  // No piece holds a `?` or a `#`. So it is the same whether the end of a path is found before this or behind it.
  if (end - p < length || !isSame(p, load<u32>(piece, 4), length, ignoresCase)) return false;
  p += length;
  if (isPath) end = endOfPathProper(p, end);
  if (left == 0) return p == end;
  while (true) {
    piece += 8;
    length = <usize>load<u32>(piece);
    if (--left == 0) break;
    const found = find(p, end, load<u32>(piece, 4), length, ignoresCase);
    if (found == 0) return false;
    p = found + length;
  }
  return end - p >= length && isSame(end - length, load<u32>(piece, 4), length, ignoresCase);
}

/** Where the query or the fragment begins. */
function endOfPathProper(p: usize, end: usize): usize {
  for (; p < end; p += 16) {
    const bytes = v128.load(p);
    const ends = v128.or(i8x16.eq(bytes, i8x16.splat(0x3f)), i8x16.eq(bytes, i8x16.splat(0x23)));
    const mask = i8x16.bitmask(ends);
    if (mask != 0) return min(p + <usize>ctz(mask), end);
  }
  return end;
}

/** The letters of ASCII in lower case. */
// @ts-ignore: decorator
@inline
function lowerCase(bytes: v128): v128 {
  const isUpper = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(bytes, v128.and(isUpper, i8x16.splat(0x20)));
}

function isSame(p: usize, text: usize, length: usize, ignoresCase: bool): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const bytes = ignoresCase ? lowerCase(v128.load(p + i)) : v128.load(p + i);
    const same = i8x16.bitmask(i8x16.eq(bytes, v128.load(text + i)));
    const left = length - i;
    const all = left >= 16 ? 0xffff : (1 << <i32>left) - 1;
    if ((same & all) != all) return false;
  }
  return true;
}

/** The first place of a text in `[p, end)`; 0 where it is not there. It looks for the first and the last byte at once. */
function find(p: usize, end: usize, text: usize, length: usize, ignoresCase: bool): usize {
  if (end - p < length) return 0;
  const last = end - length;
  const first = i8x16.splat(load<i8>(text));
  const final = i8x16.splat(load<i8>(text + length - 1));
  for (; p <= last; p += 16) {
    let begins = v128.load(p);
    let ends = v128.load(p + length - 1);
    if (ignoresCase) {
      begins = lowerCase(begins);
      ends = lowerCase(ends);
    }
    let mask = i8x16.bitmask(v128.and(i8x16.eq(begins, first), i8x16.eq(ends, final)));
    while (mask != 0) {
      const found = p + <usize>ctz(mask);
      if (found > last) return 0;
      if (isSame(found, text, length, ignoresCase)) return found;
      mask &= mask - 1;
    }
  }
  return 0;
}
