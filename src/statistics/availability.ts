/**
 * Availability as contracts mean it: the share of requests that did not fail by the provider's fault. This file is the
 * only definition. It is applied when a window is served, because the state of a window keeps every status.
 */

import { bug } from '../errors.ts';
import { parseStatuses } from '../statuses.ts';
import type { StatusCount } from './types.ts';

/** Which statuses count as the provider's failures, and which do not count at all. */
export interface AvailabilityDefinition {
  readonly failed: ReadonlySet<number>;
  /** These win over `failed`. */
  readonly ignored: ReadonlySet<number>;
}

export interface Availability {
  /** 0 to 100; null where no request counts. */
  readonly availabilityPercentage: number | null;
  /** The counted requests with a failed status. */
  readonly errorRequests: number;
  /** All requests but those with an ignored status. */
  readonly countedRequests: number;
}

/** No response, and the server's errors. A refused or redirected request (3xx, 4xx) was answered as it should be. */
export const DEFAULT_FAILED_STATUSES = '0,500-599';

/**
 * Makes a definition of lists that {@link parseStatuses} reads.
 * @param ignored undefined: every status counts.
 */
export function availabilityDefinition(
  failed = DEFAULT_FAILED_STATUSES,
  ignored?: string,
): AvailabilityDefinition {
  return { failed: statusesIn(failed), ignored: ignored === undefined ? new Set() : statusesIn(ignored) };
}

function statusesIn(list: string): ReadonlySet<number> {
  const statuses = parseStatuses(list);
  if (!statuses) throw bug(`${JSON.stringify(list)} is not a list of statuses`);
  return statuses;
}

/** @returns whether a status counts, and whether it counts as an error. */
export function availabilityKind(status: number, { failed, ignored }: AvailabilityDefinition) {
  const isCounted = !ignored.has(status);
  return { isCounted, isError: isCounted && failed.has(status) };
}

/** @returns 0 to 100; null where no request counts. */
export function availabilityPercentage(errorRequests: number, countedRequests: number): number | null {
  return countedRequests === 0 ? null : (100 * (countedRequests - errorRequests)) / countedRequests;
}

/** @param statuses of a window. Their order does not matter. */
export function availabilityOf(
  statuses: readonly StatusCount[],
  definition: AvailabilityDefinition,
): Availability {
  let errorRequests = 0;
  let countedRequests = 0;
  for (const { status, requests } of statuses) {
    const { isCounted, isError } = availabilityKind(status, definition);
    if (isCounted) countedRequests += requests;
    if (isError) errorRequests += requests;
  }
  const percentage = availabilityPercentage(errorRequests, countedRequests);
  return { availabilityPercentage: percentage, errorRequests, countedRequests };
}
