/** Folds a segment of a path. `log-format/endpoints/fold-path.ts` defines it. */

import { BYTE_TRAITS, SEGMENT } from './scan-memory';

const MAX_LITERAL_BYTES: u32 = 64;
const SLASH: u32 = 0x2f;
const PERCENT: u32 = 0x25;
const POINT: u32 = 0x2e;
const AT: u32 = 0x40;
const DASH: u32 = 0x2d;

/* "{id}" and "{customer_id}" */
const ID: u32 = 0x7d64697b;
const CUSTOMER_ID: usize = memory.data<u64>([0x656d6f747375637b, 0x7d64695f72], 16);
const CUSTOMER_ID_BYTES: usize = 13;

/* Whether a byte belongs to a set: a segment does if all its bytes do. */
const NUMERIC: u32 = 1;
const TIME: u32 = 2;
const HEX: u32 = 4;
const CROCKFORD: u32 = 8;
const ALPHANUMERIC: u32 = 16;
const BASE64: u32 = 32;
/* What a segment has if any of its bytes has it. */
const IS_DIGIT: u32 = 0x100;
const IS_UPPER: u32 = 0x200;
const IS_LOWER: u32 = 0x400;
const IS_AT: u32 = 0x800;
const IS_ENCODED: u32 = 0x1000;

const SETS: u32 = 0xff;

/** Called once. */
export function initializeTraits(): void {
  for (let byte: u32 = 0; byte < 256; byte++) store<u16>(BYTE_TRAITS + (<usize>byte << 1), <u16>traitsOfByte(byte));
}

function traitsOfByte(byte: u32): u32 {
  let traits: u32 = 0;
  const letter = (byte | 0x20) - 0x61;
  if (byte - 0x30 <= 9) {
    traits = NUMERIC | TIME | HEX | CROCKFORD | ALPHANUMERIC | BASE64 | IS_DIGIT;
  } else if (letter <= 25) {
    traits = ALPHANUMERIC | BASE64 | (byte < 0x61 ? IS_UPPER : IS_LOWER);
    if (letter <= 5) traits |= HEX;
    // T and Z
    if (letter == 19 || letter == 25) traits |= TIME;
    // All but I, L, O and U
    if (letter != 8 && letter != 11 && letter != 14 && letter != 20) traits |= CROCKFORD;
  } else if (byte == 0x2b || (byte >= 0x2c && byte <= 0x2e) || byte == 0x3a || byte == 0x5f) {
    traits = NUMERIC | TIME;
  }
  if (byte == 0x2d || byte == 0x5f || byte == 0x2b || byte == SLASH || byte == 0x3d) traits |= BASE64;
  if (byte == AT) traits |= IS_AT;
  const isKept = byte > 0x20 && byte < 0x7f && byte != PERCENT && byte != SLASH && byte != 0x3f && byte != 0x23;
  if (!isKept || byte == 0x7b || byte == 0x7d) traits |= IS_ENCODED;
  return traits;
}

// @ts-ignore: decorator
@inline
function traitsOf(byte: u32): u32 {
  return load<u16>(BYTE_TRAITS + (<usize>byte << 1));
}

let segmentEnd: usize = 0;

/** Behind the segment that {@link foldSegment} took last: a slash, or the end of the path. */
// @ts-ignore: decorator
@inline
export function behindSegment(): usize {
  return segmentEnd;
}

/**
 * Writes the segment that begins at `p` to `out`, or what stands for it.
 * @param isCustomer true where it is the customer id. @returns the address behind what it wrote.
 */
