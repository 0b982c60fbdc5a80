/**
 * Reads lines of the default format, `datetime customer path status duration` with single spaces, without running
 * instructions one by one. Most plain logs look like this.
 *
 * A line took 33 ns by instructions and 24 ns with the same steps in a row. It took 18 ns once a single look found
 * the ends of all fields (2026-11-24). Reading all digits at once made it 15 ns where it was 21 ns (2026-11-25).
 */

import {
  addRecords,
  beginDirectInsert,
  canInsertDirectly,
  insertDirectly,
  insertLater,
  insertPending,
} from '../windows/insert';
import { keepPlace } from '../windows/days';
import { isTaken } from './bounds';
import { numberOf } from './customers';
import { endpointAt } from './endpoints';
import { CUSTOMERS, DURATIONS, ENDPOINTS, EVENT_TIMES, NO_DATE, STATUSES } from './scan-memory';
import { placeOf, statusAt } from '../windows/statuses';
import { endsOfWords } from './search';
import { date } from './dates';
import { isInSecondSpan, secondShift } from './zone-offsets';

const SPACE: u32 = 0x20;
const DATETIME_BYTES: usize = 20;
/** Where the time of day begins, including the space before it. */
const TIME: usize = 10;
const TAIL_BYTES: usize = 11;
const DAY_S: u32 = 86_400;

/*
 * " 00:00:00 " and " 100 0.000\n", and how far above them each byte may be. Subtracting a template leaves the value
 * of each digit; for the first digit of a status, its value above 1. The bytes after the templates may be any.
 */
const TIME_TEMPLATE: usize = memory.data<u64>([0x303a30303a303020, 0x2030], 16);
const TIME_RANGE: usize = memory.data<u64>([0x0500090500090200, 0xffffffffffff0009], 16);
const TAIL_TEMPLATE: usize = memory.data<u64>([0x302e302030303120, 0x0a3030], 16);
const TAIL_RANGE: usize = memory.data<u64>([0x0900090009090400, 0xffffffffff000909], 16);
/** Weights of pairs of digits: hour, minute, second, nothing; then the status less 100, and the duration in ms. */
const WEIGHTS: usize = memory.data<u64>([0x00000001003c0e10, 0x0001006400010064], 16);

/** Results of {@link scanPlain}: the next free row, and how many records it inserted directly. */
export let plainRow: u32 = 0;
export let plainDirect: u32 = 0;

/**
 * Reads at most `left` plain lines from `line` on. It inserts their records into their windows directly, so that
 * waiting for memory there overlaps with searching the next line here; otherwise it writes them to rows from `row`
 * on.
 *
 * A line is taken here if its customer and path are printable ASCII and end within 64 bytes, and its duration looks
 * like `0.000`.
 * @param endpoints says how to find endpoints; 0: none is kept. The compiler makes two loops of this one.
 * @returns the first line that was not taken, or the address behind the last one.
 */
// @ts-ignore: decorator
@inline
export function scanPlain(line: usize, end: usize, row: u32, left: u32, endpoints: usize): usize {
  return endpoints == 0 ? scanWithout(line, end, row, left) : scanWith(line, end, row, left, endpoints);
}

function scanWithout(line: usize, end: usize, row: u32, left: u32): usize {
  return scanLines(line, end, row, left, 0);
}

function scanWith(line: usize, end: usize, row: u32, left: u32, endpoints: usize): usize {
  return scanLines(line, end, row, left, endpoints);
}

// @ts-ignore: decorator
@inline
function scanLines(line: usize, end: usize, row: u32, left: u32, endpoints: usize): usize {
  let direct: u32 = 0;
  let least = u32.MAX_VALUE;
  let greatest: u32 = 0;
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
    // Makes pairs of digits, then the value of each pair: ten times the low byte plus the high one.
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
    const place = placeOf(<u32>answer + 100);
    const ms = <u32>(answer >> 32);
    const moment = day + second + secondShift;
    const next = tail + TAIL_BYTES;
    let endpoint: i32 = 0;
    if (endpoints != 0) {
      endpoint = endpointAt(endpoints, customer, <u32>answer + 100, 0, 0, id + <usize>idBytes + 1, tail);
      if (endpoint < 0) break;
    }
    if (canInsertDirectly(moment)) {
      if (endpoints == 0) insertDirectly(customer, moment, place, ms, line, next);
      else insertLater(customer, endpoint, moment, place, ms, line, next);
      least = min(least, moment);
      greatest = max(greatest, moment);
      direct++;
    } else {
      if (!isTaken(<f64>moment * 1000)) break;
      store<f64>(EVENT_TIMES + (<usize>row << 3), <f64>moment * 1000);
      store<i32>(CUSTOMERS + (<usize>row << 2), customer);
      store<u32>(STATUSES + (<usize>row << 2), statusAt(place));
      store<f64>(DURATIONS + (<usize>row << 3), <f64>(ms * 1000));
      if (endpoints != 0) store<i32>(ENDPOINTS + (<usize>row << 2), endpoint);
      keepPlace(row, line, next);
      row++;
    }
    line = next;
  }
  if (endpoints != 0) insertPending();
  addRecords(direct, least, greatest);
  plainRow = row;
  plainDirect = direct;
  return line;
}
