/** The numbers of a range that are made of counts: no duration is read for them. `docs/definitions.md` defines them. */

import { type AvailabilityDefinition, availabilityOf } from './availability.ts';
import { LARGEST_STATUS } from './status-counts.ts';
import type { StatusCount } from './types.ts';
import { isSuccess, successPercentage } from './uptime.ts';

/**
 * By status: the least one that counts as it does in all of {@link countNumbersOf}. So requests of statuses that are alike can
 * be added up before.
 */
export function alikeStatuses({ failed, ignored }: AvailabilityDefinition): Uint16Array {
  const firsts = new Map<string, number>();
  return Uint16Array.from({ length: LARGEST_STATUS + 1 }, (_, status) => {
    const kind = String([isSuccess(status), failed.has(status), ignored.has(status)]);
    const first = firsts.get(kind) ?? status;
    firsts.set(kind, first);
    return first;
  });
}

/** @param statuses of the range. Their order does not matter. */
export function countNumbersOf(statuses: readonly StatusCount[], definition: AvailabilityDefinition) {
  let requests = 0;
  let successes = 0;
  for (const total of statuses) {
    requests += total.requests;
    if (isSuccess(total.status)) successes += total.requests;
  }
  const availability = availabilityOf(statuses, definition);
  return {
    requests,
    success_requests: successes,
    failed_requests: requests - successes,
    error_requests: availability.errorRequests,
    counted_requests: availability.countedRequests,
    availability_percentage: availability.availabilityPercentage,
    success_percentage: requests === 0 ? null : successPercentage(successes, requests),
  };
}

/**
 * How a range differs from the one before it. Null where one of the two numbers is null.
 * @param before the requests of the range before. Undefined: there is no such range.
 */
export function changesOf(
  statuses: readonly StatusCount[],
  before: readonly StatusCount[] | undefined,
  definition: AvailabilityDefinition,
) {
  const now = countNumbersOf(statuses, definition);
  const then = before && countNumbersOf(before, definition);
  return {
    requests_change: then ? now.requests - then.requests : null,
    availability_change: difference(now.availability_percentage, then?.availability_percentage ?? null),
  };
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
