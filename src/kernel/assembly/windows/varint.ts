/** Varints: 7 bits a byte, lowest bits first. The highest bit of a byte means that more follow. */

// @ts-ignore: decorator
@inline
export function writeVarint(at: usize, value: u64): usize {
  while (value >= 128) {
    store<u8>(at++, value | 128);
    value >>= 7;
  }
  store<u8>(at, value);
  return at + 1;
}

/** The address behind the varint that was read last. */
export let varintEnd: usize = 0;

// @ts-ignore: decorator
@inline
export function readVarint(at: usize): u64 {
  let byte = <u64>load<u8>(at++);
  let value = byte & 127;
  for (let shift: u64 = 7; byte >= 128; shift += 7) {
    byte = load<u8>(at++);
    value |= (byte & 127) << shift;
  }
  varintEnd = at;
  return value;
}
