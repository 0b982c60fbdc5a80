/** Counts the requests of all customers from roll-ups, and from rows where there are none, merged by id. */

import type { Kysely } from 'kysely';
import { countsOfPart } from '../../statistics/roll-up-part.ts';
import { StatusCounter } from '../../statistics/status-counts.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { CountedRange, CustomerCounts, CustomerSearch } from '../customer-days.ts';
import { mergeById } from '../merge-by-id.ts';
import type { Tables } from '../tables.ts';
import { type CountRows, type RollUpPlan, slotsOf } from './roll-up-plan.ts';
import type { RollUp, RollUps } from './roll-ups.ts';

/** A customer in one stretch of days. */
type Counted = CustomerCounts;

/** As `CustomerDays.counts`. */
export async function* countsOfRollUps(
  db: Kysely<Tables>,
  rollUps: RollUps,
  { ready, gaps }: RollUpPlan,
  search: CustomerSearch,
  range: CountedRange,
  countRows: CountRows,
): AsyncGenerator<readonly CustomerCounts[]> {
  const streams = [
    ...ready.map((rollUp) => rolledUp(db, rollUps, rollUp, search, range)),
    ...gaps.map((gap) => (gap.to < range.from ? countedBefore(countRows(gap)) : countRows(gap))),
  ];
  const [now, before] = [new StatusCounter(), new StatusCounter()];
  for await (const customers of mergeById<Counted>(streams))
    yield customers
      .map(({ customerId, parts }) => {
        for (const part of parts) now.add(part?.statuses ?? []);
        for (const part of parts) before.add(part?.before ?? []);
        return { customerId, statuses: now.take(), before: before.take() };
      })
      .filter(({ statuses, before }) => statuses.length + before.length > 0);
}

async function* rolledUp(
  db: Kysely<Tables>,
  rollUps: RollUps,
  rollUp: RollUp,
  search: CustomerSearch,
  range: CountedRange,
): AsyncGenerator<readonly Counted[]> {
  const { after, prefix = '', matches = () => true } = search;
  const slots = slotsOf(rollUp, range);
  const query = { id: rollUp.id, from: beginOf(search), slots: [...slots.now, ...slots.before] };
  for await (const part of rollUps.parts(db, query)) {
    const before = countsOfPart(part, slots.before);
    const counts = countsOfPart(part, slots.now).map((counted, at) => ({
      ...counted,
      before: before[at].statuses,
    }));
    yield counts.filter(
      ({ customerId }) =>
        customerId.startsWith(prefix) &&
        (after === undefined || compareUtf8(customerId, after) > 0) &&
        matches(customerId),
    );
    // Ids with a prefix follow each other.
    const { customerId: last } = counts[counts.length - 1];
    if (!last.startsWith(prefix) && compareUtf8(last, prefix) > 0) return;
  }
}

async function* countedBefore(
  pieces: AsyncIterable<readonly CustomerCounts[]>,
): AsyncGenerator<readonly Counted[]> {
  for await (const piece of pieces)
    yield piece.map(({ customerId, statuses }) => ({ customerId, statuses: [], before: statuses }));
}

/** The first id that a search can find. */
function beginOf({ after = '', prefix = '' }: CustomerSearch): string {
  return compareUtf8(after, prefix) > 0 ? after : prefix;
}
