/**
 * Reads numbers, statuses and durations where they stand in the line. Each function returns the address behind the
 * value, or 0 where the value is not plain. The caller checks what follows.
 */

import { addDuration, setNoDuration, setStatus } from './record';
import { MAX_DURATION_US } from './scan-memory';

const POWERS_OF_TEN: usize = memory.data<u64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
  100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
  10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
]);
export const MAX_DIGITS: usize = 18;
/** A mantissa below this can be multiplied by a million without overflow. */
export const MAX_TO_SCALE: u64 = 10_000_000_000_000;

export let mantissa: u64 = 0;
export let fractionDigits: i32 = 0;

/** Reads digits, and a fraction if there is one. The number is mantissa / 10^fractionDigits. */
export function decimal(p: usize): usize {
  const start = p;
  let value: u64 = 0;
  let digit = <u32>load<u8>(p) - 48;
  while (digit <= 9) {
    value = value * 10 + digit;
    digit = <u32>load<u8>(++p) - 48;
  }
  const point = p;
  fractionDigits = 0;
  if (p == start) return 0;
  if (load<u8>(p) == 0x2e) {
    digit = <u32>load<u8>(++p) - 48;
    while (digit <= 9) {
      value = value * 10 + digit;
      digit = <u32>load<u8>(++p) - 48;
    }
    fractionDigits = <i32>(p - point - 1);
    if (fractionDigits == 0) return 0;
  }
  mantissa = value;
  return p - start > MAX_DIGITS ? 0 : p;
}

// @ts-ignore: decorator
@inline
export function powerOfTen(exponent: i32): u64 {
  return load<u64>(POWERS_OF_TEN + (<usize>exponent << 3));
}

/** Reads three digits, from 100 to 599. The reference parser reads "no response" (`0`, `000`, `-1`). */
// @ts-ignore: decorator
@inline
export function statusCode(p: usize): usize {
  const word = load<u32>(p) - 0x303030;
  const status100 = word & 0xff;
  const status10 = (word >> 8) & 0xff;
  const status1 = (word >> 16) & 0xff;
  if (status100 - 1 > 4 || status10 > 9 || status1 > 9) return 0;
  setStatus(status100 * 100 + status10 * 10 + status1);
  return p + 3;
}

/**
 * Reads a duration in units of 10^-exponent seconds.
 * @param isOptional true where `-` means that there is none.
 * @param isSum true where others are added to it; then it must be a whole number of microseconds.
 */
// @ts-ignore: decorator
@inline
export function durationOf(p: usize, exponent: i32, isOptional: bool, isSum: bool): usize {
  // Most logs print "0.000", so this reads all five bytes at once. Adding 0x76 sets a byte's highest bit where its
  // digit is over 9.
  const five = load<u64>(p) - 0x3030302e30;
  if (((five | (five + 0x7676760076)) & 0x808080ff80) == 0 && exponent == 0 && isEndOfNumber(p + 5)) {
    const ms =
      (five & 0xf) * 1_000 + ((five >> 16) & 0xf) * 100 + ((five >> 24) & 0xf) * 10 + ((five >> 32) & 0xf);
    addDuration(<i64>(ms * 1_000));
    return p + 5;
  }
  return anyDuration(p, exponent, isOptional, isSum);
}

// @ts-ignore: decorator
@inline
function isEndOfNumber(p: usize): bool {
  return <u32>load<u8>(p) - 48 > 9;
}

function anyDuration(p: usize, exponent: i32, isOptional: bool, isSum: bool): usize {
  if (isOptional && load<u8>(p) == 0x2d) {
    setNoDuration();
    p += 1;
    if (load<u8>(p) == 0x31) p += 1;
    return isEndOfNumber(p) && load<u8>(p) != 0x2e ? p : 0;
  }
  p = decimal(p);
  if (p == 0) return 0;
  const shift = 6 - exponent - fractionDigits;
  if (shift >= 0) {
    if (mantissa >= MAX_TO_SCALE) return 0;
    return addBounded(mantissa * powerOfTen(shift)) ? p : 0;
  }
  if (isSum || -shift > <i32>MAX_DIGITS) return 0;
  const unit = powerOfTen(-shift);
  return addBounded((mantissa + unit / 2) / unit) ? p : 0;
}

/**
 * @returns false for a duration over the bound. From 2^63 µs on it would turn negative, which means "no duration".
 */
// @ts-ignore: decorator
@inline
function addBounded(us: u64): bool {
  if (us > MAX_DURATION_US) return false;
  addDuration(<i64>us);
  return true;
}
