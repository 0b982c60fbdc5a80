import { bug } from '../errors.ts';
import type { Histogram } from './types.ts';

/**
 * The only definition of a percentile: nearest rank, the value at rank ceil(p·n / 100), with ranks from 1. It is
 * always a value from the log. The NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2, names alternatives.
 * @param percent an integer from 1 to 100.
 * @param total the number of durations in the histogram, from 1 below 2^46, so that p·n is an exact integer.
 * @returns microseconds.
 */
export function nearestRankUs(histogram: Histogram, total: number, percent: number): number {
  const rank = Math.floor((percent * total + 99) / 100);
  const { milliseconds, others } = histogram;
  let seen = 0;
  let other = 0;
  let otherUs = others.values.length > 0 ? others.values[0] : Infinity;
  for (let i = 0; i < milliseconds.values.length; i++) {
    const us = milliseconds.values[i] * 1000;
    while (otherUs < us) {
      seen += others.counts[other];
      if (seen >= rank) return otherUs;
      otherUs = ++other < others.values.length ? others.values[other] : Infinity;
    }
    seen += milliseconds.counts[i];
    if (seen >= rank) return us;
  }
  for (; other < others.values.length; other++) {
    seen += others.counts[other];
    if (seen >= rank) return others.values[other];
  }
  throw bug(`rank ${rank} of a histogram that holds ${seen}`);
}
