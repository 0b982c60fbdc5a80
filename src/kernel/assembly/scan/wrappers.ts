/**
 * Takes off what Kubernetes and Docker put around a line. `log-format/wrapper/` defines it. A line that is one of several
 * parts is not plain.
 */

import { skipValue } from './json';
import { endOfRecord } from './pattern-runner';
import { MAX_LINE_BYTES, UNWRAPPED } from './scan-memory';
import { endOfName } from './search';

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const BACKSLASH: u32 = 0x5c;
const CLOSE_OBJECT: u32 = 0x7d;

/* "0000-00-00T00:00" and "00:00.000000000Z", and how far above them each byte may be. */
const MINUTE: usize = memory.data<u64>([0x2d30302d30303030, 0x30303a3030543030], 16);
const MINUTE_RANGE: usize = memory.data<u64>([0x0009090009090909, 0x0909000909000909], 16);
const FRACTION: usize = memory.data<u64>([0x30302e30303a3030, 0x5a30303030303030], 16);
const FRACTION_RANGE: usize = memory.data<u64>([0x0909000909000909, 0x0009090909090909], 16);
/** Where the minutes begin, from which a time with nine digits behind the point has 16 more bytes. */
const MINUTES: usize = 14;
const TIME_BYTES: usize = 30;
const SECONDS: usize = 16;

/** ` stdout `, ` stderr ` and `F `. */
const STDOUT: u64 = 0x2074756f64747320;
const STDERR: u64 = 0x2072726564747320;
const FULL: u16 = 0x2046;

/** The address of what a container wrote, in the line of a CRI log at `p`; 0 where it is not plain. */
export function behindCri(p: usize): usize {
  if (!isLike(p, MINUTE, MINUTE_RANGE)) return 0;
  p = isLike(p + MINUTES, FRACTION, FRACTION_RANGE) ? p + TIME_BYTES : behindSeconds(p + SECONDS);
  if (p == 0) return 0;
  const stream = load<u64>(p);
  return (stream == STDOUT || stream == STDERR) && load<u16>(p, 8) == FULL ? p + 10 : 0;
}

// @ts-ignore: decorator
@inline
function isLike(p: usize, template: usize, range: usize): bool {
  const above = i8x16.sub(v128.load(p), v128.load(template));
  return i8x16.bitmask(i8x16.le_u(above, v128.load(range))) == 0xffff;
}

/** Reads `:46`, a fraction of up to nine digits or none, and `Z` or `+02:00`. */
function behindSeconds(p: usize): usize {
  if (<u32>load<u8>(p) != COLON || !isDigit(p + 1) || !isDigit(p + 2)) return 0;
  p += 3;
  if (load<u8>(p) == 0x2e) {
    const fraction = ++p;
    while (isDigit(p)) p++;
    if (p - fraction - 1 > 8) return 0;
  }
  const zone = <u32>load<u8>(p);
  if (zone == 0x5a) return p + 1;
  if (zone != 0x2b && zone != 0x2d) return 0;
  const isOffset = isDigit(p + 1) && isDigit(p + 2) && <u32>load<u8>(p, 3) == COLON && isDigit(p + 4) && isDigit(p + 5);
  return isOffset ? p + 6 : 0;
}

// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool {
  return <u32>load<u8>(p) - 0x30 <= 9;
}

const QUOTES: usize = memory.data<u64>([0x2222222222222222, 0x2222222222222222], 16);
const BACKSLASHES: usize = memory.data<u64>([0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c], 16);
const CONTROLS: usize = memory.data<u64>([0x1f1f1f1f1f1f1f1f, 0x1f1f1f1f1f1f1f1f], 16);

/** `{"log":"` */
const LOG: u64 = 0x223a22676f6c227b;
const LOG_BYTES: usize = 8;

/** The address behind the newline of the line that {@link unwrapDocker} read last. */
export let behindDocker: usize = 0;

/** Where the next byte of the text goes. */
let out: usize = 0;

/**
 * Writes what a container wrote, in the line of Docker's json-file at `p`, to UNWRAPPED, with its newline.
 * @returns false where it is not plain.
 */
export function unwrapDocker(p: usize): bool {
  if (load<u64>(p) != LOG) return false;
  p = undo(p + LOG_BYTES);
  if (p == 0) return false;
  p = behindMembers(p);
  if (p == 0 || <u32>load<u8>(p) != CLOSE_OBJECT) return false;
  behindDocker = endOfRecord(p + 1);
  return behindDocker != 0;
}

