/**
 * How fresh answers are. A log grows at a steady rate while `daymark up` follows it, and a client keeps asking the API.
 * `npm run bench:freshness [-- --rate 100000 --seconds 60]` prints the time from the write of a line to the first answer
 * that counts it, and how long answers take. At the end, every line must be in the store.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { storedTotals } from './support/answers.ts';
import { LogWriter, PROBE } from './support/log-writer.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const MAX_P99_S = 2;
const TIMEOUT_MS = 30_000;
const QUANTILES = [0.5, 0.9, 0.99, 1] as const;

/** One answer, and when it was asked for and received. */
interface Answer {
  readonly askedMs: number;
  readonly gotMs: number;
  readonly requests: number;
}

/** Starts `daymark up`. @returns its process and the URL of its API. */
async function startUp(logs: string, store: string): Promise<{ child: ChildProcess; url: string }> {
  const [file, ...args] = daymark('up', '--port', '0') as [string, ...string[]];
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH ?? '', MESSAGE_FORMAT: 'text', LOGS_SOURCE_DIR: logs, DATA_DIR: store },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (data) => {
      said += data;
      const match = /on (http:\/\/\S+)/.exec(said);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error(`daymark ended:\n${said}`)));
  });
  return { child, url };
}

/** Sends one request after the other, until the number of the probe's requests in an answer is enough. */
async function ask(url: string, isDone: (requests: number) => boolean): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let requests = 0; !isDone(requests); ) {
    const askedMs = performance.now();
    const response = await fetch(`${url}/customers/${PROBE}/stats?from=2024-01-01`);
    const days = (await response.json()) as { success_requests: number; failed_requests: number }[];
    const gotMs = performance.now();
    requests = days.reduce((sum, day) => sum + day.success_requests + day.failed_requests, 0);
    answers.push({ askedMs, gotMs, requests });
    await delay(5);
  }
  return answers;
}

/** For each probe: the seconds from its write to the first answer that counted it. */
function freshness(writtenMs: readonly number[], answers: readonly Answer[]): number[] {
  let next = 0;
  return writtenMs.map((atMs, probe) => {
    while ((answers[next]?.requests ?? Number.POSITIVE_INFINITY) <= probe) next++;
    return ((answers[next]?.gotMs ?? Number.POSITIVE_INFINITY) - atMs) / 1000;
  });
}

/** By nearest rank. */
function quantiles(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return QUANTILES.map((q) => sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN);
}

function report(fresh: readonly number[], answers: readonly Answer[]): number {
  const rows = [
    ['freshness s', ...quantiles(fresh).map((seconds) => seconds.toFixed(3))],
    [
      'answer ms',
      ...quantiles(answers.map(({ askedMs, gotMs }) => gotMs - askedMs)).map((ms) => ms.toFixed(1)),
    ],
  ];
  printTable(['', 'p50', 'p90', 'p99', 'max'], rows);
  return quantiles(fresh)[2] ?? Number.NaN;
}

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '100000' }, seconds: { type: 'string', default: '60' } },
});
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-fresh-'));
const [logs, store] = [join(directory, 'logs'), join(directory, 'data')];
mkdirSync(logs);
const descriptor = openSync(join(logs, 'app.log'), 'a');
const writer = new LogWriter((bytes) => writeSync(descriptor, bytes), rate);
writer.write();
const { child, url } = await startUp(logs, store);
try {
  let isWritten = false;
  const deadline = performance.now() + seconds * 1000 + TIMEOUT_MS;
  const asking = ask(url, (requests) => {
    if (performance.now() > deadline) throw new Error(`${requests} of ${writer.probesMs.length} arrived`);
    return isWritten && requests === writer.probesMs.length;
  });
  await writer.run(seconds);
  isWritten = true;
  const answers = await asking;
  child.removeAllListeners('exit').kill('SIGTERM');
  await new Promise((resolve) => child.once('close', resolve));
  const perSecond = Math.round(writer.lines / writer.seconds).toLocaleString('en');
  console.log(
    `${writer.lines.toLocaleString('en')} lines at ${perSecond} a second, ${answers.length} answers asked one after the other`,
  );
  const p99 = report(freshness(writer.probesMs, answers), answers);
  const stored = storedTotals(store).requests;
  console.log(
    stored === writer.lines ? 'Every line is in the store.' : `DIFFERENT: ${stored} lines are stored.`,
  );
  console.log(
    `p99 of the freshness (must be below ${MAX_P99_S} s): ${p99 < MAX_P99_S ? 'fresh' : 'NOT FRESH'}`,
  );
  if (stored !== writer.lines || !(p99 < MAX_P99_S)) process.exitCode = 1;
} finally {
  child.kill('SIGKILL');
  closeSync(descriptor);
  rmSync(directory, { recursive: true });
}
