/** The times of which people ask how many requests took less. */

import { MAX_SHARES_UNDER } from '../limits.ts';

const SECONDS = '\\d{1,5}(\\.\\d{1,6})?';

/** A list of times in seconds, separated by commas: `0.5,1`. */
export const SHARE_BOUNDS_PATTERN = `^${SECONDS}(,${SECONDS}){0,${MAX_SHARES_UNDER - 1}}$`;

const PATTERN = new RegExp(SHARE_BOUNDS_PATTERN);

/** @returns whole microseconds; undefined where the list is not as {@link SHARE_BOUNDS_PATTERN} says. */
export function shareBoundsUs(list: string): number[] | undefined {
  if (!PATTERN.test(list)) return undefined;
  return list.split(',').map((text) => {
    const [whole, fraction = ''] = text.split('.');
    return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'));
  });
}
