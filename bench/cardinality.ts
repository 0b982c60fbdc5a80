/**
 * The cost of a million customers. A log in random order, in which hardly any window is ever complete, is read into a
 * fresh embedded store with the default settings:
 * `npm run bench:cardinality [-- --lines 30000000 --customers 1000000]`. It takes minutes, and gigabytes of disk.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences, type StoredTotals, storedAnswers, storedTotals } from './support/answers.ts';
import { type Measurement, measure } from './support/measure.ts';
import { recount } from './support/recount.ts';
import { sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const MAX_PEAK_MB = 600;
const SAMPLED_CUSTOMERS = 100;
const DIFFERENCES_SHOWN = 10;

interface Expected {
  readonly lines: number;
  readonly customers: number;
}

/** Prints the time, memory and disk of the run. */
function print(run: Measurement, totals: StoredTotals, lines: number, storeMb: number): void {
  const { commits } = JSON.parse(run.stdout) as { commits: number };
  const counts = { lines, customers: totals.customers, rows: totals.rows, commits };
  const row = {
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count.toLocaleString('en')])),
    'wall s': run.wallS.toFixed(1),
    'CPU s': run.cpuS.toFixed(1),
    'lines/s': Math.round(lines / run.wallS).toLocaleString('en'),
    'peak MB': run.peakMb.toFixed(0),
    'store MB': storeMb.toFixed(0),
  };
  printTable(Object.keys(row), [Object.values(row)]);
}

/** Some customers, spread evenly over all. */
function sampleOf(customers: number): Set<string> {
  const step = Math.max(1, Math.floor(customers / SAMPLED_CUSTOMERS));
  const sampled = Math.min(customers, SAMPLED_CUSTOMERS);
  return new Set(Array.from({ length: sampled }, (_, index) => `cust_${1 + index * step}`));
}

/** The errors in the store, in words. */
async function mistakes(path: string, store: string, totals: StoredTotals, expected: Expected) {
  const sample = sampleOf(expected.customers);
  const differing = differences(storedAnswers(store, ['days'], sample), await recount(path, sample));
  if (totals.requests !== expected.lines) differing.push(`${totals.requests} requests`);
  if (totals.customers !== expected.customers) differing.push(`${totals.customers} customers`);
  return differing;
}

function report(peakMb: number, wrong: readonly string[]): void {
  for (const line of wrong.slice(0, DIFFERENCES_SHOWN)) console.log(`DIFFERENT ${line}`);
  const agreement = `all lines and customers are there, ${SAMPLED_CUSTOMERS} customers recounted: equal`;
  console.log(wrong.length === 0 ? agreement : `${wrong.length} differences.`);
  const isBounded = peakMb < MAX_PEAK_MB;
  console.log(`peak (must be below ${MAX_PEAK_MB} MB): ${isBounded ? 'bounded' : 'NOT BOUNDED'}`);
  if (wrong.length > 0 || !isBounded) process.exitCode = 1;
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '30000000' },
    customers: { type: 'string', default: '1000000' },
  },
});
const expected = { lines: Number(values.lines), customers: Number(values.customers) };
const { path } = await sampleLogFile(expected);
const store = mkdtempSync(join(tmpdir(), 'daymark-bench-data-'));
try {
  const measurement = await measure(daymark('ingest', path, '--json'), { env: { DATA_DIR: store } });
  const totals = storedTotals(store);
  print(measurement, totals, expected.lines, statSync(join(store, 'daymark.db')).size / 1e6);
  report(measurement.peakMb, await mistakes(path, store, totals, expected));
} finally {
  // Gigabytes are too much to leave behind.
  rmSync(store, { recursive: true });
  rmSync(path);
}
