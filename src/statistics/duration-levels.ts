/**
 * How exactly a window keeps its durations, so that its state stays small.
 *
 * There are four levels. A level gives each duration a value (`valueAt`), and every value of a level has:
 *
 * - `exact`: the duration itself, in µs.
 * - `fiveDigits`: whole milliseconds as they are. Other durations are cut to five digits, or to whole milliseconds where
 *   these are finer (from 10 s).
 * - `fourDigits`: whole milliseconds as they are. Other durations are rounded to four digits, halves up, or cut to
 *   whole milliseconds where these are finer (from 10 s).
 * - `fourDigitsOnly`: every duration is rounded to four digits, halves up.
 *
 * The level of a window is the first one at which its distinct values fit ({@link fits}). So it depends on the set of
 * its durations and on nothing else. Merging finds the same level and values, whatever was merged in which order:
 *
 * 1. The value at a level can be computed from the value at any level before it: `valueAt(l, valueAt(k, x))` is
 *    `valueAt(l, x)` where k ≤ l. Cutting digits leaves what the coarser level rounds by: rounding to four digits, halves
 *    up, looks at the fifth digit only. (Rounding to five digits first would not do: 1.23446 would become 1.2345, then
 *    1.235.) From 10 s on, both cut to milliseconds, and rounding to 10 ms or more looks at whole milliseconds only.
 * 2. What fits also fits without some of its durations. So no part of a window has a coarser level than the window, and
 *    at the coarsest level of its parts all values of the whole are known, by 1. At a finer level the whole cannot fit,
 *    because that part does not. So going on from there until it fits finds the level of the whole.
 *
 * Each level keeps the order of durations. So the nearest rank among the values is the value of the nearest rank.
 */

import { MAX_DURATION_US } from '../limits.ts';

export type Level = 0 | 1 | 2 | 3;

export const EXACT = 0;
export const FIVE_DIGITS = 1;
export const FOUR_DIGITS = 2;
export const FOUR_DIGITS_ONLY = 3;

/**
 * Distinct values that are no whole milliseconds, by level. Each takes two to three bytes of the state where it is
 * exact, and one to two where it has five digits. At four digits there are at most 27,000.
 */
export const MAX_OTHERS = [8_192, 16_384] as const;

/**
 * Distinct whole milliseconds. All durations up to an hour are 3.6 million. So a log of milliseconds is exact, however
 * long it is, and the state of a window has at most some 8 MB. Most take one byte.
 */
const MAX_MILLISECONDS = 2 ** 22;

/** A longer duration is no record. */
export const LONGEST_MS = MAX_DURATION_US / 1000;

/** Numbers that {@link numberOf} gives are below this, by level. */
export const OTHERS_END: readonly number[] = [MAX_DURATION_US, 280_000, 28_000, 28_000];

/** True where a window may have this level. The last level always fits: it has 73,000 values. */
export function fits(level: Level, milliseconds: number, others: number): boolean {
  if (level === FOUR_DIGITS_ONLY) return true;
  return milliseconds <= MAX_MILLISECONDS && (level === FOUR_DIGITS || others <= MAX_OTHERS[level]);
}

/** @param durationUs an integer from 0 to MAX_DURATION_US. @returns µs. */
export function valueAt(level: Level, durationUs: number): number {
  switch (level) {
    case EXACT:
      return durationUs;
    case FIVE_DIGITS:
      return cut(durationUs, durationUs < 1e5 ? 1 : durationUs < 1e6 ? 10 : durationUs < 1e7 ? 100 : 1e3);
    case FOUR_DIGITS:
      return durationUs < 1e7 ? fourDigits(durationUs) : cut(durationUs, 1e3);
    case FOUR_DIGITS_ONLY:
      return fourDigits(durationUs);
  }
}

/** Not `%`: that takes three times as long for numbers which may pass 2^31. */
function cut(durationUs: number, unit: number): number {
  return Math.floor(durationUs / unit) * unit;
}

export function isWholeMs(durationUs: number): boolean {
  return cut(durationUs, 1000) === durationUs;
}

function fourDigits(durationUs: number): number {
  let unit = 1;
  while (durationUs >= unit * 1e4) unit *= 10;
  return unit === 1 ? durationUs : cut(durationUs + unit / 2, unit);
}

/** Up to here (µs, excluded), every level from this one on keeps durations as they are. */
const EXACT_BELOW_US: readonly number[] = [Infinity, 1e5, 1e4, 1e4];

/**
 * To how many significant digits the percentiles of a window are exact; null where they are exact.
 * @param p99S the larger of them; null where there is none.
 */
export function durationPrecision(level: Level, p99S: number | null): 5 | 4 | null {
  if (p99S === null || p99S * 1e6 < EXACT_BELOW_US[level] - 0.5) return null;
  return level === FIVE_DIGITS ? 5 : 4;
}

/**
 * Numbers the values of a level that are no whole milliseconds, in their order, so that their distances are small
 * numbers.
 * @param us such a value. At `fiveDigits` it is below 10 s, at the levels after it below 1 s.
 */
export function numberOf(level: Level, us: number): number {
  if (level === EXACT || us < EXACT_BELOW_US[level]) return us;
  const step = level === FIVE_DIGITS ? 9e4 : 9e3;
  return us < EXACT_BELOW_US[level] * 10 ? step + us / 10 : 2 * step + us / 100;
}

/** The value with a number. */
export function ofNumber(level: Level, number: number): number {
  if (level === EXACT || number < EXACT_BELOW_US[level]) return number;
  const step = level === FIVE_DIGITS ? 9e4 : 9e3;
  return number < step + EXACT_BELOW_US[level] ? (number - step) * 10 : (number - 2 * step) * 100;
}
