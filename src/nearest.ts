import { closest, distance } from 'fastest-levenshtein';

/** Edits for each character of the longer name, at the most: `ngnix` is near to `nginx`, and `EST5` to no city. */
const MAX_EDITS_SHARE = 0.4;

/** How far two names are apart: edits for each character of the longer one, whatever the case. */
export function editsShare(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return (isSwap(one, other) ? 1 : distance(one, other)) / Math.max(a.length, b.length, 1);
}

/** True where two neighbours changed places, which is one slip of the hand: `mian` for `main`. */
function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((character, i) => character !== b[i]);
  return at >= 0 && a.length === b.length && a.slice(0, at) + a[at + 1] + a[at] + a.slice(at + 2) === b;
}

/**
 * What a mistyped name was probably meant to be, as a sentence behind an error's own.
 * @param plain what of a name is compared: it may have signs that do not count.
 * @returns ` Did you mean X?`, or nothing where no known name is near.
 */
export function nearestHint(
  name: string,
  known: readonly string[],
  plain: (name: string) => string = (each) => each,
): string {
  if (known.length === 0) return '';
  const near = closest(plain(name), known.map(plain));
  if (editsShare(plain(name), near) > MAX_EDITS_SHARE) return '';
  return ` Did you mean ${known.find((each) => plain(each) === near)}?`;
}
