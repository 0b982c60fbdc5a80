const NUL = 0;

/**
 * Where the text of the first line `[start, end)` of a log begins: behind NULs, which stand where a log was truncated
 * while it was written or where a machine lost its power, and behind the byte order mark of UTF-8.
 */
export function textStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === NUL) at++;
  const isMarked = bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
  return isMarked && at + 3 <= end ? at + 3 : at;
}
