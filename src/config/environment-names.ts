/** Names in the environment that were probably meant to be settings. */

import { closest } from 'fastest-levenshtein';
import { DaymarkError } from '../errors.ts';
import { editsShare } from '../nearest.ts';

/** Shorter names are near to those of many other programs: `HOSTS`, `WORKER`, `INCLUDES`. */
const MIN_LENGTH = 8;

/** One edit of six characters: two of `DATABASE_URL`, one of `DATA_DIR`. */
const MAX_EDITS_SHARE = 1 / 6;

/** Two edits at the most, however long the name is. */
const MAX_EDITS = 2;

/** Variables of other programs that are as near. */
const OF_OTHERS: ReadonlySet<string> = new Set(['TIMEZONE', 'ENDPOINT']);

/**
 * Refuses names that are nearly those of settings. They would be ignored otherwise, and daymark would run with a default: on
 * another database, for example. All other variables are none of its business.
 * @throws {DaymarkError} UNKNOWN_SETTING.
 */
export function refuseMistyped(
  environment: Readonly<Record<string, string | undefined>>,
  settings: readonly string[],
): void {
  const long = settings.filter((name) => name.length >= MIN_LENGTH);
  for (const [name, value] of Object.entries(environment)) {
    if (!value || settings.includes(name) || OF_OTHERS.has(name)) continue;
    // To compare all of them with all variables took 9 ms of each start (2026-11-30).
    const alike = long.filter(({ length }) => Math.abs(length - name.length) <= MAX_EDITS);
    const near = closest(name.toUpperCase(), alike);
    if (!near || !isNear(name, near)) continue;
    const detail = `${name} in the environment is not a setting of this version. Did you mean ${near}? If it is for another program, unset it for daymark (env -u ${name}).`;
    throw new DaymarkError('UNKNOWN_SETTING', detail);
  }
}

function isNear(name: string, setting: string): boolean {
  const share = editsShare(name, setting);
  return share <= MAX_EDITS_SHARE && share * Math.max(name.length, setting.length) <= MAX_EDITS;
}
