/**
 * How long answers take while a large log is read. `daymark serve` answers a steady number of requests a second, first alone and
 * then while `daymark ingest` reads 20 million lines into the same store. A late answer counts from when its request was due.
 * Every answer is counted again from the lines at the end.
 * `npm run bench:serving [-- --rate 1000 --lines 20000000 --seconds 20 --store sqlite|postgres --url postgres://… --json FILE]`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { run } from './support/measure.ts';
import { startServe } from './support/question-server.ts';
import { sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const MAX_RATIO = 3;
const CUSTOMERS = 200;
/** What the store holds before, so that there is something to answer. */
const FIRST_LINES = 1_000_000;
const QUANTILES = [0.5, 0.9, 0.99, 0.999, 1] as const;
/** With priority over the others: the client is not what is measured. */
const CLIENT_PRIORITY = -10;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One request; the milliseconds from when it was due to the end of its answer. */
function ask(url: string, dueMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
      response.once('end', () => resolve(performance.now() - dueMs));
      response.once('error', reject);
    }).once('error', reject);
  });
}

/** Asks at a steady rate until it is told to stop. */
async function load(url: string, rate: number, isOver: () => boolean): Promise<number[]> {
  const asked: Promise<number>[] = [];
  const beganMs = performance.now();
  while (!isOver()) {
    const due = Math.floor(((performance.now() - beganMs) * rate) / 1000);
    while (asked.length < due) {
      const customer = `cust_${1 + ((asked.length * 7) % CUSTOMERS)}`;
      const path = `/customers/${customer}/stats?from=2024-09-03`;
      asked.push(ask(url + path, beganMs + (asked.length * 1000) / rate));
    }
    await delay(1);
  }
  return Promise.all(asked);
}

/** By nearest rank. */
function quantiles(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return QUANTILES.map((q) => sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN);
}

async function requestsIn(url: string): Promise<number> {
  let sum = 0;
  for (let customer = 1; customer <= CUSTOMERS; customer++) {
    const response = await fetch(`${url}/customers/cust_${customer}/stats?from=2000-01-01`);
    const days = (await response.json()) as { success_requests: number; failed_requests: number }[];
    sum += days.reduce((total, day) => total + day.success_requests + day.failed_requests, 0);
  }
  return sum;
}

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    lines: { type: 'string', default: '20000000' },
    seconds: { type: 'string', default: '20' },
    store: { type: 'string', default: 'sqlite' },
    url: { type: 'string' },
    json: { type: 'string' },
  },
});
const [rate, lines] = [Number(values.rate), Number(values.lines)];
const first = await sampleLogFile({ lines: FIRST_LINES, customers: CUSTOMERS, seed: 7 });
const second = await sampleLogFile({ lines, customers: CUSTOMERS });
const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-serving-'));
const env = { DATA_DIR: directory, ...(values.url !== undefined && { DATABASE_URL: values.url }) };
try {
  await run(daymark('ingest', first.path), env);
  const server = await startServe({ ...env, RATE_LIMIT_PER_MINUTE: '100000000' });
  try {
    setPriority(CLIENT_PRIORITY);
  } catch {
    console.log('The client has no priority: only root may give it one.');
  }
  const forMs = (ms: number) => {
    const endMs = performance.now() + ms;
    return () => performance.now() > endMs;
  };
  await load(server.url, rate, forMs(5_000));
  const idle = await load(server.url, rate, forMs(Number(values.seconds) * 1000));
  const [file = '', ...args] = daymark('ingest', second.path);
  const beganMs = performance.now();
  const ingest = spawn(file, args, { env: { PATH: process.env.PATH ?? '', ...env }, stdio: 'ignore' });
  setPriority(ingest.pid ?? 0, 0);
  const ended = once(ingest, 'close');
  const busy = await load(server.url, rate, () => ingest.exitCode !== null);
  await ended;
  const ingestS = (performance.now() - beganMs) / 1000;
  const stored = await requestsIn(server.url);
  await server.stop();
  const [idleMs, busyMs] = [quantiles(idle), quantiles(busy)];
  const row = (name: string, answers: readonly number[], ms: readonly number[]) => [
    name,
    answers.length.toLocaleString('en'),
    ...ms.map((value) => value.toFixed(1)),
  ];
  console.log(
    `${values.store}, ${availableParallelism()} cores, ${rate} requests a second; ${lines.toLocaleString('en')} lines were read in ${ingestS.toFixed(1)} s`,
  );
  printTable(
    ['ms', 'answers', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    [row('alone', idle, idleMs), row('while a log is read', busy, busyMs)],
  );
  const ratio = busyMs[2]! / idleMs[2]!;
  console.log(`p99 against alone: ${ratio.toFixed(1)} (at most ${MAX_RATIO})`);
  const isComplete = stored === FIRST_LINES + lines;
  console.log(isComplete ? 'Every line is in the store.' : `DIFFERENT: ${stored} requests are in the store.`);
  if (!isComplete || !(ratio <= MAX_RATIO)) process.exitCode = 1;
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ rate, lines, ingestS, idleMs, busyMs, ratio }, null, 2)}\n`,
    );
} finally {
  rmSync(directory, { recursive: true });
}
