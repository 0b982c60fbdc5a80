/**
 * Byte text: a string of which each character stands for one byte (U+0000–FF). Lines are read as such, so that
 * plain string functions and regular expressions work on bytes, UTF-8 or not, and positions are those of bytes.
 */

/** The bytes `[start, end)` as byte text. */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The UTF-8 of a string as byte text: how a word of the format stands in a line. */
export function utf8Text(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Where a sticky pattern (flag `y`) matches at `at`. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
