/** Reads lines of a pattern: fields with fixed text between them. It runs one instruction after the other. */

import { capture, captureFromRequest } from './capture';
import {
  CAPTURE,
  CAPTURE_REQUEST,
  CLF,
  opcodeOf,
  CONSUME,
  CUSTOMER,
  DATETIME,
  DURATION,
  EPOCH,
  ESCAPED,
  exponentOf,
  ISO8601,
  LIST,
  LITERAL,
  MARK,
  NOTED,
  OPTIONAL,
  PATH,
  QUOTED,
  SKIP,
  SLASHES,
  STATUS,
  INSTRUCTIONS,
  SUM,
  terminatorOf,
} from './instructions';
import { durationOf, statusCode } from './numbers';
import { placeOf, takeCustomer, takeNoCustomer } from './places';
import { checkUnquoted } from './rules';
import { SPANS } from './scan-memory';
import { endOfField, endOfLine, endOfPath, endOfQuoted, endOfText, endOfWord } from './search';
import { isOfKind } from './text-kinds';
import { clf, datetime, epoch, iso8601, slashes } from './timestamps';

/** Reads the line at `p`. @returns the address behind its newline; 0 where it is not plain. */
export function readPattern(p: usize): usize {
  let instruction = INSTRUCTIONS;
  while (true) {
    const word = load<u32>(instruction);
    switch (opcodeOf(word)) {
      case DATETIME:
        p = datetime(p);
        break;
      case CUSTOMER:
        p = customerId(p, word);
        break;
      case PATH:
        p = path(p, word);
        break;
      case STATUS:
        p = statusCode(p);
        break;
      case DURATION:
        p = durationOf(p, exponentOf(word), (word & OPTIONAL) != 0, (word & SUM) != 0);
        if ((word & LIST) != 0 && p != 0 && goesOn(p)) p = 0;
        break;
      case LITERAL:
        p = literal(p, instruction);
        break;
      case SKIP:
        p = ofKind(p, endOfField(p, terminatorOf(word)), word);
        break;
      case QUOTED:
        p = ofKind(p, endOfQuoted(p), word);
        break;
      case CLF:
        p = clf(p);
        break;
      case NOTED:
        p = noted(p, instruction, word);
        break;
      case ISO8601:
        p = iso8601(p);
        break;
      case SLASHES:
        p = slashes(p);
        break;
      case EPOCH:
        p = epoch(p, exponentOf(word));
        break;
      case MARK:
        mark(p - terminatorOf(word), instruction, word);
        break;
      case CAPTURE:
      case CAPTURE_REQUEST:
        p = captured(p, word);
        break;
      default:
        return endOfRecord((word & OPTIONAL) != 0 ? endOfLine(p) : p);
    }
    if (p == 0) return 0;
    if ((word & CONSUME) != 0) {
      if (<u32>load<u8>(p) != terminatorOf(word)) return 0;
      p++;
    }
    instruction += 16;
  }
}

/** @returns `end`; 0 where the text before it is not of the kind that the instruction asks for. */
// @ts-ignore: decorator
@inline
function ofKind(p: usize, end: usize, word: u32): usize {
  return isOfKind(p, end, word) ? end : 0;
}

/** The address behind the newline at `p`, LF or CR LF; 0 where there is none. */
// @ts-ignore: decorator
@inline
export function endOfRecord(p: usize): usize {
  if (load<u8>(p) == 0x0d) p++;
  return load<u8>(p) == 0x0a ? p + 1 : 0;
}

// @ts-ignore: decorator
@inline
function customerId(p: usize, word: u32): usize {
  const terminator = terminatorOf(word);
  const end = terminator == 0x20 ? endOfWord(p) : endOfText(p, terminator);
  if ((word & OPTIONAL) != 0) {
    if (end == p + 1 && load<u8>(p) == 0x2d) return takeNoCustomer(placeOf(word)) ? end : 0;
    // Apache writes "" for an empty user.
    if (end == p + 2 && load<u16>(p) == 0x2222) return takeNoCustomer(placeOf(word)) ? end : 0;
  }
  if ((word & ESCAPED) != 0 && terminator == 0x20 && memoryHas(p, end, 0x5c)) return 0;
  return isOfKind(p, end, word) && takeCustomer(p, end, placeOf(word)) ? end : 0;
}

function memoryHas(p: usize, end: usize, byte: u32): bool {
  for (; p < end; p++) if (<u32>load<u8>(p) == byte) return true;
  return false;
}

// @ts-ignore: decorator
@inline
function path(p: usize, word: u32): usize {
  const terminator = terminatorOf(word);
  const end = terminator == 0x20 ? endOfPath(p) : (word & ESCAPED) != 0 ? endOfText(p, terminator) : endOfField(p, terminator);
  return end == p ? 0 : end;
}

// @ts-ignore: decorator
@inline
function literal(p: usize, instruction: usize): usize {
  const length = load<u32>(instruction, 4);
  const difference = load<u64>(p) ^ load<u64>(instruction, 8);
  return difference << ((8 - length) << 3) == 0 ? p + length : 0;
}

/** True where another value of a list follows. */
function goesOn(p: usize): bool {
  if (load<u8>(p) == 0x20) p++;
  return load<u8>(p) == 0x2c || load<u8>(p) == 0x3a;
}

// @ts-ignore: decorator
@inline
function noted(p: usize, instruction: usize, word: u32): usize {
  const span = SPANS + <usize>load<u32>(instruction, 4);
  const end = endOfQuoted(p);
  store<u32>(span, <u32>p);
  store<u32>(span, <u32>end, 4);
  return ofKind(p, end, word);
}

// @ts-ignore: decorator
@inline
function mark(p: usize, instruction: usize, word: u32): void {
  const span = SPANS + <usize>load<u32>(instruction, 4);
  store<u32>(span, <u32>p);
  if ((word & ESCAPED) != 0) checkUnquoted(load<u32>(span - 4), p);
}

function captured(p: usize, word: u32): usize {
  const end = endOfText(p, terminatorOf(word));
  const isRead = opcodeOf(word) == CAPTURE ? capture(p, end, placeOf(word)) : captureFromRequest(p, end, placeOf(word));
  return isRead ? end : 0;
}
