/**
 * The fast half of the scanner. It runs a compiled format over plain lines, and stops at the first line that is not
 * plain. The reference parser (`log-format/reference/`) then accepts or rejects that line.
 *
 * A line is plain if the kernel can tell exactly what the reference parser would make of it. So the kernel may refuse
 * any line, but it must never accept a line that the reference parser would not, or read another value from it.
 *
 * Every instruction stops at a byte that its field cannot hold, and no field can hold a newline. So no line depends
 * on what follows its newline. Loads of 8 and 16 bytes may read past the newline, but those bytes change nothing.
 */

import { keepPlace } from '../windows/days';
import { isTaken } from './bounds';
import { readDelimited } from './delimited';
import { numberOf } from './customers';
import { readJson } from './json';
import { endpointOf } from './endpoints';
import { CUSTOMERS, DURATIONS, ENDPOINTS, EVENT_TIMES, MAX_LINE_BYTES, STATUSES, UNWRAPPED } from './scan-memory';
import { readLogfmt } from './logfmt';
import { readLtsv } from './ltsv';
import { readPattern } from './pattern-runner';
import { plainDirect, plainRow, scanPlain } from './plain';
import {
  CRI,
  hasSeveralPlaces,
  JSON,
  layout,
  LOGFMT,
  LTSV,
  PATTERN,
  PLAIN,
  rulesAddress,
  UNWRAPPED_LINES,
  wrapper,
} from './instructions';
import { behindCri, behindDocker, unwrapDocker } from './wrappers';
import {
  beginRecord,
  customer,
  duration,
  endCustomer,
  eventTime,
  isDurationTaken,
  isRecord,
  SKIPPED_LINE,
  status,
} from './record';
import { beginLine, endpointsAddress, EXCLUDED, NOT_PLAIN, verdictOf } from './rules';

/** Where {@link scan} stopped. */
export let position: u32 = 0;
/** Lines without a customer id that were only counted. */
export let skippedLines: u32 = 0;
/** Records that were inserted into their windows directly. */
export let directRecords: u32 = 0;
/** Lines that the rules exclude. */
export let excludedLines: u32 = 0;

/** The number of the customer whose id stands at an address; -1 where the table is full. */
export function intern(id: usize, length: u32): i32 {
  return numberOf(id, length);
}

// @ts-ignore: decorator
@inline
function readLine(line: usize): usize {
  const kind = layout();
  if (kind == PATTERN || kind == PLAIN) return readPattern(line);
  if (kind == JSON) return readJson(line);
  if (kind == LTSV) return readLtsv(line);
  return kind == LOGFMT ? readLogfmt(line) : readDelimited(line);
}

/** The same for a line that stands in a wrapper. */
function readWrapped(line: usize, kind: u32): usize {
  if (kind == CRI) {
    const inner = behindCri(line);
    return inner == 0 ? 0 : readLine(inner);
  }
  return unwrapDocker(line) && readLine(UNWRAPPED) != 0 ? behindDocker : 0;
}

/**
 * Scans lines from `begin` on into the columns, from row `row` on. It stops where `limit` rows are full, where the
 * line at {@link position} is not plain, or at `end`, which must be right behind a newline. A line that is skipped or
 * excluded, or whose record is inserted directly, lowers `limit` by one.
 * @returns the number of full rows.
 */
export function scan(begin: u32, end: u32, row: u32, limit: u32): u32 {
  skippedLines = 0;
  directRecords = 0;
  excludedLines = 0;
  const rules = rulesAddress();
  const kind = wrapper();
  const isCustomerLate = hasSeveralPlaces();
  const isBare = rules == 0 && kind == UNWRAPPED_LINES && !isCustomerLate;
  return isBare
    ? scanLines(begin, end, row, limit, 0, UNWRAPPED_LINES, false)
    : scanLines(begin, end, row, limit, rules, kind, isCustomerLate);
}

/**
 * The compiler makes two loops of this one. The loop for logs without rules, wrapper and several places for the customer
 * asks for none of them on each line; JSON took 4 % longer in one loop for all.
 */
// @ts-ignore: decorator
@inline
function scanLines(
  line: usize,
  end: u32,
  row: u32,
  limit: u32,
  rules: usize,
  kind: u32,
  isCustomerLate: bool,
): u32 {
  const isPlain = layout() == PLAIN && kind == UNWRAPPED_LINES;
  const endpoints = endpointsAddress(rules);
  while (row < limit && line < end) {
    if (isPlain) {
      line = scanPlain(line, end, row, limit - row, endpoints);
      row = plainRow;
      directRecords += plainDirect;
      limit -= plainDirect;
      if (row == limit || line == end) break;
    }
    beginRecord();
    if (rules != 0) beginLine(rules);
    const next = kind == UNWRAPPED_LINES ? readLine(line) : readWrapped(line, kind);
    if (next == 0 || next - line > MAX_LINE_BYTES || (isCustomerLate && !endCustomer())) break;
    if (rules != 0) {
      const verdict = verdictOf(rules);
      if (verdict == NOT_PLAIN) break;
      if (verdict == EXCLUDED) {
        if (!isDurationTaken()) break;
        excludedLines++;
        limit--;
        line = next;
        continue;
      }
    }
    if (!isRecord()) break;
    if (customer == SKIPPED_LINE) {
      skippedLines++;
      limit--;
      line = next;
      continue;
    }
    if (!isTaken(<f64>eventTime)) break;
    if (endpoints != 0) {
      const endpoint = endpointOf(endpoints, customer);
      if (endpoint < 0) break;
      store<i32>(ENDPOINTS + (<usize>row << 2), endpoint);
    }
    store<f64>(EVENT_TIMES + (<usize>row << 3), <f64>eventTime);
    store<i32>(CUSTOMERS + (<usize>row << 2), customer);
    store<u32>(STATUSES + (<usize>row << 2), status);
    store<f64>(DURATIONS + (<usize>row << 3), <f64>duration);
    keepPlace(row, line, next);
    row++;
    line = next;
  }
  position = <u32>line;
  return row;
}
