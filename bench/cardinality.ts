/**
 * The cost of very many customers. A log in random order, in which hardly any window is ever complete, is read into the embedded
 * store, without rows and with as many rows, and by DuckDB with one thread:
 * `npm run bench:cardinality [-- --lines 3000000 --customers 300000 --only days|kinds|again|duckdb
 * --workers 2]`. Without `--workers`, there are two.
 * With `--lines 30000000 --customers 1000000` it takes minutes, and some 30 GB of disk with all kinds of windows.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Answers, differences, parseAnswers, storedAnswers, storedTotals } from './support/answers.ts';
import { DAYS_ALONE } from './support/contenders.ts';
import { type Measurement, measure } from './support/measure.ts';
import { PeakDisk } from './support/peak-disk.ts';
import { recount } from './support/recount.ts';
import { sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark, PROJECT_DIR } from './support/tools.ts';

const MAX_PEAK_MB = 500;
/** The most that the store, its write-ahead log and the runs beside it take together, in sizes of the store that they become. */
const MAX_DISK_RATIO = 3;
const SAMPLED_CUSTOMERS = 100;
const DIFFERENCES_SHOWN = 10;
const SEEDS = [42, 43] as const;
const CONTENDERS = ['days', 'kinds', 'again', 'duckdb'] as const;

interface Found extends Measurement {
  readonly name: string;
  readonly rows: number;
  readonly customers: number;
  readonly requests: number;
  /** Of the sample. */
  readonly answers: Answers;
  /** The most that was on the disk, and what is there at the end. */
  readonly peakDiskMb?: number;
  readonly storeMb?: number;
}

/** Some customers, spread evenly over all. */
function stepOf(customers: number): number {
  return Math.max(1, Math.floor(customers / SAMPLED_CUSTOMERS));
}

function sampleOf(customers: number): Set<string> {
  const step = stepOf(customers);
  const sampled = Math.min(customers, SAMPLED_CUSTOMERS);
  return new Set(Array.from({ length: sampled }, (_, index) => `cust_${1 + index * step}`));
}

async function ingest(name: string, path: string, store: string, flags: readonly string[]): Promise<Found> {
  const disk = new PeakDisk(store);
  const command = daymark('ingest', path, '--json', '--workers', values.workers, ...flags);
  const measurement = await measure(command, { env: { DATA_DIR: store } });
  const peakDiskMb = disk.end() / 1e6;
  return {
    ...measurement,
    ...storedTotals(store),
    name,
    answers: storedAnswers(store, ['days'], sampleOf(customers)),
    peakDiskMb,
    storeMb: statSync(join(store, 'daymark.db')).size / 1e6,
  };
}

async function runDuckDb(path: string): Promise<Found> {
  const program = join(PROJECT_DIR, 'bench/peers/duckdb-sampled.ts');
  const count = Math.min(customers, SAMPLED_CUSTOMERS);
  const measurement = await measure([
    ...[process.execPath, program, path],
    ...[String(stepOf(customers)), String(count)],
  ]);
  const [totals = '', ...rest] = measurement.stdout.split('\n');
  const [rows = 0, found = 0, requests = 0] = totals.split('\t').map(Number);
  const answers = parseAnswers(rest.join('\n'));
  return { ...measurement, name: 'DuckDB, days, one thread', rows, customers: found, requests, answers };
}

/** A random log of few lines a customer leaves some out. */
async function noteCustomers(path: string, known: Set<string>): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(path) }))
    known.add(line.split(' ')[2] ?? '');
}

function print(found: readonly Found[]): void {
  const headings = [
    'contender',
    'rows of days',
    'wall s',
    'CPU s',
    'lines/s',
    'peak MB',
    'peak disk MB',
    'store MB',
  ];
  const rounded = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
  printTable(
    headings,
    found.map((run) => [
      ...[run.name, run.rows.toLocaleString('en'), run.wallS.toFixed(1), run.cpuS.toFixed(1)],
      Math.round(lines / run.wallS).toLocaleString('en'),
      ...[rounded(run.peakMb), rounded(run.peakDiskMb), rounded(run.storeMb)],
    ]),
  );
}

/** What is wrong with a run, in words. */
function mistakes(run: Found, expected: Answers, requests: number, inLog: number): string[] {
  const differing = differences(run.answers, expected);
  if (run.requests !== requests) differing.push(`${run.requests} requests`);
  if (run.customers !== inLog) differing.push(`${run.customers} customers, not ${inLog}`);
  const isOurs = run.storeMb !== undefined;
  if (isOurs && run.peakMb >= MAX_PEAK_MB) differing.push(`${run.peakMb.toFixed(0)} MB of memory`);
  const ratio = (run.peakDiskMb ?? 0) / (run.storeMb ?? 1);
  if (ratio > MAX_DISK_RATIO) differing.push(`${ratio.toFixed(1)} times the store on the disk`);
  return differing.map((what) => `${run.name}: ${what}`);
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    customers: { type: 'string', default: '300000' },
    only: { type: 'string', multiple: true, default: [...CONTENDERS] },
    workers: { type: 'string', default: '2' },
  },
});
const lines = Number(values.lines);
const customers = Number(values.customers);
const isAsked = (name: (typeof CONTENDERS)[number]): boolean => values.only.includes(name);
const logs = [];
for (const seed of isAsked('again') ? SEEDS : SEEDS.slice(0, 1))
  logs.push((await sampleLogFile({ lines, customers, seed })).path);
const [first = '', second = ''] = logs;
const store = mkdtempSync(join(tmpdir(), 'daymark-bench-data-'));
try {
  console.log(`load average before: ${loadavg()[0]!.toFixed(2)}`);
  const found: Found[] = [];
  const wrong: string[] = [];
  const once = await recount(first, sampleOf(customers));
  const known = new Set<string>();
  await noteCustomers(first, known);
  const inFirst = known.size;
  const check = (run: Found, expected: Answers, requests: number, inLog = inFirst): void => {
    found.push(run);
    wrong.push(...mistakes(run, expected, requests, inLog));
  };
  if (isAsked('days') || isAsked('again'))
    check(await ingest('daymark, days, no rows before', first, store, DAYS_ALONE), once, lines);
  if (isAsked('again')) {
    const run = await ingest('daymark, days, as many rows before', second, store, DAYS_ALONE);
    // Its answers are of both logs, which nothing else has counted together.
    await noteCustomers(second, known);
    check({ ...run, answers: once }, once, 2 * lines, known.size);
  }
  if (isAsked('kinds')) {
    rmSync(store, { recursive: true });
    check(await ingest('daymark, all kinds, no rows before', first, store, []), once, lines);
  }
  if (isAsked('duckdb')) check(await runDuckDb(first), once, lines);
  print(found);
  for (const line of wrong.slice(0, DIFFERENCES_SHOWN)) console.log(`WRONG ${line}`);
  const agreement = `all lines and customers are there, ${SAMPLED_CUSTOMERS} customers recounted: equal`;
  console.log(wrong.length === 0 ? agreement : `${wrong.length} things are wrong.`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  // Gigabytes are too much to leave behind.
  rmSync(store, { recursive: true, force: true });
}
