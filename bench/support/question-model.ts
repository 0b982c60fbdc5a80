/**
 * The made-up requests of many customers, for `bench:questions`. What a customer sent on a day is one of a few hundred
 * patterns, chosen by a hash of both. So any number can be counted again from the patterns, without the program's code.
 */

/** One request: its status, and its duration in whole milliseconds. */
export interface ModelRequest {
  readonly status: number;
  readonly durationMs: number;
}

export const PATTERNS = 512;
/** The last day of every store. */
const LAST_DAY = Date.UTC(2024, 9, 1) / 86_400_000;

/** A few statuses as servers answer them. The weights are thousandths. */
const STATUSES: readonly (readonly [status: number, weight: number])[] = [
  [200, 900],
  [201, 930],
  [304, 945],
  [404, 970],
  [429, 978],
  [500, 988],
  [503, 996],
  [0, 1000],
];

/** A hash of two numbers, as 32 bits. */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function requestOf(pattern: number, at: number): ModelRequest {
  const share = mixed(pattern, at) % 1000;
  const status = STATUSES.find(([, weight]) => share < weight)?.[0] ?? 200;
  // Most take some 100 ms, a few take seconds.
  const long = mixed(at, pattern + 7) % 50 === 0 ? 2_000 : 0;
  return { status, durationMs: 5 + long + (mixed(pattern + 13, at) % 400) };
}

/** The requests of each pattern: 4 to 60. */
export const PATTERN_REQUESTS: readonly (readonly ModelRequest[])[] = Array.from(
  { length: PATTERNS },
  (_, pattern) => Array.from({ length: 4 + (mixed(pattern, 99) % 57) }, (_, at) => requestOf(pattern, at)),
);

/** Which pattern a customer has on a day. Every customer has one on every day. */
export function patternOf(customer: number, day: number): number {
  // A quarter of the choice is the customer's own, so that some customers are worse than others.
  const own = mixed(customer, 3) % 4;
  return 4 * (mixed(customer, day) % (PATTERNS / 4)) + own;
}

export function customerIdOf(customer: number): string {
  return `cust_${String(customer).padStart(7, '0')}`;
}

/** @param day from 0 on, of so many. */
export function dateOf(day: number, days: number): string {
  return new Date((LAST_DAY - days + 1 + day) * 86_400_000).toISOString().slice(0, 10);
}
