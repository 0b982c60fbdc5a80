/** Counts the answers to the questions again, from the made-up requests alone. */

import { deepStrictEqual } from 'node:assert/strict';
import {
  customerIdOf,
  dateOf,
  type ModelRequest,
  PATTERN_REQUESTS,
  PATTERNS,
  patternOf,
} from './question-model.ts';
import type { StoreSize } from './question-store.ts';

/** 0 and 500 to 599: what fails by default. */
const isError = ({ status }: ModelRequest) => status === 0 || status >= 500;

const REQUESTS = PATTERN_REQUESTS.map(({ length }) => length);
const ERRORS = PATTERN_REQUESTS.map((requests) => requests.filter(isError).length);

const availability = (requests: number, errors: number) => (100 * (requests - errors)) / requests;

/** What customers are sorted by, counted again. */
export type RankedBy = 'availability_percentage' | 'requests' | 'availability_change';

interface RankedRow extends Readonly<Record<RankedBy, number>> {
  readonly customer_id: string;
}

/** A customer's requests and errors in some days. */
function countsOfDays(customer: number, first: number, days: number) {
  let [requests, errors] = [0, 0];
  for (let day = first; day < first + days; day++) {
    const pattern = patternOf(customer, day);
    requests += REQUESTS[pattern]!;
    errors += ERRORS[pattern]!;
  }
  return { requests, availability: availability(requests, errors) };
}

/** All customers, counted, sorted: the least availability and change first, the most requests. */
export function checkRanking(
  answer: unknown,
  sort: RankedBy,
  first: number,
  days: number,
  { customers }: StoreSize,
): void {
  const rows = Array.from({ length: customers }, (_, customer) => {
    const now = countsOfDays(customer, first, days);
    const before = countsOfDays(customer, first - days, days);
    return {
      customer_id: customerIdOf(customer),
      requests: now.requests,
      availability_percentage: now.availability,
      availability_change: now.availability - before.availability,
    };
  });
  const sign = sort === 'requests' ? -1 : 1;
  const expected = rows.sort(
    (a, b) => sign * (a[sort] - b[sort]) || (a.customer_id < b.customer_id ? -1 : 1),
  );
  const { customers: found } = answer as { customers: readonly RankedRow[] };
  deepStrictEqual(
    found.map(({ customer_id, requests, availability_percentage, availability_change }) => ({
      ...{ customer_id, requests, availability_percentage, availability_change },
    })),
    expected.slice(0, found.length),
  );
}

interface SummaryAnswer {
  readonly requests: number;
  readonly availability_percentage: number;
  readonly duration_p99: number;
  readonly days_with_requests: number;
  readonly everyone: Pick<SummaryAnswer, 'availability_percentage' | 'duration_p99'>;
}

/** A customer by itself, and all of them. */
export function checkSummary(answer: unknown, customer: number, size: StoreSize): void {
  const { requests, availability_percentage, duration_p99, days_with_requests, everyone } =
    answer as SummaryAnswer;
  const counts = new Float64Array(PATTERNS);
  for (let day = 0; day < size.days; day++) counts[patternOf(customer, day)]!++;
  const own = numbersOf(counts);
  deepStrictEqual(
    { requests, availability_percentage, duration_p99, days: days_with_requests },
    { ...own, days: size.days },
  );
  const { requests: _, ...all } = numbersOf(countsOfAll(size));
  deepStrictEqual(
    { availability_percentage: everyone.availability_percentage, duration_p99: everyone.duration_p99 },
    all,
  );
}

export function checkSummaryOfAll(answer: unknown, size: StoreSize): void {
  const { requests, availability_percentage, duration_p99 } = answer as SummaryAnswer;
  deepStrictEqual({ requests, availability_percentage, duration_p99 }, numbersOf(countsOfAll(size)));
}

/** @param counts how often each pattern occurs. */
function numbersOf(counts: Float64Array): Omit<SummaryAnswer, 'everyone' | 'days_with_requests'> {
  const byMs = new Float64Array(10_000);
  let [requests, errors] = [0, 0];
  for (const [pattern, own] of PATTERN_REQUESTS.entries()) {
    requests += counts[pattern]! * own.length;
    errors += counts[pattern]! * ERRORS[pattern]!;
    for (const { durationMs } of own) byMs[durationMs]! += counts[pattern]!;
  }
  // The nearest rank, counted from the shortest.
  let left = Math.ceil((requests * 99) / 100);
  const ms = byMs.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return { requests, availability_percentage: availability(requests, errors), duration_p99: ms / 1000 };
}

let known: { readonly size: StoreSize; readonly counts: Float64Array } | undefined;

function countsOfAll(size: StoreSize): Float64Array {
  if (known?.size === size) return known.counts;
  const counts = new Float64Array(PATTERNS);
  for (let day = 0; day < size.days; day++)
    for (let customer = 0; customer < size.customers; customer++) counts[patternOf(customer, day)]!++;
  known = { size, counts };
  return counts;
}

/** Every day by status. */
export function checkStatuses(answer: unknown, first: number, days: number, size: StoreSize): void {
  const expected = Array.from({ length: days }, (_, at) => {
    const byStatus = new Map<number, number>();
    for (let customer = 0; customer < size.customers; customer++)
      for (const { status } of PATTERN_REQUESTS[patternOf(customer, first + at)]!)
        byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    const statuses = [...byStatus].sort(([a], [b]) => a - b);
    return {
      date: dateOf(first + at, size.days),
      statuses: statuses.map(([status, requests]) => ({ status, requests })),
    };
  });
  const { days: found } = answer as { days: readonly { date: string; statuses: unknown }[] };
  deepStrictEqual(
    found.map(({ date, statuses }) => ({ date, statuses })),
    expected,
  );
}
