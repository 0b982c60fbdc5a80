/**
 * How long answers take while a large log is read. `daymark serve` answers a steady number of requests a second, first alone and
 * then while `daymark ingest` reads 20 million lines, in the order of time, into the same store. A late answer counts from when its request was due.
 * Every answer is counted again from the lines at the end.
 * `npm run bench:serving [-- --rate 1000 --lines 20000000 --seconds 20 --store sqlite|postgres --url postgres://… --json FILE]`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { derivedLogFile } from './support/derived-log-file.ts';
import { LeanClient } from './support/lean-client.ts';
import { run } from './support/measure.ts';
import { startServe } from './support/question-server.ts';
import { sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const MAX_RATIO = 3;
const CUSTOMERS = 200;
/** What the store holds before, so that there is something to answer. */
const FIRST_LINES = 1_000_000;
/** More than a client of this rate ever waits for, unless the server cannot keep up. */
const MAX_WAITING = 20_000;
const WARM_UP_MS = 5_000;
const QUANTILES = [0.5, 0.9, 0.99, 0.999, 1] as const;
/** With priority over the others, by so many steps: the client is not what is measured. */
const CLIENT_PRIORITY_STEPS = 10;
const PRIORITY = getPriority();

/** One request. @returns the milliseconds from when it was due to the end of its answer; undefined where it was refused. */
async function ask(client: LeanClient, path: string, dueMs: number): Promise<number | undefined> {
  const status = await client.get(path);
  const tookMs = performance.now() - dueMs;
  if (status !== 200 && status !== 503) throw new Error(`${path} answers ${status}`);
  return status === 200 ? tookMs : undefined;
}

interface Load {
  /** Of each answer. */
  readonly ms: readonly number[];
  readonly refused: number;
  /** How far the client itself was behind at most: that long a request was asked too late. */
  readonly clientLateMs: number;
}

/** Asks at a steady rate until it is told to stop, or so many requests wait that the server will not keep up. */
async function load(client: LeanClient, rate: number, isOver: () => boolean): Promise<Load> {
  const asked: Promise<number | undefined>[] = [];
  const beganMs = performance.now();
  let answered = 0;
  let clientLateMs = 0;
  while (!isOver()) {
    const now = performance.now() - beganMs;
    const due = Math.floor((now * rate) / 1000);
    if (asked.length < due) clientLateMs = Math.max(clientLateMs, now - (asked.length * 1000) / rate);
    while (asked.length < due) {
      const customer = `cust_${1 + ((asked.length * 7) % CUSTOMERS)}`;
      const path = `/customers/${customer}/stats?from=2024-09-03`;
      const answer = ask(client, path, beganMs + (asked.length * 1000) / rate);
      asked.push(answer);
      answer.finally(() => answered++).catch(() => undefined);
    }
    if (asked.length - answered > MAX_WAITING) throw new Error(`${MAX_WAITING} requests wait for an answer.`);
    await delay(1);
  }
  const answers = await Promise.all(asked);
  const ms = answers.filter((took) => took !== undefined);
  return { ms, refused: answers.length - ms.length, clientLateMs };
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

function prioritizeClient(): void {
  try {
    setPriority(Math.max(-20, PRIORITY - CLIENT_PRIORITY_STEPS));
  } catch {
    console.log('The client has no priority: only root may give it one.');
  }
}

function forMs(ms: number): () => boolean {
  const endMs = performance.now() + ms;
  return () => performance.now() > endMs;
}

interface Result {
  readonly idle: Load;
  readonly busy: Load;
  readonly ingestS: number;
  readonly stored: number;
  /** The longest time for which the server's event loop did nothing else, or had no processor. */
  readonly holdMs: number;
}

function report({ idle, busy, ingestS, stored, holdMs }: Result): void {
  const row = (name: string, { ms, refused, clientLateMs }: Load) => [
    name,
    ms.length.toLocaleString('en'),
    String(refused),
    ...[...quantiles(ms), clientLateMs].map((value) => value.toFixed(1)),
  ];
  console.log(
    `${values.store}, ${availableParallelism()} cores, ${rate} requests a second; ${lines.toLocaleString('en')} lines were read in ${ingestS.toFixed(1)} s`,
  );
  printTable(
    ['ms', 'answers', 'refused', 'p50', 'p90', 'p99', 'p99.9', 'max', 'client late'],
    [row('alone', idle), row('while a log is read', busy)],
  );
  console.log(`While the log is read, the server's event loop is held for ${holdMs.toFixed(0)} ms at most.`);
  const ratio = quantiles(busy.ms)[2]! / quantiles(idle.ms)[2]!;
  console.log(`p99 against alone: ${ratio.toFixed(1)} (at most ${MAX_RATIO})`);
  const isComplete = stored === FIRST_LINES + lines;
  console.log(isComplete ? 'Every line is in the store.' : `DIFFERENT: ${stored} requests are in the store.`);
  if (!isComplete || idle.refused + busy.refused > 0 || !(ratio <= MAX_RATIO)) process.exitCode = 1;
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ rate, lines, ingestS, idleMs: quantiles(idle.ms), busyMs: quantiles(busy.ms), ratio }, null, 2)}\n`,
    );
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
const second = await derivedLogFile('ordered', lines);
const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-serving-'));
const env = { DATA_DIR: directory, ...(values.url !== undefined && { DATABASE_URL: values.url }) };
try {
  await run(daymark('ingest', first.path), env);
  const server = await startServe({ ...env, RATE_LIMIT_PER_MINUTE: '100000000' });
  const client = new LeanClient(server.url);
  let ingest: ChildProcess | undefined;
  try {
    prioritizeClient();
    await load(client, rate, forMs(WARM_UP_MS));
    const idle = await load(client, rate, forMs(Number(values.seconds) * 1000));
    const [file = '', ...args] = daymark('ingest', second.path);
    const beganMs = performance.now();
    ingest = spawn(file, args, {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    setPriority(ingest.pid ?? 0, PRIORITY);
    server.watchHolds();
    let isOver = false;
    const ended = once(ingest, 'close').finally(() => {
      isOver = true;
    });
    const busy = await load(client, rate, () => isOver);
    const [code] = await ended;
    if (code !== 0) throw new Error(`The ingest ended with ${code}.`);
    const ingestS = (performance.now() - beganMs) / 1000;
    const stored = await requestsIn(server.url);
    report({ idle, busy, ingestS, stored, holdMs: await server.stop() });
  } finally {
    ingest?.kill();
    client.close();
    await server.stop();
  }
} finally {
  rmSync(directory, { recursive: true });
}
