/** A page of a ranking as clients get it. */

import { MAX_DAYS_PER_ANSWER } from '../../limits.ts';
import { STATUS_CLASSES } from '../../statistics/summary.ts';
import { precedingRange } from '../../window/calendar.ts';
import { dayOfDate } from '../../window/day.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { CustomerNames } from '../customer-names.ts';
import type { Row } from '../forms.ts';
import { rangeTooLarge } from '../merged-spans.ts';
import { NUMBER_FIELDS } from '../range-statistics.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { CustomerRankings } from './customer-rankings.ts';
import { type SearchedBy, searchOf } from './search.ts';
import { type Sort, usualOrder } from './sort-names.ts';

/** What a client asks for. */
export interface RankingAsked extends SpanRange, SearchedBy {
  readonly sort: Sort;
  /** Undefined: the usual order of the sort. */
  readonly order?: 'asc' | 'desc' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * @param signal ends the work: nobody waits for the answer any more.
 * @throws {DaymarkError} INVALID_REQUEST; RANGE_TOO_LARGE; as `CustomerRankings.page`.
 */
export async function rankingAnswer(
  rankings: CustomerRankings,
  asked: RankingAsked,
  customers: CustomerNames,
  signal?: AbortSignal,
) {
  const { from, to, sort, prefix, search, limit, cursor } = asked;
  assertShort(asked, MAX_DAYS_PER_ANSWER);
  const order = asked.order ?? usualOrder(sort);
  const question = [from, to, sort, order, prefix ?? null, search ?? null];
  const after = cursor === undefined ? undefined : decodeCursor(question, cursor);
  const query = { from, to, sort, order, limit, after, search: searchOf(asked, customers) };
  const page = await rankings.page(query, signal);
  return {
    from,
    to,
    preceding: precedingRange(from, to) ?? null,
    sort,
    order,
    customers: page.customers.map((row) => withName(row, customers)),
    next_cursor: page.last ? encodeCursor(question, page.last) : null,
  };
}

export type RankingAnswer = Awaited<ReturnType<typeof rankingAnswer>>;

/** The columns of a customer in CSV. */
export const RANKING_COLUMNS: readonly string[] = [
  ...['customer_id', ...NUMBER_FIELDS, 'requests_change', 'availability_change'],
  ...[...STATUS_CLASSES, 'customer_name'],
];

/** A customer without an object in it, for CSV. */
export function flatCustomer({ status_classes: classes, ...numbers }: Row): Row {
  return { ...numbers, ...(classes as Row) };
}

/** @throws {DaymarkError} RANGE_TOO_LARGE where a range has more than `most` days. */
export function assertShort({ from, to }: SpanRange, most: number): void {
  if (dayOfDate(to) - dayOfDate(from) + 1 > most) throw rangeTooLarge(most, 'days');
}

function withName<Row extends { readonly customer_id: string }>(row: Row, customers: CustomerNames) {
  const name = customers.nameOf(row.customer_id);
  return { ...row, ...(name === undefined ? {} : { customer_name: name }) };
}
