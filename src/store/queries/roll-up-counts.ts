/** Counts the requests of all customers from roll-ups, and from rows where there are none. */

import type { Kysely } from 'kysely';
import { MAX_ROLL_UP_GAPS } from '../../limits.ts';
import {
  addRolledUpDays,
  type DayCounters,
  ROLL_UP_DAYS,
  type RolledUpCustomer,
} from '../../statistics/roll-up-part.ts';
import { StatusCounter } from '../../statistics/status-counts.ts';
import { dateOfDay, dayOfDate } from '../../window/day.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { CountedRange, CustomerCounts, CustomerSearch } from '../customer-days.ts';
import { mergeById } from '../merge-by-id.ts';
import type { Tables } from '../tables.ts';
import { periodOf, type RollUp, type RollUps } from './roll-ups.ts';

/** Days of a range, counted from their rows. */
export type CountRows = (range: SpanRange) => AsyncIterable<readonly CustomerCounts[]>;

/** A customer in one stretch of days. */
interface Counted {
  readonly customerId: string;
  /** Adds its requests to those of the range. */
  readonly add: () => void;
}

/** As `CustomerDays.counts`; undefined where rows are to be read alone. */
export async function countsOfRollUps(
  db: Kysely<Tables>,
  rollUps: RollUps,
  search: CustomerSearch,
  range: CountedRange,
  countRows: CountRows,
): Promise<AsyncIterable<readonly CustomerCounts[]> | undefined> {
  const { from, to, since = from } = range;
  const ready = await rollUps.ready(db, { first: periodOf(since), last: periodOf(to) });
  const gaps = gapsOf(ready, range);
  if (ready.length === 0 || gaps.length > MAX_ROLL_UP_GAPS) return undefined;
  const [now, before] = [new StatusCounter(), new StatusCounter()];
  const streams = [
    ...ready.map((rollUp) =>
      rolledUp(
        rollUps.customersOf(db, rollUp.id, beginOf(search)),
        search,
        countersOf(rollUp, range, now, before),
      ),
    ),
    ...gaps.map((gap) => counted(countRows(gap), gap.to < from ? before : now)),
  ];
  return addedUp(streams, now, before);
}

async function* addedUp(
  streams: readonly AsyncIterable<readonly Counted[]>[],
  now: StatusCounter,
  before: StatusCounter,
): AsyncGenerator<readonly CustomerCounts[]> {
  for await (const customers of mergeById(streams))
    yield customers
      .map(({ customerId, parts }) => {
        for (const part of parts) part?.add();
        return { customerId, statuses: now.take(), before: before.take() };
      })
      .filter(({ statuses, before }) => statuses.length + before.length > 0);
}

async function* rolledUp(
  pieces: AsyncIterable<readonly RolledUpCustomer[]>,
  { after, prefix = '', matches = () => true }: CustomerSearch,
  counters: DayCounters,
): AsyncGenerator<readonly Counted[]> {
  for await (const piece of pieces) {
    yield piece
      .filter(
        ({ customerId }) =>
          customerId.startsWith(prefix) &&
          (after === undefined || compareUtf8(customerId, after) > 0) &&
          matches(customerId),
      )
      .map(({ customerId, days }) => ({ customerId, add: () => addRolledUpDays(days, counters) }));
    // Ids with a prefix follow each other.
    const last = piece[piece.length - 1].customerId;
    if (!last.startsWith(prefix) && compareUtf8(last, prefix) > 0) return;
  }
}

async function* counted(
  pieces: AsyncIterable<readonly CustomerCounts[]>,
  counter: StatusCounter,
): AsyncGenerator<readonly Counted[]> {
  for await (const piece of pieces)
    yield piece.map(({ customerId, statuses }) => ({ customerId, add: () => counter.add(statuses) }));
}

/** The first id that a search can find. */
function beginOf({ after = '', prefix = '' }: CustomerSearch): string {
  return compareUtf8(after, prefix) > 0 ? after : prefix;
}

function countersOf(
  { period }: RollUp,
  { from, to, since = from }: CountedRange,
  now: StatusCounter,
  before: StatusCounter,
): DayCounters {
  const [first, begin, end] = [since, from, to].map(dayOfDate);
  return Array.from({ length: ROLL_UP_DAYS }, (_, at) => {
    const day = period * ROLL_UP_DAYS + at;
    if (day < first || day > end) return undefined;
    return day < begin ? before : now;
  });
}

/** The stretches of a range without a roll-up, each on one side of `from`. */
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
  for (const { period } of ready) {
    addStretch(next, period * ROLL_UP_DAYS - 1);
    next = (period + 1) * ROLL_UP_DAYS;
  }
  addStretch(next, dayOfDate(to));
  return gaps;
}