export function foldSegment(p: usize, end: usize, out: usize, isCustomer: bool): usize {
  if (isCustomer) {
    segmentEnd = behindSlashless(p, end);
    v128.store(out, v128.load(CUSTOMER_ID));
    return out + CUSTOMER_ID_BYTES;
  }
  const bytes = v128.load(p);
  const slashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x2f)));
  const length = <u32>min<usize>(ctz(slashes | 0x10000), end - p);
  // Bits of the segment alone. One of 16 bytes may go on behind them.
  const all: u32 = (1 << length) - 1;
  if (length == 16 && end - p > 16 && slashes == 0) return foldAny(p, end, out);
  const letters = bytesIn(bytes, 0x61, 25);
  const digitBits = bytesIn(bytes, 0x30, 9);
  if ((digitBits & all) == all) {
    segmentEnd = p + <usize>length;
    return writeId(out);
  }
  const signs = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(0x2d)), i8x16.eq(bytes, i8x16.splat(0x5f))));
  if (((letters | digitBits | signs) & all) == all && isWord(bytes, letters, digitBits & all, length)) {
    v128.store(out, bytes);
    segmentEnd = p + <usize>length;
    return out + <usize>length;
  }
  return foldAny(p, end, out);
}

/** One bit for each byte from `first` on, up to `more` above it. */
// @ts-ignore: decorator
@inline
function bytesIn(bytes: v128, first: i8, more: i8): u32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(more)));
}

/**
 * True where letters of lower case, digits, `-` and `_` make no identifier for sure: without a digit; or with a letter first, too
 * short for base 64, and too short for hex or with a letter that is none of it.
 */
// @ts-ignore: decorator
@inline
function isWord(bytes: v128, letters: u32, digitBits: u32, length: u32): bool {
  if (digitBits == 0) return true;
  if ((letters & 1) == 0 || length == 16) return false;
  return length < 8 || (bytesIn(bytes, 0x67, 19) & ((1 << length) - 1)) != 0;
}

// @ts-ignore: decorator
@inline
function behindSlashless(p: usize, end: usize): usize {
  while (p < end && <u32>load<u8>(p) != SLASH) p++;
  return p;
}

/** Of the bytes in SEGMENT: the sets to which all belong, and what any of them has. */
let traits: u32 = 0;
let digits: u32 = 0;

function foldAny(p: usize, end: usize, out: usize): usize {
  let length: u32 = 0;
  let all: u32 = SETS;
  let any: u32 = 0;
  let digitCount: u32 = 0;
  while (p < end) {
    let byte = <u32>load<u8>(p);
    if (byte == SLASH) break;
    p++;
    if (byte == PERCENT && end - p >= 2) {
      const decoded = hexValue(load<u8>(p)) << 4 | hexValue(load<u8>(p, 1));
      if (decoded <= 0xff) {
        byte = decoded;
        p += 2;
      }
    }
    if (length == MAX_LITERAL_BYTES) {
      segmentEnd = behindSlashless(p, end);
      return writeId(out);
    }
    store<u8>(SEGMENT + <usize>length, <u8>byte);
    length++;
    const byteTraits = traitsOf(byte);
    all &= byteTraits;
    any |= byteTraits;
    digitCount += (byteTraits >> 8) & 1;
  }
  segmentEnd = p;
  traits = (all & SETS) | (any & ~SETS);
  digits = digitCount;
  if (isIdentifier(length)) return writeId(out);
  const point = extensionAt(length);
  if (point != 0 && isStemIdentifier(point)) {
    out = writeId(out);
    store<u64>(out, load<u64>(SEGMENT + <usize>point));
    return out + <usize>(length - point);
  }
  return writeText(out, length);
}

// @ts-ignore: decorator
@inline
function writeId(out: usize): usize {
  store<u32>(out, ID);
  return out + 4;
}

/** 0 to 15; far above for anything that is no hex digit. */
// @ts-ignore: decorator
@inline
function hexValue(byte: u32): u32 {
  if (byte - 0x30 <= 9) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 0x1000;
}

