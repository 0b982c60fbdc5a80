/** Rankings of customers, the naive way: keep every request, count, sort by bytes. */

import type { Request } from './batches.ts';
import { compareBytes } from './batches.ts';
import { DEFAULT_DEFINITION, naiveClasses, naiveSummary } from './summary-oracle.ts';

export interface NaiveRange {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

/** The days before a range, as many as it has. */
export function naivePreceding({ from, to }: NaiveRange): NaiveRange {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  const shifted = (date: string, by: number) =>
    new Date(Date.parse(date) + by * DAY_MS).toISOString().slice(0, 10);
  return { from: shifted(from, -days), to: shifted(from, -1) };
}

const isIn = ({ from, to }: NaiveRange, { date }: Request) => date >= from && date <= to;

/** What is told of each customer with requests in a range. */
export function naiveCustomers(
  requests: readonly Request[],
  range: NaiveRange,
  definition = DEFAULT_DEFINITION,
) {
  const before = naivePreceding(range);
  return [...Map.groupBy(requests, ({ customerId }) => customerId)]
    .map(([customerId, all]) => ({
      customerId,
      now: all.filter((request) => isIn(range, request)),
      earlier: all.filter((request) => isIn(before, request)),
    }))
    .filter(({ now }) => now.length > 0)
    .map(({ customerId, now, earlier }) => {
      const summary = naiveSummary(now, definition);
      const past = naiveSummary(earlier, definition);
      const [a, b] = [summary.availability_percentage, past.availability_percentage];
      return {
        customer_id: customerId,
        ...summary,
        requests_change: now.length - earlier.length,
        availability_change: a === null || b === null ? null : a - b,
        status_classes: naiveClasses(now),
      };
    });
}

type NaiveCustomer = ReturnType<typeof naiveCustomers>[number];

/** Null last, equal numbers by the bytes of the id. */
export function naiveRanking(
  customers: readonly NaiveCustomer[],
  sort: string,
  order: string,
): NaiveCustomer[] {
  const byId = customers.toSorted((a, b) => compareBytes(a.customer_id, b.customer_id));
  if (sort === 'customer_id') return order === 'asc' ? byId : byId.reverse();
  const numberOf = (customer: NaiveCustomer) =>
    (customer as unknown as Record<string, number | null>)[sort] ?? null;
  const known = byId.filter((customer) => numberOf(customer) !== null);
  const unknown = byId.filter((customer) => numberOf(customer) === null);
  const sign = order === 'asc' ? 1 : -1;
  // The sort is stable.
  known.sort((a, b) => sign * ((numberOf(a) ?? 0) - (numberOf(b) ?? 0)));
  return [...known, ...unknown];
}

/** The worst day of each customer of those with at least so many requests, worst first. Every request has a duration. */
export function naiveWorstDays(
  requests: readonly Pick<Request, 'customerId' | 'date' | 'status' | 'durationUs'>[],
  { from, to }: NaiveRange,
  least: number,
) {
  const days = Map.groupBy(requests, ({ customerId, date }) => JSON.stringify([customerId, date]));
  const all = [...days]
    .map(([key, own]) => {
      const [customer_id, date] = JSON.parse(key) as [string, string];
      return { customer_id, date, ...naiveSummary(own), status_classes: naiveClasses(own) };
    })
    .filter(({ date, requests: count }) => date >= from && date <= to && count >= least);
  const byAvailability = (a: (typeof all)[number], b: (typeof all)[number]) =>
    Number(a.availability_percentage) - Number(b.availability_percentage);
  const worst = (own: typeof all) =>
    own.sort(
      (a, b) =>
        byAvailability(a, b) || Number(b.duration_p99) - Number(a.duration_p99) || (a.date < b.date ? -1 : 1),
    )[0];
  return [...Map.groupBy(all, ({ customer_id }) => customer_id).values()]
    .map(worst)
    .sort((a, b) => byAvailability(a, b) || compareBytes(a.customer_id, b.customer_id));
}

const IDS = [
  ...[
    '.',
    '..',
    '/',
    'a/b?c=d&e',
    '😀',
    '\uffff',
    'é',
    'É',
    '漢字',
    '"quoted"',
    "it's",
    '%2F',
    ' ',
    '$1 ? :a',
  ],
  ...['ACME', 'acme', 'acme-2', 'cust_', 'x'.repeat(255), `a'b"; drop table daily_stats;--`],
  ...Array.from({ length: 20 }, (_, i) => `cust_${i}`),
];
const STATUSES = [0, 200, 200, 200, 201, 204, 301, 404, 404, 429, 500, 503, 599, 100];

/**
 * Requests of odd customers on odd days of two months. Some customers have the same numbers, some have requests without
 * durations only, some all of their requests before or after September.
 */
export function oddRequests(random: () => number, count: number): Request[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const requests = Array.from({ length: count }, () => {
    const eventMs = Date.UTC(2024, 7, 1) + Math.floor(random() * 62) * DAY_MS;
    const customerId = pick(IDS);
    const isTimed = customerId !== 'cust_3' && random() < 0.9;
    return {
      ...{ customerId, eventMs, date: new Date(eventMs).toISOString().slice(0, 10) },
      status: customerId === 'cust_4' ? 404 : pick(STATUSES),
      durationUs: isTimed ? Math.floor(10 ** (random() * 7)) * (random() < 0.5 ? 1000 : 1) : -1,
    };
  });
  const alike = requests.filter(({ customerId }) => customerId === 'cust_1');
  return [
    ...requests,
    ...['twin', 'Twin', 'twin😀'].flatMap((id) => alike.map((one) => ({ ...one, customerId: id }))),
  ];
}
