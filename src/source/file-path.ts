import { isUtf8 } from 'node:buffer';
import { readlinkSync } from 'node:fs';

/*
 * A file's name is bytes, and they need not be UTF-8. Within the program a path is a string: each byte that is not part of
 * UTF-8 stands in it as a lone surrogate, U+DC80 for 0x80 to U+DCFF for 0xff, as in Python (PEP 383). So it is not lost, and
 * whoever calls the system gets it back.
 */

const LONE_SURROGATE = /[\udc80-\udcff]/;
const LONE_SURROGATES = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;
const SURROGATE_BASE = 0xdc00;

/** The bytes of a path as a string. */
export function pathOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    path += length
      ? bytes.toString('utf8', at, at + length)
      : String.fromCharCode(SURROGATE_BASE + bytes[at]);
    at += length ?? 1;
  }
  return path;
}

/** A path as the system knows it. */
export function systemPath(path: string): string | Buffer {
  if (!LONE_SURROGATE.test(path)) return path;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { index } of path.matchAll(LONE_SURROGATES)) {
    pieces.push(Buffer.from(path.slice(at, index)), Buffer.of(path.charCodeAt(index) - SURROGATE_BASE));
    at = index + 1;
  }
  return Buffer.concat([...pieces, Buffer.from(path.slice(at))]);
}

/** A path for people and for databases: a byte that is not UTF-8 is written `\xff`. */
export function readablePath(path: string): string {
  return path.replace(
    LONE_SURROGATES,
    (one) => `\\x${(one.charCodeAt(0) - SURROGATE_BASE).toString(16).padStart(2, '0')}`,
  );
}

/** So many links in a row are followed at the most; Linux has the same bound. */
export const MAX_LINKS = 40;

/** What a symbolic link says; undefined where the path is none. */
export function linkTarget(path: string): string | undefined {
  try {
    return pathOf(readlinkSync(systemPath(path), 'buffer'));
  } catch {
    return undefined;
  }
}
