/**
 * Values, read where they stand: each function gives the address behind the value, or 0 where it is not plain. The
 * fields' own grammar says where a value ends; whoever calls looks at what follows.
 */

import {
  DATE_SLOTS,
  DATES,
  FIRST_YEAR,
  MAX_DURATION_US,
  MONTHS,
  NO_DATE,
  YEARS,
  ZONE,
} from './layout';
import { addDuration, setEventTime, setNoDuration, setStatus } from './record';

const POWERS_OF_TEN: usize = memory.data<u64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
  100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
  10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
]);
const MOST_DIGITS: usize = 18;
/** A mantissa below this can be multiplied by a million. */
const MOST_TO_SCALE: u64 = 10_000_000_000_000;

/** Fills the tables. Called once. */
export function initializeDates(): void {
  memory.fill(DATES, 0xff, <usize>DATE_SLOTS * 16);
  let day: i32 = 0;
  let entry = MONTHS;
  for (let year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
    const isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (let month = 1; month <= 12; month++) {
      store<i32>(entry, day);
      entry += 4;
      const isShort = month == 4 || month == 6 || month == 9 || month == 11;
      day += month == 2 ? (isLeap ? 29 : 28) : isShort ? 30 : 31;
    }
  }
  store<i32>(entry, day);
}

/* ── local time ── */

export let zoneSpans: u32 = 0;
let spanFrom: i64 = 1;
let spanTo: i64 = 0;
let spanShift: i64 = 0;

/* The same span in whole seconds, as far as those have 32 bits: its first one, how many there are, what to add. */
let spanFirst: u32 = 0;
let spanSeconds: u32 = 0;
export let secondShift: u32 = 0;

export function setZoneSpans(spans: u32): void {
  zoneSpans = spans;
  spanFrom = 1;
  spanTo = 0;
  spanSeconds = 0;
}

const NO_MOMENT: i64 = -1;

/** The moment of a local time; NO_MOMENT where that occurs twice or never. */
// @ts-ignore: decorator
@inline
function momentOfLocal(ms: i64): i64 {
  if ((ms < spanFrom || ms >= spanTo) && !findSpan(ms)) return NO_MOMENT;
  return ms + spanShift;
}

/** Takes a local time. @returns false where it is not plain; -1 is a moment, too, which the reference reads. */
// @ts-ignore: decorator
@inline
function setLocalTime(ms: i64): bool {
  const moment = momentOfLocal(ms);
  setEventTime(moment);
  return moment != NO_MOMENT;
}

function findSpan(ms: i64): bool {
  let low: u32 = 0;
  let high = zoneSpans;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = ZONE + <usize>middle * 24;
    if (ms < load<i64>(span)) {
      high = middle;
    } else if (ms >= load<i64>(span, 8)) {
      low = middle + 1;
    } else {
      spanFrom = load<i64>(span);
      spanTo = load<i64>(span, 8);
      spanShift = load<i64>(span, 16);
      setSecondSpan();
      return true;
    }
  }
  return false;
}

const SECONDS: i64 = 0xffffffff;

/** So that neither a second of the span nor its moment has more than 32 bits. */
function setSecondSpan(): void {
  const first = (max(spanFrom, max<i64>(0, -spanShift)) + 999) / 1000;
  const end = min(spanTo / 1000, SECONDS - max<i64>(spanShift, 0) / 1000);
  spanFirst = <u32>first;
  spanSeconds = spanShift % 1000 == 0 && end > first ? <u32>(end - first) : 0;
  secondShift = <u32>(spanShift / 1000);
}

/** True where a second of local time, with {@link secondShift} added to it, is a moment. */
// @ts-ignore: decorator
@inline
export function isInSecondSpan(second: u32): bool {
  return second - spanFirst < spanSeconds || (findSpan(<i64>second * 1000) && second - spanFirst < spanSeconds);
}

/* ── dates ── */

/** The second at which a day begins; NO_DATE where there is no such day. `month` and `day` count from 0. */
// @ts-ignore: decorator
@inline
function secondOf(year: u32, month: u32, day: u32): u32 {
  if (year - FIRST_YEAR >= YEARS || month > 11) return NO_DATE;
  const entry = MONTHS + (<usize>((year - FIRST_YEAR) * 12 + month) << 2);
  const firstDay = load<u32>(entry);
  if (day >= load<u32>(entry + 4) - firstDay) return NO_DATE;
  return (firstDay + day) * 86_400;
}

