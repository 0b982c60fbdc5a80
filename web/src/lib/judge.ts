/** What the verdicts of days, hours and customers look like in words. The rule itself is the server's: the badge uses it, too. */

import type { Verdict } from '../../../src/statistics/judgement.ts';

export { type Judged, judge, MIN_JUDGED_REQUESTS } from '../../../src/statistics/judgement.ts';

/** The p99 of fewer requests is their longest or second longest. */
export const MIN_P99_REQUESTS = 100;

/** A day of a strip also tells why it has no requests. */
export type CellState = Verdict | 'before' | 'unread' | 'nodata';

export const STATE_TEXTS: Readonly<Record<CellState, string>> = {
  met: 'Within the target',
  missed: 'Below the target',
  exhausted: 'Used up 30 days’ budget',
  few: 'Too few to judge',
  none: 'No requests',
  before: 'Before the first request',
  unread: 'Not read yet',
  nodata: 'No log of this day',
};

export interface Span {
  /** The first day with a request. Undefined: not known, or none. */
  readonly first: string | undefined;
  /** The last day that any log that was read reaches. Undefined: not known. */
  readonly lastRead: string | undefined;
  /** The days on which anybody had requests. Undefined: not known. */
  readonly daysOfAll: ReadonlySet<string> | undefined;
}

/** Why a day without requests has none. */
export function emptyState(day: string, { first, lastRead, daysOfAll }: Span): CellState {
  if (lastRead !== undefined && day > lastRead) return 'unread';
  if (first !== undefined && day < first) return 'before';
  return daysOfAll === undefined || daysOfAll.has(day) ? 'none' : 'nodata';
}
