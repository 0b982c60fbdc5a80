/** Status 200 to 299 is a success; every other status is a failure (RFC 9110, section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/**
 * The share of the time spent serving the customer that was spent on successes.
 * @param successUs summed duration of the successes. @param totalUs summed duration of all requests.
 * Requests without a duration are in neither.
 * @returns 0 to 100; 0 where no time was spent.
 */
export function uptimePercentage(successUs: bigint, totalUs: bigint): number {
  if (totalUs === 0n) return 0;
  // Huge sums, rounded to doubles, could come to a little more.
  return successUs === totalUs ? 100 : (100 * Number(successUs)) / Number(totalUs);
}

/** The share of requests that succeeded, 0 to 100. @param requests at least 1. */
export function successPercentage(successes: number, requests: number): number {
  return (100 * successes) / requests;
}
