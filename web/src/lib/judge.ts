/** How days, hours and customers are judged by the target. Cells, numbers and texts all ask here. */

export interface Judged {
  readonly counted_requests: number;
  readonly error_requests: number;
  readonly availability_percentage: number | null;
}

/**
 * `met`: at or above the target. `missed`: below it. `exhausted`: so many requests failed that they alone use up what may fail
 * in 30 such spans. `few`: too few requests for a verdict, or a single failed one decides it. `none`: no requests that count.
 */
export type Verdict = 'met' | 'missed' | 'exhausted' | 'few' | 'none';

/** One failed request among fewer would be more than 1 %, whatever the service is like. */
export const MIN_JUDGED_REQUESTS = 100;

/** The p99 of fewer requests is their longest or second longest. */
export const MIN_P99_REQUESTS = 100;

const BUDGET_SPANS = 30;

export function judge(numbers: Judged, targetPercent: number): Verdict {
  const { counted_requests: counted, availability_percentage: availability } = numbers;
  if (counted === 0 || availability === null) return 'none';
  if (counted < MIN_JUDGED_REQUESTS) return 'few';
  if (availability >= targetPercent) return 'met';
  if (numbers.error_requests === 1) return 'few';
  return 100 - availability >= BUDGET_SPANS * (100 - targetPercent) ? 'exhausted' : 'missed';
}

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
