/** Finds out whether another program put something around the lines of a log. */

import { MIN_RECOGNISED_SHARE } from '../../limits.ts';
import { LOG_WRAPPERS, type LogWrapper } from './types.ts';
import { hasParts } from './unwrap.ts';
import { innerLines } from './wrapped-lines.ts';

/**
 * The wrappers that fit at least MIN_RECOGNISED_SHARE of the lines of a sample, the one that fits most first.
 * @param isWhole true where the last line counts without its newline.
 */
export function recogniseWrappers(sample: Uint8Array, isWhole: boolean): LogWrapper[] {
  return LOG_WRAPPERS.map((wrapper) => ({ wrapper, share: shareOf(sample, isWhole, wrapper) }))
    .filter(({ share }) => share >= MIN_RECOGNISED_SHARE)
    .sort((a, b) => b.share - a.share || detailOf(b.wrapper) - detailOf(a.wrapper))
    .map(({ wrapper }) => wrapper);
}

/** Of two wrappers that fit as well, the one that takes off more is right. */
function detailOf(wrapper: LogWrapper): number {
  return Number(hasParts(wrapper)) * LOG_WRAPPERS.length + LOG_WRAPPERS.indexOf(wrapper);
}

function shareOf(sample: Uint8Array, isWhole: boolean, wrapper: LogWrapper): number {
  let [lines, fitting] = [0, 0];
  for (const { content } of innerLines(sample, isWhole, wrapper)) {
    lines++;
    if (content !== 'malformed_line' && content !== 'empty_line') fitting++;
  }
  return lines === 0 ? 0 : fitting / lines;
}
