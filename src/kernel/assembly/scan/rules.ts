/**
 * Says whether the rules (EXCLUDE, INCLUDE) exclude a line. `log-format/rules/rule-judge.ts` defines it.
 *
 * The rules have a head of 24 bytes: the number of conditions of EXCLUDE, that of INCLUDE, the number of slots that a line
 * may lack, the byte that begins an escape, or 0, and the address of what says how to find the endpoint (`endpoints.ts`), or 0
 * (u32 each). A field with that byte is not plain. Each condition has 16 bytes: a word with its kind, slot, part (a byte each)
 * and whether it is the last of its rule; then two values (u32 each) that depend on the kind:
 * - a text has the address of a glob: the number of its pieces and whether it ignores case (u32 each), then the length
 *   and the address of each piece (u32 each). What stands between two pieces may be anything.
 * - a status has the address of a set with one bit for each status.
 * - a client has the bits of a network of IPv4, and a mask.
 */

import { rulesAddress, terminatorOf } from './instructions';
import { status } from './record';
import { SPANS } from './scan-memory';
import { hasPassedBackslash, setPassedBackslash } from './search';

/** The line counts. */
const COUNTS: u32 = 0;
export const EXCLUDED: u32 = 1;
export const NOT_PLAIN: u32 = 2;

const TEXT: u32 = 0;
const STATUS: u32 = 1;
const CLIENT: u32 = 2;
const IS_LAST: u32 = 0x1000000;

const WHOLE: u32 = 0;
export const PATH: u32 = 1;
export const METHOD_OF_REQUEST: u32 = 2;
const PATH_OF_REQUEST: u32 = 3;

const HEAD_BYTES: usize = 24;
const CONDITION_BYTES: usize = 16;
const SPACE: u32 = 0x20;
const SLASH: u32 = 0x2f;

/** True where a condition cannot be told from what is plain. */
let isOdd: bool = false;

/** Where the specification of endpoints stands; 0: lines have none, or none is kept. */
// @ts-ignore: decorator
@inline
export function endpointsAddress(rules: usize): usize {
  return rules == 0 ? 0 : load<u32>(rules, 16);
}

/** Begins a line: fields that it does not have are empty. */
// @ts-ignore: decorator
@inline
export function beginLine(rules: usize): void {
  setPassedBackslash(false);
  const slots = load<u32>(rules, 8);
  for (let slot: usize = 0; slot < <usize>slots; slot++) store<u64>(SPANS + (slot << 3), 0);
}

/** Notes where a named field stands. @param word its instruction. */
export function setSpan(word: u32, start: usize, end: usize): void {
  const span = SPANS + (<usize>(terminatorOf(word) - 1) << 3);
  store<u32>(span, <u32>start);
  store<u32>(span, <u32>end, 4);
}

/** Looks for an escape in a field that is not in quotes. */
export function checkUnquoted(p: usize, end: usize): void {
  const escape = load<u32>(rulesAddress(), 12);
  for (; p < end; p++) if (<u32>load<u8>(p) == escape) setPassedBackslash(true);
}

/** The verdict on the line that was read last. */
export function verdictOf(rules: usize): u32 {
  if (hasPassedBackslash && load<u32>(rules, 12) != 0) return NOT_PLAIN;
  isOdd = false;
  const excluding = load<u32>(rules);
  const including = load<u32>(rules, 4);
  const exclude = rules + HEAD_BYTES;
  const include = exclude + <usize>excluding * CONDITION_BYTES;
  const isExcluded = isAny(exclude, excluding) || (including > 0 && !isAny(include, including));
  if (isOdd) return NOT_PLAIN;
  return isExcluded ? EXCLUDED : COUNTS;
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

// @ts-ignore: decorator
@inline
function isPartMatching(glob: usize, start: usize, end: usize, part: u32): bool {
  if (part == WHOLE) return isMatching(glob, start, end, WHOLE);
  const isRequest = part != PATH;
  const method = isRequest ? behindMethod(start, end) : start;
  if (part == METHOD_OF_REQUEST) return isMatching(glob, start, method, WHOLE);
  let path = isRequest ? min(method + 1, end) : start;
  if (path < end && <u32>load<u8>(path) != SLASH) path = behindAuthority(path, end);
  return !isOdd && isMatching(glob, path, end, part);
}

/** One bit for each of the 16 bytes from `p` on: 1 where it is a space. */
// @ts-ignore: decorator
@inline
function spacesFrom(p: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x20)));
}

/** The first space; the end where there is none. Most methods are short, so one load finds it. */
// @ts-ignore: decorator
@inline
export function behindMethod(p: usize, end: usize): usize {
  let spaces = spacesFrom(p);
  while (spaces == 0 && p < end) {
    p += 16;
    spaces = spacesFrom(p);
  }
  return min(p + <usize>ctz(spaces), end);
}

