/** Searches for the end of a field, 16 bytes at a time. Every search ends at the line's newline at the latest. */

/*
 * Vectors to compare with. They are loaded from memory, because the compiler would build a literal anew for every
 * line, through general registers.
 */
const CONTROLS: usize = memory.data<u64>([0x1f1f1f1f1f1f1f1f, 0x1f1f1f1f1f1f1f1f], 16);
const SPACES: usize = memory.data<u64>([0x2020202020202020, 0x2020202020202020], 16);
const DELETES: usize = memory.data<u64>([0x7f7f7f7f7f7f7f7f, 0x7f7f7f7f7f7f7f7f], 16);
const QUOTES: usize = memory.data<u64>([0x2222222222222222, 0x2222222222222222], 16);
const BACKSLASHES: usize = memory.data<u64>([0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c], 16);
const FIRST_PRINTABLE: usize = memory.data<u64>([0x2121212121212121, 0x2121212121212121], 16);
const TEXT_RANGE: usize = memory.data<u64>([0x5e5e5e5e5e5e5e5e, 0x5e5e5e5e5e5e5e5e], 16);
const PRINTABLE_RANGE: usize = memory.data<u64>([0x5d5d5d5d5d5d5d5d, 0x5d5d5d5d5d5d5d5d], 16);
const ONES: usize = memory.data<u64>([0x0101010101010101, 0x0101010101010101], 16);
const WORD_START: usize = memory.data<u64>([0x2222222222222222, 0x2222222222222222], 16);
const NEWLINES: usize = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16);

/** The first byte from `p` on that is not printable ASCII, or is a space. */
// @ts-ignore: decorator
@inline
export function endOfWord(p: usize): usize {
  while (true) {
    const printable = i8x16.le_u(i8x16.sub(v128.load(p), v128.load(FIRST_PRINTABLE)), v128.load(PRINTABLE_RANGE));
    const mask = i8x16.bitmask(printable);
    if (mask != 0xffff) return p + ctz(~mask);
    p += 16;
  }
}

/** The first byte from `p` on that is `stop`, a backslash, or not printable ASCII. */
// @ts-ignore: decorator
@inline
export function endOfText(p: usize, stop: u32): usize {
  const stops = i8x16.splat(<i8>stop);
  while (true) {
    const bytes = v128.load(p);
    const text = i8x16.le_u(i8x16.sub(bytes, v128.load(SPACES)), v128.load(TEXT_RANGE));
    const stopping = v128.or(i8x16.eq(bytes, stops), i8x16.eq(bytes, v128.load(BACKSLASHES)));
    const mask = i8x16.bitmask(v128.andnot(text, stopping));
    if (mask != 0xffff) return p + ctz(~mask);
    p += 16;
  }
}

// @ts-ignore: decorator
@inline
function spaces(p: usize): i32 {
  const bytes = v128.load(p);
  return i8x16.bitmask(
    v128.or(i8x16.le_u(bytes, v128.load(SPACES)), i8x16.eq(bytes, v128.load(DELETES))),
  );
}

/**
 * The first byte from `p` on that is a space or a control character. It does two loads at once, because paths are
 * long.
 */
// @ts-ignore: decorator
@inline
export function endOfPath(p: usize): usize {
  while (true) {
    const mask = spaces(p) | (spaces(p + 16) << 16);
    if (mask != 0) return p + ctz(mask);
    p += 32;
  }
}

/** The first byte from `p` on that is `stop` or a control character. */
// @ts-ignore: decorator
@inline
export function endOfField(p: usize, stop: u32): usize {
  const stops = i8x16.splat(<i8>stop);
  while (true) {
    const bytes = v128.load(p);
    const controls = v128.or(i8x16.le_u(bytes, v128.load(CONTROLS)), i8x16.eq(bytes, v128.load(DELETES)));
    const mask = i8x16.bitmask(v128.or(controls, i8x16.eq(bytes, stops)));
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

/** The first byte from `p` on that is a quote, a backslash or a control character. */
// @ts-ignore: decorator
@inline
export function endOfName(p: usize): usize {
  while (true) {
    const bytes = v128.load(p);
    const ends = v128.or(i8x16.eq(bytes, v128.load(QUOTES)), i8x16.eq(bytes, v128.load(BACKSLASHES)));
    const mask = i8x16.bitmask(v128.or(ends, i8x16.le_u(bytes, v128.load(CONTROLS))));
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

// @ts-ignore: decorator
@inline
function quotedEnds(p: usize): u64 {
  const bytes = v128.load(p);
  const ends = v128.or(i8x16.eq(bytes, v128.load(QUOTES)), i8x16.eq(bytes, v128.load(BACKSLASHES)));
  return <u64>(<u32>i8x16.bitmask(v128.or(ends, i8x16.le_u(bytes, v128.load(CONTROLS)))));
}

/** True once {@link endOfQuoted} passed a backslash. */
export let hasPassedBackslash: bool = false;

export function setPassedBackslash(value: bool): void {
  hasPassedBackslash = value;
}

/**
 * The first quote from `p` on without a backslash before it, or a control character before that. It looks at 64 bytes
 * at a time, because a branch predictor cannot guess the length of quoted text.
 */
export function endOfQuoted(p: usize): usize {
  while (true) {
    const mask =
      quotedEnds(p) | (quotedEnds(p + 16) << 16) | (quotedEnds(p + 32) << 32) | (quotedEnds(p + 48) << 48);
    if (mask == 0) {
      p += 64;
      continue;
    }
    p += <usize>ctz(mask);
    if (load<u8>(p) != 0x5c) return p;
    hasPassedBackslash = true;
    if (load<u8>(p, 1) < 0x20) return p + 1;
    p += 2;
  }
}

/** The next newline from `p` on. */
export function endOfLine(p: usize): usize {
  while (true) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(NEWLINES)));
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

// @ts-ignore: decorator
@inline
function nonWords(p: usize): u64 {
  // Adding 1 makes the bytes from 0x7f on the lowest signed numbers.
  const isNone = i8x16.lt_s(i8x16.add(v128.load(p), v128.load(ONES)), v128.load(WORD_START));
  return <u64>(<u32>i8x16.bitmask(isNone));
}

/** One bit for each of the 64 bytes from `p` on: 1 where it is not printable ASCII, or is a space. */
// @ts-ignore: decorator
@inline
export function endsOfWords(p: usize): u64 {
  return nonWords(p) | (nonWords(p + 16) << 16) | (nonWords(p + 32) << 32) | (nonWords(p + 48) << 48);
}
