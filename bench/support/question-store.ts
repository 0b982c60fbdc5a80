/** Fills a store with the customers of `question-model.ts`, row by row and day by day, as logs come. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { columnsOf, STATISTICS_COLUMNS } from '../../src/statistics/columns.ts';
import { encodeStatistics, finalizeStatistics } from '../../src/statistics/daily-statistics.ts';
import { exactHistogram } from '../../src/statistics/histogram.ts';
import type { DailyStatistics } from '../../src/statistics/types.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { ALL_DAYS, CUSTOMER_DAYS, WINDOW_KINDS } from '../../src/window/kind.ts';
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
  [CUSTOMER_DAYS.table, `customer_id, date, ${COLUMNS}`],
  [ALL_DAYS.table, `shard, date, ${COLUMNS}`],
] as const;
const SHARD = 'bench';
const DAY_MS = 86_400_000;
const COPIED_CHARACTERS = 1_000_000;

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

/** What a customer's row of a day holds behind its key, by pattern. */
function cellsByPattern(day: number, { days }: StoreSize): Cell[][] {
  const firstEventMs = Date.parse(dateOf(day, days));
  return PATTERN_REQUESTS.map((requests) =>
    cellsOf(
      statisticsOf(
        requests.map((request) => [request, 1] as const),
        firstEventMs,
      ),
    ),
  );
}

/** The row of all customers together. @param counts how many customers have each pattern on the day. */
function rowOfAll(day: number, { days }: StoreSize, counts: Float64Array): Cell[] {
  const date = dateOf(day, days);
  const all = PATTERN_REQUESTS.flatMap((requests, pattern) =>
    counts[pattern]! > 0 ? requests.map((request) => [request, counts[pattern]!] as const) : [],
  );
  return [SHARD, date, ...cellsOf(statisticsOf(all, Date.parse(date)))];
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

const EMPTY = WINDOW_KINDS.map(({ table }) => `delete from ${table};`).join('\n');

/** A store in the directory for temporary files. It is filled unless an earlier run has. @returns the environment of the program. */
export async function keptSqliteStore(size: StoreSize): Promise<{ readonly DATA_DIR: string }> {
  const directory = join(tmpdir(), 'daymark-bench', `questions-${size.customers}-${size.days}`);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.${process.pid}`;
    await fillSqlite(unfinished, size);
    renameSync(unfinished, directory);
  }
  return { DATA_DIR: directory };
}

/** Builds what is missing of the last days, as a run does at its end. @returns the seconds. */
export async function rollUp(
  { DATABASE_URL: url, DATA_DIR: dataDir = '' }: Readonly<Record<string, string>>,
  { days }: StoreSize,
  lastDays: number,
): Promise<number> {
  const store = url === undefined ? await openSqliteStore({ dataDir }) : await openPostgresStore(url);
  try {
    await store.migrate();
    const began = performance.now();
    const from = dateOf(Math.max(0, days - lastDays), days);
    const range = { from, to: dateOf(days - 1, days) };
    await store.rollUp(range, Number.POSITIVE_INFINITY, new AbortController().signal);
    return (performance.now() - began) / 1000;
  } finally {
    await store.close();
  }
}

/** @param directory of the new store. */
async function fillSqlite(directory: string, size: StoreSize): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await ingestTwoLines(size, { DATA_DIR: directory });
  const database = new DatabaseSync(join(directory, 'daymark.db'));
  database.exec(EMPTY);
  // One transaction without a journal. Each day changes all pages of the index of the key: with a commit a day, all of them would
  // be written 365 times.
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000000; begin');
  const [insertDay, insertAll] = TABLES.map(([table, columns]) =>
    database.prepare(`insert into ${table} (${columns}) values (${columns.replace(/\w+/g, '?')})`),
  );
  for (let day = 0; day < size.days; day++) {
    const date = dateOf(day, size.days);
    const patterns = cellsByPattern(day, size);
    const counts = new Float64Array(PATTERNS);
    for (let customer = 0; customer < size.customers; customer++) {
      const pattern = patternOf(customer, day);
      counts[pattern]!++;
      insertDay!.run(customerIdOf(customer), date, ...patterns[pattern]!);
    }
    insertAll!.run(...rowOfAll(day, size, counts));
    process.stderr.write(`\rday ${day + 1} of ${size.days}`);
  }
  database.exec('commit; pragma journal_mode = wal');
  database.close();
  process.stderr.write('\n');
}

/** @param url of an empty database. The index of the key is made at the end, as `pg_restore` does. */
export async function fillPostgres(url: string, size: StoreSize): Promise<void> {
  await ingestTwoLines(size, { DATABASE_URL: url });
  const psql = (...commands: string[]) => run(psqlOf(url, ...commands), {});
  await psql(EMPTY);
  const key = await keyOf(psql);
  const [[days, columns], [all, columnsOfAll]] = TABLES;
  await psql(`alter table ${days} drop constraint "${key}"`);
  const rowsOfAll: Cell[][] = [];
  // A table that was emptied in the same transaction needs no write-ahead log, if the server has the least of it.
  await copyInto(psqlOf(url, `truncate ${days}`, copy(days, columns)), linesOfDays(size, rowsOfAll));
  await copyInto(psqlOf(url, copy(all, columnsOfAll)), [`${rowsOfAll.map(copied).join('\n')}\n`]);
  await psql(
    "set maintenance_work_mem = '1GB'",
    `alter table ${days} add constraint "${key}" primary key (customer_id, date)`,
  );
  await psql('vacuum analyze');
}

/** Commands in one transaction, but for a single one. */
function psqlOf(url: string, ...commands: string[]): string[] {
  const atOnce = commands.length > 1 ? ['-1'] : [];
  const given = commands.flatMap((command) => ['-c', command]);
  return [findTools('psql').psql, '-qX', '-v', 'ON_ERROR_STOP=1', '-d', url, ...atOnce, ...given];
}

async function keyOf(psql: (command: string) => Promise<string>): Promise<string> {
  const query = `select 'is:' || conname from pg_constraint where conrelid = '${CUSTOMER_DAYS.table}'::regclass and contype = 'p'`;
  return /is:(\S+)/.exec(await psql(query))![1]!;
}

const copy = (table: string, columns: string) => `copy ${table} (${columns}) from stdin`;

/** The rows of customers as text, in pieces. @param rowsOfAll gets the rows of all together. */
function* linesOfDays(size: StoreSize, rowsOfAll: Cell[][]): Generator<string> {
  for (let day = 0; day < size.days; day++) {
    const date = dateOf(day, size.days);
    const endings = cellsByPattern(day, size).map((cells) => `\t${date}\t${copied(cells)}\n`);
    const counts = new Float64Array(PATTERNS);
    let text = '';
    for (let customer = 0; customer < size.customers; customer++) {
      const pattern = patternOf(customer, day);
      counts[pattern]!++;
      text += customerIdOf(customer) + endings[pattern];
      if (text.length < COPIED_CHARACTERS) continue;
      yield text;
      text = '';
    }
    yield text;
    rowsOfAll.push(rowOfAll(day, size, counts));
    process.stderr.write(`\rday ${day + 1} of ${size.days}`);
  }
}

async function copyInto(psql: readonly string[], pieces: Iterable<string>): Promise<void> {
  const [program, ...args] = psql as [string, ...string[]];
  const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  for (const text of pieces) if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

function copied(cells: readonly Cell[]): string {
  return cells.map(cellText).join('\t');
}

function cellText(cell: Cell): string {
  if (cell === null) return '\\N';
  return cell instanceof Uint8Array ? `\\\\x${Buffer.from(cell).toString('hex')}` : String(cell);
}
