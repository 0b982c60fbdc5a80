/** The numbers of a range: of hours where it is made of hours and they are kept, and of days otherwise. */

import { ProblemError } from 'daymark/client';
import { type HoursSummary, hoursSummary, type SpanStats, type Summary, spans, summary } from './api.ts';
import { type ChosenRange, type Granularity, granularityOf } from './ranges.ts';

/** What is asked about. */
export interface Subject {
  /** Undefined: all customers together. */
  readonly customerId: string | undefined;
  readonly endpoint?: string | undefined;
}

export type Numbers = Summary | HoursSummary;

/** Hours are off, or deleted, or an older daymark read the days without them. */
async function unlessHoursUnknown<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'HOURS_UNKNOWN') return undefined;
    throw error;
  }
}

/** Endpoints have days only. */
export async function numbersOf(
  { customerId, endpoint }: Subject,
  { from, to, hours }: ChosenRange,
  signal: AbortSignal,
): Promise<Numbers> {
  const byHour =
    hours && endpoint === undefined
      ? await unlessHoursUnknown(() => hoursSummary(customerId, hours, signal))
      : undefined;
  return byHour ?? summary(customerId, { from, to, endpoint }, signal);
}

export interface Series {
  readonly granularity: Granularity;
  readonly rows: readonly SpanStats[];
  /** True where hours were asked for, and days are shown. */
  readonly lacksHours: boolean;
}

export async function seriesOf(
  { customerId, endpoint }: Subject,
  range: ChosenRange,
  signal: AbortSignal,
): Promise<Series> {
  const { from, to, hours } = range;
  const granularity = granularityOf(range);
  const ask = (by: Granularity) => spans(customerId, { from, to, granularity: by, endpoint }, signal);
  if (granularity !== 'hour') return { granularity, rows: await ask(granularity), lacksHours: false };
  const rows = endpoint === undefined ? await unlessHoursUnknown(() => ask('hour')) : undefined;
  if (!rows) return { granularity: 'day', rows: await ask('day'), lacksHours: endpoint === undefined };
  const isIn = ({ span }: SpanStats): boolean => !hours || (span >= hours.from && span <= hours.to);
  return { granularity, rows: rows.filter(isIn), lacksHours: false };
}
