/** What the API and the commands tell of a range of days of one customer. */

import { DaymarkError } from '../errors.ts';
import { type AvailabilityDefinition, availabilityDefinition } from '../statistics/availability.ts';
import {
  compareQuality,
  qualityOf,
  type Summary,
  sharesUnder,
  statusClasses,
  summaryOf,
} from '../statistics/summary.ts';
import type { DailyStatistics } from '../statistics/types.ts';
import type { MergeableQuery, StoreSnapshot } from '../store/contract.ts';
import { precedingRange, type SpanGranularity } from '../window/calendar.ts';
import { LAST_DATE } from '../window/day.ts';
import { customerDays, customerEndpoints, DAYS_OF_ALL, ENDPOINTS_OF_ALL } from '../window/key.ts';
import { stateOf } from './answers.ts';
import { type EveryoneAsked, everyoneBeside } from './everyone.ts';
import type { CustomerShown } from './known-customer.ts';
import { mergedHours } from './merged-hours.ts';
import { Finality, type MergedSpan, mergedSpans, StatisticsSum } from './merged-spans.ts';

export interface RangeAsked extends CustomerShown {
  /** Only the requests of this endpoint. Undefined: of all. */
  readonly endpoint?: string | undefined;
  readonly from: string;
  readonly definition: AvailabilityDefinition;
}

export interface SpanRowsAsked extends RangeAsked {
  /** Undefined: up to the last day with requests. */
  readonly to: string | undefined;
  readonly granularity: SpanGranularity;
  /** Whether to give spans without requests, too. */
  readonly isFilled: boolean;
}

/**
 * The hours, days, weeks or months of a customer, or of all together.
 * @throws {DaymarkError} ALL_CUSTOMERS_UNKNOWN; what {@link mergedSpans} and {@link mergedHours} throw.
 */
export async function* spanRows(snapshot: StoreSnapshot, asked: SpanRowsAsked) {
  const { granularity } = asked;
  await assertAllKnown(snapshot, asked);
  const spans =
    granularity === 'hour'
      ? mergedHours(snapshot, asked)
      : mergedSpans(snapshot, { ...daysOf(asked), ...asked, granularity });
  for await (const span of spans) yield spanRow(span, asked);
}

export type SpanRow = ReturnType<typeof spanRow>;

/** The numbers of a span or a range, in the order of the answer. */
export const NUMBER_FIELDS = Object.keys(
  summaryOf(undefined, availabilityDefinition()),
) as readonly (keyof Summary)[];

/** The fields of a row, in the order of the answer. */
export const SPAN_FIELDS: readonly string[] = [
  ...['customer_id', 'span', 'from', 'to', ...NUMBER_FIELDS],
  ...['state', 'state_since', 'revision', 'customer_name'],
];

