/** Fills a store with the customers of `question-model.ts`, row by row and day by day, as logs come. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { columnsOf, STATISTICS_COLUMNS } from '../../src/statistics/columns.ts';
import { encodeStatistics, finalizeStatistics } from '../../src/statistics/daily-statistics.ts';
import { exactHistogram } from '../../src/statistics/histogram.ts';
import type { DailyStatistics } from '../../src/statistics/types.ts';
import { run } from './measure.ts';
import {
  customerIdOf,
  dateOf,
  type ModelRequest,
  PATTERN_REQUESTS,
  PATTERNS,
  patternOf,
} from './question-model.ts';
import { daymark, findTools } from './tools.ts';

export interface StoreSize {
  readonly customers: number;
  readonly days: number;
}

type Cell = string | number | null | Uint8Array;

const COLUMNS = [...STATISTICS_COLUMNS, 'state'].join(', ');
const TABLES = [
  ['daily_stats', `customer_id, date, ${COLUMNS}`],
  ['all_daily_stats', `shard, date, ${COLUMNS}`],
] as const;
const SHARD = 'bench';
const DAY_MS = 86_400_000;

/** How often requests occur: by default once each. */
function statisticsOf(
  requests: Iterable<readonly [ModelRequest, number]>,
  firstEventMs: number,
): DailyStatistics {
  const statuses = new Map<number, { requests: number; durationUs: bigint }>();
  const durations = new Map<number, number>();
  for (const [{ status, durationMs }, count] of requests) {
    const known = statuses.get(status) ?? { requests: 0, durationUs: 0n };
    const durationUs = known.durationUs + BigInt(durationMs * count) * 1000n;
    statuses.set(status, { requests: known.requests + count, durationUs });
    durations.set(durationMs, (durations.get(durationMs) ?? 0) + count);
  }
  const sorted = [...durations].sort(([a], [b]) => a - b);
  const milliseconds = {
    values: Float64Array.from(sorted, ([value]) => value),
    counts: Float64Array.from(sorted, ([, count]) => count),
  };
  const none = { values: new Float64Array(), counts: new Float64Array() };
  return {
    statuses: [...statuses].sort(([a], [b]) => a - b).map(([status, total]) => ({ status, ...total })),
    histogram: exactHistogram(milliseconds, none),
    firstEventMs,
    lastEventMs: firstEventMs + DAY_MS - 1000,
  };
}

function cellsOf(statistics: DailyStatistics): Cell[] {
  return [...Object.values(columnsOf(finalizeStatistics(statistics))), encodeStatistics(statistics)];
}

/** The rows of a day: of each customer, then of all together. */
function* rowsOfDay(
  day: number,
  { customers, days }: StoreSize,
): Generator<readonly [table: number, cells: readonly Cell[]]> {
  const date = dateOf(day, days);
  const firstEventMs = Date.parse(date);
  const patterns = PATTERN_REQUESTS.map((requests) =>
    cellsOf(
      statisticsOf(
        requests.map((request) => [request, 1] as const),
        firstEventMs,
      ),
    ),
  );
  const counts = new Float64Array(PATTERNS);
  for (let customer = 0; customer < customers; customer++) {
    const pattern = patternOf(customer, day);
    counts[pattern]!++;
    yield [0, [customerIdOf(customer), date, ...patterns[pattern]!]];
  }
  const all = PATTERN_REQUESTS.flatMap((requests, pattern) =>
    counts[pattern]! > 0 ? requests.map((request) => [request, counts[pattern]!] as const) : [],
  );
  yield [1, [SHARD, date, ...cellsOf(statisticsOf(all, firstEventMs))]];
}

