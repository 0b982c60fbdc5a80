import { createReadStream } from 'node:fs';
import { type Answers, differences } from './answers.ts';
import type { KeptFile } from './kept-file.ts';
import type { Measurement } from './measure.ts';
import { formatRatios, inTurn, median } from './rounds.ts';
import { printTable } from './table.ts';

const DIFFERENCES_SHOWN = 10;

/** The cost of one run of a contender, and its result. */
export interface Run extends Measurement {
  /** How many lines it counted. */
  readonly lines?: number;
  readonly answers?: Answers;
}

/** Programs that read the same log. */
export interface Comparison {
  /** The subject and conditions of the comparison. */
  readonly title: string;
  readonly lines: number;
  readonly file: KeptFile;
  /** The first one is daymark. The others are checked against it. */
  readonly contenders: Readonly<Record<string, () => Promise<Run>>>;
  /** Slow contenders, which run in the first round only. */
  readonly once?: readonly string[];
  /** The contender whose speed is 1. */
  readonly reference: string;
  /** True if all compute in the same way, so that means must be equal to the last bit, too. */
  readonly isExact?: boolean;
}

type Results = Readonly<Record<string, readonly Run[]>>;

/** Runs all contenders in turn and prints a table. The process fails if an answer is wrong. */
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

/** Reads a file into the page cache as far as it fits. Otherwise the first contender would wait for the disk. */
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

/** Wrong counts of lines, and the differences between daymark and the others in each round. */
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
