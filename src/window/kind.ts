/**
 * The kinds of windows. A window is a span of event time of one subject; its kind says which spans and which subjects.
 * All other code passes keys on, or asks the kind.
 *
 * How to add a kind:
 * 1. Describe it here, and add it to {@link WINDOW_KINDS}. If its spans are new, describe their {@link Granularity}.
 * 2. Put its windows together of the accumulator's in `statistics/keyed-windows.ts`.
 * 3. Create its tables in a migration. The first has the columns of the key, those of `statistics/columns.ts`, and
 *    `state`. The second has the columns of the key, `late_events` and `revised_ms`. The primary key of both is the key.
 *    A new granularity needs a table with `through` (its primary key) and `since_ms`.
 *
 * Commits, locks, reads, retention, rebuilds, revisions and finality then work for it as they are.
 * `test/conformance/window-kinds.test.ts` adds a kind in this way.
 */

import { dateOfDay, dayOfDate, FIRST_DATE, FIRST_DAY, LAST_DATE, lastDayOver, startOfDay } from './day.ts';
import { hoursOf, lastHourOver, startOfHour } from './hour.ts';
import type { DayRange, SpanRange, ZoneTable } from './types.ts';

export type { DayRange, SpanRange } from './types.ts';

/** Cuts event time into spans. A span is a text, and the texts sort by their bytes as the spans follow each other. */
export interface Granularity {
  /** The table that holds which spans are final, and since when. */
  readonly finalTable: string;
  /** The spans of some days. */
  spansOf(days: DayRange, zone: ZoneTable): SpanRange;
  /** When a span begins, in ms since 1970. */
  startMs(span: string, zone: ZoneTable): number;
  /** The last span whose end has passed at an instant; undefined before the end of the first. */
  lastOver(timeMs: number, zone: ZoneTable): string | undefined;
}

/** A kind of windows, with its tables. */
export interface WindowKind {
  /** Unique. Kinds are locked and written in the order of their names. */
  readonly name: string;
  /** The table of statistics: one row a window. */
  readonly table: string;
  /** The table of the windows that late events changed. */
  readonly revisionsTable: string;
  /** The columns of the key, in the order of keys. Their values are texts, compared by their UTF-8 bytes. */
  readonly columns: readonly string[];
  /** Which of them holds the span. */
  readonly spanColumn: string;
  /**
   * Which of them holds the shard, if any. Windows of one subject that every commit changes lie in several shards, so that
   * processes do not wait for each other. A process writes to one of them. Who reads merges the shards.
   */
  readonly shardColumn?: string;
  /** Which of them tells apart the windows of one subject in one span, if there are several: its endpoints. */
  readonly memberColumn?: string;
  readonly granularity: Granularity;
  /** A sentence that names a window. */
  inWords(values: readonly string[]): string;
}

const DAYS: Granularity = {
  finalTable: 'final_days',
  spansOf: ({ from = FIRST_DATE, to = LAST_DATE }) => ({ from, to }),
  startMs: (date, zone) => startOfDay(zone, dayOfDate(date)),
  lastOver: (timeMs, zone) => {
    const day = lastDayOver(zone, timeMs);
    return day < FIRST_DAY ? undefined : dateOfDay(day);
  },
};

/** Hours of the local clock, by the instants at which they begin. */
export const HOURS: Granularity = {
  finalTable: 'final_hours',
  spansOf: hoursOf,
  startMs: startOfHour,
  lastOver: lastHourOver,
};

/** The days of each customer. */
export const CUSTOMER_DAYS: WindowKind = {
  name: 'customer-days',
  table: 'customer_daily_stats',
  revisionsTable: 'revisions',
  columns: ['customer_id', 'date'],
  spanColumn: 'date',
  granularity: DAYS,
  inWords: ([customerId, date]) => `The customer is ${JSON.stringify(customerId)}, the day ${date}.`,
};

