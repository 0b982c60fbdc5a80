/** Reads the value of a named field. */

import { capture, captureFromRequest } from './capture';
import {
  CAPTURE,
  CAPTURE_REQUEST,
  CLF,
  opcodeOf,
  CUSTOMER,
  DATETIME,
  DURATION,
  durationFields,
  EPOCH,
  exponentOf,
  HALF,
  hasSeveralPlaces,
  ISO8601,
  OPTIONAL,
  PATH,
  requiredFields,
  SLASHES,
  STATUS,
  SUM,
} from './instructions';
import { durationOf, statusCode } from './numbers';
import { placeOf, takeCustomer, takeNoCustomer } from './places';
import { customer, NO_CUSTOMER, setNoCustomer, setNoDuration } from './record';
import { half } from './halves';
import { endOfText } from './search';
import { clf, datetime, epoch, iso8601, slashes } from './timestamps';

/**
 * Reads the value `[p, end)`, which has no escapes. @param word the field's instruction. @returns false where it is
 * not plain.
 */
export function readLeaf(word: u32, p: usize, end: usize): bool {
  switch (opcodeOf(word)) {
    case DATETIME:
      return datetime(p) == end;
    case ISO8601:
      return iso8601(p) == end;
    case CLF:
      return clf(p) == end;
    case SLASHES:
      return slashes(p) == end;
    case EPOCH:
      return epoch(p, exponentOf(word)) == end;
    case HALF:
      return half(exponentOf(word), p, end);
    case STATUS:
      return statusCode(p) == end;
    case DURATION:
      return p < end && durationOf(p, exponentOf(word), (word & OPTIONAL) != 0, (word & SUM) != 0) == end;
    case CUSTOMER:
      if (isDash(p, end, word)) return takeNoCustomer(placeOf(word));
      return isText(p, end) && takeCustomer(p, end, placeOf(word));
    case CAPTURE:
      return capture(p, end, placeOf(word));
    case CAPTURE_REQUEST:
      return captureFromRequest(p, end, placeOf(word));
    case PATH:
      return p < end && isText(p, end);
    default:
      return true;
  }
}

/** The same for a value of printable ASCII without backslashes. */
// @ts-ignore: decorator
@inline
export function readTextLeaf(word: u32, p: usize, end: usize): bool {
  const code = opcodeOf(word);
  if (code == PATH) return p < end;
  if (code != CUSTOMER) return readLeaf(word, p, end);
  if (isDash(p, end, word)) return takeNoCustomer(placeOf(word));
  return takeCustomer(p, end, placeOf(word));
}

/** True for `-` where it means that there is no value. */
// @ts-ignore: decorator
@inline
function isDash(p: usize, end: usize, word: u32): bool {
  return (word & OPTIONAL) != 0 && end == p + 1 && load<u8>(p) == 0x2d;
}

/** True where all bytes are printable ASCII and none is a backslash. */
function isText(p: usize, end: usize): bool {
  while (p < end) {
    p = endOfText(p, 0x5c);
    if (p < end) return false;
  }
  return true;
}

/** Takes a value that is not there. @returns false where the field is required. */
export function readMissing(word: u32): bool {
  if (opcodeOf(word) == DURATION && (word & OPTIONAL) != 0) {
    setNoDuration();
    return true;
  }
  return opcodeOf(word) == CUSTOMER && hasSeveralPlaces();
}

/**
 * Checks the fields of a whole line. @param seen the fields that it has, one bit each. @returns false where it is not
 * plain.
 */
export function isComplete(seen: u64): bool {
  if ((seen & requiredFields()) != requiredFields()) return false;
  if ((seen & durationFields()) != durationFields()) setNoDuration();
  return customer != NO_CUSTOMER || hasSeveralPlaces() || setNoCustomer();
}