/** The last space; the end where there is none. */
// @ts-ignore: decorator
@inline
export function beforeProtocol(start: usize, end: usize): usize {
  if (start == end) return end;
  let p = end - 16;
  let spaces = spacesFrom(p);
  while (spaces == 0 && p > start) {
    p -= 16;
    spaces = spacesFrom(p);
  }
  const last = p + <usize>(31 - clz(spaces));
  return spaces == 0 || last < start ? end : last;
}

/** Behind the scheme and the authority of a URL; `start` where there are none, and 0 where that is not plain. */
export function pathBehindAuthority(start: usize, end: usize): usize {
  return start == end ? start : behindAuthority(start, end);
}

/** Skips the scheme and the authority of a URL. */
function behindAuthority(start: usize, end: usize): usize {
  let p = start;
  while (p < end && isLetter(load<u8>(p))) p++;
  if (p == start || p == end) return start;
  const next = <u32>load<u8>(p);
  if (next - 0x30 <= 9 || (next >= 0x2b && next <= 0x2e && next != 0x2c)) return odd();
  if (next != 0x3a || end - p < 3 || load<u8>(p, 1) != SLASH || load<u8>(p, 2) != SLASH) return start;
  p += 3;
  while (p < end && <u32>load<u8>(p) != SLASH && !endsPath(load<u8>(p))) p++;
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

/** @param part PATH or PATH_OF_REQUEST where the text ends at its query, and at the protocol. */
// @ts-ignore: decorator
@inline
function isMatching(glob: usize, p: usize, end: usize, part: u32): bool {
  const ignoresCase = load<u32>(glob, 4) != 0;
  const length = <usize>load<u32>(glob, 8);
  // Most lines end here, before the end of the path is looked for.
  if (end - p < length || !isSame(p, load<u32>(glob, 12), length, ignoresCase)) return false;
  if (part != WHOLE) end = endOfPathProper(p, part == PATH ? end : beforeProtocol(p, end));
  if (end - p < length) return false;
  const left = load<u32>(glob) - 1;
  return left == 0 ? p + length == end : isRestMatching(glob + 16, left, p + length, end, ignoresCase);
}

/** Looks for the pieces behind the first one. */
function isRestMatching(piece: usize, left: u32, p: usize, end: usize, ignoresCase: bool): bool {
  while (--left > 0) {
    const length = <usize>load<u32>(piece);
    const found = find(p, end, load<u32>(piece, 4), length, ignoresCase);
    if (found == 0) return false;
    p = found + length;
    piece += 8;
  }
  const length = <usize>load<u32>(piece);
  return end - p >= length && isSame(end - length, load<u32>(piece, 4), length, ignoresCase);
}

/** Where the query or the fragment begins. */
export function endOfPathProper(p: usize, end: usize): usize {
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

// @ts-ignore: decorator
@inline
function isSame(p: usize, text: usize, length: usize, ignoresCase: bool): bool {
  return areSame(p, text, min<usize>(length, 16), ignoresCase) && (length <= 16 || isRestSame(p, text, length, ignoresCase));
}

/** @param length up to 16. */
// @ts-ignore: decorator
@inline
function areSame(p: usize, text: usize, length: usize, ignoresCase: bool): bool {
  const bytes = v128.load(p);
  const same = i8x16.bitmask(i8x16.eq(ignoresCase ? lowerCase(bytes) : bytes, v128.load(text)));
  return (~same & ((1 << <u32>length) - 1)) == 0;
}

function isRestSame(p: usize, text: usize, length: usize, ignoresCase: bool): bool {
  for (let i: usize = 16; i < length; i += 16)
    if (!areSame(p + i, text + i, min<usize>(length - i, 16), ignoresCase)) return false;
  return true;
}

/** The first place of a text in `[p, end)`; 0 where it is not there. It looks for the first and the last byte at once. */
function find(p: usize, end: usize, text: usize, length: usize, ignoresCase: bool): usize {
  if (end - p < length) return 0;
  const last = end - length;
  const first = i8x16.splat(load<i8>(text));
  const final = i8x16.splat(load<i8>(text + length - 1));
  // The same letters in upper case. Of other characters it makes none that {@link isSame} would take.
  const firstUpper = ignoresCase ? i8x16.splat(load<i8>(text) & ~0x20) : first;
  const finalUpper = ignoresCase ? i8x16.splat(load<i8>(text + length - 1) & ~0x20) : final;
  for (; p <= last; p += 16) {
    const begins = v128.load(p);
    const ends = v128.load(p + length - 1);
    const areBegins = v128.or(i8x16.eq(begins, first), i8x16.eq(begins, firstUpper));
    const areEnds = v128.or(i8x16.eq(ends, final), i8x16.eq(ends, finalUpper));
    let mask = i8x16.bitmask(v128.and(areBegins, areEnds));
    while (mask != 0) {
      const found = p + <usize>ctz(mask);
      if (found > last) return 0;
      if (isSame(found, text, length, ignoresCase)) return found;
      mask &= mask - 1;
    }
  }
  return 0;
}
