import { bug } from '../errors.ts';
import type { Counts, Histogram } from './types.ts';

/**
 * The only definition of a percentile: nearest rank, the value at rank ceil(p·n / 100), with ranks from 1. It is
 * always a value from the log. The NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2, names alternatives.
 * @param percent from 0.1 to 100, with at most one decimal.
 * @param total the number of durations in the histogram, from 1 below 2^43, so that 10·p·n is an exact integer.
 * @returns microseconds.
 */
export function nearestRankUs(histogram: Histogram, total: number, percent: number): number {
  const { milliseconds, others } = histogram;
  // In tenths of a percent, because 99.9 has no exact double.
  const rank = Math.floor((Math.round(10 * percent) * total + 999) / 1000);
  const us = others.values.length === 0 ? 1000 * valueAtRank(milliseconds, rank) : usAtRank(histogram, rank);
  if (us < Infinity) return us;
  throw bug(`rank ${rank} of a histogram that holds fewer durations`);
}

/** @returns Infinity where there are fewer. */
function valueAtRank({ values, counts }: Counts, rank: number): number {
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i];
    if (seen >= rank) return values[i];
  }
  return Infinity;
}

/** Goes through both lists, in the order of their durations. @returns Infinity where there are fewer. */
function usAtRank({ milliseconds, others }: Histogram, rank: number): number {
  let seen = 0;
  let ms = 0;
  let other = 0;
  while (ms < milliseconds.values.length || other < others.values.length) {
    const msUs = ms < milliseconds.values.length ? milliseconds.values[ms] * 1000 : Infinity;
    const otherUs = other < others.values.length ? others.values[other] : Infinity;
    seen += msUs < otherUs ? milliseconds.counts[ms++] : others.counts[other++];
    if (seen >= rank) return Math.min(msUs, otherUs);
  }
  return Infinity;
}