/** Writes SEGMENT. Bytes that mean something in a path, and those that are not printable ASCII, are encoded. */
function writeText(out: usize, length: u32): usize {
  if ((traits & IS_ENCODED) == 0) {
    // The engine calls a function to copy memory, which takes longer than this.
    for (let i: usize = 0; i < <usize>MAX_LITERAL_BYTES; i += 16) v128.store(out + i, v128.load(SEGMENT + i));
    return out + <usize>length;
  }
  for (let i: usize = 0; i < <usize>length; i++) {
    const byte = <u32>load<u8>(SEGMENT + i);
    if ((traitsOf(byte) & IS_ENCODED) == 0) {
      store<u8>(out++, <u8>byte);
      continue;
    }
    store<u8>(out, <u8>PERCENT);
    store<u8>(out, hexDigit(byte >> 4), 1);
    store<u8>(out, hexDigit(byte & 15), 2);
    out += 3;
  }
  return out;
}

// @ts-ignore: decorator
@inline
function hexDigit(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x37 + value);
}

/** The point before a short extension at the end; 0 where there is none. */
function extensionAt(length: u32): u32 {
  if (length < 3) return 0;
  let at = length;
  while (at > 0 && (traitsOf(load<u8>(SEGMENT + <usize>(at - 1))) & ALPHANUMERIC) != 0) at--;
  const letters = length - at;
  if (letters - 1 > 4 || at < 2 || <u32>load<u8>(SEGMENT + <usize>(at - 1)) != POINT) return 0;
  return (traitsOf(load<u8>(SEGMENT + <usize>at)) & IS_DIGIT) == 0 ? at - 1 : 0;
}

function isStemIdentifier(length: u32): bool {
  let all: u32 = SETS;
  let any: u32 = 0;
  digits = 0;
  for (let i: usize = 0; i < <usize>length; i++) {
    const byteTraits = traitsOf(load<u8>(SEGMENT + i));
    all &= byteTraits;
    any |= byteTraits;
    digits += (byteTraits >> 8) & 1;
  }
  const whole = traits;
  traits = (all & SETS) | (any & ~SETS);
  const isId = isIdentifier(length);
  traits = whole;
  return isId;
}

/** True of the first `length` bytes of SEGMENT, whose traits are known. */
function isIdentifier(length: u32): bool {
  if ((traits & IS_DIGIT) != 0) {
    if ((traits & NUMERIC) != 0) return true;
    if ((traits & HEX) != 0 && length >= 8) return true;
    if ((traits & CROCKFORD) != 0 && length == 26 && load<u8>(SEGMENT) <= 0x37) return true;
    if ((traits & BASE64) != 0 && length >= 16 && (traits & IS_UPPER) != 0 && (traits & IS_LOWER) != 0) return true;
    if ((traits & ALPHANUMERIC) != 0 && length >= 16 && digits >= 4) return true;
    if ((traits & TIME) != 0 && isTime(length)) return true;
  }
  if (length == 36 && isUuid()) return true;
  return (traits & IS_AT) != 0 && isEmail(length);
}

function isTime(length: u32): bool {
  if (digits < 8) return false;
  let letters: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byteTraits = traitsOf(load<u8>(SEGMENT + <usize>i));
    if (i < 4 && (byteTraits & IS_DIGIT) == 0) return false;
    if ((byteTraits & ALPHANUMERIC) != 0 && (byteTraits & IS_DIGIT) == 0) letters++;
  }
  return letters <= 2;
}

function isUuid(): bool {
  for (let i: usize = 0; i < 36; i++) {
    const byte = <u32>load<u8>(SEGMENT + i);
    const isDash = i == 8 || i == 13 || i == 18 || i == 23;
    if (isDash ? byte != DASH : hexValue(byte) > 15) return false;
  }
  return true;
}

function isEmail(length: u32): bool {
  let at: u32 = 0;
  let point: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(SEGMENT + <usize>i);
    if (byte == AT) {
      if (at != 0 || i == 0) return false;
      at = i;
    } else if (byte == POINT) point = i;
  }
  return at != 0 && point > at + 1 && point < length - 1;
}
