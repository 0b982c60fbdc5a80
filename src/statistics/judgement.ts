/**
 * How days, hours and customers are judged by the target of `TARGET_PERCENT`. The page and the badge both ask here, so they
 * never differ.
 */

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

const BUDGET_SPANS = 30;

export function judge(numbers: Judged, targetPercent: number): Verdict {
  const { counted_requests: counted, availability_percentage: availability } = numbers;
  if (counted === 0 || availability === null) return 'none';
  if (counted < MIN_JUDGED_REQUESTS) return 'few';
  if (availability >= targetPercent) return 'met';
  if (numbers.error_requests === 1) return 'few';
  return 100 - availability >= BUDGET_SPANS * (100 - targetPercent) ? 'exhausted' : 'missed';
}
