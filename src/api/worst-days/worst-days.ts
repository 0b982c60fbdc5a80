/** The worst day of each customer in a range of days. */

import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { countNumbersOf } from '../../statistics/count-numbers.ts';
import { decodeStatistics } from '../../statistics/daily-statistics.ts';
import {
  compareQuality,
  qualityOf,
  STATUS_CLASSES,
  statusClasses,
  summaryOf,
} from '../../statistics/summary.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import type { StoreSnapshot } from '../../store/contract.ts';
import { customerDays, spanOf } from '../../window/key.ts';
import type { SpanRange } from '../../window/kind.ts';
import type { CustomerNames } from '../customer-names.ts';
import type { Row } from '../forms.ts';
import { NUMBER_FIELDS } from '../range-statistics.ts';
import { Best, comparePlaces } from '../ranking/best.ts';

export interface WorstDaysAsked extends SpanRange {
  /** Days with fewer requests do not count. */
  readonly minRequests: number;
  /** Customers at the most. */
  readonly limit: number;
}

/** How to show them, and whether to go on. */
export interface WorstDaysBasis {
  readonly definition: AvailabilityDefinition;
  readonly names: CustomerNames;
  /** Is called again and again. What it throws ends the work. */
  readonly assertGoesOn: () => void;
}

/**
 * Days are compared as those of a summary: by availability, then by the 99th percentile of the durations. Customers whose
 * worst days have the same availability come in the order of their ids. The order of the fields is part of the API.
 */
export async function worstDays(snapshot: StoreSnapshot, asked: WorstDaysAsked, basis: WorstDaysBasis) {
  const { from, to, minRequests } = asked;
  const ids = await customersWithWorstDays(snapshot, asked, basis);
  const customers: WorstDay[] = [];
  for (const customerId of ids) {
    basis.assertGoesOn();
    const worst = await worstDayOf(snapshot, customerId, asked, basis);
    if (worst) customers.push(rowOf(customerId, worst, basis));
  }
  return { from, to, min_requests: minRequests, customers };
}

export type WorstDays = Awaited<ReturnType<typeof worstDays>>;
export type WorstDay = ReturnType<typeof rowOf>;

/** The columns of a customer in CSV. */
export const WORST_DAY_COLUMNS: readonly string[] = [
  ...['customer_id', 'date', ...NUMBER_FIELDS, ...STATUS_CLASSES, 'customer_name'],
];

/** The availability of each day of all customers, from requests by status alone. */
async function customersWithWorstDays(
  { customers }: StoreSnapshot,
  { from, to, minRequests, limit }: WorstDaysAsked,
  { definition, assertGoesOn }: WorstDaysBasis,
): Promise<readonly string[]> {
  const best = new Best(comparePlaces('availability_percentage', 'asc'), limit);
  for await (const piece of customers.days({}, { from, to })) {
    assertGoesOn();
    for (const { customerId, statuses } of piece) {
      let value = Infinity;
      for (const day of statuses.values()) {
        const { requests, availability_percentage: availability } = countNumbersOf(day, definition);
        if (availability !== null && requests >= minRequests) value = Math.min(value, availability);
      }
      if (value !== Infinity) best.offer({ customerId, value });
    }
  }
  return best.places.map(({ customerId }) => customerId);
}

interface Day {
  readonly date: string;
  readonly statistics: DailyStatistics;
}

async function worstDayOf(
  snapshot: StoreSnapshot,
  customerId: string,
  { from, to, minRequests }: WorstDaysAsked,
  { definition }: WorstDaysBasis,
): Promise<Day | undefined> {
  let worst: (Day & { readonly quality: ReturnType<typeof qualityOf> }) | undefined;
  for await (const page of snapshot.mergeableWindows({ ...customerDays(customerId), from, to })) {
    for (const { key, state } of page) {
      const statistics = decodeStatistics(state);
      const quality = qualityOf(statistics, definition);
      if (quality.availability_percentage === null || quality.requests < minRequests) continue;
      if (!worst || compareQuality(quality, worst.quality) > 0)
        worst = { date: spanOf(key), statistics, quality };
    }
  }
  return worst;
}

function rowOf(customerId: string, { date, statistics }: Day, { definition, names }: WorstDaysBasis) {
  const name = names.nameOf(customerId);
  return {
    customer_id: customerId,
    date,
    ...summaryOf(statistics, definition),
    status_classes: statusClasses(statistics.statuses),
    ...(name === undefined ? {} : { customer_name: name }),
  };
}

/** A customer without an object in it, for CSV. */
export function flatWorstDay({ status_classes: classes, ...numbers }: Row): Row {
  return { ...numbers, ...(classes as Row) };
}
