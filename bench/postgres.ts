/**
 * How many rows a second commits write to PostgreSQL, and how much write-ahead log they make. It prints a table and is not a test.
 *
 *     npm run bench:postgres -- --base 1000000 --rows 100000
 *     npm run bench:postgres -- --against DIRECTORY       the `src` of another checkout, beside this one
 *
 * It starts a server of its own, with the settings that PostgreSQL has by default. `base` rows are there, ten days for each customer.
 * Then commits add a day to customers all over the table (new rows), and change a day of as many others (existing rows), with one
 * process and with two that share the work. At the end, the sums are checked.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Store, WindowDelta } from '../src/store/contract.ts';
import { CUSTOMER_DAYS, type WindowKind } from '../src/window/kind.ts';
import { adding, advanceOf, deltasOf, type Request } from '../test/support/batches.ts';
import { type Cluster, startCluster } from '../test/support/postgres-cluster.ts';
import { printTable } from './support/table.ts';

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: '2000000' },
    rows: { type: 'string', default: '200000' },
    against: { type: 'string', multiple: true, default: [] },
  },
});
const OWN = join(import.meta.dirname, '../src');
const BASE_DAYS = 10;
const FILL_ROWS = 250_000;
const SETTINGS = `
max_wal_size = 8GB
checkpoint_timeout = 30min
`;

/** One process's part of a case. */
interface Job {
  readonly source: string;
  readonly url: string;
  readonly id: string;
  readonly date: string;
  readonly customers: number;
  /** Takes customers `part`, `part + parts`, … of every `step`th. */
  readonly step: number;
  readonly part: number;
  readonly parts: number;
}

const requestsOf = (customerId: string, date: string): Request[] => {
  const eventMs = Date.parse(date);
  return [
    { customerId, date, status: 200, durationUs: 316_000, eventMs },
    { customerId, date, status: 200, durationUs: 12_000, eventMs: eventMs + 1000 },
    { customerId, date, status: 503, durationUs: 1_204_000, eventMs: eventMs + 5000 },
  ];
};
const REQUESTS = requestsOf('', '').length;
const customerOf = (number: number): string => `cust_${String(number).padStart(8, '0')}`;

function* deltas(
  kind: WindowKind,
  customers: Iterable<number>,
  dates: readonly string[],
): Generator<WindowDelta> {
  const statistics = dates.map((date) => deltasOf(requestsOf('', date))[0]);
  for (const number of customers)
    for (const { key, ...rest } of statistics)
      yield { ...rest, key: { kind, values: [customerOf(number), key.values[1]] } };
}

function* range(from: number, to: number, step = 1): Generator<number> {
  for (let number = from; number < to; number += step) yield number;
}

const open = async (source: string, url: string): Promise<Store> => {
  const { openPostgresStore } = await import(pathToFileURL(join(source, 'store/postgres/open.ts')).href);
  return openPostgresStore(url);
};

const dateOf = (day: number): string => `2024-10-${String(day + 1).padStart(2, '0')}`;

/** Commits what a job says, when it is told to. */
async function work(job: Job): Promise<void> {
  const store = await open(job.source, job.url);
  // A store knows only the kinds of its own source.
  const kinds = await import(pathToFileURL(join(job.source, 'window/kind.ts')).href);
  await store.addPartitions(() => adding(job.id));
  process.send?.('ready');
  await once(process, 'message');
  const before = process.cpuUsage();
  const numbers = range(job.part * job.step, job.customers, job.step * job.parts);
  const batch = { timeZone: 'UTC', advances: [advanceOf(job.id, 0, 1)] };
  await store.commit({
    ...batch,
    deltas: { [Symbol.iterator]: () => deltas(kinds.CUSTOMER_DAYS, numbers, [job.date]) },
  });
  await store.close();
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpuS: (user + system) / 1e6 });
  process.disconnect();
}

/** Seconds of a processor that the server's processes took that have ended: those of the writers have. */
function serverCpuS(data: string): number {
  const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0];
  const [, , , , , , , , , , , , , cutime, cstime] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ');
  return (Number(cutime) + Number(cstime)) / 100;
}

