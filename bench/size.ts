/**
 * What a store takes on the disk: the bytes of each kind of row in SQLite and in PostgreSQL, and what else needs room while
 * lines are read and days are rebuilt.
 * `npm run bench:size [-- --customers 200 --days 30 --endpoints 20 --least 50 --most 500]`: as many requests a customer has a
 * day, spread over all hours.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { run } from './support/measure.ts';
import { bytesUnder, PeakBytes } from './support/peak-bytes.ts';
import { printTable } from './support/table.ts';
import { PostgresTables, SqliteTables, type TableSizes } from './support/table-sizes.ts';
import { daymark } from './support/tools.ts';
import { type Traffic, writeDay } from './support/traffic.ts';

const HOURS = 24;
const KEYS = 1_000;

/** What is printed of each table, by the row that it is about. */
const ROWS: Readonly<Record<string, string>> = {
  customer_daily_stats: 'a customer and day',
  hourly_stats: 'a customer and hour with requests',
  daily_endpoint_stats: 'a customer, day and endpoint',
  all_daily_stats: 'all customers, a day',
  all_hourly_stats: 'all customers, an hour',
  all_daily_endpoint_stats: 'all customers, a day and endpoint',
  checkpoints: 'a log',
  rejected_lines: 'a rejected line that is kept',
  api_keys: 'a key',
};

/** Rows that a rebuild must all replace. */
const DAMAGE = ['customer_daily_stats', 'hourly_stats', 'daily_endpoint_stats'].map(
  (table) => `update ${table} set failed_requests = failed_requests + 1`,
);

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '200' },
    days: { type: 'string', default: '30' },
    endpoints: { type: 'string', default: '20' },
    least: { type: 'string', default: '50' },
    most: { type: 'string', default: '500' },
  },
});
const traffic: Traffic = {
  ...{ customers: Number(values.customers), endpoints: Number(values.endpoints) },
  ...{ leastRequests: Number(values.least), mostRequests: Number(values.most) },
};
const days = Number(values.days);

const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-size-'));
const logs = join(directory, 'logs');
const dataDir = join(directory, 'data');
const cluster = await startCluster();
try {
  mkdirSync(logs);
  for (let day = 0; day < days; day++) for (const hour of writeDay(traffic, day)) append(day, hour);
  const logBytes = bytesUnder(logs, /./);
  appendFileSync(join(logs, 'day-0.log'), 'broken\n'.repeat(1_000));
  await reportRows(logBytes);
  await reportRoom(logBytes);
  await reportGrowth();
} finally {
  cluster.stop();
  rmSync(directory, { recursive: true });
}

function append(day: number, text: string): void {
  appendFileSync(join(logs, `day-${day}.log`), text);
}

/** The rows of both stores, as small as they get. */
async function reportRows(logBytes: number): Promise<void> {
  const wal = new PeakBytes(dataDir, /^daymark\.db-wal$/);
  await ingest({ DATA_DIR: dataDir });
  console.log(`SQLite: the write-ahead log had ${megabytes(wal.end())} at most`);
  const postgres = new PostgresTables(cluster.url);
  const before = await postgres.writeAheadBytes();
  await ingest({ DATABASE_URL: cluster.url, DATA_DIR: dataDir });
  const written = (await postgres.writeAheadBytes()) - before;
  console.log(`PostgreSQL: ${megabytes(written)} of write-ahead log were written`);
  const asRead = sum(await postgres.sizes());
  const sqlite = new SqliteTables(join(dataDir, 'daymark.db'));
  for (const tables of [sqlite, postgres]) {
    await tables.addKeys(KEYS);
    await tables.compact();
  }
  const [small, large] = [await sqlite.sizes(), await postgres.sizes()];
  const rows = Object.entries(ROWS).map(([table, what]) => [
    what,
    (small.get(table)?.rows ?? 0).toLocaleString('en'),
    ...[small, large].map((sizes) => bytesARow(sizes, table)),
  ]);
  const customerDays = small.get('customer_daily_stats')?.rows ?? 1;
  const rolledUp = [small, large].map((sizes) => (sizes.get('roll_up_parts')?.bytes ?? 0) / customerDays);
  // Small stores have none.
  rows.push(['roll-ups, for a customer and day', '', ...rolledUp.map((bytes) => bytes.toFixed(1))]);
  printTable(['', 'rows', 'SQLite, bytes a row', 'PostgreSQL, bytes a row'], rows);
  for (const [name, total] of [
    ['SQLite', sum(small)],
    ['PostgreSQL, compacted', sum(large)],
    ['PostgreSQL, as read', asRead],
  ] as const) {
    const perDay = Math.round(total / customerDays).toLocaleString('en');
    console.log(
      `${name}: ${megabytes(total)}, ${perDay} bytes a customer and day, of ${megabytes(logBytes)} of logs`,
    );
  }
  sqlite.close();
  await postgres.close();
}

/** What a rebuild needs, if all rows have changed. */
async function reportRoom(logBytes: number): Promise<void> {
  const database = new DatabaseSync(join(dataDir, 'daymark.db'));
  for (const statement of DAMAGE) database.exec(statement);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  const live = bytesUnder(dataDir, /^daymark\.db$/);
  const wal = new PeakBytes(dataDir, /^daymark\.db-wal$/);
  const scratch = new PeakBytes(dataDir, /^daymark-rebuild-/);
  await run(daymark('rebuild', logs), { DATA_DIR: dataDir });
  const [walBytes, scratchBytes] = [wal.end(), scratch.end()];
  console.log(
    `a rebuild that replaces all rows: the store has ${megabytes(live)}; its write-ahead log had ${megabytes(walBytes)} at most, the temporary store ${megabytes(scratchBytes)} (logs: ${megabytes(logBytes)})`,
  );
}

/** A day that is read hour by hour, so that its rows are changed again and again. */
async function reportGrowth(): Promise<void> {
  rmSync(logs, { recursive: true });
  mkdirSync(logs);
  const postgres = new PostgresTables(cluster.url);
  await postgres.dropAll();
  for (const hour of writeDay(traffic, 0)) {
    append(0, hour);
    await ingest({ DATABASE_URL: cluster.url, DATA_DIR: dataDir });
  }
  const grown = sum(await postgres.sizes());
  await postgres.compact();
  const compact = sum(await postgres.sizes());
  console.log(
    `PostgreSQL, a day read in ${HOURS} pieces: ${megabytes(grown)}; compacted ${megabytes(compact)}: ${(grown / compact).toFixed(1)} times as much`,
  );
  await postgres.close();
}

async function ingest(env: Readonly<Record<string, string>>): Promise<void> {
  await run(daymark('ingest', logs), { ...env, ENDPOINTS: 'auto' });
}

function bytesARow(sizes: TableSizes, table: string): string {
  const { rows = 0, bytes = 0 } = sizes.get(table) ?? {};
  return rows === 0 ? '-' : Math.round(bytes / rows).toLocaleString('en');
}

function sum(sizes: TableSizes): number {
  return [...sizes.values()].reduce((total, { bytes }) => total + bytes, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
