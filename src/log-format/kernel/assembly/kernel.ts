/**
 * The fast half of the scanner, in AssemblyScript (https://www.assemblyscript.org): reads plain lines of the
 * default format and stops at the first line that is not plain, which the reference parser
 * (`../../default-format.ts`) then accepts or rejects. So this file may refuse any line, but must never accept
 * one that the reference would not, or read another value from it.
 *
 * No line needs a look ahead of its newline: every step stops at a byte that a field cannot hold, and a newline
 * is such a byte everywhere. Loads of 8 and 16 bytes may read past it, and only look.
 *
 * Memory, from low to high: tables, columns, customers (slots, key addresses, keys), input.
 */

export const ROWS: u32 = 4096;
export const MAX_CUSTOMERS: u32 = 131_072;
export const KEY_BYTES: u32 = 8 * 1024 * 1024;
export const INPUT_BYTES: u32 = 384 * 1024;
export const MAX_LINE_BYTES: u32 = 65_536;
export const MAX_CUSTOMER_ID_BYTES: u32 = 255;

const FIRST_YEAR: u32 = 1970;
const YEARS: u32 = 130;
/** Day of the first of each month since 1970-01, and of the month after the last. */
const MONTHS: usize = 0x1000;
export const EVENT_TIMES: usize = 0x14000;
export const CUSTOMERS: usize = EVENT_TIMES + ROWS * 8;
export const STATUSES: usize = CUSTOMERS + ROWS * 4;
export const DURATIONS: usize = STATUSES + ROWS * 4;
/**
 * 16 bytes a slot: the id itself where it has up to 8 bytes, else its hash; its length; the customer's number.
 * Length 0 is a free slot.
 */
const SLOTS: usize = DURATIONS + ROWS * 8;
const SLOT_BITS: u64 = 18;
const SLOT_COUNT: u32 = 1 << 18;
const KEY_ADDRESSES: usize = SLOTS + <usize>SLOT_COUNT * 16;
/** A key is its length in 8 bytes, then its bytes, up to a multiple of 8. */
const KEYS: usize = KEY_ADDRESSES + MAX_CUSTOMERS * 4;
export const INPUT: usize = KEYS + KEY_BYTES;
const POWERS_OF_TEN: usize = memory.data<u32>([1_000_000, 100_000, 10_000, 1_000, 100, 10, 1]);

/*
 * Vectors to compare with. They are loaded from memory: as literals the compiler builds each anew for every line,
 * through general registers.
 */
const SPACES: usize = memory.data<u64>([0x2020202020202020, 0x2020202020202020], 16);
const DELETES: usize = memory.data<u64>([0x7f7f7f7f7f7f7f7f, 0x7f7f7f7f7f7f7f7f], 16);
const FIRST_PRINTABLE: usize = memory.data<u64>([0x2121212121212121, 0x2121212121212121], 16);
const PRINTABLE_RANGE: usize = memory.data<u64>([0x5d5d5d5d5d5d5d5d, 0x5d5d5d5d5d5d5d5d], 16);

/**
 * Dates seen before, 16 bytes each: their 11 bytes `YYYY-MM-DD ` (the first 8, then 4 from the 7th on) and the
 * second at which they begin. A log has few dates and many lines of each, so nearly every date is found here.
 */
const DATES: usize = 0x4000;
const DATE_SLOTS: u64 = 4096;
/** Also in a free slot, so that bytes which happen to equal it are no date. */
const NO_DATE: u32 = 0xffffffff;

/** Where {@link scan} stopped. */
export let position: u32 = 0;
export let customerCount: u32 = 0;
let keysEnd: usize = KEYS;

