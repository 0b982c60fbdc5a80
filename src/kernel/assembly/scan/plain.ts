/**
 * Lines of the default format, for they are what most plain logs look like: `datetime customer path status duration`,
 * a space between any two. Such a line took 33 ns from step to step, 24 with its steps in a row, and 18 since one look
 * finds the ends of all its fields (2026-11-24). Since all its digits are read at once, 15 where it was 21 (2026-11-25).
 */

import { insertDirectly, addRecords, beginDirectInsert, canInsertDirectly } from '../windows/chunks';
import { isTaken } from './bounds';
import { numberOf } from './customers';
import { CUSTOMERS, DURATIONS, EVENT_TIMES, NO_DATE, STATUSES } from './scan-memory';
import { endsOfWords } from './search';
import { date } from './dates';
import { isInSecondSpan, secondShift } from './local-time';

const SPACE: u32 = 0x20;
const DATETIME_BYTES: usize = 20;
/** Where the time of day begins, with the space before it. */
const TIME: usize = 10;
const TAIL_BYTES: usize = 11;
const DAY_S: u32 = 86_400;

/*
 * " 00:00:00 " and " 100 0.000\n", and how far above them each byte may be: so a digit's value is left of it, and of the
 * first one of a status what it is above 1. What stands behind them may be anything.
 */
const TIME_TEMPLATE: usize = memory.data<u64>([0x303a30303a303020, 0x2030], 16);
const TIME_RANGE: usize = memory.data<u64>([0x0500090500090200, 0xffffffffffff0009], 16);
const TAIL_TEMPLATE: usize = memory.data<u64>([0x302e302030303120, 0x0a3030], 16);
const TAIL_RANGE: usize = memory.data<u64>([0x0900090009090400, 0xffffffffff000909], 16);
/** For pairs of digits: the hour, the minute, the second, nothing; the status less 100, and the duration in ms. */
const WEIGHTS: usize = memory.data<u64>([0x00000001003c0e10, 0x0001006400010064], 16);

/** Behind {@link scanPlain}: the first free row, how many lines were added to their windows. */
export let plainRow: u32 = 0;
export let plainDirect: u32 = 0;

/**
 * Reads plain lines from `line` on, at most `left`, into the rows from `row` on, or adds their records to their windows
 * at once (waiting for memory there and looking for the next fields here overlap). They are those of which all up to the
 * end of the path lies in 64 bytes behind the time and is printable ASCII, and whose duration is of the form `0.000`.
 * @returns the first line that is not one, or behind the last.
 */
export function scanPlain(line: usize, end: usize, row: u32, left: u32): usize {
  let direct: u32 = 0;
  beginDirectInsert();
  for (; left > 0 && line < end; left--) {
    const id = line + DATETIME_BYTES;
    const ends = endsOfWords(id);
    const idBytes = <u32>ctz(ends);
    const endsBehind = ends & (ends - 1);
    const pathEnd = ctz(endsBehind);
    if (endsBehind == 0 || idBytes == 0 || <u64>idBytes + 1 == pathEnd) break;
    if (<u32>load<u8>(id + idBytes) != SPACE) break;

    const tail = id + <usize>pathEnd;
    const time = i8x16.sub(v128.load(line, TIME), v128.load(TIME_TEMPLATE));
    const rest = i8x16.sub(v128.load(tail), v128.load(TAIL_TEMPLATE));
    const inRange = v128.and(i8x16.le_u(time, v128.load(TIME_RANGE)), i8x16.le_u(rest, v128.load(TAIL_RANGE)));
    if (i8x16.bitmask(inRange) != 0xffff) break;
    // Pairs of digits, then each pair's value: ten times the low byte, added to the high one.
    const digits = i8x16.shuffle(time, rest, 1, 2, 4, 5, 7, 8, 0, 0, 0, 17, 18, 19, 21, 23, 24, 25);
    const pairs = i16x8.shr_u(i16x8.mul(digits, i16x8.splat(0x0a01)), 8);
    const values = i32x4.dot_i16x8_s(pairs, v128.load(WEIGHTS));
    const clock = i64x2.extract_lane(values, 0);
    const second = <u32>clock + <u32>(clock >> 32);
    const day = date(line);
    if (second >= DAY_S || day == NO_DATE || !isInSecondSpan(day + second)) break;

    const customer = numberOf(id, idBytes);
    if (customer < 0) break;
    const answer = i64x2.extract_lane(values, 1);
    const status = <u32>answer;
    const ms = <u32>(answer >> 32);
    const moment = day + second + secondShift;
    if (canInsertDirectly(moment)) {
      insertDirectly(customer, moment, status, ms);
      direct++;
    } else {
      if (!isTaken(<f64>moment * 1000)) break;
      store<f64>(EVENT_TIMES + (<usize>row << 3), <f64>moment * 1000);
      store<i32>(CUSTOMERS + (<usize>row << 2), customer);
      store<u32>(STATUSES + (<usize>row << 2), status + 100);
      store<f64>(DURATIONS + (<usize>row << 3), <f64>(ms * 1000));
      row++;
    }
    line = tail + TAIL_BYTES;
  }
  addRecords(direct);
  plainRow = row;
  plainDirect = direct;
  return line;
}