/** By the day and the last digit of the month, so that the days of a season have slots of their own. */
// @ts-ignore: decorator
@inline
function slotOfDate(begin: u64, end: u32): usize {
  const day = ((end >> 8) & 3) | ((end >> 14) & 0x3c);
  return DATES + ((<usize>day | (<usize>(begin >> 42) & 0x3c0)) << 4);
}

/** The same for `02/Oct/2024:`. */
// @ts-ignore: decorator
@inline
function slotOfClfDate(begin: u64): usize {
  const day = (<u32>begin & 3) | ((<u32>begin >> 6) & 0x3c);
  const month = <u32>((((begin >> 24) & 0xffffff) * 0x9e3779b97f4a7c15) >> 60);
  return DATES + (<usize>(day | (month << 6)) << 4);
}

// @ts-ignore: decorator
@inline
function keepDate(slot: usize, begin: u64, end: u32, second: u32): u32 {
  if (second == NO_DATE) return NO_DATE;
  store<u64>(slot, begin);
  store<u32>(slot, end, 8);
  store<u32>(slot, second, 12);
  return second;
}

/** Reads `YYYY-MM-DD` and any byte. */
function parseDate(p: usize, slot: usize): u32 {
  const digits = load<u64>(p) - 0x2d30302d30303030; // "0000-00-"
  const day2 = (load<u32>(p + 7) & 0x00ffffff) - 0x30302d; // "-00"
  // Each byte less the template's is a digit's value, or 0 at a separator. The additions carry into a byte's
  // highest bit where it is over 9.
  if (((digits | (digits + 0x0076760076767676)) & 0xff8080ff80808080) != 0) return NO_DATE;
  if (((day2 | (day2 + 0x00767600)) & 0xff8080ff) != 0) return NO_DATE;
  const pairs = digits * 10 + (digits >> 8);
  const year = <u32>(pairs & 0xff) * 100 + <u32>((pairs >> 16) & 0xff);
  const month = <u32>((pairs >> 40) & 0xff) - 1;
  const day = ((day2 >> 8) & 0xff) * 10 + ((day2 >> 16) & 0xff) - 1;
  return keepDate(slot, load<u64>(p), load<u32>(p + 7), secondOf(year, month, day));
}

/** The second at which the date at `p` begins, of which the byte behind it is a part; else NO_DATE. */
// @ts-ignore: decorator
@inline
export function date(p: usize): u32 {
  const begin = load<u64>(p);
  const end = load<u32>(p + 7);
  const slot = slotOfDate(begin, end);
  if (load<u64>(slot) == begin && load<u32>(slot, 8) == end) return load<u32>(slot, 12);
  return parseDate(p, slot);
}

const NO_TIME: u32 = 0xffffffff;

