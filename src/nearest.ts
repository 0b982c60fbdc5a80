import { distance } from 'fastest-levenshtein';

/** The most edits for each character of the longer name. `ngnix` is near `nginx`; `EST5` is near no city. */
const MAX_EDITS_SHARE = 0.4;

/** The distance of two names: edits for each character of the longer one. Case does not matter. */
export function editsShare(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return (isSwap(one, other) ? 1 : distance(one, other)) / Math.max(a.length, b.length, 1);
}

/** True if two neighbouring characters are swapped, which counts as one slip: `mian` for `main`. */
function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((character, i) => character !== b[i]);
  return at >= 0 && a.length === b.length && a.slice(0, at) + a[at + 1] + a[at] + a.slice(at + 2) === b;
}

/**
 * The known name that a mistyped one was probably meant to be, as a sentence to add to an error.
 * @param plain gives the part of a name to compare, without signs that do not count.
 * @returns ` Did you mean X?`, or an empty text if no known name is near.
 */
export function nearestHint(
  name: string,
  known: readonly string[],
  plain: (name: string) => string = (each) => each,
): string {
  let near: string | undefined;
  let nearShare = MAX_EDITS_SHARE;
  for (const each of known) {
    const share = editsShare(plain(name), plain(each));
    if (share > nearShare || (share === nearShare && near !== undefined)) continue;
    near = each;
    nearShare = share;
  }
  return near === undefined ? '' : ` Did you mean ${near}?`;
}
