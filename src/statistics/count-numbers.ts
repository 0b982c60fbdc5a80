/** The numbers of a range that are made of counts: no duration is read for them. `docs/definitions.md` defines them. */

import { type AvailabilityDefinition, availabilityKind, availabilityPercentage } from './availability.ts';
import { LARGEST_STATUS } from './status-counts.ts';
import type { StatusCount } from './types.ts';
import { isSuccess, successPercentage } from './uptime.ts';

/** The requests of a range, by how they count. */
export interface CountSums {
  requests: number;
  successes: number;
  errors: number;
  counted: number;
}

/** How requests of a status count in {@link CountSums}. */
export type CountKind = ReturnType<typeof countKind>;

export function countKind(status: number, definition: AvailabilityDefinition) {
  return { isSuccess: isSuccess(status), ...availabilityKind(status, definition) };
}

/** By status: the least one of the same kind. So requests of statuses that are alike can be added up before. */
export function alikeStatuses(definition: AvailabilityDefinition): Uint16Array {
  const firsts = new Map<number, number>();
  return Uint16Array.from({ length: LARGEST_STATUS + 1 }, (_, status) => {
    const { isSuccess, isError, isCounted } = countKind(status, definition);
    const kind = (isSuccess ? 4 : 0) + (isError ? 2 : 0) + (isCounted ? 1 : 0);
    const first = firsts.get(kind) ?? status;
    firsts.set(kind, first);
    return first;
  });
}

export function noCounts(): CountSums {
  return { requests: 0, successes: 0, errors: 0, counted: 0 };
}

export function addCounts(
  sums: CountSums,
  { isSuccess, isError, isCounted }: CountKind,
  requests: number,
): void {
  sums.requests += requests;
  if (isSuccess) sums.successes += requests;
  if (isError) sums.errors += requests;
  if (isCounted) sums.counted += requests;
}

export function numbersOfCounts({ requests, successes, errors, counted }: CountSums) {
  return {
    requests,
    success_requests: successes,
    failed_requests: requests - successes,
    error_requests: errors,
    counted_requests: counted,
    availability_percentage: availabilityPercentage(errors, counted),
    success_percentage: requests === 0 ? null : successPercentage(successes, requests),
  };
}

/** @param statuses of the range. Their order does not matter. */
export function countNumbersOf(statuses: readonly StatusCount[], definition: AvailabilityDefinition) {
  const sums = noCounts();
  for (const { status, requests } of statuses) addCounts(sums, countKind(status, definition), requests);
  return numbersOfCounts(sums);
}

type CountNumbers = ReturnType<typeof numbersOfCounts>;

/**
 * How a range differs from the one before it. Null where one of the two numbers is null.
 * @param then the numbers of the range before. Undefined: there is no such range.
 */
export function changeOfNumbers(now: CountNumbers, then: CountNumbers | undefined) {
  return {
    requests_change: then ? now.requests - then.requests : null,
    availability_change: difference(now.availability_percentage, then?.availability_percentage ?? null),
  };
}

/** As {@link changeOfNumbers}, of requests by status. */
export function changesOf(
  statuses: readonly StatusCount[],
  before: readonly StatusCount[] | undefined,
  definition: AvailabilityDefinition,
) {
  return changeOfNumbers(countNumbersOf(statuses, definition), before && countNumbersOf(before, definition));
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
