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
export const EVENT_TIMES: usize = 0x4000;
export const CUSTOMERS: usize = EVENT_TIMES + ROWS * 8;
export const STATUSES: usize = CUSTOMERS + ROWS * 4;
export const DURATIONS: usize = STATUSES + ROWS * 4;
/**
 * 16 bytes a slot: the id itself where it has up to 8 bytes, else its hash; its length; the customer's number.
 * Length 0 is a free slot.
 */
const SLOTS: usize = DURATIONS + ROWS * 8;
const SLOT_COUNT: u32 = 2 * MAX_CUSTOMERS;
const KEY_ADDRESSES: usize = SLOTS + <usize>SLOT_COUNT * 16;
/** A key is its length in 8 bytes, then its bytes, up to a multiple of 8. */
const KEYS: usize = KEY_ADDRESSES + MAX_CUSTOMERS * 4;
export const INPUT: usize = KEYS + KEY_BYTES;
const POWERS_OF_TEN: usize = memory.data<u32>([1_000_000, 100_000, 10_000, 1_000, 100, 10, 1]);

/** Where {@link scan} stopped. */
export let position: u32 = 0;
export let customerCount: u32 = 0;
let keysEnd: usize = KEYS;

/** Fills the table of months. Called once. */
export function initialize(): void {
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
  const mixed = (hash ^ word) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 32);
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
  let slot = <u32>mix(length, word) & (SLOT_COUNT - 1);
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
  let slot = <u32>hash & (SLOT_COUNT - 1);
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
    const printable = i8x16.le_u(i8x16.sub(v128.load(p), i8x16.splat(0x21)), i8x16.splat(0x5d));
    const mask = i8x16.bitmask(printable);
    if (mask != 0xffff) return p + ctz(~mask);
    p += 16;
  }
}

// @ts-ignore: decorator
@inline
function separators(p: usize): i32 {
  const bytes = v128.load(p);
  return i8x16.bitmask(v128.or(i8x16.le_u(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f))));
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
 * Scans lines from `begin` on into the columns, from row `row` on, until `limit` rows are full, the line at
 * {@link position} is not plain, or `end` is reached, which must be behind a newline.
 * @returns the number of full rows.
 */
export function scan(begin: u32, end: u32, row: u32, limit: u32): u32 {
  let line: usize = begin;
  const template = i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 32, 48, 48, 58, 48, 48); // 0000-00-00 00:00
  const largest = i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
  while (row < limit && line < end) {
    let p = line;

    // Date and time: each byte less the template's is a digit's value, or 0 at a separator.
    const digits = i8x16.sub(v128.load(p), template);
    if (v128.any_true(i8x16.gt_u(digits, largest))) break;
    const seconds = load<u32>(p + 16) - 0x2030303a; // ":00 "
    const second10 = (seconds >> 8) & 0xff;
    const second1 = (seconds >> 16) & 0xff;
    if ((seconds & 0xff0000ff) != 0 || second10 > 5 || second1 > 9) break;
    // Times ten plus the next byte: every pair of digits at once, none above 99, so nothing carries over.
    const low = <u64>i64x2.extract_lane(digits, 0);
    const high = <u64>i64x2.extract_lane(digits, 1);
    const lowPairs = low * 10 + (low >> 8);
    const highPairs = high * 10 + (high >> 8);
    const year = <u32>(lowPairs & 0xff) * 100 + <u32>((lowPairs >> 16) & 0xff) - FIRST_YEAR;
    const month = <u32>((lowPairs >> 40) & 0xff) - 1;
    const day = <u32>(highPairs & 0xff) - 1;
    const hour = <u32>((highPairs >> 24) & 0xff);
    const minute = <u32>((highPairs >> 48) & 0xff);
    if (year >= YEARS || month > 11 || hour > 23 || minute > 59) break;
    const entry = MONTHS + ((year * 12 + month) << 2);
    const firstDay = load<u32>(entry);
    if (day >= load<u32>(entry + 4) - firstDay) break;
    const time = (firstDay + day) * 86_400 + hour * 3_600 + minute * 60 + second10 * 10 + second1;
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

    store<f64>(EVENT_TIMES + (row << 3), <f64>time * 1000);
    store<u32>(CUSTOMERS + (row << 2), customer);
    store<u32>(STATUSES + (row << 2), status100 * 100 + status10 * 10 + status1);
    store<f64>(DURATIONS + (row << 3), <f64>whole * 1_000_000 + <f64>fraction);
    row++;
    line = p;
  }
  position = <u32>line;
  return row;
}
