/** Reads the numbers by which customers are sorted. */

import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { changesOf, countNumbersOf } from '../../statistics/count-numbers.ts';
import { summaryOf } from '../../statistics/summary.ts';
import type { CustomersAsked, StoreSnapshot } from '../../store/contract.ts';
import { precedingRange } from '../../window/calendar.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { Basis, Sort } from './sort-names.ts';

/** Numbers by the names of their sorts. */
type SortedNumbers = Readonly<Partial<Record<Sort, number | null>>>;

export interface RankedNumbers {
  readonly customerId: string;
  readonly numbers: SortedNumbers;
}

/** All customers with requests in a range, with their numbers, in the order of ids and in pieces. */
export async function* rankedNumbers(
  { customers }: StoreSnapshot,
  basis: Basis,
  asked: CustomersAsked,
  range: SpanRange,
  definition: AvailabilityDefinition,
): AsyncGenerator<readonly RankedNumbers[]> {
  if (basis === 'durations') {
    for await (const { customerId, statistics } of customers.statistics(asked, range))
      yield [{ customerId, numbers: summaryOf(statistics, definition) }];
    return;
  }
  const since = basis === 'changes' ? precedingRange(range.from, range.to)?.from : undefined;
  for await (const counts of customers.counts(asked, { ...range, since }))
    yield counts
      .filter(({ statuses }) => statuses.length > 0)
      .map(({ customerId, statuses, before }) => ({
        customerId,
        numbers:
          basis === 'changes'
            ? changesOf(statuses, since === undefined ? undefined : before, definition)
            : countNumbersOf(statuses, definition),
      }));
}
