/**
 * How fast daymark reads a log, reading and commit included, beside DuckDB, mawk and `wc -l` on the same file and
 * core, and whether they agree: `npm run bench:ingest [-- --lines 5000000 --rounds 5]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answers, differences, parseAnswers, storedAnswers } from './support/answers.ts';
import { type Measurement, measure } from './support/measure.ts';
import { formatRatios, inTurn, median } from './support/rounds.ts';
import { type SampleLogFile, sampleLogFile } from './support/sample-log-file.ts';
import { printTable } from './support/table.ts';
import { daymark, findTools, PROJECT_DIR } from './support/tools.ts';

const CORE = 0;
const DIFFERENCES_SHOWN = 10;

interface Run extends Measurement {
  readonly answers: Answers;
}

async function runDaymark(file: string): Promise<Run> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'daymark-bench-data-'));
  try {
    const env = { DATA_DIR: dataDirectory };
    const measurement = await measure(daymark('ingest', file, '--json'), { core: CORE, env });
    return { ...measurement, answers: storedAnswers(dataDirectory) };
  } finally {
    rmSync(dataDirectory, { recursive: true });
  }
}

async function runPeer(...argv: string[]): Promise<Run> {
  const measurement = await measure(argv, { core: CORE });
  return { ...measurement, answers: parseAnswers(measurement.stdout) };
}

async function runFloor(wc: string, file: string): Promise<Run> {
  return { ...(await measure([wc, '-l', file], { core: CORE })), answers: new Map() };
}

function contenders(file: string) {
  const tools = findTools('mawk', 'wc', 'time', 'taskset');
  return {
    daymark: () => runDaymark(file),
    duckdb: () => runPeer(process.execPath, join(PROJECT_DIR, 'bench/peers/duckdb.ts'), file),
    mawk: () => runPeer(tools.mawk, '-f', join(PROJECT_DIR, 'bench/peers/counts.awk'), file),
    'wc -l': () => runFloor(tools.wc, file),
  };
}

type Results = Record<keyof ReturnType<typeof contenders>, Run[]>;

function print(results: Results, lines: number): void {
  const speeds = (runs: readonly Run[]) => runs.map((run) => lines / run.wallS / 1e6);
  const rows = Object.entries(results).map(([name, runs]) => [
    name,
    median(runs.map((run) => run.wallS)).toFixed(2),
    median(runs.map((run) => run.cpuS)).toFixed(2),
    median(speeds(runs)).toFixed(2),
    median(runs.map((run) => run.peakMb)).toFixed(0),
    formatRatios(speeds(runs), speeds(results.duckdb)),
  ]);
  printTable(['', 'wall s', 'CPU s', 'million lines/s', 'peak MB', 'speed over DuckDB (each round)'], rows);
}

/** What daymark says in any round, against what the peers say in the same one. */
function disagreements(results: Results): string[] {
  return (['duckdb', 'mawk'] as const).flatMap((peer) =>
    results.daymark.flatMap(({ answers }, round) =>
      differences(answers, results[peer][round]!.answers).map((difference) => `${peer}: ${difference}`),
    ),
  );
}

function report(results: Results, file: SampleLogFile, lines: number): void {
  const size = `${lines.toLocaleString('en')} lines, ${(file.bytes / 2 ** 20).toFixed(0)} MB`;
  console.log(`${size}; whole processes in turn, each on core ${CORE} alone; medians`);
  print(results, lines);
  const wrong = disagreements(results);
  for (const line of wrong.slice(0, DIFFERENCES_SHOWN)) console.log(`DIFFERENT ${line}`);
  const rows = results.daymark[0]!.answers.size;
  console.log(wrong.length === 0 ? `The answers agree: ${rows} rows.` : `${wrong.length} differences.`);
  if (wrong.length > 0 || rows === 0) process.exitCode = 1;
}

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '5000000' }, rounds: { type: 'string', default: '5' } },
});
const lines = Number(values.lines);
console.log(`load average before: ${loadavg()[0]!.toFixed(2)}`);
const file = sampleLogFile({ lines });
report(await inTurn(contenders(file.path), Number(values.rounds)), file, lines);
