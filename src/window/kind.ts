/**
 * The kinds of windows. A window is a span of event time of one subject; its kind says which spans and which subjects.
 * All other code passes keys on, or asks the kind.
 *
 * How to add a kind:
 * 1. Describe it here, and add it to {@link WINDOW_KINDS}. If its spans are new, describe their {@link Granularity}.
 * 2. Keep its windows in the accumulator, and give their keys in `statistics/keyed-windows.ts`.
 * 3. Create its tables in a migration. The first has the columns of the key, those of `statistics/columns.ts`, and
 *    `state`. The second has the columns of the key, `late_events` and `revised_ms`. The primary key of both is the key.
 *    A new granularity needs a table with `through` (its primary key) and `since_ms`.
 *
 * Commits, locks, reads, retention, rebuilds, revisions and finality then work for it as they are.
 * `test/conformance/window-kinds.test.ts` adds a kind in this way.
 */

import { dateOfDay, dayOfDate, FIRST_DATE, FIRST_DAY, LAST_DATE, lastDayOver, startOfDay } from './day.ts';
import type { ZoneTable } from './types.ts';

/** Days, `YYYY-MM-DD`, both ends included. A missing end is open. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Spans, both ends included. */
export interface SpanRange {
  readonly from: string;
  readonly to: string;
}

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
   * Which of them holds the shard, if writers share the windows of a subject out over several rows. Then a span has several
   * rows, and readers merge them. A shard is no part of the subject.
   */
  readonly shardColumn?: string;
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

/** The days of each customer. */
export const CUSTOMER_DAYS: WindowKind = {
  name: 'customer-days',
  table: 'daily_stats',
  revisionsTable: 'revisions',
  columns: ['customer_id', 'date'],
  spanColumn: 'date',
  granularity: DAYS,
  inWords: ([customerId, date]) => `The customer is ${JSON.stringify(customerId)}, the day ${date}.`,
};

/** All kinds, in the order of their names. */
export const WINDOW_KINDS: readonly WindowKind[] = [CUSTOMER_DAYS];

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
