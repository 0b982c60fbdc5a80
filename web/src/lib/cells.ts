/** The cells of strips and heat maps. */

import type { DailyStats, SpanStats } from './api.ts';
import { type Day, everyDay } from './days.ts';
import * as format from './format.ts';
import { type CellState, emptyState, judge, MIN_JUDGED_REQUESTS, type Span, STATE_TEXTS } from './judge.ts';

export interface Cell {
  readonly key: string;
  readonly state: CellState;
  /** Whether a request failed, for those of too few requests to judge. */
  readonly hasFailures: boolean;
  readonly title: string;
  /** Amounts, and what follows from them. */
  readonly lines: readonly string[];
  readonly href?: string | undefined;
  /** It is not over yet, so its numbers are not what they will be. */
  readonly isNow?: boolean;
}

type Numbers = Pick<SpanStats, 'counted_requests' | 'error_requests' | 'availability_percentage'> & {
  readonly requests: number;
  readonly duration_p99?: number | null;
};

/** `37 of 12,480 failed`. */
export function amounts({ error_requests: failed, counted_requests: counted }: Numbers): string {
  return `${format.count(failed)} of ${format.count(counted)} failed`;
}

/** A cell of numbers. @param empty why there are none, where there are none. */
export function cellOf(
  key: string,
  title: string,
  numbers: Numbers | undefined,
  target: number,
  empty: CellState,
): Cell {
  if (!numbers || numbers.requests === 0)
    return { key, title, state: empty, hasFailures: false, lines: [STATE_TEXTS[empty]] };
  const state = judge(numbers, target);
  const share =
    numbers.counted_requests < MIN_JUDGED_REQUESTS
      ? ''
      : `, ${format.percent(numbers.availability_percentage)} available`;
  const lines =
    state === 'none'
      ? ['No request that counts', STATE_TEXTS.none]
      : [amounts(numbers) + share, STATE_TEXTS[state]];
  return { key, title, state, hasFailures: numbers.error_requests > 0, lines };
}

export const requestsOf = ({
  success_requests: good,
  failed_requests: bad,
}: Pick<DailyStats, 'success_requests' | 'failed_requests'>): number => good + bad;

/** What a strip needs of a day. */
export type StripDay = Pick<
  SpanStats,
  'requests' | 'counted_requests' | 'error_requests' | 'availability_percentage'
> & { readonly date: Day };

/** The days of a customer, for a strip. */
export const stripDays = (rows: readonly DailyStats[]): StripDay[] =>
  rows.map((row) => ({ ...row, requests: requestsOf(row) }));

interface StripOf {
  readonly rows: readonly StripDay[];
  readonly from: Day;
  readonly to: Day;
  readonly target: number;
  readonly span: Span;
  readonly today?: Day | undefined;
  readonly hrefOf?: ((day: Day) => string) | undefined;
}

/** A cell for each day from one to another. */
export function stripOf({ rows, from, to, target, span, today, hrefOf }: StripOf): Cell[] {
  const byDay = new Map(rows.map((row) => [row.date, row]));
  return everyDay(from, to).map((day) => {
    const cell = cellOf(day, format.weekdayDate(day), byDay.get(day), target, emptyState(day, span));
    const isNow = day === today;
    return {
      ...cell,
      isNow,
      lines: isNow ? [...cell.lines, 'Today, until now'] : cell.lines,
      href: hrefOf?.(day),
    };
  });
}
