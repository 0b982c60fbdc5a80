/** A page of a ranking as clients get it. */

import { DaymarkError } from '../../errors.ts';
import { MAX_DAYS_PER_ANSWER, MAX_STRIP_DAYS_PER_ANSWER } from '../../limits.ts';
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
  /** Only the requests of this endpoint. Undefined: of all. */
  readonly endpoint?: string | undefined;
  readonly sort: Sort;
  /** Undefined: the usual order of the sort. */
  readonly order?: 'asc' | 'desc' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** How many days, up to the last of the range, each customer brings along. Undefined: none. */
  readonly stripDays?: number | undefined;
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
  const { from, to, endpoint, sort, prefix, search, limit, cursor, stripDays } = asked;
  assertShort(asked, MAX_DAYS_PER_ANSWER);
  assertFewStrips(asked);
  const order = asked.order ?? usualOrder(sort);
  const question = [from, to, sort, order, prefix ?? null, search ?? null];
  // Cursors of an earlier daymark stay good.
  if (endpoint !== undefined) question.push(endpoint);
  const after = cursor === undefined ? undefined : decodeCursor(question, cursor);
  const query = {
    from,
    to,
    endpoint,
    sort,
    order,
    limit,
    after,
    stripDays,
    search: searchOf(asked, customers),
  };
  const page = await rankings.page(query, signal);
  return {
    from,
    to,
    preceding: precedingRange(from, to) ?? null,
    ...(endpoint === undefined ? {} : { endpoint }),
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

/** The column of the days that a customer brings along, as JSON. It is there where they are asked for. */
export const STRIP_COLUMN = 'days';

/** A customer without an object in it, for CSV. */
export function flatCustomer({ status_classes: classes, days, ...numbers }: Row): Row {
  const strip = days === undefined ? {} : { [STRIP_COLUMN]: JSON.stringify(days) };
  return { ...numbers, ...(classes as Row), ...strip };
}

function assertFewStrips({ limit, stripDays = 0 }: RankingAsked): void {
  if (limit * stripDays <= MAX_STRIP_DAYS_PER_ANSWER) return;
  const most = Math.floor(MAX_STRIP_DAYS_PER_ANSWER / stripDays);
  throw new DaymarkError(
    'RANGE_TOO_LARGE',
    `With ${stripDays} days of each customer, one answer has at most ${most} customers. Give a smaller \`limit\`.`,
  );
}

/** @throws {DaymarkError} RANGE_TOO_LARGE where a range has more than `most` days. */
export function assertShort({ from, to }: SpanRange, most: number): void {
  if (dayOfDate(to) - dayOfDate(from) + 1 > most) throw rangeTooLarge(most, 'days');
}

function withName<Row extends { readonly customer_id: string }>(row: Row, customers: CustomerNames) {
  const name = customers.nameOf(row.customer_id);
  return { ...row, ...(name === undefined ? {} : { customer_name: name }) };
}
