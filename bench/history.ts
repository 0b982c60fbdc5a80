/**
 * The cost of the past for a program that follows one growing log: its share of a core and its memory if the store
 * knows 0, 1,000, 5,000 and 50,000 logs that are gone. Also the seconds for 1,200 small logs that begin with the same
 * header:
 * `npm run bench:history [-- --seconds 20 --past 0,1000,5000,50000 --logs 1200]`.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { addPastPartitions } from './support/past-partitions.ts';
import { type RunningProgram, startProgram, waitUntil } from './support/running-program.ts';
import { printTable } from './support/table.ts';

/** The most of a core when idle. While a log grows, the most beyond the share without a past. */
const MAX_SHARE_PERCENT = 2;
const MAX_RESIDENT_MB = 150;
/** The bounds are promised for this many logs that are gone. */
const PAST_OF_BOUNDS = 50_000;
const HEADER_LINES = 30;
/** How often the log grows. */
const GROWS_EVERY_MS = 500;

const lineOf = (number: number): string =>
  `2024-10-02 05:10:46 cust_${number % 40} /requests/${String(number).padStart(8, '0')} 200 0.316\n`;

const linesOf = (first: number, count: number): string =>
  Array.from({ length: count }, (_, i) => lineOf(first + i)).join('');

interface Place {
  readonly logs: string;
  readonly env: Readonly<Record<string, string>>;
  /** The directory of the store. */
  readonly data: string;
}

async function inPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-history-'));
  const [logs, data] = [join(directory, 'logs'), join(directory, 'data')];
  mkdirSync(logs);
  try {
    return await work({ logs, data, env: { DATA_DIR: data } });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Cost {
  readonly idlePercent: number;
  readonly growingPercent: number;
  readonly residentMb: number;
}

/** The share of a core that a program takes in this time, while `tick` is called again and again. */
async function shareDuring(program: RunningProgram, seconds: number, tick: () => void): Promise<number> {
  const [beforeS, began] = [program.cpuS(), performance.now()];
  while (performance.now() - began < seconds * 1000) {
    tick();
    await delay(GROWS_EVERY_MS);
  }
  return (100 * (program.cpuS() - beforeS)) / ((performance.now() - began) / 1000);
}

function costOf(past: number, seconds: number): Promise<Cost> {
  return inPlace(async ({ logs, data, env }) => {
    const log = join(logs, 'live.log');
    writeFileSync(log, linesOf(0, 1_000));
    await startProgram(['ingest', logs], env).ended;
    addPastPartitions(data, past);
    const program = startProgram(['ingest', '--follow', logs], env);
    try {
      await program.says('following');
      await delay(2_000);
      const idlePercent = await shareDuring(program, seconds, () => undefined);
      let lines = 1_000;
      const growingPercent = await shareDuring(program, seconds, () => appendFileSync(log, lineOf(lines++)));
      await waitUntil(() => program.linesIn(data, 'live.log') === lines);
      return { idlePercent, growingPercent, residentMb: program.residentMb() };
    } finally {
      await program.kill();
    }
  });
}

interface SameBeginning {
  readonly firstS: number;
  readonly grownS: number;
}

/** The processor time until many small logs are read, and then until one more line of one of them is read. */
function costOfLogs(count: number, header: string): Promise<SameBeginning> {
  return inPlace(async ({ logs, data, env }) => {
    for (let i = 0; i < count; i++) writeFileSync(join(logs, `${i}.log`), header + linesOf(i * 2 + 1e6, 2));
    const program = startProgram(['ingest', '--follow', logs], env);
    try {
      const lines = count * (header.split('\n').length + 1);
      await waitUntil(() => program.linesIn(data) === lines);
      const firstS = program.cpuS();
      appendFileSync(join(logs, '7.log'), lineOf(9e6));
      await waitUntil(() => program.linesIn(data) === lines + 1);
      return { firstS, grownS: program.cpuS() - firstS };
    } finally {
      await program.kill();
    }
  });
}

async function reportPast(counts: readonly number[], seconds: number): Promise<void> {
  const rows: string[][] = [];
  const { growingPercent: withoutPastPercent } = await costOf(0, seconds);
  for (const past of counts) {
    const { idlePercent, growingPercent, residentMb } = await costOf(past, seconds);
    rows.push([
      past.toLocaleString('en'),
      ...[idlePercent, growingPercent].map((percent) => `${percent.toFixed(1)} %`),
      residentMb.toFixed(0),
    ]);
    const sharePercent = Math.max(idlePercent, growingPercent - withoutPastPercent);
    const isBounded = sharePercent <= MAX_SHARE_PERCENT && residentMb <= MAX_RESIDENT_MB;
    if (past === PAST_OF_BOUNDS && !isBounded) process.exitCode = 1;
  }
  printTable(['past logs', 'of a core, idle', 'while a log grows', 'MB'], rows);
  console.log(
    `bounds with ${PAST_OF_BOUNDS} past logs: ${MAX_SHARE_PERCENT} % when idle; ${MAX_SHARE_PERCENT} % more than the ${withoutPastPercent.toFixed(1)} % without a past while a log grows; ${MAX_RESIDENT_MB} MB`,
  );
}

async function reportLogs(count: number): Promise<void> {
  const cases = { 'no header': '', 'one header of 2 kB': linesOf(0, HEADER_LINES) };
  const rows: string[][] = [];
  for (const [name, header] of Object.entries(cases)) {
    const { firstS, grownS } = await costOfLogs(count, header);
    rows.push([`${count.toLocaleString('en')} logs, ${name}`, firstS.toFixed(1), grownS.toFixed(2)]);
  }
  printTable(['', 's of a core to read all', 's until one more line is read'], rows);
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    past: { type: 'string', default: '0,1000,5000,50000' },
    logs: { type: 'string', default: '1200' },
  },
});
await reportPast(values.past.split(',').map(Number), Number(values.seconds));
await reportLogs(Number(values.logs));
