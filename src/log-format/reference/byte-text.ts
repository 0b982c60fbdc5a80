/**
 * Byte text is a string in which each character stands for one byte (U+0000–FF). The reference parser reads lines as
 * byte text. So string functions and regular expressions work on any bytes, UTF-8 or not, and positions count bytes.
 */

/** The bytes `[start, end)` as byte text. */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The UTF-8 of a string as byte text. Words of a format are compared with lines in this form. */
export function utf8Text(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Matches a sticky pattern (flag `y`) at a position. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
