/** Checks what an unquoted text may be. `log-format/reference/text-kinds.ts` defines it. */

import { HOST, TEXT_KINDS, USER } from './instructions';

const MAX_HOST_NAME_LENGTH: usize = 255;

/** @returns false where `[p, end)` is not of the kind that the instruction asks for, or is not plain. */
// @ts-ignore: decorator
@inline
export function isOfKind(p: usize, end: usize, word: u32): bool {
  return (word & TEXT_KINDS) == 0 || isOfAskedKind(p, end, word);
}

function isOfAskedKind(p: usize, end: usize, word: u32): bool {
  if ((word & HOST) != 0) return isIpv4(p, end) || isIpv6(p, end) || isHostName(p, end);
  const isUser = (word & USER) != 0;
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

function isIpv4(p: usize, end: usize): bool {
  for (let left = 3; left >= 0; left--) {
    const start = p;
    let value: u32 = 0;
    while (p < end && isDigit(load<u8>(p)) && p - start < 3) value = value * 10 + load<u8>(p++) - 0x30;
    if (p == start || value > 255) return false;
    if (left == 0) return p == end;
    if (p == end || load<u8>(p) != 0x2e) return false;
    p++;
  }
  return false;
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
function isHostName(p: usize, end: usize): bool {
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
