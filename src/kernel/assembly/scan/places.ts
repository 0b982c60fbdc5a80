/**
 * Takes the customer id from one of several places, and from an address. `log-format/reference/record-reader.ts` and
 * `log-format/reference/address.ts` define it.
 *
 * The highest byte of an instruction (`place`) has two bits for an address, and the number of the place from 1; 0 where it is
 * the only one.
 */

import { notePlace, setCustomer, setNoCustomer } from './record';
import { hasLeadingZero, isHostName, isIpv4 } from './text-kinds';

/** The value is an address, perhaps with a port. */
const ADDRESS: u32 = 1;
/** The value is an address with a port. */
const ADDRESS_WITH_PORT: u32 = 2;
const PLACE_SHIFT: u32 = 2;

const COLON: u32 = 0x3a;
const OPEN: u32 = 0x5b;
const CLOSE: u32 = 0x5d;
const MAX_PORT_DIGITS: usize = 5;

// @ts-ignore: decorator
@inline
export function placeOf(word: u32): u32 {
  return word >> 24;
}

/** Takes the id `[p, end)`, printable ASCII without backslashes. @returns false where it is not plain. */
// @ts-ignore: decorator
@inline
export function takeCustomer(p: usize, end: usize, place: u32): bool {
  return place == 0 ? setCustomer(p, end) : takePlace(p, end, place);
}

/** Takes a place without a value. @returns false where the line is not plain. */
// @ts-ignore: decorator
@inline
export function takeNoCustomer(place: u32): bool {
  return place >> PLACE_SHIFT != 0 || setNoCustomer();
}

function takePlace(p: usize, end: usize, place: u32): bool {
  const number = place >> PLACE_SHIFT;
  // An empty value is none, but the reference parser decides what a line without any is.
  if (p == end) return number != 0;
  if ((place & ADDRESS_WITH_PORT) != 0) {
    const colon = portColon(p, end);
    if (colon == 0) return false;
    end = colon;
    if (!isBareAddress(p, end)) return isBracketed(p, end) && take(p + 1, end - 1, number);
  } else if ((place & ADDRESS) != 0 && !isBareAddress(p, end) && !isHostName(p, end)) {
    const colon = portColon(p, end);
    const addressEnd = colon == 0 ? end : colon;
    if (isBracketed(p, addressEnd)) return take(p + 1, addressEnd - 1, number);
    if (colon == 0 || !isCanonicalIpv4(p, colon)) return false;
    end = colon;
  }
  return take(p, end, number);
}

function take(p: usize, end: usize, number: u32): bool {
  if (number == 0) return setCustomer(p, end);
  notePlace(p, end, number);
  return true;
}

/** The colon before the port at the end; 0 where there is none. */
function portColon(p: usize, end: usize): usize {
  let at = end;
  while (at > p && <u32>load<u8>(at - 1) - 0x30 <= 9) at--;
  const digits = end - at;
  if (digits == 0 || digits > MAX_PORT_DIGITS || at <= p + 1 || <u32>load<u8>(at - 1) != COLON) return 0;
  return at - 1;
}

function isBracketed(p: usize, end: usize): bool {
  return <u32>load<u8>(p) == OPEN && <u32>load<u8>(end - 1) == CLOSE && isCanonicalIpv6(p + 1, end - 1);
}

// @ts-ignore: decorator
@inline
function isBareAddress(p: usize, end: usize): bool {
  return isCanonicalIpv4(p, end) || isCanonicalIpv6(p, end);
}

// @ts-ignore: decorator
@inline
function isCanonicalIpv4(p: usize, end: usize): bool {
  return isIpv4(p, end) && !hasLeadingZero(p, end);
}

/**
 * True for most addresses that are written as RFC 5952 says: lower case, and no group begins with a zero. Those with a
 * single group of zeros, those that begin with zeros (`::1`, `::ffff:192.0.2.1`), and those with a zone are not plain.
 */
function isCanonicalIpv6(p: usize, end: usize): bool {
  let groups = 0;
  let digits = 0;
  let hasGap = false;
  while (p < end) {
    const byte = <u32>load<u8>(p++);
    if (byte - 0x30 <= 9 || byte - 0x61 <= 5) {
      if (digits == 0 && byte == 0x30) return false;
      if (++digits > 4) return false;
      continue;
    }
    if (byte != COLON || digits == 0) return false;
    groups++;
    digits = 0;
    if (p < end && <u32>load<u8>(p) == COLON) {
      if (hasGap) return false;
      hasGap = true;
      p++;
    } else if (p == end) {
      return false;
    }
  }
  if (digits > 0) groups++;
  return hasGap ? groups <= 6 : groups == 8;
}
