import { MAX_RETRY_MS, MIN_RETRY_MS } from '../../limits.ts';

/**
 * How long to wait for the next try. Waits double up to a bound, and chance shortens each by up to a half, so that many
 * processes do not come back all at once.
 * @param tries that failed before the one that failed last.
 * @param chance from 0 to 1.
 */
export function backoffMs(tries: number, chance: number): number {
  return Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** tries) * (1 - chance / 2);
}