/** The hours of each customer. */
export const CUSTOMER_HOURS: WindowKind = {
  name: 'customer-hours',
  table: 'hourly_stats',
  revisionsTable: 'hourly_revisions',
  columns: ['customer_id', 'hour'],
  spanColumn: 'hour',
  granularity: HOURS,
  inWords: ([customerId, hour]) => `The customer is ${JSON.stringify(customerId)}, the hour ${hour}.`,
};

/** The days of each endpoint of each customer. */
export const CUSTOMER_ENDPOINTS: WindowKind = {
  name: 'customer-endpoints',
  table: 'daily_endpoint_stats',
  revisionsTable: 'daily_endpoint_revisions',
  columns: ['customer_id', 'date', 'endpoint'],
  spanColumn: 'date',
  memberColumn: 'endpoint',
  granularity: DAYS,
  inWords: ([customerId, date, endpoint]) =>
    `The customer is ${JSON.stringify(customerId)}, the day ${date}, the endpoint ${endpoint}.`,
};

/** The days of all customers together. */
export const ALL_DAYS: WindowKind = {
  name: 'all-days',
  table: 'all_daily_stats',
  revisionsTable: 'all_daily_revisions',
  columns: ['shard', 'date'],
  spanColumn: 'date',
  shardColumn: 'shard',
  granularity: DAYS,
  inWords: ([, date]) => `It is of all customers, the day ${date}.`,
};

/** The hours of all customers together. */
export const ALL_HOURS: WindowKind = {
  name: 'all-hours',
  table: 'all_hourly_stats',
  revisionsTable: 'all_hourly_revisions',
  columns: ['shard', 'hour'],
  spanColumn: 'hour',
  shardColumn: 'shard',
  granularity: HOURS,
  inWords: ([, hour]) => `It is of all customers, the hour ${hour}.`,
};

/** The days of each endpoint, of all customers together. The day comes first: ranges of days are read. */
export const ALL_ENDPOINTS: WindowKind = {
  name: 'all-endpoints',
  table: 'all_daily_endpoint_stats',
  revisionsTable: 'all_daily_endpoint_revisions',
  columns: ['date', 'endpoint', 'shard'],
  spanColumn: 'date',
  memberColumn: 'endpoint',
  shardColumn: 'shard',
  granularity: DAYS,
  inWords: ([date, endpoint]) => `It is of all customers, the day ${date}, the endpoint ${endpoint}.`,
};

/** All kinds, in the order of their names. */
export const WINDOW_KINDS: readonly WindowKind[] = [
  ALL_DAYS,
  ALL_ENDPOINTS,
  ALL_HOURS,
  CUSTOMER_DAYS,
  CUSTOMER_ENDPOINTS,
  CUSTOMER_HOURS,
];

/** Which windows are kept of what is read. */
export interface KeptWindows {
  /** Hours, beside days. */
  readonly hasHours: boolean;
  /** Those of all customers together, beside those of each. */
  readonly hasAll: boolean;
  /** The shard that this process writes to. */
  readonly shard: string;
}

/** The columns of the subject: those of the key without the span, the member and the shard. */
export function subjectColumns(kind: WindowKind): readonly string[] {
  const { columns, spanColumn, memberColumn, shardColumn } = kind;
  return columns.filter((column) => ![spanColumn, memberColumn, shardColumn].includes(column));
}

/** The granularities of some kinds, each once. */
export function granularitiesOf(kinds: readonly WindowKind[]): readonly Granularity[] {
  return [...new Set(kinds.map(({ granularity }) => granularity))];
}

/** True where a span of any kind ends after one instant, and not after the other. */
export function isSpanOverBetween(fromMs: number, toMs: number, zone: ZoneTable): boolean {
  return granularitiesOf(WINDOW_KINDS).some(
    ({ lastOver }) => lastOver(fromMs, zone) !== lastOver(toMs, zone),
  );
}
