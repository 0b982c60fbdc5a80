/**
 * Finds the endpoint of a line: its method and path template. `log-format/endpoints/endpoint-reader.ts` defines it.
 *
 * A specification has six words (u32): how paths are folded, the slot of the method plus 1 (0: the format has none) and its
 * part, the slot of the path and its part, and the address of a tree of templates; see `endpoint-tree.ts`.
 */

import { knownWord, numberOf } from './customers';
import { isMatchingTree, matchedText, matchedTextBytes } from './endpoint-tree';
import { capturedId, status } from './record';
import { behindMethod, beforeProtocol, endOfPathProper, METHOD_OF_REQUEST, PATH, pathBehindAuthority } from './rules';
import { keepNotFound, keepPath, knownPath, notFoundNumber } from './known-paths';
import { ENDPOINT_KEY, SPANS } from './scan-memory';
import { behindSegment, foldSegment } from './segments';

/** The line is not plain, or its endpoint finds no room. */
export const NO_ENDPOINT: i32 = -1;

const AUTO: u32 = 0;
const NOT_FOUND_STATUS: u32 = 404;
const SPACE: u32 = 0x20;
const SLASH: u32 = 0x2f;

/** No customer id begins with these bytes: one before the text of an endpoint, one before two numbers. */
const TEXT_MARK: u8 = 0xfe;
const PAIR_MARK: u64 = 0xff;
const TEXT: usize = ENDPOINT_KEY + 1;
const MAX_TEXT_BYTES: usize = 240;

/* "(not found)" and "(other)" */
const NOT_FOUND: usize = memory.data<u64>([0x756f6620746f6e28, 0x29646e], 16);
const NOT_FOUND_BYTES: usize = 11;
const OTHER: usize = memory.data<u64>([0x29726568746f28, 0], 16);
const OTHER_BYTES: usize = 7;

/* The methods in the order of `log-format/endpoints/methods.ts`, each in the low bytes of a word. */
const METHODS: usize = memory.data<u64>(
  [
    0x544547, // GET
    0x54534f50, // POST
    0x545550, // PUT
    0x4554454c4544, // DELETE
    0x4843544150, // PATCH
    0x44414548, // HEAD
    0x534e4f4954504f, // OPTIONS
    0x4543415254, // TRACE
    0x5952455551, // QUERY
  ],
  16,
);
const METHOD_COUNT: usize = 9;
const NO_METHOD: u32 = 0xff;

// @ts-ignore: decorator
@inline
function slotStart(slot: u32): usize {
  return load<u32>(SPANS + (<usize>slot << 3));
}

// @ts-ignore: decorator
@inline
function slotEnd(slot: u32): usize {
  return load<u32>(SPANS + (<usize>slot << 3), 4);
}

/** The number of the endpoint of the line that was read last, for a customer; {@link NO_ENDPOINT}. */
export function endpointOf(specification: usize, customer: u32): i32 {
  const pathSlot = load<u32>(specification, 12);
  const start = slotStart(pathSlot);
  const end = slotEnd(pathSlot);
  const methodSlot = load<u32>(specification, 4);
  let method: usize = 0;
  let methodEnd: usize = 0;
  if (methodSlot != 0) {
    method = slotStart(methodSlot - 1);
    methodEnd = slotEnd(methodSlot - 1);
    if (load<u32>(specification, 8) == METHOD_OF_REQUEST) methodEnd = behindMethod(method, methodEnd);
  }
  const isRequest = load<u32>(specification, 16) != PATH;
  const behind = method == start && methodEnd > method ? methodEnd : behindMethod(start, end);
  const path = isRequest ? min(behind + 1, end) : start;
  const pathEnd = isRequest ? beforeProtocol(path, end) : end;
  return endpointAt(specification, customer, status, method, methodEnd, path, pathEnd);
}

/** The same for the values of a line. @param methodEnd equals `method` where there is none. */
// @ts-ignore: decorator
@inline
export function endpointAt(
  specification: usize,
  customer: u32,
  lineStatus: u32,
  method: usize,
  methodEnd: usize,
  path: usize,
  end: usize,
): i32 {
  const text = textAt(specification, lineStatus, method, methodEnd, path, end);
  return text < 0 ? text : numberOfPair(customer, text);
}

/**
 * The number of the endpoint of one customer: the numbers of the customer and of the endpoint's text make a key that is found
 * without comparing texts.
 */
