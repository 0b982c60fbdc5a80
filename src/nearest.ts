import { closest, distance } from 'fastest-levenshtein';

/**
 * What a mistyped name was probably meant to be, as a sentence behind an error's own.
 * @returns ` Did you mean X?`, or nothing where no known name is near.
 */
export function nearestHint(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(name, known);
  return distance(name, near) <= near.length / 2 ? ` Did you mean ${near}?` : '';
}
