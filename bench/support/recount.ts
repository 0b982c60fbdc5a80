import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Answers } from './answers.ts';

interface Request {
  readonly isSuccess: boolean;
  readonly durationMs: number;
}

/**
 * The statistics of some customers in a log of the default format, computed in the simplest way: all requests of a day
 * are kept and sorted. Only for logs whose durations are whole milliseconds, so that sums are exact.
 */
export async function recount(path: string, customers: ReadonlySet<string>): Promise<Answers> {
  const windows = new Map<string, Request[]>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [date, , customer, , status, duration] = line.split(' ') as [string, string, string, ...string[]];
    if (!customers.has(customer)) continue;
    const key = `${customer} ${date}`;
    const request = { isSuccess: status!.startsWith('2'), durationMs: Math.round(Number(duration) * 1000) };
    const known = windows.get(key);
    if (known === undefined) windows.set(key, [request]);
    else known.push(request);
  }
  return new Map([...windows].map(([key, requests]) => [key, answerOf(requests)]));
}

function answerOf(requests: readonly Request[]) {
  const durationsMs = requests.map((request) => request.durationMs).sort((a, b) => a - b);
  const successes = requests.filter((request) => request.isSuccess);
  const sumMs = sum(requests);
  const nearestRank = (percent: number) =>
    durationsMs[Math.ceil((durationsMs.length * percent) / 100) - 1]! / 1000;
  return {
    success: successes.length,
    failed: requests.length - successes.length,
    mean: sumMs / 1000 / requests.length,
    uptime: (100 * sum(successes)) / sumMs,
    p50: nearestRank(50),
    p99: nearestRank(99),
  };
}

const sum = (requests: readonly Request[]) =>
  requests.reduce((total, { durationMs }) => total + durationMs, 0);
