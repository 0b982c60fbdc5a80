/** Reads dates. A table remembers the ones that were read before. */

import { DATE_SLOTS, DATES, FIRST_YEAR, MONTHS, NO_DATE, YEARS } from './scan-memory';

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

/** The slot depends on the day and the last digit of the month, so neighbouring dates have slots of their own. */
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

/** Reads `YYYY-MM-DD` and the byte after it, which may be any. */
function parseDate(p: usize, slot: usize): u32 {
  const digits = load<u64>(p) - 0x2d30302d30303030; // "0000-00-"
  const day2 = (load<u32>(p + 7) & 0x00ffffff) - 0x30302d; // "-00"
  // Subtracting the template leaves the value of each digit, and 0 for each separator. Adding 0x76 sets a byte's
  // highest bit where its digit is over 9.
  if (((digits | (digits + 0x0076760076767676)) & 0xff8080ff80808080) != 0) return NO_DATE;
  if (((day2 | (day2 + 0x00767600)) & 0xff8080ff) != 0) return NO_DATE;
  const pairs = digits * 10 + (digits >> 8);
  const year = <u32>(pairs & 0xff) * 100 + <u32>((pairs >> 16) & 0xff);
  const month = <u32>((pairs >> 40) & 0xff) - 1;
  const day = ((day2 >> 8) & 0xff) * 10 + ((day2 >> 16) & 0xff) - 1;
  return keepDate(slot, load<u64>(p), load<u32>(p + 7), secondOf(year, month, day));
}

/** The second at which the date at `p` begins; NO_DATE where there is none. The byte after the date may be any. */
// @ts-ignore: decorator
@inline
export function date(p: usize): u32 {
  const begin = load<u64>(p);
  const end = load<u32>(p + 7);
  const slot = slotOfDate(begin, end);
  if (load<u64>(slot) == begin && load<u32>(slot, 8) == end) return load<u32>(slot, 12);
  return parseDate(p, slot);
}

/** The value of two digits; over 99 where they are not digits. */
// @ts-ignore: decorator
@inline
export function pair(p: usize): u32 {
  const high = <u32>load<u8>(p) - 48;
  const low = <u32>load<u8>(p, 1) - 48;
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

/** The same as {@link date} for `02/Oct/2024:`. */
// @ts-ignore: decorator
@inline
export function clfDate(p: usize): u32 {
  const begin = load<u64>(p);
  const end = load<u32>(p + 8);
  const slot = slotOfClfDate(begin);
  if (load<u64>(slot) == begin && load<u32>(slot, 8) == end) return load<u32>(slot, 12);
  return parseClfDate(p, slot);
}

/** The same for `2024/10/02`, without a table: such a log is rare. */
export function slashDate(p: usize): u32 {
  const century = pair(p);
  const year = pair(p + 2);
  if (century > 99 || year > 99 || load<u8>(p, 4) != 0x2f || load<u8>(p, 7) != 0x2f) return NO_DATE;
  return secondOf(century * 100 + year, pair(p + 5) - 1, pair(p + 8) - 1);
}

/** "Jan", "Feb" and so on, in the low three bytes. */
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
