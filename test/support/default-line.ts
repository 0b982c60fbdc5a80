/**
 * A parser of the default format alone, written apart from that of all formats: what it says of a line is what the
 * reference parser must say.
 *
 *     2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316
 */

import { isUtf8 } from 'node:buffer';
import { MAX_CUSTOMER_ID_BYTES, MAX_DURATION_US, MAX_LINE_BYTES } from '../../src/limits.ts';
import type { RejectionReason } from '../../src/log-format/types.ts';

/** What a line says. The customer id stands in the line's own bytes, `[customerStart, customerEnd)`. */
export interface ParsedLine {
  eventTimeMs: number;
  customerStart: number;
  customerEnd: number;
  status: number;
  durationUs: number;
}

const SPACE = 0x20;
const DOT = 0x2e;
const ZERO = 0x30;
const TIMESTAMP = '0000-00-00 00:00:00';
const CUSTOMER_AT = TIMESTAMP.length + 1;

/**
 * Reads the line `[start, end)` of `bytes`, without its LF or CR LF, into `parsed`.
 * @returns why the line is rejected, undefined where it is a record. `parsed` means something only then.
 */
export function parseLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  parsed: ParsedLine,
): RejectionReason | undefined {
  if (end === start) return 'empty_line';
  if (end - start > MAX_LINE_BYTES) return 'line_too_long';
  const eventTimeMs = timestamp(bytes, start, end);
  if (Number.isNaN(eventTimeMs)) return 'invalid_timestamp';
  const customerStart = start + CUSTOMER_AT;
  const customerEnd = fieldEnd(bytes, customerStart, end);
  if (!isCustomerId(bytes, customerStart, customerEnd)) return 'invalid_customer_id';
  const pathEnd = fieldEnd(bytes, customerEnd + 1, end);
  if (!isPath(bytes, customerEnd + 1, pathEnd)) return 'invalid_request_path';
  const statusEnd = fieldEnd(bytes, pathEnd + 1, end);
  const status = statusOf(bytes, pathEnd + 1, statusEnd);
  if (Number.isNaN(status)) return 'invalid_status';
  const durationEnd = fieldEnd(bytes, statusEnd + 1, end);
  const durationUs = seconds(bytes, statusEnd + 1, durationEnd);
  if (Number.isNaN(durationUs)) return 'invalid_duration';
  if (durationEnd !== end) return 'extra_field';
  Object.assign(parsed, { eventTimeMs, customerStart, customerEnd, status, durationUs });
  return undefined;
}

/** The next space from `from` on, or `end`. */
function fieldEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = Math.min(from, end);
  while (at < end && bytes[at] !== SPACE) at++;
  return at;
}

/** The number that the bytes `[from, to)` spell; NaN where they are not all digits, or none. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** 100 to 599 in three digits; 0 for `0`, `000` and `-1`; NaN for anything else. */
function statusOf(bytes: Uint8Array, from: number, to: number): number {
  if (['0', '000', '-1'].includes(Buffer.from(bytes.subarray(from, to)).toString('latin1'))) return 0;
  const status = digits(bytes, from, to);
  return to - from === 3 && status >= 100 && status <= 599 ? status : Number.NaN;
}

/** Milliseconds since 1970-01-01T00:00Z; NaN where the bytes are no time of the calendar, or no space follows. */
function timestamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < CUSTOMER_AT || bytes[start + TIMESTAMP.length] !== SPACE) return Number.NaN;
  for (let i = 0; i < TIMESTAMP.length; i++) {
    const separator = TIMESTAMP.charCodeAt(i);
    if (separator !== ZERO && bytes[start + i] !== separator) return Number.NaN;
  }
  const [year, month, day] = [
    digits(bytes, start, start + 4),
    pair(bytes, start + 5),
    pair(bytes, start + 8),
  ];
  const [hour, minute, second] = [pair(bytes, start + 11), pair(bytes, start + 14), pair(bytes, start + 17)];
  const isLeapSecond = hour === 23 && minute === 59 && second === 60;
  // Written so that NaN fails.
  if (!(year >= 1 && hour <= 23 && minute <= 59 && (second <= 59 || isLeapSecond))) return Number.NaN;
  // Not Date.UTC: it takes years below 100 for those of the 20th century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isOfCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isOfCalendar
    ? date.getTime() + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000
    : Number.NaN;
}

function pair(bytes: Uint8Array, at: number): number {
  return digits(bytes, at, at + 2);
}

/** 1 to 255 bytes of UTF-8 without control characters (Unicode's Cc: U+0000–1F, U+007F–9F). */
function isCustomerId(bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from || to - from > MAX_CUSTOMER_ID_BYTES) return false;
  for (let at = from; at < to; at++) {
    if (isControl(bytes[at])) return false;
    const isSecondHalf = bytes[at] === 0xc2 && at + 1 < to && bytes[at + 1] >= 0x80 && bytes[at + 1] <= 0x9f;
    if (isSecondHalf) return false;
  }
  return isUtf8(bytes.subarray(from, to));
}

function isPath(bytes: Uint8Array, from: number, to: number): boolean {
  if (to <= from) return false;
  for (let at = from; at < to; at++) if (isControl(bytes[at])) return false;
  return true;
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

/**
 * A plain decimal number of seconds, as integer microseconds. Finer digits round, halves upwards.
 * NaN where it is not one, or is over 24 hours.
 */
function seconds(bytes: Uint8Array, from: number, to: number): number {
  let dot = from;
  while (dot < to && bytes[dot] !== DOT) dot++;
  const whole = digits(bytes, from, dot);
  if (dot === to) return whole * 1e6 <= MAX_DURATION_US ? whole * 1e6 : Number.NaN;
  if (Number.isNaN(digits(bytes, dot + 1, to))) return Number.NaN;
  const shown = Math.min(to, dot + 7);
  const fractionUs = digits(bytes, dot + 1, shown) * 10 ** (dot + 7 - shown);
  const durationUs = whole * 1e6 + fractionUs;
  if (shown === to) return durationUs <= MAX_DURATION_US ? durationUs : Number.NaN;
  // Over by less than a microsecond is over all the same.
  const isOver = durationUs === MAX_DURATION_US && digits(bytes, shown, to) > 0;
  if (isOver || durationUs > MAX_DURATION_US) return Number.NaN;
  return durationUs + (bytes[shown] >= ZERO + 5 ? 1 : 0);
}