/** Fills the tables. Called once. */
export function initialize(): void {
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

export function keyAddress(customer: u32): usize {
  return load<u32>(KEY_ADDRESSES + (customer << 2)) + 8;
}

export function keyLength(customer: u32): u32 {
  return load<u32>(load<u32>(KEY_ADDRESSES + (customer << 2)));
}

export function forgetCustomers(): void {
  memory.fill(SLOTS, 0, <usize>SLOT_COUNT * 16);
  customerCount = 0;
  keysEnd = KEYS;
}

// @ts-ignore: decorator
@inline
function mix(hash: u64, word: u64): u64 {
  return rotl(hash ^ word, 29) * 0x9e3779b97f4a7c15;
}

/** From the highest bits of a hash: only those depend on every bit of the last word. */
// @ts-ignore: decorator
@inline
function slotOf(hash: u64): u32 {
  return <u32>(hash >> (64 - SLOT_BITS));
}

/** The lowest `bytes` bytes of the word at an address; 1 to 8. */
// @ts-ignore: decorator
@inline
function lowest(address: usize, bytes: u32): u64 {
  return load<u64>(address) & (<u64>-1 >> ((8 - bytes) << 3));
}

/** The number of a customer, given the bytes of its id; -1 where the table is full. */
// @ts-ignore: decorator
@inline
function number(id: usize, length: u32): i32 {
  if (length > 8) return numberOfLong(id, length);
  const word = lowest(id, length);
  let slot = slotOf(mix(length, word));
  while (true) {
    const entry = SLOTS + ((<usize>slot) << 4);
    const found = load<u32>(entry, 8);
    if (load<u64>(entry) == word && found == length) return load<i32>(entry, 12);
    if (found == 0) return add(id, length, entry, word);
    slot = (slot + 1) & (SLOT_COUNT - 1);
  }
}

function numberOfLong(id: usize, length: u32): i32 {
  let hash: u64 = length;
  let i: u32 = 0;
  for (; i + 8 < length; i += 8) hash = mix(hash, load<u64>(id + i));
  hash = mix(hash, lowest(id + i, length - i));
  let slot = slotOf(hash);
  while (true) {
    const entry = SLOTS + ((<usize>slot) << 4);
    const found = load<u32>(entry, 8);
    if (load<u64>(entry) == hash && found == length) {
      const customer = load<i32>(entry, 12);
      if (isEqual(keyAddress(customer), id, length)) return customer;
    }
    if (found == 0) return add(id, length, entry, hash);
    slot = (slot + 1) & (SLOT_COUNT - 1);
  }
}

function isEqual(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 < length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return lowest(a + i, length - i) == lowest(b + i, length - i);
}

function add(id: usize, length: u32, entry: usize, word: u64): i32 {
  if (customerCount == MAX_CUSTOMERS || keysEnd + 8 + 256 > KEYS + KEY_BYTES) return -1;
  const customer = customerCount++;
  store<u32>(KEY_ADDRESSES + (customer << 2), <u32>keysEnd);
  store<u32>(keysEnd, length);
  memory.copy(keysEnd + 8, id, length);
  keysEnd = (keysEnd + 8 + length + 7) & ~7;
  store<u64>(entry, word);
  store<u32>(entry, length, 8);
  store<u32>(entry, customer, 12);
  return customer;
}

/** The same for a line that the reference parser accepted. */
export function intern(id: usize, length: u32): i32 {
  return number(id, length);
}

/** The first byte from `p` on that is not a printable character of ASCII above the space. */
// @ts-ignore: decorator
@inline
function endOfAscii(p: usize): usize {
  while (true) {
    const printable = i8x16.le_u(i8x16.sub(v128.load(p), v128.load(FIRST_PRINTABLE)), v128.load(PRINTABLE_RANGE));
    const mask = i8x16.bitmask(printable);
    if (mask != 0xffff) return p + ctz(~mask);
    p += 16;
  }
}

// @ts-ignore: decorator
@inline
function separators(p: usize): i32 {
  const bytes = v128.load(p);
  return i8x16.bitmask(
    v128.or(i8x16.le_u(bytes, v128.load(SPACES)), i8x16.eq(bytes, v128.load(DELETES))),
  );
}

/** The first byte from `p` on that is a space or a control character. Two loads at once: paths are long. */
// @ts-ignore: decorator
@inline
function endOfPath(p: usize): usize {
  while (true) {
    const mask = separators(p) | (separators(p + 16) << 16);
    if (mask != 0) return p + ctz(mask);
    p += 32;
  }
}

/**
 * The second at which the date at `p` begins, where it and the space behind it are right; else NO_DATE. Puts it
 * into the table of dates.
 */
function parseDate(p: usize, slot: usize): u32 {
  const digits = load<u64>(p) - 0x2d30302d30303030; // "0000-00-"
  const day2 = load<u32>(p + 7) - 0x2030302d; // "-00 "
  // Each byte less the template's is a digit's value, or 0 at a separator. The additions carry into a byte's
  // highest bit where it is over 9.
  if (((digits | (digits + 0x0076760076767676)) & 0xff8080ff80808080) != 0) return NO_DATE;
  if (((day2 | (day2 + 0x00767600)) & 0xff8080ff) != 0) return NO_DATE;
  const pairs = digits * 10 + (digits >> 8);
  const year = <u32>(pairs & 0xff) * 100 + <u32>((pairs >> 16) & 0xff) - FIRST_YEAR;
  const month = <u32>((pairs >> 40) & 0xff) - 1;
  const day = ((day2 >> 8) & 0xff) * 10 + ((day2 >> 16) & 0xff) - 1;
  if (year >= YEARS || month > 11) return NO_DATE;
  const entry = MONTHS + ((year * 12 + month) << 2);
  const firstDay = load<u32>(entry);
  if (day >= load<u32>(entry + 4) - firstDay) return NO_DATE;
  const second = (firstDay + day) * 86_400;
  store<u64>(slot, load<u64>(p));
  store<u32>(slot, load<u32>(p + 7), 8);
  store<u32>(slot, second, 12);
  return second;
}

/**
 * Scans lines from `begin` on into the columns, from row `row` on, until `limit` rows are full, the line at
 * {@link position} is not plain, or `end` is reached, which must be behind a newline.
 * @returns the number of full rows.
 */
export function scan(begin: u32, end: u32, row: u32, limit: u32): u32 {
  let line: usize = begin;
  while (row < limit && line < end) {
    let p = line;

    const date = load<u64>(p);
    const date2 = load<u32>(p + 7);
    const slot = DATES + <usize>((((date >> 32) ^ date2) * 0x9e3779b97f4a7c15 >> 52) & (DATE_SLOTS - 1)) * 16;
    let time = load<u32>(slot, 12);
    if (load<u64>(slot) != date || load<u32>(slot, 8) != date2) time = parseDate(p, slot);
    if (time == NO_DATE) break;

    // Times ten plus the next byte: every pair of digits at once, none above 99, so nothing carries over.
    const clock = load<u64>(p + 11) - 0x30303a30303a3030; // "00:00:00"
    if (((clock | (clock + 0x7676007676007676)) & 0x8080ff8080ff8080) != 0) break;
    const pairs = clock * 10 + (clock >> 8);
    const hour = <u32>(pairs & 0xff);
    const minute = <u32>((pairs >> 24) & 0xff);
    const second = <u32>((pairs >> 48) & 0xff);
    if (hour > 23 || minute > 59 || second > 59 || load<u8>(p + 19) != 0x20) break;
    time += hour * 3_600 + minute * 60 + second;
    p += 20;

    let fieldEnd = endOfAscii(p);
    const idLength = <u32>(fieldEnd - p);
    if (load<u8>(fieldEnd) != 0x20 || idLength - 1 >= MAX_CUSTOMER_ID_BYTES) break;
    const customer = number(p, idLength);
    if (customer < 0) break;
    p = fieldEnd + 1;

    fieldEnd = endOfPath(p);
    if (load<u8>(fieldEnd) != 0x20 || fieldEnd == p) break;
    p = fieldEnd + 1;

    const statusWord = load<u32>(p) - 0x20303030; // "000 "
    const status100 = statusWord & 0xff;
    const status10 = (statusWord >> 8) & 0xff;
    const status1 = (statusWord >> 16) & 0xff;
    if (statusWord >> 24 != 0 || status100 - 1 > 4 || status10 > 9 || status1 > 9) break;
    p += 4;

    // Seconds. Most logs print "0.000\n": then all six bytes at once. The addition carries into a byte's
    // highest bit where it is over 9.
    let whole: u32 = 0;
    let fraction: u32 = 0;
    const six = load<u64>(p) - 0x0a3030302e30;
    if (((six | (six + 0x767676000076)) & 0xff808080ff80) == 0) {
      whole = <u32>(six & 0xf);
      fraction = <u32>((six >> 16) & 0xf) * 100_000 + <u32>((six >> 24) & 0xf) * 10_000 + <u32>((six >> 32) & 0xf) * 1_000;
      p += 6;
    } else {
      const wholeStart = p;
      let digit: u32 = <u32>load<u8>(p) - 48;
      while (digit <= 9 && p < wholeStart + 5) {
        whole = whole * 10 + digit;
        digit = <u32>load<u8>(++p) - 48;
      }
      if (p == wholeStart || whole >= 86_400) break;
      if (load<u8>(p) == 0x2e) {
        const fractionStart = ++p;
        digit = <u32>load<u8>(p) - 48;
        while (digit <= 9 && p < fractionStart + 6) {
          fraction = fraction * 10 + digit;
          digit = <u32>load<u8>(++p) - 48;
        }
        if (p == fractionStart) break;
        fraction *= load<u32>(POWERS_OF_TEN + ((p - fractionStart) << 2));
      }
      if (load<u8>(p) == 0x0d) p++;
      if (load<u8>(p) != 0x0a) break;
      p++;
    }
    if (p - line > MAX_LINE_BYTES) break;

    store<f64>(EVENT_TIMES + (row << 3), <f64>(<i64>time * 1000));
    store<u32>(CUSTOMERS + (row << 2), customer);
    store<u32>(STATUSES + (row << 2), status100 * 100 + status10 * 10 + status1);
    store<f64>(DURATIONS + (row << 3), <f64>(<i64>whole * 1_000_000 + fraction));
    row++;
    line = p;
  }
  position = <u32>line;
  return row;
}