async function runJobs(jobs: readonly Job[]): Promise<{ seconds: number; clientS: number }> {
  const workers: ChildProcess[] = jobs.map((job) => fork(import.meta.filename, [JSON.stringify(job)]));
  const failed = workers.map(async (worker) => {
    const [code] = await once(worker, 'exit');
    throw new Error(`a writer ended early with ${code}`);
  });
  await Promise.race([Promise.all(workers.map((worker) => once(worker, 'message'))), ...failed]);
  for (const one of failed) one.catch(() => {});
  const started = performance.now();
  const answers = Promise.all(
    workers.map(async (worker) => (await once(worker, 'message'))[0].cpuS as number),
  );
  for (const worker of workers) worker.send('go');
  const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
  if (codes.some((code) => code !== 0)) throw new Error('a writer failed');
  const seconds = (performance.now() - started) / 1000;
  return { seconds, clientS: (await answers).reduce((sum, cpuS) => sum + cpuS, 0) };
}

async function measure(source: string, { url: server, data }: Cluster, name: string): Promise<string[][]> {
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const ask = async (text: string) => (await admin.query({ text, rowMode: 'array' })).rows[0][0];
  const customers = Number(options.base) / BASE_DAYS;
  const step = Math.max(1, Math.floor(customers / Number(options.rows)));
  const migrating = await open(source, url);
  await migrating.migrate();
  await migrating.close();
  const filling = await open(OWN, url);
  const perFill = Math.ceil(FILL_ROWS / BASE_DAYS);
  const dates = Array.from({ length: BASE_DAYS }, (_, day) => dateOf(day));
  for (let from = 0; from < customers; from += perFill) {
    const numbers = () => range(from, Math.min(customers, from + perFill));
    await filling.commit({
      timeZone: 'UTC',
      advances: [],
      deltas: { [Symbol.iterator]: () => deltas(CUSTOMER_DAYS, numbers(), dates) },
    });
  }
  await filling.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const rows: string[][] = [];
  let day = BASE_DAYS;
  for (const writers of [1, 2])
    for (const kind of ['new', 'existing'] as const) {
      await client.query('vacuum analyze customer_daily_stats');
      await admin.query('checkpoint');
      const date = kind === 'new' ? dateOf(day++) : dateOf(writers);
      const jobs = Array.from({ length: writers }, (_, part) => ({
        ...{ source, url, id: `${kind}-${writers}-${part}`, date, customers, step, part, parts: writers },
      }));
      const before = await ask('select pg_current_wal_lsn()');
      const cpuBefore = serverCpuS(data);
      const { seconds, clientS } = await runJobs(jobs);
      const serverS = serverCpuS(data) - cpuBefore;
      const wal = Number(await ask(`select pg_current_wal_lsn() - '${before}'::pg_lsn`));
      const count = Math.ceil(customers / step);
      const sum = await client.query(
        `select count(*)::int as rows, sum(success_requests + failed_requests)::int as requests
         from customer_daily_stats where date = $1`,
        [date],
      );
      const isRight =
        kind === 'new'
          ? sum.rows[0].rows === count && sum.rows[0].requests === count * REQUESTS
          : sum.rows[0].requests === (customers + count) * REQUESTS;
      const speed = Math.round(count / seconds).toLocaleString('en');
      const each = (total: number): string => ((total * 1e6) / count).toFixed(1);
      rows.push([
        ...[source, kind, String(writers), String(count), seconds.toFixed(1), speed],
        ...[each(clientS), each(serverS), (wal / count).toFixed(0), isRight ? '' : 'WRONG'],
      ]);
      console.error(rows.at(-1)?.join('  '));
    }
  await client.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
  return rows;
}

if (process.send) await work(JSON.parse(process.argv[2]));
else {
  // So that the server ends, too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const cluster = await startCluster({ settings: SETTINGS });
  try {
    const rows: string[][] = [];
    for (const [at, source] of [OWN, ...options.against].entries())
      rows.push(...(await measure(source, cluster, `bench_${at}`)));
    const heads = [
      'source',
      'rows',
      'writers',
      'count',
      's',
      'rows/s',
      'client µs/row',
      'server µs/row',
      'WAL B/row',
      '',
    ];
    printTable(heads, rows);
  } finally {
    cluster.stop();
  }
}
