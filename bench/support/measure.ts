import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools } from './tools.ts';

/** The cost of one run of a whole process. */
export interface Measurement {
  readonly wallS: number;
  /** User and system time. It stays the same if other programs use the machine, too. */
  readonly cpuS: number;
  /** Peak memory. */
  readonly peakMb: number;
  readonly stdout: string;
}

export interface MeasureOptions {
  /** The core to which the process and its threads are pinned. */
  readonly core?: number;
  /** The environment, without the PATH, which is added. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end and measures it. @throws Error if it does not exit with 0. */
export async function measure(argv: readonly string[], options: MeasureOptions = {}): Promise<Measurement> {
  const tools = findTools('time', 'taskset');
  const directory = mkdtempSync(join(tmpdir(), 'daymark-measure-'));
  const report = join(directory, 'report');
  const pinned = options.core === undefined ? argv : [tools.taskset, '-c', String(options.core), ...argv];
  try {
    const started = performance.now();
    const stdout = await run([tools.time, '-f', '%U %S %M', '-o', report, ...pinned], options.env ?? {});
    const wallS = (performance.now() - started) / 1000;
    const [userS, systemS, peakKib] = readFileSync(report, 'utf8').split(' ').map(Number) as [
      number,
      number,
      number,
    ];
    return { wallS, cpuS: userS + systemS, peakMb: (peakKib * 1024) / 1e6, stdout };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs a command to its end. @returns what it wrote to standard output. */
export function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const [file, ...args] = argv as [string, ...string[]];
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${argv.join(' ')} ended with ${signal ?? code}:\n${stderr || stdout}`));
    });
  });
}
