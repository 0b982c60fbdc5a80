/**
 * The layout of a compiled format; `../../program.ts` writes it. From PROGRAM on, a head: layout (u32), delimiter
 * (u32), the fields that a line must have (u64, a bit each), the durations that add up (u64), the address of the path
 * template or 0 (u32), the number of columns (u32), a word that is 0 until it runs (u32). What follows depends on the layout.
 *
 * A step is 16 bytes. Its word: code, terminator, flags and exponent, a byte each. Then, for a literal, its length
 * (u32) and its bytes (u64).
 */

import { PROGRAM } from './scan-memory';

export const PATTERN: u32 = 0;
export const JSON: u32 = 1;
export const LOGFMT: u32 = 2;
export const DELIMITED: u32 = 3;
export const PLAIN: u32 = 4;

export const END: u32 = 0;
export const LITERAL: u32 = 1;
export const DATETIME: u32 = 2;
export const ISO8601: u32 = 3;
export const CLF: u32 = 4;
export const EPOCH: u32 = 5;
export const CUSTOMER: u32 = 6;
export const SKIP: u32 = 7;
export const QUOTED: u32 = 8;
export const PATH: u32 = 9;
export const CAPTURE: u32 = 10;
export const CAPTURE_REQUEST: u32 = 11;
export const STATUS: u32 = 12;
export const DURATION: u32 = 13;

/** The terminator follows the field, and is passed over. */
export const CONSUME: u32 = 0x10000;
/** `-` or nothing says that there is no value. Of END: anything may follow. */
export const OPTIONAL: u32 = 0x20000;
/** One of several durations that add up. */
export const SUM: u32 = 0x40000;
/** Values with a backslash are left to the reference. */
export const ESCAPED: u32 = 0x80000;
/** A duration may be a list; one of several values is left to the reference. */
export const LIST: u32 = 0x100000;

export const INSTRUCTIONS: usize = PROGRAM + 64;

// @ts-ignore: decorator
@inline
export function opcodeOf(word: u32): u32 {
  return word & 0xff;
}

// @ts-ignore: decorator
@inline
export function terminatorOf(word: u32): u32 {
  return (word >> 8) & 0xff;
}

// @ts-ignore: decorator
@inline
export function exponentOf(word: u32): i32 {
  return <i32>(word >> 24);
}

// @ts-ignore: decorator
@inline
export function layout(): u32 {
  return load<u32>(PROGRAM);
}

// @ts-ignore: decorator
@inline
export function delimiter(): u32 {
  return load<u32>(PROGRAM, 4);
}

// @ts-ignore: decorator
@inline
export function requiredFields(): u64 {
  return load<u64>(PROGRAM, 8);
}

// @ts-ignore: decorator
@inline
export function durationFields(): u64 {
  return load<u64>(PROGRAM, 16);
}

// @ts-ignore: decorator
@inline
export function pathTemplate(): usize {
  return load<u32>(PROGRAM, 24);
}

// @ts-ignore: decorator
@inline
export function columnCount(): u32 {
  return load<u32>(PROGRAM, 28);
}

/** True once for each program that is written. */
// @ts-ignore: decorator
@inline
export function isNew(): bool {
  return load<u32>(PROGRAM, 32) == 0;
}

export function setRunning(): void {
  store<u32>(PROGRAM, 1, 32);
}
