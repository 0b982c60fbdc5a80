/**
 * How a compiled format lies in memory. `log-format/compile/compiler.ts` writes it.
 *
 * At PROGRAM stands a head: layout (u32), delimiter (u32), required fields (u64, one bit each), durations that add up
 * (u64, one bit each), address of the path template or 0 (u32), number of columns (u32), and a word that is 0 until
 * the program has run (u32). At byte 36 stands what is put around each line (u32), at byte 40 the number of places for
 * the customer id (u32), at byte 52 flags of the columns (u32), at byte 60 the address of the rules or 0 (u32). What follows
 * depends on the layout.
 *
 * The highest byte of an instruction that takes the customer id says how to read an address, and the number of the place; see
 * `places.ts`.
 *
 * An instruction has 16 bytes. Its first word holds one byte each of opcode, terminator, flags and exponent. A
 * literal has its length (u32) and its bytes (u64) after that. A mark has its place in SPANS (u32),
 * and so has a noted text.
 */

import { PROGRAM } from './scan-memory';

export const PATTERN: u32 = 0;
export const JSON: u32 = 1;
export const LOGFMT: u32 = 2;
export const DELIMITED: u32 = 3;
export const PLAIN: u32 = 4;
export const LTSV: u32 = 5;

/** What is put around each line. */
export const UNWRAPPED_LINES: u32 = 0;
export const CRI: u32 = 1;
export const DOCKER: u32 = 2;

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
/** A date or a time that stand in two places. Its exponent: twice the opcode of the whole, and 1 for the time. */
export const HALF: u32 = 14;
/**
 * Writes down where a field begins or ends, for the rules. The terminator is how many bytes were passed since. ESCAPED: it
 * is the end of a field that is not in quotes, and that may have an escape.
 */
export const MARK: u32 = 15;
/** The same as QUOTED between two marks. Most fields that rules look at are in quotes. */
export const NOTED: u32 = 16;
export const SLASHES: u32 = 18;

/** The terminator follows the field. Skip it. */
export const CONSUME: u32 = 0x10000;
/** `-` or nothing means that there is no value. For END: anything may follow. */
export const OPTIONAL: u32 = 0x20000;
/** One of several durations that add up. */
export const SUM: u32 = 0x40000;
/** A value with a backslash is not plain. */
export const ESCAPED: u32 = 0x80000;
/** A duration or a text may be a list. A list of several values is not plain. */
export const LIST: u32 = 0x100000;
/** The text must be a host. */
export const HOST: u32 = 0x200000;
/** The text holds no space. */
export const WORD: u32 = 0x400000;
/** The text holds no space and no `[`. A user of several words is not plain. */
export const USER: u32 = 0x800000;
export const TEXT_KINDS: u32 = HOST | WORD | USER | LIST;

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

/** True where the customer id can be in several places. It is known only at the end of the line then. */
// @ts-ignore: decorator
@inline
export function hasSeveralPlaces(): bool {
  return load<u32>(PROGRAM, 40) > 1;
}

/** The address of the rules (see `rules.ts`); 0 where every line counts. */
// @ts-ignore: decorator
@inline
export function rulesAddress(): usize {
  return load<u32>(PROGRAM, 60);
}

/** A line of columns that begins with `#` is no request. */
export const HAS_COMMENTS: u32 = 1;
/** More columns may follow. */
export const OPEN_ENDED: u32 = 2;

// @ts-ignore: decorator
@inline
export function columnFlags(): u32 {
  return load<u32>(PROGRAM, 52);
}

// @ts-ignore: decorator
@inline
export function wrapper(): u32 {
  return load<u32>(PROGRAM, 36);
}

/** True once for each program. */
// @ts-ignore: decorator
@inline
export function isNew(): bool {
  return load<u32>(PROGRAM, 32) == 0;
}

export function setRunning(): void {
  store<u32>(PROGRAM, 1, 32);
}
