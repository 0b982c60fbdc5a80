/** What the API and the commands tell of a range of days of one customer. */

import type { AvailabilityDefinition } from '../statistics/availability.ts';
import {
  compareQuality,
  type Summary,
  sharesUnder,
  statusClasses,
  summaryOf,
} from '../statistics/summary.ts';
import type { DailyStatistics } from '../statistics/types.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { type CalendarGranularity, precedingRange } from '../window/calendar.ts';
import { customerDays } from '../window/key.ts';
import type { SpanRange } from '../window/kind.ts';
import { stateOf } from './answers.ts';
import { Finality, type MergedSpan, mergedSpans, StatisticsSum } from './merged-spans.ts';

/** A customer as the rows show it. The name is absent where there is none. */
export interface CustomerShown {
  readonly customerId: string;
  readonly name: string | undefined;
}

export interface RangeAsked extends CustomerShown {
  readonly from: string;
  readonly definition: AvailabilityDefinition;
}

export interface SpanRowsAsked extends RangeAsked {
  /** Undefined: up to the last day with requests. */
  readonly to: string | undefined;
  readonly granularity: CalendarGranularity;
  /** Whether to give spans without requests, too. */
  readonly isFilled: boolean;
}

/** The days, weeks or months of a customer. @throws what {@link mergedSpans} throws. */
export async function* spanRows(snapshot: StoreSnapshot, asked: SpanRowsAsked) {
  for await (const span of mergedSpans(snapshot, { ...customerDays(asked.customerId), ...asked }))
    yield spanRow(span, asked);
}

export type SpanRow = ReturnType<typeof spanRow>;

/** The order of the fields is part of the API. */
function spanRow(span: MergedSpan, { customerId, name, definition }: RangeAsked) {
  return {
    customer_id: customerId,
    span: span.span,
    from: span.from,
    to: span.to,
    ...summaryOf(span.statistics, definition),
    ...reliabilityOf(span),
    ...(name === undefined ? {} : { customer_name: name }),
  };
}

function reliabilityOf(span: Pick<MergedSpan, 'startMs' | 'finalSinceMs' | 'revisedMs' | 'lateEvents'>) {
  return { ...stateOf(span), revision: span.lateEvents };
}

export interface SummaryAsked extends RangeAsked {
  readonly to: string;
  /** Whole microseconds. */
  readonly sharesUnderUs: readonly number[];
}

/** The numbers of a range of a customer, and of the preceding range of equal length. */
export async function rangeSummary(snapshot: StoreSnapshot, asked: SummaryAsked) {
  const { customerId, name, definition, from, to } = asked;
  const range = await mergedRange(snapshot, asked, asked);
  const before = precedingRange(from, to);
  const preceding = before && (await mergedRange(snapshot, asked, before));
  const numbers = numbersOf(range.statistics, asked);
  const precedingNumbers = preceding && numbersOf(preceding.statistics, asked);
  return {
    customer_id: customerId,
    ...(name === undefined ? {} : { customer_name: name }),
    from,
    to,
    days_with_requests: range.days.count,
    ...numbers,
    statuses: (range.statistics?.statuses ?? []).map(({ status, requests }) => ({ status, requests })),
    status_classes: statusClasses(range.statistics?.statuses ?? []),
    best_day: range.days.best,
    worst_day: range.days.worst,
    ...reliabilityOf(range),
    preceding: before && precedingNumbers ? { ...before, ...precedingNumbers } : null,
    change: precedingNumbers ? changeOf(summaryOf(range.statistics, definition), precedingNumbers) : null,
  };
}

export type RangeSummary = Awaited<ReturnType<typeof rangeSummary>>;

function numbersOf(statistics: DailyStatistics | undefined, { definition, sharesUnderUs }: SummaryAsked) {
  return { ...summaryOf(statistics, definition), shares_under: sharesUnder(statistics, sharesUnderUs) };
}

/** Merges the days of a range, and finds the best and the worst of them. */
async function mergedRange(snapshot: StoreSnapshot, asked: SummaryAsked, { from, to }: SpanRange) {
  const subject = customerDays(asked.customerId);
  const finality = await Finality.read(snapshot, subject.kind, from);
  const sum = new StatisticsSum();
  const days = new Extremes();
  let lateEvents = 0;
  let revisedMs: number | null = null;
  for await (const day of mergedSpans(snapshot, {
    ...subject,
    granularity: 'day',
    from,
    to,
    isFilled: false,
  })) {
    if (!day.statistics) continue;
    sum.add(day.statistics);
    days.add(day.span, summaryOf(day.statistics, asked.definition));
    lateEvents += day.lateEvents;
    if (day.revisedMs !== null) revisedMs = Math.max(revisedMs ?? 0, day.revisedMs);
  }
  return { statistics: sum.take(), days, lateEvents, revisedMs, ...finality.of({ from, to }) };
}

/** Finds the best and the worst day, as {@link compareQuality} orders them. Of equal ones the first counts. */
class Extremes {
  count = 0;
  best: RankedDay | null = null;
  worst: RankedDay | null = null;

  add(date: string, { requests, availability_percentage, duration_p99 }: Summary): void {
    this.count++;
    // No request of such a day counts for the availability.
    if (availability_percentage === null) return;
    const day = { date, requests, availability_percentage, duration_p99 };
    if (!this.best || compareQuality(day, this.best) < 0) this.best = day;
    if (!this.worst || compareQuality(day, this.worst) > 0) this.worst = day;
  }
}

type RankedDay = { readonly date: string } & Pick<
  Summary,
  'requests' | 'availability_percentage' | 'duration_p99'
>;

/** The numbers that can have changed. */
export type Change = { readonly [Key in Exclude<keyof Summary, 'duration_precision'>]: number | null };

/** What was added from one range to the next; null where a number of either is not known. */
function changeOf(now: Summary, before: Summary): Change {
  const { duration_precision: _, ...numbers } = now;
  const keys = Object.keys(numbers) as (keyof Change)[];
  return Object.fromEntries(keys.map((key) => [key, difference(now[key], before[key])])) as Change;
}

function difference(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}
