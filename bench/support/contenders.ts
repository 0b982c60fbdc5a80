import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnswerKind, parseAnswers, storedAnswers } from './answers.ts';
import type { Run } from './comparison.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { daymark, findTools, PROJECT_DIR } from './tools.ts';

type Core = Pick<MeasureOptions, 'core'>;

/** Days of customers alone, as the other programs compute them. */
export const DAYS_ALONE = ['--hours', 'off', '--endpoints', 'off'];

/** `daymark ingest` into a fresh embedded store, commit included. */
export function runDaymark(file: string, flags: readonly string[], core: Core): Promise<Run> {
  return inDirectory(async (directory) => {
    const env = { DATA_DIR: directory };
    const measurement = await measure(daymark('ingest', file, '--json', ...flags), { ...core, env });
    const answers = storedAnswers(directory);
    const days = [...storedAnswers(directory, ['days']).values()];
    return {
      ...measurement,
      answers,
      lines: days.reduce((sum, { success, failed }) => sum + success + failed, 0),
    };
  });
}

/** @param kinds the kinds of windows that it computes, in one program. */
export function runDuckDb(
  file: string,
  format: 'default' | 'json',
  core: Core,
  kinds: readonly AnswerKind[] = ['days'],
): Promise<Run> {
  const program = join(PROJECT_DIR, 'bench/peers/duckdb.ts');
  return runPeer([process.execPath, program, file, format, ...kinds], core);
}

/** @param script a file in `bench/peers`. */
export function runMawk(file: string, script: string, core: Core): Promise<Run> {
  return runPeer([findTools('mawk').mawk, '-f', join(PROJECT_DIR, 'bench/peers', script), file], core);
}

async function runPeer(argv: readonly string[], core: Core): Promise<Run> {
  const measurement = await measure(argv, core);
  return { ...measurement, answers: parseAnswers(measurement.stdout) };
}

/** `wc -l`: hardly more than reading the file. */
export async function runWc(file: string, core: Core): Promise<Run> {
  const measurement = await measure([findTools('wc').wc, '-l', file], core);
  return { ...measurement, lines: Number.parseInt(measurement.stdout, 10) };
}

/** `zcat FILE | wc -l`: hardly more than decompressing it. */
export async function runZcat(file: string): Promise<Run> {
  const { sh, zcat, wc } = findTools('sh', 'zcat', 'wc');
  const measurement = await measure([sh, '-c', `"${zcat}" "$1" | "${wc}" -l`, 'sh', file]);
  return { ...measurement, lines: Number(measurement.stdout) };
}

/** GoAccess. It writes a report with all of its panels. */
export function runGoAccess(file: string, core: Core): Promise<Run> {
  return inDirectory(async (directory) => {
    const output = join(directory, 'report.json');
    const flags = ['--log-format=COMBINED', '--no-progress', '-o', output];
    const measurement = await measure([findTools('goaccess').goaccess, file, ...flags], core);
    const report = JSON.parse(readFileSync(output, 'utf8')) as { general: { valid_requests: number } };
    return { ...measurement, lines: report.general.valid_requests };
  });
}

async function inDirectory(work: (directory: string) => Promise<Run>): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-data-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
