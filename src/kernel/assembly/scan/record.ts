/** The record of the line that is being read. */

import { numberOf } from './customers';
import { rulesAddress } from './instructions';
import { MAX_CUSTOMER_ID_BYTES, MAX_DURATION_US } from './scan-memory';

export const NO_CUSTOMER: i32 = -2;

/** Milliseconds since 1970-01-01T00:00Z. */
export let eventTime: i64 = 0;
export let customer: i32 = NO_CUSTOMER;
export let status: u32 = 0;
/** In µs; -1 where there is none. */
export let duration: i64 = -1;
let isDurationMissing: bool = false;
/** The halves of the time that were read, one bit each. */
export let halves: u32 = 0;

/**
 * What to do with a line without a customer id: a customer to count it for, SKIPPED_LINE, or NO_CUSTOMER (not plain).
 */
export let missingCustomer: i32 = NO_CUSTOMER;

// @ts-ignore: decorator
@inline
export function beginRecord(): void {
  capturedId = 0;
  customer = NO_CUSTOMER;
  duration = -1;
  isDurationMissing = false;
  bestPlace = 0;
  halves = 0;
}

/** Where the id begins that was taken out of the path; 0: none was. */
export let capturedId: usize = 0;

export function setCapturedId(id: usize): void {
  capturedId = id;
}

/** The number of the first place so far that has a value; 0: none. And where that value stands. */
let bestPlace: u32 = 0;
let bestId: usize = 0;
let bestIdEnd: usize = 0;

/** Takes note of the value in one of several places. */
export function notePlace(id: usize, end: usize, number: u32): void {
  if (bestPlace != 0 && bestPlace <= number) return;
  bestPlace = number;
  bestId = id;
  bestIdEnd = end;
}

/** Takes the customer of several places at the end of the line. @returns false where the line is not plain. */
export function endCustomer(): bool {
  return bestPlace == 0 ? setNoCustomer() : setCustomer(bestId, bestIdEnd);
}

// @ts-ignore: decorator
@inline
export function setHalf(bit: u32): void {
  halves |= bit;
}

// @ts-ignore: decorator
@inline
export function setEventTime(ms: i64): void {
  eventTime = ms;
}

// @ts-ignore: decorator
@inline
export function setStatus(value: u32): void {
  status = value;
}

/** Takes a customer id of printable ASCII. @returns false where it is too long, empty, or finds no room. */
// @ts-ignore: decorator
@inline
export function setCustomer(id: usize, end: usize): bool {
  const length = <u32>(end - id);
  if (length - 1 >= MAX_CUSTOMER_ID_BYTES) return false;
  customer = numberOf(id, length);
  return customer >= 0;
}

/** The line has no customer id. It is counted and skipped. */
export const SKIPPED_LINE: i32 = -3;

/**
 * Takes a line without a customer id. @returns false where it is not plain. Where there are rules, the line is read to its
 * end first, because they may exclude it.
 */
export function setNoCustomer(): bool {
  customer = missingCustomer;
  return customer != NO_CUSTOMER || rulesAddress() != 0;
}

export function setMissingCustomer(number: i32): void {
  missingCustomer = number;
}

// @ts-ignore: decorator
@inline
export function addDuration(us: i64): void {
  duration = duration < 0 ? us : duration + us;
}

export function setNoDuration(): void {
  isDurationMissing = true;
}

/** @returns false where the duration is not plain. */
export function isDurationTaken(): bool {
  return isDurationMissing || duration < <i64>MAX_DURATION_US;
}

/** @returns false where the values do not make a record. */
// @ts-ignore: decorator
@inline
export function isRecord(): bool {
  if (isDurationMissing) duration = -1;
  return customer != NO_CUSTOMER && duration < <i64>MAX_DURATION_US;
}
