/** Changes the changelog for a release: the unreleased notes get a version and a date. */

const UNRELEASED = '## [Unreleased]';

/**
 * The notes under "Unreleased".
 * @throws if there are none.
 */
export function unreleasedOf(changelog: string): string {
  const [, behind] = changelog.split(`${UNRELEASED}\n`);
  if (behind === undefined) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}".`);
  const notes = behind.split(/^## /m)[0]?.trim() ?? '';
  if (!/^- /m.test(notes)) throw new Error(`CHANGELOG.md says nothing under "${UNRELEASED}".`);
  return notes;
}

/** The changelog with the unreleased notes under a version, below an empty "Unreleased". */
export function releasedIn(changelog: string, version: string, date: string): string {
  unreleasedOf(changelog);
  return changelog.replace(`${UNRELEASED}\n`, `${UNRELEASED}\n\n## [${version}] - ${date}\n`);
}

/** True if a version has the form 1.2.3 and comes after another one. */
export function isNext(version: string, before: string): boolean {
  const numbers = (text: string) => text.split('.').map(Number);
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)) return false;
  const [next, last] = [numbers(version), numbers(before)];
  const at = next.findIndex((number, i) => number !== last[i]);
  return at >= 0 && (next[at] ?? 0) > (last[at] ?? 0);
}