/** The order of the fields is part of the API. */
function spanRow(span: MergedSpan, { customerId, name, definition }: RangeAsked) {
  return {
    customer_id: customerId ?? null,
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

export interface SummaryAsked extends RangeAsked, EveryoneAsked {}

/**
 * The numbers of a range of a customer, or of all together, and of the preceding range of equal length.
 * @throws {DaymarkError} ALL_CUSTOMERS_UNKNOWN; what {@link mergedSpans} and {@link everyoneBeside} throw.
 */
export async function rangeSummary(snapshot: StoreSnapshot, asked: SummaryAsked) {
  const { customerId, name, endpoint, definition, from, to } = asked;
  await assertAllKnown(snapshot, asked);
  const own = daysOf(asked);
  const range = await mergedRange(snapshot, { ...own, from, to }, definition);
  const before = await knownBefore(snapshot, asked);
  const preceding = before && (await mergedRange(snapshot, { ...own, ...before }, definition));
  const hours = await extremeHours(snapshot, asked, range.days);
  const isBeside = customerId !== undefined && endpoint === undefined;
  const everyone = isBeside ? await everyoneBeside(snapshot, asked) : null;
  const numbers = numbersOf(range.statistics, asked);
  const precedingNumbers = preceding && numbersOf(preceding.statistics, asked);
  return {
    customer_id: customerId ?? null,
    ...(name === undefined ? {} : { customer_name: name }),
    ...(endpoint === undefined ? {} : { endpoint }),
    from,
    to,
    days_with_requests: range.days.requests.size,
    ...numbers,
    statuses: (range.statistics?.statuses ?? []).map(({ status, requests }) => ({ status, requests })),
    status_classes: statusClasses(range.statistics?.statuses ?? []),
    best_day: named('date', range.days.best),
    worst_day: named('date', range.days.worst),
    best_hour: named('hour', hours.best),
    worst_hour: named('hour', hours.worst),
    ...reliabilityOf(range),
    preceding: before && precedingNumbers ? { ...before, ...precedingNumbers } : null,
    change: precedingNumbers ? changeOf(summaryOf(range.statistics, definition), precedingNumbers) : null,
    everyone,
  };
}

export type RangeSummary = Awaited<ReturnType<typeof rangeSummary>>;

function numbersOf(statistics: DailyStatistics | undefined, { definition, sharesUnderUs }: SummaryAsked) {
  return { ...summaryOf(statistics, definition), shares_under: sharesUnder(statistics, sharesUnderUs) };
}

function daysOf({
  customerId,
  endpoint,
}: Pick<RangeAsked, 'customerId' | 'endpoint'>): Pick<MergeableQuery, 'kind' | 'subject' | 'member'> {
  if (endpoint === undefined) return customerId === undefined ? DAYS_OF_ALL : customerDays(customerId);
  const days = customerId === undefined ? ENDPOINTS_OF_ALL : customerEndpoints(customerId);
  return { ...days, member: endpoint };
}

/** Where all customers together are asked for, all their requests must be there. @throws {DaymarkError} ALL_CUSTOMERS_UNKNOWN */
export async function assertAllKnown(
  snapshot: StoreSnapshot,
  {
    customerId,
    from,
    to = LAST_DATE,
  }: { customerId: string | undefined; from: string; to: string | undefined },
): Promise<void> {
  if (customerId !== undefined) return;
  const [first] = await snapshot.partialDays({ from, to });
  if (first === undefined) return;
  const detail = `All customers together are not known for ${first}. Ask for days after it.`;
  throw new DaymarkError('ALL_CUSTOMERS_UNKNOWN', detail);
}

/** The preceding range. Undefined where there is none, or its numbers are not known. */
async function knownBefore(snapshot: StoreSnapshot, { customerId, from, to }: SummaryAsked) {
  const before = precedingRange(from, to);
  const isKnown = !before || customerId !== undefined || (await snapshot.partialDays(before)).length === 0;
  return isKnown ? before : undefined;
}

/** Merges the days of a range, and finds the best and the worst of them. */
async function mergedRange(
  snapshot: StoreSnapshot,
  query: MergeableQuery,
  definition: AvailabilityDefinition,
) {
  const finality = await Finality.read(snapshot, query.kind, query.from);
  const sum = new StatisticsSum();
  const days = new Extremes();
  let lateEvents = 0;
  let revisedMs: number | null = null;
  for await (const day of mergedSpans(snapshot, { ...query, granularity: 'day', isFilled: false })) {
    if (!day.statistics) continue;
    sum.add(day.statistics);
    days.add(day.span, qualityOf(day.statistics, definition));
    lateEvents += day.lateEvents;
    if (day.revisedMs !== null) revisedMs = Math.max(revisedMs ?? 0, day.revisedMs);
  }
  return { statistics: sum.take(), days, lateEvents, revisedMs, ...finality.of(query) };
}

/**
 * The best and the worst hour; none where the hours of a day are not known. Hours are deleted in the order of days, so the
 * first day says cheaply that they are gone.
 */
async function extremeHours(
  snapshot: StoreSnapshot,
  { customerId, endpoint, to, definition }: SummaryAsked,
  days: Extremes,
) {
  const [first] = days.requests.keys();
  // The hours of endpoints are not kept.
  if (first === undefined || endpoint !== undefined) return new Extremes();
  try {
    const asked = { customerId, from: first, isFilled: false };
    await hourExtremes(mergedHours(snapshot, { ...asked, to: first }), definition);
    return await hourExtremes(mergedHours(snapshot, { ...asked, to }), definition);
  } catch (error) {
    if (error instanceof DaymarkError && error.code === 'HOURS_UNKNOWN') return new Extremes();
    throw error;
  }
}

async function hourExtremes(hours: AsyncIterable<MergedSpan>, definition: AvailabilityDefinition) {
  const extremes = new Extremes();
  for await (const { span, statistics } of hours)
    if (statistics) extremes.add(span, qualityOf(statistics, definition));
  return extremes;
}

/** Finds the best and the worst day or hour, as {@link compareQuality} orders them. Of equal ones the first counts. */
class Extremes {
  /** Of each span with requests. */
  readonly requests = new Map<string, number>();
  best: RankedSpan | null = null;
  worst: RankedSpan | null = null;

  add(span: string, quality: ReturnType<typeof qualityOf>): void {
    this.requests.set(span, quality.requests);
    // No request of such a span counts for the availability.
    if (quality.availability_percentage === null) return;
    const ranked = { span, ...quality };
    if (!this.best || compareQuality(ranked, this.best) < 0) this.best = ranked;
    if (!this.worst || compareQuality(ranked, this.worst) > 0) this.worst = ranked;
  }
}

type RankedSpan = { readonly span: string } & ReturnType<typeof qualityOf>;

/** A span under the name that answers have for it. */
function named<Name extends 'date' | 'hour'>(name: Name, ranked: RankedSpan | null) {
  if (!ranked) return null;
  const { span, ...quality } = ranked;
  return { [name]: span, ...quality } as { readonly [Key in Name]: string } & typeof quality;
}

/** The numbers that can have changed. */
export type Change = { readonly [Key in Exclude<keyof Summary, 'duration_precision'>]: number | null };

/** What was added from one range to the next; null where a number of either is not known. */
export function changeOf(now: Summary, before: Summary): Change {
  const { duration_precision: _, ...numbers } = now;
  const keys = Object.keys(numbers) as (keyof Change)[];
  return Object.fromEntries(keys.map((key) => [key, difference(now[key], before[key])])) as Change;
}

function difference(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}
