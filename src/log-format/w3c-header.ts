/** The line of a W3C extended log that names the columns. */

/** How such a line begins, in capitals or not. */
const DIRECTIVE = /^#Fields:/i;

/** Longer than the beginning that shows whether a line names the columns. */
export const HEADER_MARK_BYTES = 16;

/** A line that names no columns, in place of one that is too long to be read: no line fits it. */
export const EMPTY_HEADER = '#Fields:';

/** True where a line names the columns, or begins to. */
export function isW3cHeader(line: string): boolean {
  return DIRECTIVE.test(line);
}

/**
 * The names in a line, in its order.
 * @param line as text or as byte text, without its newline.
 * @returns undefined where it names no columns.
 */
export function columnsInHeader(line: string): string[] | undefined {
  if (!isW3cHeader(line)) return undefined;
  return line
    .replace(DIRECTIVE, '')
    .split(/[ \t\r]+/)
    .filter((name) => name !== '');
}
