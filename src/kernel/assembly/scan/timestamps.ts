/** Reads timestamps. The functions return what those in `numbers.ts` return. */

import { clfDate, date, pair, slashDate } from './dates';
import { setLocalTime } from './zone-offsets';
import { decimal, fractionDigits, mantissa, MAX_DIGITS, MAX_TO_SCALE, powerOfTen } from './numbers';
import { setEventTime } from './record';
import { NO_DATE } from './scan-memory';

const NO_TIME: u32 = 0xffffffff;

/** The second of the day of `HH:mm:ss` at `p`; NO_TIME where there is none. */
// @ts-ignore: decorator
@inline
function timeOfDay(p: usize): u32 {
  // Ten times each byte plus the next one gives all pairs of digits at once. No pair is above 99, so nothing carries
  // over.
  const clock = load<u64>(p) - 0x30303a30303a3030; // "00:00:00"
  if (((clock | (clock + 0x7676007676007676)) & 0x8080ff8080ff8080) != 0) return NO_TIME;
  const pairs = (clock * 10 + (clock >> 8)) & 0x00ff0000ff0000ff;
  // Sets a byte's highest bit where its pair is over 23, 59 or 59.
  if (((pairs + 0x0044000044000068) & 0x0080000080000080) != 0) return NO_TIME;
  return <u32>(pairs & 0xff) * 3_600 + <u32>((pairs >> 24) & 0xff) * 60 + <u32>(pairs >> 48);
}

/** `2024-10-02 05:10:46`. */
export function datetime(p: usize): usize {
  const day = date(p);
  const time = timeOfDay(p + 11);
  if (day == NO_DATE || time == NO_TIME || load<u8>(p, 10) != 0x20) return 0;
  return setLocalTime(<i64>(day + time) * 1000) ? p + 19 : 0;
}

let fractionMs: i64 = 0;

/** Reads a fraction of a second, if there is one, into `fractionMs`. It cuts off what is finer than a millisecond. */
// @ts-ignore: decorator
@inline
function fraction(p: usize, isCommaAllowed: bool): usize {
  fractionMs = 0;
  const point = load<u8>(p);
  if (point != 0x2e && !(isCommaAllowed && point == 0x2c)) return p;
  const start = ++p;
  let digit = <u32>load<u8>(p) - 48;
  let scale: i64 = 100;
  while (digit <= 9) {
    fractionMs += scale * digit;
    scale /= 10;
    digit = <u32>load<u8>(++p) - 48;
  }
  return p == start ? 0 : p;
}

let offsetMs: i64 = 0;

/** Reads `02`, `02:00` or `0200` behind a sign into `offsetMs`. */
function offset(p: usize): usize {
  const isNegative = load<u8>(p) == 0x2d;
  const hour = pair(p + 1);
  if (hour > 23) return 0;
  p += 3;
  let minute: u32 = 0;
  if (load<u8>(p) == 0x3a) {
    minute = pair(p + 1);
    p += 3;
  } else if (<u32>load<u8>(p) - 48 <= 9) {
    minute = pair(p);
    p += 2;
  }
  if (minute > 59) return 0;
  offsetMs = <i64>(hour * 3_600 + minute * 60) * 1000;
  if (isNegative) offsetMs = -offsetMs;
  return p;
}

/** The low bytes of a word that ` +0200` or `+02:00` takes. */
const SIX_BYTES: u64 = 0xffffffffffff;
/** No six bytes are this. */
const NO_OFFSET: u64 = u64.MAX_VALUE;

/*
 * The last ` +0200` and the last `+02:00` that were read, and what they mean: most logs have one offset, or two in a
 * year. Without them, `combined` took 6 % longer.
 */
let clfOffset: u64 = NO_OFFSET;
let clfOffsetMs: i64 = 0;
let isoOffset: u64 = NO_OFFSET;
let isoOffsetMs: i64 = 0;

/** Reads ISO 8601; `TimestampKind` says which forms. */
export function iso8601(p: usize): usize {
  const separator = load<u8>(p, 10) | 0x20;
  if (separator != 0x74 && separator != 0x20 && load<u8>(p, 10) != 0x09) return 0;
  if (separator == 0x20 && load<u8>(p, 10) != 0x20) return 0;
  const day = date(p);
  const time = timeOfDay(p + 11);
  if (day == NO_DATE || time == NO_TIME) return 0;
  p = fraction(p + 19, true);
  if (p == 0) return 0;
  const ms = <i64>(day + time) * 1000 + fractionMs;
  const sign = load<u8>(p);
  if ((sign | 0x20) == 0x7a) {
    setEventTime(ms);
    return p + 1;
  }
  if (sign != 0x2b && sign != 0x2d) return setLocalTime(ms) ? p : 0;
  const zone = load<u64>(p) & SIX_BYTES;
  if (zone == isoOffset) {
    setEventTime(ms - isoOffsetMs);
    return p + 6;
  }
  const behind = offset(p);
  if (behind == p + 6) {
    isoOffset = zone;
    isoOffsetMs = offsetMs;
  }
  setEventTime(ms - offsetMs);
  return behind;
}

/** Reads `2024/10/02 05:10:46`, perhaps with a fraction. */
export function slashes(p: usize): usize {
  const day = slashDate(p);
  const time = timeOfDay(p + 11);
  if (day == NO_DATE || time == NO_TIME || load<u8>(p, 10) != 0x20) return 0;
  p = fraction(p + 19, false);
  if (p == 0) return 0;
  return setLocalTime(<i64>(day + time) * 1000 + fractionMs) ? p : 0;
}

/** Reads `02/Oct/2024:05:10:46`, perhaps with a fraction, perhaps with ` +0200`. */
export function clf(p: usize): usize {
  const day = clfDate(p);
  const time = timeOfDay(p + 12);
  if (day == NO_DATE || time == NO_TIME) return 0;
  p = fraction(p + 20, false);
  if (p == 0) return 0;
  const ms = <i64>(day + time) * 1000 + fractionMs;
  const zone = load<u64>(p) & SIX_BYTES;
  if (zone != clfOffset) {
    const sign = load<u8>(p, 1);
    if (load<u8>(p) != 0x20 || (sign != 0x2b && sign != 0x2d)) return setLocalTime(ms) ? p : 0;
    // Any offset but four digits is not plain.
    if (offset(p + 1) != p + 6 || load<u8>(p, 4) == 0x3a) return 0;
    clfOffset = zone;
    clfOffsetMs = offsetMs;
  }
  setEventTime(ms - clfOffsetMs);
  return p + 6;
}

/** Reads a time since 1970 in units of 10^-exponent seconds. */
export function epoch(p: usize, exponent: i32): usize {
  p = decimal(p);
  if (p == 0) return 0;
  const shift = 3 - exponent - fractionDigits;
  if ((shift > 0 && mantissa >= MAX_TO_SCALE) || -shift > <i32>MAX_DIGITS) return 0;
  const ms = shift >= 0 ? mantissa * powerOfTen(shift) : mantissa / powerOfTen(-shift);
  if (ms >= 4_102_444_800_000) return 0;
  setEventTime(<i64>ms);
  return p;
}
