/** New and silent customers, who a customer is, and its last days: the naive way, out of every request. */

import { compareBytes } from './batches.ts';
import { type NaiveRange, naivePreceding } from './naive-ranking.ts';
import { naiveSummary } from './summary-oracle.ts';

/** A request with its day. */
interface Dated {
  readonly customerId: string;
  readonly date: string;
  readonly status: number;
  readonly durationUs: number;
}

const COUNTS = [
  ...(['requests', 'success_requests', 'failed_requests', 'error_requests', 'counted_requests'] as const),
  ...(['availability_percentage', 'success_percentage'] as const),
];

const isIn = ({ from, to }: NaiveRange, { date }: Dated) => date >= from && date <= to;

const datesOf = (requests: readonly Dated[]) => [...new Set(requests.map(({ date }) => date))].sort();

function rowOf(customerId: string, counted: readonly Dated[]) {
  const numbers = naiveSummary(counted);
  const dates = datesOf(counted);
  return {
    ...{ customer_id: customerId, first_date: dates[0], last_date: dates.at(-1) },
    ...{ days_with_requests: dates.length, requests: counted.length },
    ...Object.fromEntries(COUNTS.map((name) => [name, numbers[name]])),
  };
}

const sorted = (rows: readonly ReturnType<typeof rowOf>[]) =>
  rows.toSorted((a, b) => b.requests - a.requests || compareBytes(a.customer_id, b.customer_id));

/** Those whose first day of all is in the range, with the numbers of the range. */
export function naiveNewCustomers(requests: readonly Dated[], range: NaiveRange) {
  const rows = [...Map.groupBy(requests, ({ customerId }) => customerId)]
    .filter(([, own]) => isIn(range, { ...own[0], date: datesOf(own)[0] }))
    .map(([id, own]) =>
      rowOf(
        id,
        own.filter((request) => isIn(range, request)),
      ),
    );
  return sorted(rows);
}

/** Those with requests before the range, and none in it, with the numbers of the time before. */
export function naiveSilentCustomers(
  requests: readonly Dated[],
  range: NaiveRange,
  since = naivePreceding(range).from,
) {
  const before = { from: since, to: naivePreceding(range).to };
  const rows = [...Map.groupBy(requests, ({ customerId }) => customerId)].flatMap(([id, own]) => {
    const earlier = own.filter((request) => isIn(before, request));
    return earlier.length > 0 && !own.some((request) => isIn(range, request)) ? [rowOf(id, earlier)] : [];
  });
  return sorted(rows);
}

/** Who a customer without a name is. */
export function naiveCustomer(customerId: string, own: readonly Dated[]) {
  const dates = datesOf(own);
  const days = { first_date: dates[0] ?? null, last_date: dates.at(-1) ?? null };
  return { customer_id: customerId, aliases: [], alias_count: 0, ...days };
}

/** The last so many days up to one, those with requests. */
export function naiveStrip(own: readonly Dated[], to: string, days: number) {
  const from = new Date(Date.parse(to) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  return [...Map.groupBy(own, ({ date }) => date)]
    .filter(([date]) => date >= from && date <= to)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, same]) => {
      const numbers = naiveSummary(same);
      return {
        ...{ date, requests: same.length, error_requests: numbers.error_requests },
        ...{ counted_requests: numbers.counted_requests },
        ...{ availability_percentage: numbers.availability_percentage },
      };
    });
}
