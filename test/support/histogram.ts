/** What a window must hold of its durations, the naive way: `docs/definitions.md` in as few words as possible. */

import { createHash } from 'node:crypto';
import type { Counts, Histogram } from '../../src/statistics/types.ts';

type Level = Histogram['level'];

/** A duration as it is kept at a level, by its decimal digits. */
export function keptAt(level: Level, durationUs: number): number {
  const isFourDigitsOnly = level === 3;
  if (level === 0 || (durationUs % 1000 === 0 && !isFourDigitsOnly)) return durationUs;
  if (durationUs >= 10_000_000 && !isFourDigitsOnly) return Number(`${String(durationUs).slice(0, -3)}000`);
  const text = String(durationUs);
  const digits = level === 1 ? 5 : 4;
  if (text.length <= digits) return durationUs;
  const unit = 10 ** (text.length - digits);
  const isUp = level !== 1 && Number(text[digits]) >= 5;
  return Number(text.slice(0, digits)) * unit + (isUp ? unit : 0);
}

/** The values and their counts, ascending. */
function keptCounts(level: Level, durationsUs: readonly number[]): [us: number, count: number][] {
  const counts = new Map<number, number>();
  for (const durationUs of durationsUs) {
    const us = keptAt(level, durationUs);
    counts.set(us, (counts.get(us) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** The level that these durations need. The bounds stand here once more, because old states have them. */
export function levelOf(durationsUs: Iterable<number>): Level {
  const distinct = new Set(durationsUs);
  const othersAt = (level: Level) => {
    const kept = new Set(Array.from(distinct, (us) => keptAt(level, us)));
    return [...kept].filter((us) => us % 1000 !== 0).length;
  };
  if (othersAt(0) <= 8_192) return 0;
  return othersAt(1) <= 16_384 ? 1 : 2;
}

/** The histogram of these durations. */
export function histogramOf(durationsUs: readonly number[], level = levelOf(durationsUs)): Histogram {
  const counts = keptCounts(level, durationsUs);
  const whole = counts
    .filter(([us]) => us % 1000 === 0)
    .map(([us, count]): [number, number] => [us / 1000, count]);
  return { level, milliseconds: listOf(whole), others: listOf(counts.filter(([us]) => us % 1000 !== 0)) };
}

function listOf(pairs: readonly (readonly [value: number, count: number])[]): Counts {
  return {
    values: Float64Array.from(pairs, ([value]) => value),
    counts: Float64Array.from(pairs, ([, count]) => count),
  };
}

/** Equal for equal histograms. To compare the values of large ones takes long. */
export function fingerprintOf(histogram: Histogram): string {
  return createHash('sha256')
    .update(JSON.stringify(plainHistogram(histogram)))
    .digest('hex');
}

/** A histogram in a form that compares by value. */
export function plainHistogram({ level, milliseconds, others }: Histogram) {
  const pairs = ({ values, counts }: Counts, unit: number) =>
    Array.from(values, (value, i) => [value * unit, counts[i]]);
  return { level, pairs: [...pairs(milliseconds, 1000), ...pairs(others, 1)] };
}
