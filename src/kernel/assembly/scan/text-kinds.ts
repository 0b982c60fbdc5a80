/** Checks what an unquoted text may be. `log-format/reference/text-kinds.ts` defines it. */

import { HOST, LIST, TEXT_KINDS, USER } from './instructions';

const MAX_HOST_NAME_LENGTH: usize = 255;

/* Vectors to compare with, loaded from memory; `search.ts` says why. */
const ZEROS: usize = memory.data<u64>([0x3030303030303030, 0x3030303030303030], 16);
const DOTS: usize = memory.data<u64>([0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e], 16);
const TWOS: usize = memory.data<u64>([0x0202020202020202, 0x0202020202020202], 16);
const FIVES: usize = memory.data<u64>([0x0505050505050505, 0x0505050505050505], 16);
const NINES: usize = memory.data<u64>([0x0909090909090909, 0x0909090909090909], 16);
const SPACES: usize = memory.data<u64>([0x2020202020202020, 0x2020202020202020], 16);
const BRACKETS: usize = memory.data<u64>([0x5b5b5b5b5b5b5b5b, 0x5b5b5b5b5b5b5b5b], 16);

/** @returns false where `[p, end)` is not of the kind that the instruction asks for, or is not plain. */
// @ts-ignore: decorator
@inline
export function isOfKind(p: usize, end: usize, word: u32): bool {
  if ((word & TEXT_KINDS) == 0) return true;
  if ((word & LIST) != 0) return isOnlyItem(p, end);
  if ((word & HOST) == 0) return isUserOrWord(p, end, word);
  return isIpv4(p, end) || isIpv6(p, end) || isHostName(p, end);
}

/** " : ", which separates items, in the low three bytes. */
const SEPARATOR: u32 = 0x203a20;

/** False where the text is a list of several items, or may be one. */
function isOnlyItem(p: usize, end: usize): bool {
  if ((load<u32>(end) & 0xffffff) == SEPARATOR) return false;
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte == 0x20 || byte == 0x2c) return false;
  }
  return true;
}

function isUserOrWord(p: usize, end: usize, word: u32): bool {
  const isUser = (word & USER) != 0;
  // Most users are short enough for one load.
  if (end - p < 16) {
    const bytes = v128.load(p);
    const wrong = v128.or(
      i8x16.eq(bytes, v128.load(SPACES)),
      i8x16.eq(bytes, v128.load(isUser ? BRACKETS : SPACES)),
    );
    return (i8x16.bitmask(wrong) & ((1 << <u32>(end - p)) - 1)) == 0;
  }
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte == 0x20 || (isUser && byte == 0x5b)) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 <= 9;
}

// @ts-ignore: decorator
@inline
function isLetterUpTo(byte: u32, last: u32): bool {
  return (byte | 0x20) - 0x61 <= last - 0x61;
}

/** One bit for each of the 16 bytes from `p` on: 1 where it is `first` to `last`. */
// @ts-ignore: decorator
@inline
function bytesFrom(bytes: v128, first: i8, last: i8): u32 {
  return i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(last - first)));
}

/**
 * Looks at all bytes at once, because a branch predictor cannot guess the digits of an address: with a loop over the
 * digits, `combined` took a fifth longer.
 */
// @ts-ignore: decorator
@inline
export function isIpv4(p: usize, end: usize): bool {
  const length = <u32>(end - p);
  if (length - 7 > 8) return false;
  const bytes = v128.load(p);
  const values = i8x16.sub(bytes, v128.load(ZEROS));
  const all: u32 = (1 << length) - 1;
  const dots = i8x16.bitmask(i8x16.eq(bytes, v128.load(DOTS))) & all;
  const digits = i8x16.bitmask(i8x16.le_u(values, v128.load(NINES))) & all;
  const triples = digits & (digits >> 1) & (digits >> 2);
  // Three digits are over 255: more than 2; or 2 and more than 5; or 25 and more than 5.
  const twos = i8x16.bitmask(i8x16.eq(values, v128.load(TWOS)));
  const overTwo = i8x16.bitmask(i8x16.gt_s(values, v128.load(TWOS)));
  const fives = i8x16.bitmask(i8x16.eq(values, v128.load(FIVES)));
  const overFive = i8x16.bitmask(i8x16.gt_s(values, v128.load(FIVES)));
  const over255 = overTwo | (twos & ((overFive >> 1) | ((fives >> 1) & (overFive >> 2))));
  const wrongDots = dots & ((dots << 1) | 1 | (1 << (length - 1)));
  return (dots | digits) == all && popcnt(dots) == 3 && (wrongDots | (triples & ((digits >> 3) | over255))) == 0;
}

/** True where a number of an IPv4 address begins with a zero and goes on. @param p the address; `isIpv4` is true of it. */
// @ts-ignore: decorator
@inline
export function hasLeadingZero(p: usize, end: usize): bool {
  const bytes = v128.load(p);
  const all: u32 = (1 << <u32>(end - p)) - 1;
  const starts = (bytesFrom(bytes, 0x2e, 0x2e) << 1) | 1;
  return (starts & bytesFrom(bytes, 0x30, 0x30) & (bytesFrom(bytes, 0x30, 0x39) >> 1) & (all >> 1)) != 0;
}

/** An address without a zone and without a part in the form of IPv4. */
function isIpv6(p: usize, end: usize): bool {
  let groups = 0;
  let digits = 0;
  let hasGap = false;
  while (p < end) {
    const byte = <u32>load<u8>(p++);
    if (isDigit(byte) || isLetterUpTo(byte, 0x66)) {
      if (++digits > 4) return false;
      continue;
    }
    if (byte != 0x3a || p == end) return false;
    if (digits > 0) groups++;
    if (load<u8>(p) == 0x3a) {
      if (hasGap) return false;
      hasGap = true;
      p++;
    } else if (digits == 0) {
      return false;
    }
    digits = 0;
  }
  if (digits > 0) groups++;
  return hasGap ? groups <= 7 : groups == 8;
}

/** A name without a dot at its end. */
export function isHostName(p: usize, end: usize): bool {
  if (end - p > MAX_HOST_NAME_LENGTH) return false;
  let length = 0;
  let isNumber = true;
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte == 0x2e) {
      if (length == 0) return false;
      length = 0;
      isNumber = true;
      continue;
    }
    const isOther = isLetterUpTo(byte, 0x7a) || byte == 0x2d || byte == 0x5f;
    if (!isOther && !isDigit(byte)) return false;
    if (isOther) isNumber = false;
    length++;
  }
  return length > 0 && !isNumber;
}
