/** A log like that of a real service: busy by day and quiet by night, mostly well, with incidents, and quiet customers. */

import { randomNumbers } from './random-log.ts';

interface PageCustomer {
  readonly id: string;
  readonly requestsPerDay: number;
  /** Days since the last one, on which a share of its requests fails. */
  readonly incidents?: Readonly<Record<number, number>>;
  /** How many days ago its first request is. By default as long as the log. */
  readonly days?: number;
}

export interface PageLog {
  /** Its last day. */
  readonly until: string;
  readonly days: number;
  readonly customers: readonly PageCustomer[];
  readonly seed: number;
}

const ENDPOINTS = [
  '/api/v1/orders',
  '/api/v1/orders/search',
  '/api/v1/invoices',
  '/api/v1/customers',
  '/api/v1/export',
];
const DAY_MS = 86_400_000;

/** Lines of the default format, by day. */
export function* pageLog({ until, days, customers, seed }: PageLog): Generator<string> {
  const random = randomNumbers(seed);
  const last = Date.parse(`${until}T00:00:00Z`);
  for (let ago = days - 1; ago >= 0; ago--) {
    const midnight = last - ago * DAY_MS;
    const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay());
    const lines: string[] = [];
    for (const customer of customers) {
      if (ago >= (customer.days ?? days)) continue;
      const requests = Math.round(customer.requestsPerDay * (isWeekend ? 0.45 : 1) * (0.85 + 0.3 * random()));
      for (let i = 0; i < requests; i++) lines.push(lineOf(midnight, customer, ago, random));
    }
    yield lines.sort().join('');
  }
}

function lineOf(
  midnight: number,
  { id, incidents = {} }: PageCustomer,
  ago: number,
  random: () => number,
): string {
  // Three of four requests come in the working hours.
  const hour = random() < 0.75 ? 8 + random() * 10 : random() * 24;
  const share = incidents[ago] ?? 0;
  const isIncident = share > 0 && hour >= 13 && hour < 17;
  const instant = new Date(midnight + Math.floor(hour * 3600) * 1000).toISOString();
  const isFailed = random() < (isIncident ? share * 2 : 0.0002);
  const status = isFailed ? (random() < 0.7 ? 503 : 500) : statusOf(random());
  const base = 0.045 + 0.12 * random() ** 3 + (random() < 0.02 ? random() * 1.4 : 0);
  const duration = (base * (isIncident ? 4 : 1) * (1 + 0.4 * Math.sin((hour - 6) / 4))).toFixed(3);
  const path = ENDPOINTS[Math.floor(random() ** 2 * ENDPOINTS.length)];
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} ${id} ${path} ${status} ${duration}\n`;
}

function statusOf(at: number): number {
  if (at < 0.955) return 200;
  if (at < 0.975) return 201;
  if (at < 0.99) return 404;
  return at < 0.996 ? 401 : 422;
}
