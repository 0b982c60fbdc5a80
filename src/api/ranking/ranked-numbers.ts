/** Reads the numbers by which customers are sorted. */

import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import {
  addCounts,
  alikeStatuses,
  type CountKind,
  changeOfNumbers,
  changesOf,
  countKind,
  countNumbersOf,
  noCounts,
  numbersOfCounts,
} from '../../statistics/count-numbers.ts';
import { summaryOf } from '../../statistics/summary.ts';
import type { StatusCount } from '../../statistics/types.ts';
import type { CustomersAsked, RankedDays } from '../../store/contract.ts';
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
  customers: RankedDays,
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
  customers: RankedDays,
  { sort, from, to }: SpanRange & { readonly sort: Sort },
  definition: AvailabilityDefinition,
  assertGoesOn: () => void,
): Promise<TableNumbers | undefined> {
  const isChange = SORTS[sort] === 'changes';
  const since = isChange ? precedingRange(from, to)?.from : undefined;
  const table = await customers.table({ from, to, since }, alikeStatuses(definition), { assertGoesOn });
  if (!table) return undefined;
  const [now, before] = [new TableRow(table.now, definition), new TableRow(table.before, definition)];
  const past = () => (since === undefined ? undefined : numbersOfCounts(before.counts));
  return {
    ids: table.ids,
    valueOf: (at) => {
      now.read(at);
      if (now.counts.requests === 0) return undefined;
      const numbers = numbersOfCounts(now.counts);
      if (!isChange) return (numbers as SortedNumbers)[sort] ?? null;
      before.read(at);
      return (changeOfNumbers(numbers, past()) as SortedNumbers)[sort] ?? null;
    },
  };
}

/**
 * The requests of a few customers in the range before one, to compare with. Statuses that count alike are together.
 * @param ids ascending by their UTF-8 bytes.
 * @param isOfAll whether all customers were counted for the page anyway. Then a table of all of them is the fastest. Otherwise
 * only the rows of these are read.
 * @param assertGoesOn is called again and again. What it throws ends the read.
 * @returns undefined where no range is before it.
 */
export async function countsBefore(
  customers: RankedDays,
  ids: readonly string[],
  { from, to }: SpanRange,
  definition: AvailabilityDefinition,
  { isOfAll, assertGoesOn }: { readonly isOfAll: boolean; readonly assertGoesOn: () => void },
): Promise<((customerId: string) => readonly StatusCount[]) | undefined> {
  const preceding = precedingRange(from, to);
  if (!preceding) return undefined;
  const table =
    isOfAll && (await customers.table(preceding, alikeStatuses(definition), { ids, assertGoesOn }));
  const counts = new Map<string, readonly StatusCount[]>();
  if (table)
    for (const [at, id] of ids.entries())
      counts.set(
        id,
        [...table.now].map(([status, requests]) => ({ status, requests: requests[at] })),
      );
  else
    for await (const some of customers.counts({ ids }, preceding)) {
      assertGoesOn();
      for (const { customerId, statuses } of some) counts.set(customerId, statuses);
    }
  return (customerId) => counts.get(customerId) ?? [];
}

/** The counts of one customer of a table after the other. How a status counts is looked up once. */
class TableRow {
  counts = noCounts();
  readonly #columns: readonly Float64Array[];
  readonly #kinds: readonly CountKind[];

  constructor(columns: ReadonlyMap<number, Float64Array>, definition: AvailabilityDefinition) {
    this.#columns = [...columns.values()];
    this.#kinds = [...columns.keys()].map((status) => countKind(status, definition));
  }

  read(at: number): void {
    this.counts = noCounts();
    for (let i = 0; i < this.#columns.length; i++)
      // A column ends behind its last request.
      addCounts(this.counts, this.#kinds[i], this.#columns[i][at] ?? 0);
  }
}
