/** Reads the numbers by which customers are sorted. */

import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { alikeStatuses, changesOf, countNumbersOf } from '../../statistics/count-numbers.ts';
import { summaryOf } from '../../statistics/summary.ts';
import type { CustomerDays, CustomersAsked, StoreSnapshot } from '../../store/contract.ts';
import { precedingRange } from '../../window/calendar.ts';
import type { SpanRange } from '../../window/kind.ts';
import { type Basis, SORTS, type Sort } from './sort-names.ts';

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

/** A number of all customers with requests in a range, for a sort that is made of counts. */
interface TableNumbers {
  /** By number. There may be others among them. */
  readonly ids: readonly string[];
  /** Null where it is not known; undefined where the customer has no requests in the range. */
  valueOf(at: number): number | null | undefined;
}

/** @returns undefined where the store has no table of them. */
export async function tableNumbers(
  customers: CustomerDays,
  { sort, from, to }: SpanRange & { readonly sort: Sort },
  definition: AvailabilityDefinition,
  assertGoesOn: () => void,
): Promise<TableNumbers | undefined> {
  const isChange = SORTS[sort] === 'changes';
  const since = isChange ? precedingRange(from, to)?.from : undefined;
  const table = await customers.table({ from, to, since }, alikeStatuses(definition), assertGoesOn);
  if (!table) return undefined;
  const [now, before] = [new TableRow(table.now), new TableRow(table.before)];
  return {
    ids: table.ids,
    valueOf: (at) => {
      if (now.read(at) === 0) return undefined;
      if (!isChange) return (countNumbersOf(now.counts, definition) as SortedNumbers)[sort] ?? null;
      before.read(at);
      const past = since === undefined ? undefined : before.counts;
      return (changesOf(now.counts, past, definition) as SortedNumbers)[sort] ?? null;
    },
  };
}

/** The counts of one customer of a table after the other, in the same objects: one for each would take half of the time. */
class TableRow {
  readonly counts: { status: number; requests: number }[];
  readonly #columns: readonly Float64Array[];

  constructor(columns: ReadonlyMap<number, Float64Array>) {
    this.counts = [...columns.keys()].map((status) => ({ status, requests: 0 }));
    this.#columns = [...columns.values()];
  }

  /** @returns all requests of the customer. */
  read(at: number): number {
    let sum = 0;
    for (let i = 0; i < this.#columns.length; i++) {
      // A column ends behind its last request.
      const requests = this.#columns[i][at] ?? 0;
      this.counts[i].requests = requests;
      sum += requests;
    }
    return sum;
  }
}
