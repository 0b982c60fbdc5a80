/** Status 200 to 299 is a success; every other status is a failure (RFC 9110, section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/**
 * The share of the time spent on a customer's requests that went into successes. Requests without a duration do not
 * count.
 * @param successUs the summed duration of the successes.
 * @param totalUs the summed duration of all requests.
 * @returns 0 to 100; 0 where no time was spent.
 */
export function uptimePercentage(successUs: bigint, totalUs: bigint): number {
  if (totalUs === 0n) return 0;
  // Huge sums, rounded to doubles, could give slightly more than 100.
  return successUs === totalUs ? 100 : (100 * Number(successUs)) / Number(totalUs);
}

/** The share of requests that succeeded, 0 to 100. @param requests at least 1. */
export function successPercentage(successes: number, requests: number): number {
  return (100 * successes) / requests;
}
