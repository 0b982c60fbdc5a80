import { closest, distance } from 'fastest-levenshtein';

/** Edits for each character of the longer name, at the most: `ngnix` is near to `nginx`, and `EST5` to no city. */
const MAX_EDITS_SHARE = 0.4;

/** How far two names are apart: edits for each character of the longer one, whatever the case. */
export function editsShare(a: string, b: string): number {
  return distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length, 1);
}

/**
 * What a mistyped name was probably meant to be, as a sentence behind an error's own.
 * @returns ` Did you mean X?`, or nothing where no known name is near.
 */
export function nearestHint(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(name, known);
  return editsShare(name, near) <= MAX_EDITS_SHARE ? ` Did you mean ${near}?` : '';
}
