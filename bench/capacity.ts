/**
 * Measures what capacity planning is computed from: the processor time of `daymark ingest` and of PostgreSQL for logs of few and of
 * many customers, into empty and into filled tables. Beside it stands what `support/capacity.ts` says for the same logs.
 * `npm run bench:capacity` writes what it measured into `bench/support/capacity-points.json`, with which a test compares the model.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { freePort, startCluster } from '../test/support/postgres-cluster.ts';
import { randomNumbers } from '../test/support/random-log.ts';
import { type Costs, type Followed, type Point, predicted, predictedFollowing } from './support/capacity.ts';
import { measure } from './support/measure.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

/** Each log is of one hour of one day, in random order. */
const LOGS: { customers: number; lines: number }[] = [
  { customers: 50, lines: 2_000_000 },
  { customers: 1_000, lines: 1_000_000 },
  { customers: 5_000, lines: 400_000 },
  { customers: 20_000, lines: 200_000 },
];
const ENDPOINTS = 20;
/** Lines come for so long, and the second half of it is measured. */
const FOLLOWED_S = 20;
const FOLLOWED = [
  { linesPerS: 10_000, customers: 20 },
  { linesPerS: 100_000, customers: 50 },
  { linesPerS: 5_000, customers: 1_000 },
];
const TICKS_PER_S = 100;

const directory = mkdtempSync(join(tmpdir(), 'daymark-capacity-'));
const cluster = await startCluster();
try {
  const points: Point[] = [];
  for (const log of LOGS) points.push(...(await measured(log)));
  const followed: Followed[] = [];
  for (const load of FOLLOWED) followed.push(await measuredFollowing(load));
  writeFileSync(
    join(import.meta.dirname, 'support/capacity-points.json'),
    `${JSON.stringify({ day: new Date().toISOString().slice(0, 10), points, followed }, null, 2)}\n`,
  );
  print(points, followed);
} finally {
  cluster.stop();
  rmSync(directory, { recursive: true });
}

async function measured({ customers, lines }: { customers: number; lines: number }): Promise<Point[]> {
  const name = `capacity_${customers}`;
  await ask('postgres', `create database ${name}`);
  const url = new URL(cluster.url);
  url.pathname = `/${name}`;
  const env = { DATABASE_URL: url.href, DATA_DIR: directory };
  await measure(daymark('migrate'), { env });
  const points: Point[] = [];
  let rows = 0;
  // The second log is of the same windows.
  for (const seed of [1, 2]) {
    const file = join(directory, `${customers}-${seed}.log`);
    writeFileSync(file, linesOf(lines, customers, seed));
    const before = databaseCpuS();
    const { cpuS, stdout } = await measure(daymark('ingest', '--json', '--workers', '1', file), { env });
    const { accepted, commits } = JSON.parse(stdout) as { accepted: number; commits: number };
    if (accepted !== lines) throw new Error(`${accepted} of ${lines} lines were accepted`);
    const rowsBefore = rows;
    rows = await rowsIn(name);
    points.push({
      ...{ customers, endpoints: ENDPOINTS, lines, rowsBefore, rowsAfter: rows, commits },
      readerCpuS: round(cpuS),
      databaseCpuS: round(databaseCpuS() - before),
    });
    rmSync(file);
  }
  return points;
}

