import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleLogOptions } from '../../src/sample-log/options.ts';
import { generateSampleLog } from '../../src/sample-log/sample-log.ts';

const DEFAULTS = { seed: 42, customers: 50, days: 30, untilMs: Date.UTC(2024, 9, 3) };

export interface SampleLogFile {
  readonly path: string;
  readonly bytes: number;
}

/** A generated log in the directory for temporary files, made where it is not there from an earlier run. */
export function sampleLogFile(
  options: Partial<SampleLogOptions> & Pick<SampleLogOptions, 'lines'>,
): SampleLogFile {
  const all = { ...DEFAULTS, ...options };
  const directory = join(tmpdir(), 'daymark-bench');
  const path = join(directory, `${all.lines}-${all.seed}-${all.customers}-${all.days}-${all.untilMs}.log`);
  mkdirSync(directory, { recursive: true });
  if (!existsSync(path)) write(path, all);
  return { path, bytes: statSync(path).size };
}

function write(path: string, options: SampleLogOptions): void {
  const unfinished = `${path}.${process.pid}`;
  const file = openSync(unfinished, 'w');
  for (const block of generateSampleLog(options)) {
    for (let written = 0; written < block.length; ) written += writeSync(file, block, written);
  }
  closeSync(file);
  renameSync(unfinished, path);
}
