import { REJECTED_EXCERPT_BYTES } from '../limits.ts';
import { printable } from '../printable.ts';

const decoder = new TextDecoder('utf-8');

/**
 * The beginning of a line, for people: at most {@link REJECTED_EXCERPT_BYTES} bytes, and `…` where it was cut.
 * Unprintable characters are shown as `\xNN` or `\u{NNNN}`, because a terminal must not obey a log, and PostgreSQL's
 * text cannot hold NUL.
 */
export function excerptOf(bytes: Uint8Array, start: number, end: number): string {
  const cut = Math.min(end, start + REJECTED_EXCERPT_BYTES);
  const text = printable(decoder.decode(bytes.subarray(start, cut)));
  return cut < end ? `${text}…` : text;
}