/** The second of the day that `HH:mm:ss` at `p` says; NO_TIME where it says none. */
// @ts-ignore: decorator
@inline
function timeOfDay(p: usize): u32 {
  // Times ten plus the next byte: every pair of digits at once, none above 99, so nothing carries over.
  const clock = load<u64>(p) - 0x30303a30303a3030; // "00:00:00"
  if (((clock | (clock + 0x7676007676007676)) & 0x8080ff8080ff8080) != 0) return NO_TIME;
  const pairs = (clock * 10 + (clock >> 8)) & 0x00ff0000ff0000ff;
  // Again by a carry into a byte's highest bit: over 23, 59, 59.
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

/** A fraction of a second, if there is one, into `fractionMs`: what is finer than a millisecond is cut off. */
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

/** `02`, `02:00` or `0200` behind a sign, into `offsetMs`. */
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

/** Two digits; over 99 where they are none. */
// @ts-ignore: decorator
@inline
function pair(p: usize): u32 {
  const high = <u32>load<u8>(p) - 48;
  const low = <u32>load<u8>(p, 1) - 48;
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

/** ISO 8601, as `TimestampKind` has it. */
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
  p = offset(p);
  setEventTime(ms - offsetMs);
  return p;
}

/** `02/Oct/2024:05:10:46`, maybe with a fraction, maybe with ` +0200`. */
export function clf(p: usize): usize {
  const begin = load<u64>(p);
  const end = load<u32>(p + 8);
  const slot = slotOfClfDate(begin);
  let day = load<u32>(slot, 12);
  if (load<u64>(slot) != begin || load<u32>(slot, 8) != end) day = parseClfDate(p, slot);
  const time = timeOfDay(p + 12);
  if (day == NO_DATE || time == NO_TIME) return 0;
  p = fraction(p + 20, false);
  if (p == 0) return 0;
  const ms = <i64>(day + time) * 1000 + fractionMs;
  if (load<u8>(p) == 0x20) {
    const sign = load<u8>(p, 1);
    if (sign == 0x2b || sign == 0x2d) {
      const behind = offset(p + 1);
      // Where it is not four digits, the reference says what it is.
      if (behind != p + 6 || load<u8>(p, 4) == 0x3a) return 0;
      setEventTime(ms - offsetMs);
      return behind;
    }
  }
  return setLocalTime(ms) ? p : 0;
}

/** "Jan" and so on, in the low three bytes. */
const MONTH_NAMES: usize = memory.data<u32>([
  0x6e614a, 0x626546, 0x72614d, 0x727041, 0x79614d, 0x6e754a, 0x6c754a, 0x677541, 0x706553, 0x74634f, 0x766f4e,
  0x636544,
]);

/** Reads `DD/Mon/YYYY:`. */
function parseClfDate(p: usize, slot: usize): u32 {
  const day = pair(p) - 1;
  const century = pair(p + 7);
  const year = pair(p + 9);
  const name = load<u32>(p + 3) & 0xffffff;
  let month: u32 = 0;
  while (month < 12 && load<u32>(MONTH_NAMES + (<usize>month << 2)) != name) month++;
  if (day > 99 || century > 99 || year > 99) return NO_DATE;
  if (load<u8>(p, 2) != 0x2f || load<u8>(p, 6) != 0x2f || load<u8>(p, 11) != 0x3a) return NO_DATE;
  return keepDate(slot, load<u64>(p), load<u32>(p + 8), secondOf(century * 100 + year, month, day));
}

/* ── numbers ── */

let mantissa: u64 = 0;
let fractionDigits: i32 = 0;

/** Digits, and behind a point more digits if there is one: the number is mantissa / 10^fractionDigits. */
function decimal(p: usize): usize {
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
  return p - start > MOST_DIGITS ? 0 : p;
}

// @ts-ignore: decorator
@inline
function powerOfTen(exponent: i32): u64 {
  return load<u64>(POWERS_OF_TEN + (<usize>exponent << 3));
}

/** A time since 1970 in units of 10^-exponent seconds. */
export function epoch(p: usize, exponent: i32): usize {
  p = decimal(p);
  if (p == 0) return 0;
  const shift = 3 - exponent - fractionDigits;
  if ((shift > 0 && mantissa >= MOST_TO_SCALE) || -shift > <i32>MOST_DIGITS) return 0;
  const ms = shift >= 0 ? mantissa * powerOfTen(shift) : mantissa / powerOfTen(-shift);
  if (ms >= 4_102_444_800_000) return 0;
  setEventTime(<i64>ms);
  return p;
}

/** Three digits, from 100 to 599. */
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
 * A duration in units of 10^-exponent seconds.
 * @param isOptional true where `-` says that there is none.
 * @param isSum true where others are added to it: then it must be whole microseconds.
 */
// @ts-ignore: decorator
@inline
export function durationOf(p: usize, exponent: i32, isOptional: bool, isSum: bool): usize {
  // Most logs print "0.000": then all five bytes at once. The addition carries into a byte's highest bit where it
  // is over 9.
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
    if (mantissa >= MOST_TO_SCALE) return 0;
    return addBounded(mantissa * powerOfTen(shift)) ? p : 0;
  }
  if (isSum || -shift > <i32>MOST_DIGITS) return 0;
  const unit = powerOfTen(-shift);
  return addBounded((mantissa + unit / 2) / unit) ? p : 0;
}

/** @returns false where the reference is to reject it: from 2^63 µs on it would be negative, and mean that there is none. */
// @ts-ignore: decorator
@inline
function addBounded(us: u64): bool {
  if (us > MAX_DURATION_US) return false;
  addDuration(<i64>us);
  return true;
}
