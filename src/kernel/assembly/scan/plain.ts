/**
 * Lines of the default format, for they are what most plain logs look like: `datetime customer path status duration`,
 * a space between any two. Such a line took 33 ns from step to step, 24 with its steps in a row, and 18 since one look
 * finds the ends of all its fields (2026-11-24).
 */

import { isTaken } from './bounds';
import { numberOf } from './customers';
import { CUSTOMERS, DURATIONS, EVENT_TIMES, STATUSES } from './layout';
import { addShort, canAdd } from '../windows/chunks';
import { NO_DURATION } from '../windows/layout';
import { endsOfWords } from './search';
import { momentOf, NO_MOMENT } from './values';

const SPACE: u32 = 0x20;
const DATETIME_BYTES: usize = 20;
/** Where a path, a status and a duration of five bytes end, counted from the end of the path. */
const SHORT_ENDS: u64 = 0b10000010001;
const SHORT_ENDS_MASK: u64 = 0b11111111111;
const LAST_START: u64 = 52;

/** Records that were added to their windows at once. */
export let fedTotal: u32 = 0;
/** 1 where the line that was read last is in the row, 0 where its record was added at once. */
export let rowsOfPlain: u32 = 0;

/**
 * Reads the line at `line` into the row, or adds its record to its window at once (waiting for memory there and looking
 * for the next fields here overlap), where all behind its time lies in 64 bytes and is printable ASCII, and the
 * duration is of the form `0.000`: then one look finds the ends of all fields.
 * @returns the address behind its newline; 0 where it is not such a line.
 */
// @ts-ignore: decorator
@inline
export function readPlain(line: usize, row: u32): usize {
  const id = line + DATETIME_BYTES;
  const ends = endsOfWords(id);
  const idBytes = <u32>ctz(ends);
  const endsBehind = ends & (ends - 1);
  const pathEnd = ctz(endsBehind);
  if (pathEnd > LAST_START || ((endsBehind >> pathEnd) & SHORT_ENDS_MASK) != SHORT_ENDS) return 0;
  if (<u32>load<u8>(id - 1) != SPACE || <u32>load<u8>(id + idBytes) != SPACE) return 0;
  if (<u64>idBytes + 1 == pathEnd || idBytes == 0) return 0;

  // " 000 0.0" and "00\n": each byte less the template's is a digit's value, or 0 at a separator. The additions
  // carry into a byte's highest bit where it is over 9, of the first digit where it is over 5.
  const tail = id + <usize>pathEnd;
  const digits = load<u64>(tail) - 0x302e302030303020;
  const last = (load<u32>(tail + 8) & 0xffffff) - 0x0a3030;
  if (((digits | (digits + 0x7600760076767a00)) & 0x80ff80ff808080ff) != 0) return 0;
  if (((last | (last + 0x7676)) & 0xff8080) != 0 || (digits & 0xff00) == 0) return 0;

  const moment = momentOf(line);
  if (moment == NO_MOMENT) return 0;
  const customer = numberOf(id, idBytes);
  if (customer < 0) return 0;
  const status = <u32>(digits >> 8) & 0xff;
  const ms = <u32>(digits >> 40 & 0xff) * 1_000 + <u32>(digits >> 56) * 100 + (last & 0xff) * 10 + (last >> 8);
  const code = status * 100 + (<u32>(digits >> 16) & 0xff) * 10 + (<u32>(digits >> 24) & 0xff);
  const time = <f64>moment;
  const us = ms * 1_000;
  if (us < NO_DURATION && canAdd(time)) {
    addShort(customer, time, code, us);
    fedTotal++;
    rowsOfPlain = 0;
    return tail + 11;
  }
  if (!isTaken(time)) return 0;
  store<f64>(EVENT_TIMES + (<usize>row << 3), time);
  store<i32>(CUSTOMERS + (<usize>row << 2), customer);
  store<u32>(STATUSES + (<usize>row << 2), code);
  store<f64>(DURATIONS + (<usize>row << 3), <f64>us);
  rowsOfPlain = 1;
  return tail + 11;
}
