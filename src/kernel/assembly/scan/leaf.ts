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
  ISO8601,
  OPTIONAL,
  PATH,
  requiredFields,
  STATUS,
  SUM,
} from './instructions';
import { durationOf, statusCode } from './numbers';
import { customer, NO_CUSTOMER, setCustomer, setNoCustomer, setNoDuration } from './record';
import { half } from './halves';
import { endOfText } from './search';
import { clf, datetime, epoch, iso8601 } from './timestamps';

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
    case EPOCH:
      return epoch(p, exponentOf(word)) == end;
    case HALF:
      return half(exponentOf(word), p, end);
    case STATUS:
      return statusCode(p) == end;
    case DURATION:
      return p < end && durationOf(p, exponentOf(word), (word & OPTIONAL) != 0, (word & SUM) != 0) == end;
    case CUSTOMER:
      if ((word & OPTIONAL) != 0 && end == p + 1 && load<u8>(p) == 0x2d) return setNoCustomer();
      return isText(p, end) && setCustomer(p, end);
    case CAPTURE:
      return capture(p, end);
    case CAPTURE_REQUEST:
      return captureFromRequest(p, end);
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
  if ((word & OPTIONAL) != 0 && end == p + 1 && load<u8>(p) == 0x2d) return setNoCustomer();
  return setCustomer(p, end);
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
  return false;
}

/**
 * Checks the fields of a whole line. @param seen the fields that it has, one bit each. @returns false where it is not
 * plain.
 */
export function isComplete(seen: u64): bool {
  if ((seen & requiredFields()) != requiredFields()) return false;
  if ((seen & durationFields()) != durationFields()) setNoDuration();
  return customer != NO_CUSTOMER || setNoCustomer();
}