// @ts-ignore: decorator
@inline
function numberOfPair(customer: u32, text: i32): i32 {
  const key = PAIR_MARK | (<u64>customer << 8) | (<u64>text << 32);
  const known = knownWord(key);
  return known >= 0 ? known : newPair(key);
}

function newPair(key: u64): i32 {
  store<u64>(ENDPOINT_KEY, key);
  return numberOf(ENDPOINT_KEY, 8);
}

// @ts-ignore: decorator
@inline
function notFound(): i32 {
  if (notFoundNumber < 0) keepNotFound(numberOfText(NOT_FOUND, NOT_FOUND_BYTES));
  return notFoundNumber;
}

// @ts-ignore: decorator
@inline
function textAt(
  specification: usize,
  lineStatus: u32,
  method: usize,
  methodEnd: usize,
  path: usize,
  end: usize,
): i32 {
  const isAuto = load<u32>(specification) == AUTO;
  if (isAuto && lineStatus == NOT_FOUND_STATUS) return notFound();
  let methodIndex = NO_METHOD;
  if (methodEnd > method) {
    methodIndex = methodOf(method, <u32>(methodEnd - method));
    if (methodIndex == NO_METHOD) return numberOfText(OTHER, OTHER_BYTES);
  }
  if (capturedId != 0) return textOf(specification, methodIndex, <u32>(methodEnd - method), path, end);
  const known = knownPath(path, end, methodIndex);
  return known >= 0 ? known : newPath(specification, methodIndex, <u32>(methodEnd - method), path, end);
}

function newPath(specification: usize, method: u32, methodBytes: u32, path: usize, end: usize): i32 {
  const text = textOf(specification, method, methodBytes, path, end);
  if (text >= 0) keepPath(path, endOfPathProper(path, end), method, text);
  return text;
}

/** @param method its number; {@link NO_METHOD} where there is none. */
function textOf(specification: usize, method: u32, methodBytes: u32, path: usize, end: usize): i32 {
  const pathEnd = endOfPathProper(path, end);
  let p = path;
  if (p == pathEnd || <u32>load<u8>(p) != SLASH) {
    p = pathBehindAuthority(path, pathEnd);
    if (p == 0) return NO_ENDPOINT;
    if (p == path) return numberOfText(OTHER, OTHER_BYTES);
  }
  if (load<u32>(specification) != AUTO) return numberOfTemplate(load<u32>(specification, 20), method, p, pathEnd);
  let out = TEXT;
  if (method != NO_METHOD) {
    store<u64>(out, load<u64>(METHODS + (<usize>method << 3)));
    out += methodBytes;
    store<u8>(out++, <u8>SPACE);
  }
  out = foldPath(p, pathEnd, out);
  if (out == 0) return numberOfText(OTHER, OTHER_BYTES);
  return numberOfKey(out);
}

/** @returns the address behind what it wrote; 0 where that is too long. */
// @ts-ignore: decorator
@inline
function foldPath(p: usize, end: usize, out: usize): usize {
  const start = out;
  while (p < end) {
    if (<u32>load<u8>(p) == SLASH) {
      p++;
      continue;
    }
    store<u8>(out, <u8>SLASH);
    out = foldSegment(p, end, out + 1, p == capturedId);
    if (out - TEXT > MAX_TEXT_BYTES) return 0;
    p = behindSegment();
  }
  if (out == start) store<u8>(out++, <u8>SLASH);
  return out;
}

function methodOf(p: usize, length: u32): u32 {
  if (length > 7) return NO_METHOD;
  const word = load<u64>(p) & ((<u64>1 << (length << 3)) - 1);
  for (let i: usize = 0; i < METHOD_COUNT; i++) if (load<u64>(METHODS + (i << 3)) == word) return <u32>i;
  return NO_METHOD;
}

function numberOfTemplate(tree: usize, method: u32, p: usize, end: usize): i32 {
  if (!isMatchingTree(tree, method, p, end)) return numberOfText(OTHER, OTHER_BYTES);
  return matchedTextBytes == 0 ? NO_ENDPOINT : numberOfText(matchedText, matchedTextBytes);
}

function numberOfText(text: usize, bytes: usize): i32 {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(TEXT + i, v128.load(text + i));
  return numberOfKey(TEXT + bytes);
}

// @ts-ignore: decorator
@inline
function numberOfKey(end: usize): i32 {
  store<u8>(ENDPOINT_KEY, TEXT_MARK);
  return numberOf(ENDPOINT_KEY, <u32>(end - ENDPOINT_KEY));
}