/** Lets lines come steadily to a log that `ingest --follow` reads. */
async function measuredFollowing(load: { linesPerS: number; customers: number }): Promise<Followed> {
  const name = `following_${load.linesPerS}`;
  await ask('postgres', `create database ${name}`);
  const url = new URL(cluster.url);
  url.pathname = `/${name}`;
  const logs = mkdtempSync(join(directory, 'logs-'));
  const log = join(logs, 'api.log');
  const env = { DATABASE_URL: url.href, DATA_DIR: directory, LOGS_SOURCE_DIR: logs };
  await measure(daymark('migrate'), { env });
  const texts = Array.from({ length: 25 }, (_, i) => linesOf(load.linesPerS / 50, load.customers, i));
  writeFileSync(log, texts[0] ?? '');
  const [file = '', ...args] = daymark('ingest', '--follow', '--workers', '1');
  const port = await freePort();
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH ?? '', ...env, METRICS_PORT: String(port) },
    stdio: 'ignore',
  });
  const soFar = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const metric = (name: string) =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return {
      ...{ lines: metric('daymark_lines_total'), commits: metric('daymark_commit_duration_seconds_count') },
      ...{ readerS: cpuOf(String(child.pid)), databaseS: databaseCpuS() },
    };
  };
  try {
    const beganMs = performance.now();
    let half: Awaited<ReturnType<typeof soFar>> | undefined;
    for (let tick = 0; tick < FOLLOWED_S * 50; tick++) {
      await setTimeout(Math.max(0, beganMs + tick * 20 - performance.now()));
      appendFileSync(log, texts[tick % texts.length] ?? '');
      if (tick === FOLLOWED_S * 25) half = await soFar();
    }
    const end = await soFar();
    return {
      ...{ ...load, endpoints: ENDPOINTS, ageS: (FOLLOWED_S * 3) / 4 },
      ...{ lines: end.lines - (half?.lines ?? 0), commits: end.commits - (half?.commits ?? 0) },
      readerCpuS: round(end.readerS - (half?.readerS ?? 0)),
      databaseCpuS: round(end.databaseS - (half?.databaseS ?? 0)),
    };
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** Of a process alone. */
function cpuOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
  return ((stat[11] ?? 0) + (stat[12] ?? 0)) / TICKS_PER_S;
}

function linesOf(count: number, customers: number, seed: number): string {
  const random = randomNumbers(seed);
  const below = (most: number) => Math.floor(random() * most);
  const two = (number: number) => String(number).padStart(2, '0');
  return Array.from({ length: count }, () => {
    const time = `2024-10-02 05:${two(below(60))}:${two(below(60))}`;
    const status = below(20) === 0 ? 503 : 200;
    return `${time} cust_${below(customers)} /api/v1/resource${below(ENDPOINTS)} ${status} 0.${two(below(100))}${below(10)}\n`;
  }).join('');
}

async function rowsIn(database: string): Promise<number> {
  const tables = ['customer_daily_stats', 'hourly_stats', 'daily_endpoint_stats'];
  const counts = tables.map((table) => `(select count(*) from ${table})`);
  const [row] = await ask(database, `select ${counts.join(' + ')} as rows`);
  return Number(row?.rows);
}

async function ask(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const url = new URL(cluster.url);
  url.pathname = `/${database}`;
  const client = new pg.Client(url.href);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** Of the server and all its processes, also of those that have ended. */
function databaseCpuS(): number {
  const postmaster = readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const statOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
    } catch {
      return [];
    }
  };
  const PARENT = 1;
  const [, , , , , , , , , , , user = 0, system = 0, userOfEnded = 0, systemOfEnded = 0] = statOf(postmaster);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat[PARENT] === Number(postmaster));
  const ofChildren = children.reduce((sum, stat) => sum + (stat[11] ?? 0) + (stat[12] ?? 0), 0);
  return (user + system + userOfEnded + systemOfEnded + ofChildren) / TICKS_PER_S;
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

function print(points: readonly Point[], followed: readonly Followed[]): void {
  const costs = JSON.parse(
    readFileSync(join(import.meta.dirname, 'support/capacity-costs.json'), 'utf8'),
  ) as Costs;
  printTable(
    [
      'customers',
      'lines',
      'rows before',
      'rows after',
      'commits',
      'reader CPU s',
      'by the model',
      'database CPU s',
      'by the model',
    ],
    points.map((point) => {
      const said = predicted(point, costs);
      return [
        ...[point.customers, point.lines, point.rowsBefore, point.rowsAfter, point.commits].map((number) =>
          number.toLocaleString('en'),
        ),
        ...[point.readerCpuS, said.readerCpuS, point.databaseCpuS, said.databaseCpuS].map((s) =>
          s.toFixed(2),
        ),
      ];
    }),
  );
  printTable(
    [
      'lines a second',
      'customers',
      'lines',
      'commits',
      'reader CPU s',
      'by the model',
      'database CPU s',
      'by the model',
    ],
    followed.map((load) => {
      const said = predictedFollowing(load, costs);
      return [
        ...[load.linesPerS, load.customers, load.lines, load.commits].map((number) =>
          number.toLocaleString('en'),
        ),
        ...[load.readerCpuS, said.readerCpuS, load.databaseCpuS, said.databaseCpuS].map((s) => s.toFixed(2)),
      ];
    }),
  );
}
