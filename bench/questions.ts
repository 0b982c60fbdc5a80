/**
 * How long questions about many customers and days take. A store of 100,000 customers and 365 days is filled once, from
 * made-up requests, and kept. `daymark serve` is asked, once right after its start (cold) and then again and again, each time
 * about other days or another customer, so that no answer is one that was kept. Every answer is counted again without
 * daymark.
 * `npm run bench:questions [-- --customers 100000 --days 365 --times 15 --store sqlite|postgres --url postgres://… --drop-caches --roll-up-days 365
 * --restart COMMAND --only TEXT --json FILE]`. PostgreSQL needs the URL of an empty database or of one that this filled. Before a
 * cold answer `--restart` runs a command, which restarts PostgreSQL, and `--drop-caches` (as root) makes the operating system
 * forget files.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openPostgresStore } from '../src/store/postgres/open.ts';
import {
  checkRanking,
  checkStatuses,
  checkSummary,
  checkSummaryOfAll,
  type RankedBy,
} from './support/question-checks.ts';
import { customerIdOf, dateOf } from './support/question-model.ts';
import { startServe } from './support/question-server.ts';
import { fillPostgres, keptSqliteStore, rollUp, type StoreSize } from './support/question-store.ts';
import { median } from './support/rounds.ts';
import { printTable } from './support/table.ts';

const RANGE_DAYS = 30;
const MAX_WARM_MS = 100;
const MAX_COLD_MS = 1_000;
const START_MS = 1_500;

interface Question {
  /** Asked about something else each time. */
  path(time: number, size: StoreSize): string;
  check(answer: unknown, time: number, size: StoreSize): void;
}

/** The first day of a range that moves by a day each time, with room for the range before it. */
function firstDay(time: number, { days }: StoreSize): number {
  const last = days - RANGE_DAYS;
  return last - (time % Math.max(1, last - RANGE_DAYS));
}

function rangeOf(time: number, size: StoreSize): string {
  const first = firstDay(time, size);
  return `from=${dateOf(first, size.days)}&to=${dateOf(first + RANGE_DAYS - 1, size.days)}`;
}

const customerAt = (time: number, { customers }: StoreSize) => (time * 7_919 + 17) % customers;
const yearOf = ({ days }: StoreSize) => `from=${dateOf(0, days)}&to=${dateOf(days - 1, days)}`;

function ranking(sort: RankedBy): Question {
  return {
    path: (time, size) => `/v1/customers?sort=${sort}&${rangeOf(time, size)}`,
    check: (answer, time, size) => checkRanking(answer, sort, firstDay(time, size), RANGE_DAYS, size),
  };
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  'customers by availability, 30 days': ranking('availability_percentage'),
  'customers by requests, 30 days': ranking('requests'),
  'customers by change of availability, 30 days': ranking('availability_change'),
  "a customer's summary of all days, beside everyone": {
    path: (time, size) => `/v1/customers/${customerIdOf(customerAt(time, size))}/summary?${yearOf(size)}`,
    check: (answer, time, size) => checkSummary(answer, customerAt(time, size), size),
  },
  "everybody's summary of all days": {
    path: (time, size) => `/v1/summary?share_under=${time + 1}&${yearOf(size)}`,
    check: (answer, _, size) => checkSummaryOfAll(answer, size),
  },
  'statuses of all, 30 days': {
    path: (time, size) => `/v1/statuses?${rangeOf(time, size)}`,
    check: (answer, time, size) => checkStatuses(answer, firstDay(time, size), RANGE_DAYS, size),
  },
};

interface Timing {
  readonly store: string;
  readonly question: string;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly slowestMs: number;
  /** Of the server, for an answer after the first. The same on a busy machine. */
  readonly cpuMs: number;
  /** The longest time for which the server's event loop did nothing else, of the answers after the first. */
  readonly holdMs: number;
}

type Env = Readonly<Record<string, string>>;

