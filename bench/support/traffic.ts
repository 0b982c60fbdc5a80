/** Requests of many customers, as an API has them: in all hours, of some endpoints more than of others, with odd durations. */

import { randomNumbers } from '../../test/support/random-log.ts';

/** How much there is of it. */
export interface Traffic {
  readonly customers: number;
  readonly endpoints: number;
  /** A customer has this many requests a day, up to {@link mostRequests}. */
  readonly leastRequests: number;
  readonly mostRequests: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FIRST_DAY_MS = Date.UTC(2024, 8, 1);
const STATUSES = [200, 200, 200, 200, 200, 200, 201, 204, 400, 401, 404, 429, 500, 503];

/** The lines of one day, hour by hour, in the default format. The same day always has the same lines. */
export function* writeDay(traffic: Traffic, day: number): Generator<string> {
  const random = randomNumbers(day + 1);
  const lines = Array.from({ length: 24 }, () => [] as { readonly ms: number; readonly text: string }[]);
  for (let customer = 0; customer < traffic.customers; customer++) {
    const { leastRequests: least, mostRequests: most } = traffic;
    const requests = least + Math.floor(random() * (most - least + 1));
    for (let i = 0; i < requests; i++) {
      const ms = Math.floor(random() * DAY_MS);
      const text = lineOf(FIRST_DAY_MS + day * DAY_MS + ms, customer, traffic.endpoints, random);
      lines[Math.floor(ms / HOUR_MS)]?.push({ ms, text });
    }
  }
  for (const hour of lines)
    yield hour
      .sort((a, b) => a.ms - b.ms)
      .map(({ text }) => text)
      .join('');
}

function lineOf(timeMs: number, customer: number, endpoints: number, random: () => number): string {
  const time = new Date(timeMs).toISOString();
  // Squared: the first endpoints have most requests.
  const endpoint = Math.floor(random() ** 2 * endpoints);
  const status = STATUSES[Math.floor(random() * STATUSES.length)];
  // Most take some 100 ms, and some take seconds.
  const durationMs = Math.round(100 * Math.exp(1.2 * normal(random)));
  const path = `/api/v1/resource${endpoint}`;
  return `${time.slice(0, 10)} ${time.slice(11, 19)} cust_${customer} ${path} ${status} ${(durationMs / 1000).toFixed(3)}\n`;
}

/** Normally distributed (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
