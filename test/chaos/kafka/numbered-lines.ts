/** Numbered lines, each of which must count once, and the rows that they must make. */

import { setTimeout as delay } from 'node:timers/promises';
import type { ReadableStore } from '../../support/store-under-test.ts';

const CUSTOMERS = 60;
const DAYS = 4;
const STATUSES = [200, 200, 200, 201, 304, 404, 500, 503] as const;

/** What a line says, by its number. Customers, days, statuses and durations are spread, so that no fault hides another one. */
function requestOf(number: number) {
  const spread = Math.imul(number, 2_654_435_761) >>> 0;
  const seconds = number % 86_400;
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    twoDigits(Math.floor(part)),
  );
  return {
    date: `2024-10-0${1 + (spread % DAYS)}`,
    time: clock.join(':'),
    customer: `cust_${(spread >>> 3) % CUSTOMERS}`,
    status: STATUSES[(spread >>> 9) % STATUSES.length] ?? 200,
    durationMs: (spread >>> 12) % 3_000,
  };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** A line of the default format. */
export function numberedLine(number: number): string {
  const { date, time, customer, status, durationMs } = requestOf(number);
  return `${date} ${time} ${customer} /orders/${number} ${status} ${(durationMs / 1000).toFixed(3)}`;
}

/** @throws where a text is no numbered line, or not the one of its number. */
export function numberOf(line: string): number {
  const number = Number(/ \/orders\/(\d+) /.exec(line)?.[1]);
  if (line !== numberedLine(number)) throw new Error(`an unknown line: ${line}`);
  return number;
}

/** A row of a customer and a day, counted without any code of daymark's. */
interface Expected {
  readonly requests: Map<number, number>;
  readonly durationsMs: number[];
}

/** Holds the days of customers to the numbers of the lines: counts by status, and percentiles. @returns how many rows there are. */
export async function assertRows(store: ReadableStore, numbers: Iterable<number>): Promise<number> {
  const expected = new Map<string, Expected>();
  for (const number of numbers) {
    const { customer, date, status, durationMs } = requestOf(number);
    const key = `${customer} ${date}`;
    const row = expected.get(key) ?? { requests: new Map<number, number>(), durationsMs: [] };
    expected.set(key, row);
    row.requests.set(status, (row.requests.get(status) ?? 0) + 1);
    row.durationsMs.push(durationMs);
  }
  const rows = await store.rows('select * from daily_stats order by customer_id, date');
  if (rows.length !== expected.size) throw new Error(`${rows.length} rows, of ${expected.size}`);
  for (const row of rows) {
    const key = `${row.customer_id} ${row.date instanceof Date ? isoDate(row.date) : row.date}`;
    const right = expected.get(key);
    if (!right) throw new Error(`a row of nobody: ${key}`);
    assertRow(key, row, right);
  }
  return rows.length;
}

/** The client library turns a date into the midnight of this machine. */
function isoDate(date: Date): string {
  return [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
}

function assertRow(key: string, row: Record<string, unknown>, { requests, durationsMs }: Expected): void {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const rank = (percent: number) =>
    (sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? Number.NaN) / 1000;
  const success = [...requests]
    .filter(([status]) => status >= 200 && status < 300)
    .reduce((sum, [, n]) => sum + n, 0);
  const sumMs = sorted.reduce((sum, ms) => sum + ms, 0);
  const right = {
    success_requests: success,
    failed_requests: sorted.length - success,
    duration_mean: sumMs / sorted.length / 1000,
    duration_p50: rank(50),
    duration_p99: rank(99),
  };
  for (const [name, value] of Object.entries(right))
    if (Math.abs(Number(row[name]) - value) > 1e-9)
      throw new Error(`${key}: ${name} is ${row[name]}, not ${value}`);
}

/** Calls `send` with numbers at a steady rate, until the signal. @returns how many numbers were sent. */
export async function atSteadyRate(
  linesASecond: number,
  signal: AbortSignal,
  send: (numbers: readonly number[]) => void,
): Promise<number> {
  const beganMs = performance.now();
  let sent = 0;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - beganMs) * linesASecond) / 1000);
    send(Array.from({ length: due - sent }, (_, i) => sent + i));
    sent = due;
    await delay(50, undefined, { signal }).catch(() => undefined);
  }
  return sent;
}
