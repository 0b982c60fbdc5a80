import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();
const CUT = '…';

/** Columns of a terminal that a printable text takes: most letters of East Asia take two, marks on letters none. */
export function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** The beginning of a printable text, with `…` where it was cut. @param width in columns. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${begin(charactersOf(text), width - 1)}${width > 0 ? CUT : ''}`;
}

/** The end of it. The end of a path tells more than its beginning. */
export function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const end = begin(charactersOf(text).reverse(), width - 1);
  return `${width > 0 ? CUT : ''}${charactersOf(end).reverse().join('')}`;
}

function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** As many of the characters as fit. */
function begin(characters: readonly string[], width: number): string {
  let [taken, used] = ['', 0];
  for (const character of characters) {
    used += widthOf(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

/** Fills a text up with spaces. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? spaces + text : text + spaces;
}
