/** Which roll-ups hold a range of days, which of their slots, and which days are left. */

import type { Kysely } from 'kysely';
import { MAX_ROLL_UP_GAPS } from '../../limits.ts';
import { FIRST_DAY_SLOT, ROLL_UP_DAYS, TOTAL_SLOT } from '../../statistics/roll-up-part.ts';
import { dateOfDay, dayOfDate } from '../../window/day.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { CountedRange, CustomerCounts } from '../customer-days.ts';
import type { Tables } from '../tables.ts';
import { periodOf, type RollUp, type RollUps } from './roll-ups.ts';

/** Days of a range, counted from their rows. */
export type CountRows = (range: SpanRange) => AsyncIterable<readonly CustomerCounts[]>;

export interface RollUpPlan {
  readonly ready: readonly RollUp[];
  /** The stretches of days without a roll-up, each on one side of `from`. */
  readonly gaps: readonly SpanRange[];
}

/** @returns undefined where rows are to be read alone. */
export async function planRollUps(
  db: Kysely<Tables>,
  rollUps: RollUps,
  range: CountedRange,
): Promise<RollUpPlan | undefined> {
  const { from, to, since = from } = range;
  const ready = await rollUps.ready(db, { first: periodOf(since), last: periodOf(to) });
  const gaps = gapsOf(ready, range);
  return ready.length === 0 || gaps.length > MAX_ROLL_UP_GAPS ? undefined : { ready, gaps };
}

/** The slots of a roll-up that lie in a range, and in the days before it. */
export function slotsOf({ period, lastDay }: RollUp, { from, to, since = from }: CountedRange) {
  const [first, begin, end] = [since, from, to].map(dayOfDate);
  const ownFirst = period * ROLL_UP_DAYS;
  const between = (a: number, b: number): number[] => {
    if (a <= ownFirst && lastDay <= b) return [TOTAL_SLOT];
    const days = Array.from({ length: lastDay - ownFirst + 1 }, (_, at) => ownFirst + at);
    return days.filter((day) => day >= a && day <= b).map((day) => FIRST_DAY_SLOT + day - ownFirst);
  };
  return { now: between(begin, end), before: first < begin ? between(first, begin - 1) : [] };
}

function gapsOf(ready: readonly RollUp[], { from, to, since = from }: CountedRange): SpanRange[] {
  const begin = dayOfDate(from);
  const gaps: SpanRange[] = [];
  const addGap = (first: number, last: number) => {
    if (first <= last) gaps.push({ from: dateOfDay(first), to: dateOfDay(last) });
  };
  const addStretch = (first: number, last: number) => {
    addGap(first, Math.min(last, begin - 1));
    addGap(Math.max(first, begin), last);
  };
  let next = dayOfDate(since);
  for (const { period, lastDay } of ready) {
    addStretch(next, period * ROLL_UP_DAYS - 1);
    next = lastDay + 1;
  }
  addStretch(next, dayOfDate(to));
  return gaps;
}