// @ts-ignore: decorator
@inline
function ends(p: usize): u64 {
  const bytes = v128.load(p);
  const stops = v128.or(i8x16.eq(bytes, v128.load(QUOTES)), i8x16.eq(bytes, v128.load(BACKSLASHES)));
  return <u64>(<u32>i8x16.bitmask(v128.or(stops, i8x16.le_u(bytes, v128.load(CONTROLS)))));
}

// @ts-ignore: decorator
@inline
function copy64(to: usize, from: usize, bytes: u64): void {
  v128.store(to, v128.load(from));
  if (bytes <= 16) return;
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/**
 * Undoes the text at `p`, which must end with `\n"`. JSON in JSON has an escape every few bytes. So it looks at 64 bytes at a
 * time, and takes the escapes in them one after the other (docker-wrapped JSON: 0.36 µs a line with a look for each escape).
 * @returns the address behind its quote; 0 where it is not plain.
 */
function undo(p: usize): usize {
  out = UNWRAPPED;
  while (out < UNWRAPPED + MAX_LINE_BYTES) {
    let mask = ends(p) | (ends(p + 16) << 16) | (ends(p + 32) << 32) | (ends(p + 48) << 48);
    let left: u64 = 64;
    while (true) {
      const length = mask == 0 ? left : ctz(mask);
      copy64(out, p, length);
      p += <usize>length;
      out += <usize>length;
      if (mask == 0) break;
      if (<u32>load<u8>(p) != BACKSLASH) return 0;
      const kind = <u32>load<u8>(p, 1);
      if (kind != QUOTE && kind != BACKSLASH) {
        if (kind == 0x6e) {
          store<u8>(out, 0x0a);
          return <u32>load<u8>(p, 2) == QUOTE ? p + 3 : 0;
        }
        p = undoEscape(p + 2, kind);
        if (p == 0) return 0;
        break;
      }
      store<u8>(out++, <u8>kind);
      p += 2;
      if (left <= length + 2) break;
      left -= length + 2;
      mask >>= length + 2;
    }
  }
  return 0;
}

/** @param p behind the backslash and the letter. @returns the address behind the escape; 0 where it is not plain. */
function undoEscape(p: usize, kind: u32): usize {
  if (kind == 0x75) return undoCode(p);
  let byte: u32 = kind;
  if (kind == 0x72) byte = 0x0d;
  else if (kind == 0x74) byte = 0x09;
  else if (kind != 0x2f) return 0;
  store<u8>(out++, <u8>byte);
  return p;
}

/** Undoes `\u0026`. Control characters and what is no ASCII are not plain. */
function undoCode(p: usize): usize {
  if (load<u16>(p) != 0x3030) return 0;
  const high = digitOf(load<u8>(p, 2));
  const low = digitOf(load<u8>(p, 3));
  const code = (high << 4) | low;
  if ((high | low) > 15 || code - 0x20 > 0x5f) return 0;
  store<u8>(out++, <u8>code);
  return p + 4;
}

/** The value of a hexadecimal digit; over 15 for any other byte. */
// @ts-ignore: decorator
@inline
function digitOf(byte: u32): u32 {
  if (byte - 0x30 <= 9) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 255;
}

/** `"stdout"`, `"stderr"`, and the names `stream` (without its last two letters) and `log`. */
const QUOTED_STDOUT: u64 = 0x2274756f64747322;
const QUOTED_STDERR: u64 = 0x2272726564747322;
const STRE: u32 = 0x65727473;
const AM: u16 = 0x6d61;
const LOG_NAME: u32 = 0x676f6c;

/** Skips the other members. One of them must say the stream. @returns the address behind them; 0 where one is not plain. */
function behindMembers(p: usize): usize {
  let hasStream = false;
  while (<u32>load<u8>(p) == COMMA) {
    if (<u32>load<u8>(p, 1) != QUOTE) return 0;
    const name = p + 2;
    const end = endOfName(name);
    if (<u32>load<u8>(end) != QUOTE || <u32>load<u8>(end, 1) != COLON) return 0;
    const isStream = end - name == 6 && load<u32>(name) == STRE && load<u16>(name, 4) == AM;
    if (end - name == 3 && (load<u32>(name) & 0xffffff) == LOG_NAME) return 0;
    p = end + 2;
    if (isStream) {
      const stream = load<u64>(p);
      if (hasStream || (stream != QUOTED_STDOUT && stream != QUOTED_STDERR)) return 0;
      hasStream = true;
      p += 8;
    } else {
      p = skipValue(p);
      if (p == 0) return 0;
    }
  }
  return hasStream ? p : 0;
}
