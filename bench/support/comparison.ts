import { createReadStream } from 'node:fs';
import { type Answers, differences } from './answers.ts';
import type { KeptFile } from './kept-file.ts';
import type { Measurement } from './measure.ts';
import { formatRatios, inTurn, median } from './rounds.ts';
import { printTable } from './table.ts';

const DIFFERENCES_SHOWN = 10;

/** What one run of a contender took, and what it says of the log: all that it was asked for. */
export interface Run extends Measurement {
  /** How many lines it counted. */
  readonly lines?: number;
  readonly answers?: Answers;
}

/** Programs that read the same log. */
export interface Comparison {
  /** What is compared, and under which conditions. */
  readonly title: string;
  readonly lines: number;
  readonly file: KeptFile;
  /** The first one is daymark, against which the others are checked. */
  readonly contenders: Readonly<Record<string, () => Promise<Run>>>;
  /** Slow ones, which run in the first round only. */
  readonly once?: readonly string[];
  /** The contender whose speed is 1. */
  readonly reference: string;
  /** True where all compute alike, so that also means must be equal to the last bit. */
  readonly isExact?: boolean;
}

type Results = Readonly<Record<string, readonly Run[]>>;

/** Runs all contenders in turn, prints a table, and fails the process where an answer is wrong. */
export async function compare(comparison: Comparison, rounds: number): Promise<void> {
  const { title, lines, file, contenders, once } = comparison;
  await readThrough(file);
  const results = await inTurn(contenders, rounds, once);
  console.log(`\n${title}`);
  console.log(`${lines.toLocaleString('en')} lines, ${(file.bytes / 2 ** 20).toFixed(0)} MiB; medians`);
  print(results, comparison);
  const wrong = mistakes(results, comparison);
  for (const line of wrong.slice(0, DIFFERENCES_SHOWN)) console.log(`DIFFERENT ${line}`);
  const rows = Object.values(results)[0]![0]!.answers!.size;
  console.log(wrong.length === 0 ? `The answers agree: ${rows} rows.` : `${wrong.length} differences.`);
  if (wrong.length > 0 || rows === 0) process.exitCode = 1;
}

/** Brings a file into the page cache, as far as it has room: else the disk decides for whoever comes first. */
async function readThrough({ path }: KeptFile): Promise<void> {
  for await (const _ of createReadStream(path, { highWaterMark: 2 ** 20 }));
}

function print(results: Results, { lines, reference }: Comparison): void {
  const speeds = (runs: readonly Run[]) => runs.map((run) => lines / run.wallS / 1e6);
  const rows = Object.entries(results).map(([name, runs]) => [
    name,
    median(runs.map((run) => run.wallS)).toFixed(2),
    median(runs.map((run) => run.cpuS)).toFixed(2),
    median(speeds(runs)).toFixed(2),
    median(runs.map((run) => run.peakMb)).toFixed(0),
    formatRatios(speeds(runs), speeds(results[reference]!)),
  ]);
  const ratios = `speed over ${reference} (each round)`;
  printTable(['', 'wall s', 'CPU s', 'million lines/s', 'peak MB', ratios], rows);
}

/** Every count of lines that is not the log's, and what daymark says in any round against what the others say. */
function mistakes(results: Results, { lines, isExact = false }: Comparison): string[] {
  const [ours, ...others] = Object.entries(results);
  const miscounts = [ours!, ...others].flatMap(([name, runs]) =>
    runs.filter((run) => (run.lines ?? lines) !== lines).map((run) => `${name}: ${run.lines} lines`),
  );
  const differing = others.flatMap(([name, runs]) =>
    runs.flatMap(({ answers }, round) =>
      answers === undefined
        ? []
        : differences(ours![1][round]!.answers!, answers, isExact ? 0 : undefined).map(
            (difference) => `${name}: ${difference}`,
          ),
    ),
  );
  return [...miscounts, ...differing];
}