/** Has the program make the tables, and know the zone and the first and the last day. Nothing of the rows is kept. */
async function ingestTwoLines({ days }: StoreSize, env: Readonly<Record<string, string>>): Promise<void> {
  const logs = mkdtempSync(join(tmpdir(), 'daymark-bench-questions-'));
  try {
    const line = (day: number) => `${dateOf(day, days)} 12:00:00 ${customerIdOf(0)} /x 200 0.1\n`;
    writeFileSync(join(logs, 'two.log'), line(0) + line(days - 1));
    await run(daymark('ingest', logs), env);
  } finally {
    rmSync(logs, { recursive: true });
  }
}

const WRITTEN_BY_INGEST = [
  'daily',
  'hourly',
  'daily_endpoint',
  'all_daily',
  'all_hourly',
  'all_daily_endpoint',
];
const EMPTY = WRITTEN_BY_INGEST.map((kind) => `delete from ${kind}_stats;`).join('\n');

/** @param directory of the new store. */
export async function fillSqlite(directory: string, size: StoreSize): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await ingestTwoLines(size, { DATA_DIR: directory });
  const database = new DatabaseSync(join(directory, 'daymark.db'));
  database.exec(EMPTY);
  // One transaction without a journal. Each day changes all pages of the index of the key: with a commit a day, all of them would
  // be written 365 times.
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000000; begin');
  const inserts = TABLES.map(([table, columns]) =>
    database.prepare(`insert into ${table} (${columns}) values (${columns.replace(/\w+/g, '?')})`),
  );
  for (let day = 0; day < size.days; day++) {
    for (const [table, cells] of rowsOfDay(day, size)) inserts[table]!.run(...cells);
    process.stderr.write(`\rday ${day + 1} of ${size.days}`);
  }
  database.exec('commit; pragma journal_mode = wal');
  database.close();
  process.stderr.write('\n');
}

/** @param url of an empty database. The index of the key is made at the end, as `pg_restore` does. */
export async function fillPostgres(url: string, size: StoreSize): Promise<void> {
  await ingestTwoLines(size, { DATABASE_URL: url });
  const psql = (command: string) =>
    run(['psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', command], {});
  await psql(EMPTY);
  const key = await keyOf(psql);
  await psql(`alter table daily_stats drop constraint "${key}"`);
  for (const [table, [name, columns]] of TABLES.entries())
    await copyInto(url, `copy ${name} (${columns}) from stdin`, size, table);
  await psql(`alter table daily_stats add constraint "${key}" primary key (customer_id, date)`);
  await psql('vacuum analyze');
}

function psqlOf(url: string, command: string): string[] {
  return [findTools('psql').psql, '-qX', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', command];
}

async function keyOf(psql: (command: string) => Promise<string>): Promise<string> {
  const query = `select 'is:' || conname from pg_constraint where conrelid = 'daily_stats'::regclass and contype = 'p'`;
  return /is:(\S+)/.exec(await psql(query))![1]!;
}

async function copyInto(url: string, command: string, size: StoreSize, wanted: number): Promise<void> {
  const [program, ...args] = psqlOf(url, command) as [string, ...string[]];
  const child = spawn(program, args, {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(child, 'close');
  for (let day = 0; day < size.days; day++) {
    let text = '';
    for (const [table, cells] of rowsOfDay(day, size)) {
      if (table !== wanted) continue;
      text += `${cells.map(copied).join('\t')}\n`;
      if (text.length < 1_000_000) continue;
      if (!child.stdin.write(text)) await once(child.stdin, 'drain');
      text = '';
    }
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
    process.stderr.write(`\rday ${day + 1} of ${size.days}`);
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

const hexOf = new Map<Uint8Array, string>();

function copied(cell: Cell): string {
  if (cell === null) return '\\N';
  if (!(cell instanceof Uint8Array)) return String(cell);
  const known = hexOf.get(cell);
  if (known !== undefined) return known;
  // Those of the day before.
  if (hexOf.size > PATTERNS) hexOf.clear();
  const hex = `\\\\x${Buffer.from(cell).toString('hex')}`;
  hexOf.set(cell, hex);
  return hex;
}
