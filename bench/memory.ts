/**
 * The peak memory of `daymark ingest`, for a short log and for one with ten times the lines:
 * `npm run bench:memory [-- --lines 2000000 --rounds 3 --workers 2]`. Without `--workers`, there are two.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { storedAnswers } from './support/answers.ts';
import type { KeptFile } from './support/kept-file.ts';
import { measure } from './support/measure.ts';
import { inTurn } from './support/rounds.ts';
import { sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const TIMES_LONGER = 10;
const MAX_RATIO = 1.2;
const MAX_PEAK_MB = 250;

interface Peak {
  readonly mb: number;
  /** Requests in the store at the end. They show that the run did all of its work. */
  readonly requests: number;
}

async function peakOf({ path }: KeptFile): Promise<Peak> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'daymark-bench-data-'));
  try {
    const { peakMb } = await measure(daymark('ingest', path, '--json', '--workers', values.workers), {
      env: { DATA_DIR: dataDirectory },
    });
    const answers = [...storedAnswers(dataDirectory, ['days']).values()];
    return {
      mb: peakMb,
      requests: answers.reduce((sum, { success, failed }) => sum + success + failed, 0),
    };
  } finally {
    rmSync(dataDirectory, { recursive: true });
  }
}

const worst = (peaks: readonly Peak[]) => Math.max(...peaks.map((peak) => peak.mb));

function report(lines: number, short: readonly Peak[], long: readonly Peak[]): void {
  const ratio = worst(long) / worst(short);
  const row = (count: number, peaks: readonly Peak[]) => [
    count.toLocaleString('en'),
    worst(peaks).toFixed(0),
    peaks.map((peak) => peak.mb.toFixed(0)).join(' '),
  ];
  printTable(['lines', 'peak MB', 'each round'], [row(lines, short), row(lines * TIMES_LONGER, long)]);
  const isBounded = ratio <= MAX_RATIO && worst(long) < MAX_PEAK_MB;
  const isComplete = [short, long].every((peaks, index) =>
    peaks.every((peak) => peak.requests === lines * (index === 0 ? 1 : TIMES_LONGER)),
  );
  const bounds = `at most ${MAX_RATIO}, and below ${MAX_PEAK_MB} MB`;
  console.log(`ratio ${ratio.toFixed(3)} (${bounds}): ${isBounded ? 'bounded' : 'NOT BOUNDED'}`);
  if (!isComplete) console.log('NOT ALL LINES ARE IN THE STORE');
  if (!isBounded || !isComplete) process.exitCode = 1;
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
  },
});
const lines = Number(values.lines);
const short = await sampleLogFile({ lines });
const long = await sampleLogFile({ lines: lines * TIMES_LONGER });
try {
  const peaks = await inTurn({ short: () => peakOf(short), long: () => peakOf(long) }, Number(values.rounds));
  report(lines, peaks.short, peaks.long);
} finally {
  // A gigabyte is too much to leave behind.
  rmSync(long.path);
}
