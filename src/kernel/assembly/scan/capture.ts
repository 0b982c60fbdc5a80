/** Takes the customer id from a request path, by a template. */

import { pathTemplate } from './instructions';
import { takeCustomer, takeNoCustomer } from './places';
import { setCapturedId } from './record';

/* A template: the number of its segments (u32), then 12 bytes a segment: kind, length, address of its bytes. */
const ANY: u32 = 1;
const ID: u32 = 2;

/**
 * Takes the customer id out of the path `[p, end)`. @param place the highest byte of the instruction; see `places.ts`.
 * @returns false where the path is not plain.
 */
export function capture(p: usize, end: usize, place: u32): bool {
  p = behindAuthority(p, end);
  if (p == 0) return false;
  let segment = pathTemplate();
  let left = load<u32>(segment);
  segment += 4;
  let id: usize = 0;
  let idEnd: usize = 0;
  for (; left > 0; left--) {
    if (p == end || load<u8>(p) != 0x2f) return isPlain(p, end) && takeNoCustomer(place);
    const start = ++p;
    while (p < end && !endsSegment(load<u8>(p))) p++;
    // `#22` is a quote in a path of HAProxy. Elsewhere a fragment begins there.
    if (!isPlain(start, p) || (p < end && load<u8>(p) == 0x23)) return false;
    const kind = load<u32>(segment);
    if (kind == ID) {
      id = start;
      idEnd = p;
    } else if (kind != ANY && !isSame(segment, start, p)) {
      return isPlain(p, end) && takeNoCustomer(place);
    }
    segment += 12;
  }
  setCapturedId(id);
  // An empty id is not plain either.
  return idEnd > id && takeCustomer(id, idEnd, place);
}

/** Skips the scheme and the authority of a URL. @returns where the path begins; 0 where it is not plain. */
function behindAuthority(p: usize, end: usize): usize {
  if (p == end) return 0;
  if (load<u8>(p) == 0x2f) return load<u8>(p, 1) == 0x2f ? 0 : p;
  while (p < end && isLetter(load<u8>(p))) p++;
  if (end - p < 3 || load<u8>(p) != 0x3a || load<u8>(p, 1) != 0x2f || load<u8>(p, 2) != 0x2f) return 0;
  p += 3;
  while (p < end && !endsSegment(load<u8>(p))) p++;
  return p < end && load<u8>(p) == 0x2f ? p : 0;
}

// @ts-ignore: decorator
@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 <= 25;
}

// @ts-ignore: decorator
@inline
function endsSegment(byte: u32): bool {
  return byte == 0x2f || byte == 0x3f || byte == 0x23;
}

/** False where a byte is part of an escape, or cannot be part of an id. */
function isPlain(p: usize, end: usize): bool {
  for (; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte - 0x21 > 0x5d || byte == 0x5c || byte == 0x25) return false;
  }
  return true;
}

function isSame(segment: usize, start: usize, end: usize): bool {
  const length = load<u32>(segment, 4);
  if (end - start != length) return false;
  return memory.compare(start, load<u32>(segment, 8), length) == 0;
}

/** Takes the customer id out of the request `[p, end)`, `GET /path HTTP/1.1`. */
export function captureFromRequest(p: usize, end: usize, place: u32): bool {
  const path = behindWord(p, end);
  if (path == 0) return false;
  const protocol = behindWord(path, end);
  if (protocol == 0 || protocol == end) return false;
  // The reference parser resolves escapes in the whole request, and reads paths with spaces.
  if (!isPlain(p, path - 1) || !isProtocol(protocol, end)) return false;
  return capture(path, protocol - 1, place);
}

/** "HTTP/", in the low five bytes. */
const HTTP: u64 = 0x2f50545448;

/** True for `HTTP/1.1` and the like. */
function isProtocol(p: usize, end: usize): bool {
  const length = <u32>(end - p);
  if ((load<u64>(p) & 0xffffffffff) != HTTP || <u32>load<u8>(p, 5) - 0x30 > 9) return false;
  if (length == 6) return true;
  return length == 8 && load<u8>(p, 6) == 0x2e && <u32>load<u8>(p, 7) - 0x30 <= 9;
}

/** The address behind the next space; 0 where there is no space, or nothing before it. */
function behindWord(p: usize, end: usize): usize {
  const start = p;
  while (p < end && load<u8>(p) != 0x20) p++;
  return p == end || p == start ? 0 : p + 1;
}
