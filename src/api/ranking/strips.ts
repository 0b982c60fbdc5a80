/** The last days of the customers of a page, for strips: one question for all of them. */

import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { countNumbersOf } from '../../statistics/count-numbers.ts';
import type { StatusCount } from '../../statistics/types.ts';
import type { RankedDays } from '../../store/contract.ts';
import { shiftedDate } from '../../window/calendar.ts';
import { FIRST_DATE } from '../../window/day.ts';

export type StripDay = ReturnType<typeof stripDay>;

/** How many days, and the last of them. */
export interface StripAsked {
  readonly to: string;
  readonly days: number;
}

/**
 * @param ids ascending by their UTF-8 bytes.
 * @returns the days with requests of each customer, ascending.
 */
export async function stripsOf(
  customers: Pick<RankedDays, 'days'>,
  ids: readonly string[],
  { to, days }: StripAsked,
  definition: AvailabilityDefinition,
): Promise<(customerId: string) => readonly StripDay[]> {
  const strips = new Map<string, StripDay[]>();
  const from = shiftedDate(to, 1 - days) ?? FIRST_DATE;
  for await (const piece of customers.days({ ids }, { from, to }))
    for (const { customerId, statuses } of piece)
      strips.set(
        customerId,
        Array.from(statuses, ([date, own]) => stripDay(date, own, definition)),
      );
  return (customerId) => strips.get(customerId) ?? [];
}

/** The order of the fields is part of the API. */
function stripDay(date: string, statuses: readonly StatusCount[], definition: AvailabilityDefinition) {
  const numbers = countNumbersOf(statuses, definition);
  return {
    date,
    requests: numbers.requests,
    error_requests: numbers.error_requests,
    counted_requests: numbers.counted_requests,
    availability_percentage: numbers.availability_percentage,
  };
}
