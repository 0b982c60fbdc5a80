/**
 * Paths that were read before, and the numbers of their endpoints. Many requests name a path that another one named just
 * before, and then nothing needs to be folded or matched.
 *
 * A slot has the path (32 bytes, zeros behind it), its length and the number of the method in one word (u32), and the number of
 * the endpoint plus 1 (u32). A path that falls on a slot takes the place of the one before.
 */

import { PATH_SLOT_BITS, PATH_SLOT_BYTES, PATH_SLOTS, PATHS } from './scan-memory';

const MAX_KNOWN_BYTES: usize = 32;

/* The 32 bytes that end before byte n keep n bytes of a path. */
const KEPT: usize = memory.data<u64>([-1, -1, -1, -1, 0, 0, 0, 0], 16);
const QUESTION_MARKS: usize = memory.data<u64>([0x3f3f3f3f3f3f3f3f, 0x3f3f3f3f3f3f3f3f], 16);
const NUMBER_SIGNS: usize = memory.data<u64>([0x2323232323232323, 0x2323232323232323], 16);

/** The number of the endpoint of requests that were answered 404; negative where it is not known. */
export let notFoundNumber: i32 = -1;

export function keepNotFound(endpoint: i32): void {
  notFoundNumber = endpoint;
}

export function forgetPaths(): void {
  notFoundNumber = -1;
  memory.fill(PATHS, 0, PATH_SLOTS * PATH_SLOT_BYTES);
}

/** @param end of the path; a query may stand before it. @returns the number of the endpoint; -1 where the path is not known. */
// @ts-ignore: decorator
@inline
export function knownPath(path: usize, end: usize, method: u32): i32 {
  const length = min(end - path, queryIn(path));
  if (length > MAX_KNOWN_BYTES) return -1;
  const low = keptOf(path, length, 0);
  const high = keptOf(path, length, 16);
  const form = formOf(length, method);
  const entry = entryOf(low, high, form);
  const unlike = v128.or(v128.xor(low, v128.load(entry)), v128.xor(high, v128.load(entry, 16)));
  return v128.any_true(unlike) || load<u32>(entry, 32) != form ? -1 : <i32>load<u32>(entry, 36) - 1;
}

/** Keeps a path for {@link knownPath} where it is short enough. @param end before the query. */
export function keepPath(path: usize, end: usize, method: u32, endpoint: i32): void {
  const length = end - path;
  if (length > MAX_KNOWN_BYTES) return;
  const low = keptOf(path, length, 0);
  const high = keptOf(path, length, 16);
  const form = formOf(length, method);
  const entry = entryOf(low, high, form);
  v128.store(entry, low);
  v128.store(entry, high, 16);
  store<u32>(entry, form, 32);
  store<u32>(entry, endpoint + 1, 36);
}

/** The number of bytes before the query or the fragment; more than {@link MAX_KNOWN_BYTES} where the first ones have none. */
// @ts-ignore: decorator
@inline
function queryIn(path: usize): usize {
  const ends = endsIn(v128.load(path)) | (endsIn(v128.load(path, 16)) << 16);
  return <usize>ctz(<u64>ends | ((<u64>1) << (MAX_KNOWN_BYTES + 1)));
}

// @ts-ignore: decorator
@inline
function endsIn(bytes: v128): u32 {
  const ends = v128.or(i8x16.eq(bytes, v128.load(QUESTION_MARKS)), i8x16.eq(bytes, v128.load(NUMBER_SIGNS)));
  return <u32>i8x16.bitmask(ends);
}

/** 16 bytes of a path, zeros behind its end. @param at 0 or 16. */
// @ts-ignore: decorator
@inline
function keptOf(path: usize, length: usize, at: usize): v128 {
  return v128.and(v128.load(path + at), v128.load(KEPT + MAX_KNOWN_BYTES - length + at));
}

// @ts-ignore: decorator
@inline
function formOf(length: usize, method: u32): u32 {
  return (<u32>length << 8) | method;
}

// @ts-ignore: decorator
@inline
function entryOf(low: v128, high: v128, form: u32): usize {
  const even = i64x2.extract_lane(low, 0) ^ rotl(i64x2.extract_lane(high, 0), 23) ^ form;
  const odd = i64x2.extract_lane(low, 1) ^ rotl(i64x2.extract_lane(high, 1), 41);
  const hash = even * 0x9e3779b97f4a7c15 + odd * 0xd6e8feb86659fd93;
  return PATHS + <usize>(<u64>hash >> (64 - PATH_SLOT_BITS)) * PATH_SLOT_BYTES;
}
