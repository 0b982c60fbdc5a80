import { utf8Text } from '../reference/byte-text.ts';
import type { Glob } from './line-rules.ts';

/**
 * Makes a glob.
 * @param pieces what stands between its wildcards. Two wildcards side by side are one.
 */
export function globOf(pieces: readonly string[], ignoresCase: boolean): Glob {
  const needed = pieces.filter((piece, i) => piece !== '' || i === 0 || i === pieces.length - 1);
  const texts = needed.map(utf8Text);
  return { pieces: ignoresCase ? texts.map(lowerCase) : texts, ignoresCase };
}

/**
 * True if the whole text matches. Each piece is looked for behind the one before, so no text takes long.
 * @param text byte text.
 */
export function isMatching({ pieces, ignoresCase }: Glob, text: string): boolean {
  const searched = ignoresCase ? lowerCase(text) : text;
  const [first, ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return searched === first;
  if (!searched.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = searched.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return searched.length - last.length >= at && searched.endsWith(last);
}

/** Other letters than those of ASCII stay, because this is byte text. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
