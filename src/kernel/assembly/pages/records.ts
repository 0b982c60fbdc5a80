/**
 * Parts of a record in SQLite's file format (https://www.sqlite.org/fileformat2.html, section 2): varints, serial types, and values
 * with the highest byte first.
 */

// @ts-ignore: decorator
@inline
export function varintBytes(value: u64): u32 {
  let bytes: u32 = 1;
  while (value >= 128) {
    value >>= 7;
    bytes++;
  }
  return bytes;
}

/** @param value below 2^56. @returns where it ends. */
// @ts-ignore: decorator
@inline
export function writeHighFirst(at: usize, value: u64): usize {
  if (value < 128) {
    store<u8>(at, value);
    return at + 1;
  }
  const end = at + varintBytes(value);
  let last = end - 1;
  store<u8>(last, value & 127);
  for (value >>= 7; value > 0; value >>= 7) store<u8>(--last, value | 128);
  return end;
}

/** The serial type of an integer below 2^63. */
export function integerType(value: u64): u32 {
  if (value < 2) return 8 + <u32>value;
  if (value < 1 << 7) return 1;
  if (value < 1 << 15) return 2;
  if (value < 1 << 23) return 3;
  if (value < <u64>1 << 31) return 4;
  return value < <u64>1 << 47 ? 5 : 6;
}

export const NULL_TYPE: u32 = 0;
export const REAL_TYPE: u32 = 7;

/** The bytes of a number of a serial type. */
export function bytesOf(type: u32): u32 {
  if (type == REAL_TYPE || type == 6) return 8;
  if (type > REAL_TYPE) return 0;
  return type == 5 ? 6 : type;
}

/** @returns where it ends. */
export function writeInteger(at: usize, value: u64, bytes: u32): usize {
  const end = at + bytes;
  for (let to = end - 1; to >= at; to--) {
    store<u8>(to, value);
    value >>= 8;
  }
  return end;
}

// @ts-ignore: decorator
@inline
export function blobType(bytes: u32): u32 {
  return 2 * bytes + 12;
}

// @ts-ignore: decorator
@inline
export function textType(bytes: u32): u32 {
  return 2 * bytes + 13;
}
