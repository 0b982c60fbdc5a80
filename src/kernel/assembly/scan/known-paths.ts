/**
 * Paths that were read before, and the numbers of their endpoints. Many requests name a path that another one named just
 * before, and then nothing needs to be folded or matched.
 *
 * A slot has the path (32 bytes, zeros behind it), its length and the number of the method in one word (u32), and the number of
 * the endpoint plus 1 (u32). A path that falls on a slot takes the place of the one before.
 */

import { PATH_SLOT_BITS, PATH_SLOT_BYTES, PATH_SLOTS, PATHS } from './scan-memory';

export const MAX_KNOWN_BYTES: usize = 32;

/* The 32 bytes that end before byte n keep n bytes of a path. */
const KEPT: usize = memory.data<u64>([-1, -1, -1, -1, 0, 0, 0, 0], 16);

let low: v128 = i64x2.splat(0);
let high: v128 = i64x2.splat(0);
let form: u32 = 0;
let entry: usize = 0;

export function forgetPaths(): void {
  memory.fill(PATHS, 0, PATH_SLOTS * PATH_SLOT_BYTES);
}

/** @param length up to {@link MAX_KNOWN_BYTES}. @returns the number of the endpoint; -1 where the path is not known. */
// @ts-ignore: decorator
@inline
export function knownPath(path: usize, length: usize, method: u32): i32 {
  const kept = KEPT + MAX_KNOWN_BYTES - length;
  low = v128.and(v128.load(path), v128.load(kept));
  high = v128.and(v128.load(path, 16), v128.load(kept, 16));
  form = (<u32>length << 8) | method;
  entry = PATHS + slotOf() * PATH_SLOT_BYTES;
  const unlike = v128.or(v128.xor(low, v128.load(entry)), v128.xor(high, v128.load(entry, 16)));
  return v128.any_true(unlike) || load<u32>(entry, 32) != form ? -1 : <i32>load<u32>(entry, 36) - 1;
}

/** Keeps the path that {@link knownPath} did not know last. */
export function keepPath(endpoint: i32): void {
  v128.store(entry, low);
  v128.store(entry, high, 16);
  store<u32>(entry, form, 32);
  store<u32>(entry, endpoint + 1, 36);
}

// @ts-ignore: decorator
@inline
function slotOf(): usize {
  const first = (i64x2.extract_lane(low, 0) ^ form) * 0x9e3779b97f4a7c15;
  const second = (i64x2.extract_lane(low, 1) ^ 0x5851f42d4c957f2d) * 0xd6e8feb86659fd93;
  const third = (i64x2.extract_lane(high, 0) ^ 0x14057b7ef767814f) * 0xa0761d6478bd642f;
  const fourth = (i64x2.extract_lane(high, 1) ^ 0x2545f4914f6cdd1d) * 0xe7037ed1a0b428db;
  const hash = (first ^ rotl(second, 21)) + (third ^ rotl(fourth, 43));
  return <usize>(<u64>(hash * 0x9e3779b97f4a7c15) >> (64 - PATH_SLOT_BITS));
}