async function ask(url: string, question: Question, time: number, size: StoreSize): Promise<number> {
  const began = performance.now();
  const response = await fetch(url + question.path(time, size));
  const body = await response.text();
  const tookMs = performance.now() - began;
  if (!response.ok) throw new Error(`${question.path(time, size)}: ${response.status} ${body}`);
  question.check(JSON.parse(body), time, size);
  return tookMs;
}

async function timingOf(store: string, name: string, env: Env, size: StoreSize): Promise<Timing> {
  const question = QUESTIONS[name]!;
  makeCold();
  const server = await startServe(env);
  // Right after its start the event loop is late, and on a busy machine the server refuses requests for that.
  await delay(START_MS);
  let stopped: Promise<number> | undefined;
  try {
    const coldMs = await ask(server.url, question, 0, size);
    const warm: number[] = [];
    const beforeS = server.cpuS();
    server.watchHolds();
    for (let time = 1; time <= Number(values.times); time++)
      warm.push(await ask(server.url, question, time, size));
    const cpuMs = (1000 * (server.cpuS() - beforeS)) / warm.length;
    stopped = server.stop();
    const [warmMs, slowestMs, holdMs] = [median(warm), Math.max(...warm), await stopped];
    return { store, question: name, coldMs, warmMs, slowestMs, cpuMs, holdMs };
  } finally {
    await (stopped ?? server.stop());
  }
}

/** A fresh `daymark serve` follows. */
function makeCold(): void {
  if (values.restart !== undefined) execFileSync('sh', ['-c', values.restart], { stdio: 'ignore' });
  if (!values['drop-caches']) return;
  execFileSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

async function postgresEnv(size: StoreSize): Promise<Env> {
  const { url } = values;
  if (url === undefined) throw new Error('Say with --url which PostgreSQL database.');
  const store = await openPostgresStore(url);
  const isFilled = (await store.migrate().then(() => store.status())).lines > 0;
  await store.close();
  if (!isFilled) await fillPostgres(url, size);
  return { DATABASE_URL: url };
}

function report(timings: readonly Timing[]): void {
  const ms = (value: number) => value.toFixed(0);
  printTable(
    ['', 'store', 'cold ms', 'median ms', 'slowest ms', 'CPU ms', 'hold ms'],
    timings.map(({ question, store, coldMs, warmMs, slowestMs, cpuMs, holdMs }) => [
      ...[question, store],
      ...[coldMs, warmMs, slowestMs, cpuMs, holdMs].map(ms),
    ]),
  );
  console.log(`bounds: ${MAX_WARM_MS} ms at the median, ${MAX_COLD_MS} ms cold`);
  if (timings.some(({ coldMs, warmMs }) => coldMs > MAX_COLD_MS || warmMs > MAX_WARM_MS))
    process.exitCode = 1;
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    days: { type: 'string', default: '365' },
    times: { type: 'string', default: '15' },
    store: { type: 'string', default: 'sqlite' },
    url: { type: 'string' },
    only: { type: 'string', default: '' },
    restart: { type: 'string' },
    'drop-caches': { type: 'boolean', default: false },
    'roll-up-days': { type: 'string', default: '365' },
    json: { type: 'string' },
  },
});
const size = { customers: Number(values.customers), days: Number(values.days) };
const env: Env = values.store === 'postgres' ? await postgresEnv(size) : await keptSqliteStore(size);
const rollUpS = await rollUp(env, size, Number(values['roll-up-days']));
console.log(
  `${size.customers.toLocaleString('en')} customers, ${size.days} days; roll-ups that were missing: ${rollUpS.toFixed(1)} s`,
);
console.log(
  `cold: a fresh process, page cache ${values['drop-caches'] ? 'dropped' : 'as it is'}, ${values.restart === undefined ? 'database as it is' : 'PostgreSQL restarted'}`,
);
const timings: Timing[] = [];
for (const name of Object.keys(QUESTIONS))
  if (name.includes(values.only)) timings.push(await timingOf(values.store, name, env, size));
report(timings);
if (values.json !== undefined) {
  rmSync(values.json, { force: true });
  writeFileSync(values.json, `${JSON.stringify({ ...size, rollUpS, timings }, null, 2)}\n`);
}
