import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { SampleLogOptions } from '../../src/sample-log/options.ts';
import { generateSampleLog } from '../../src/sample-log/sample-log.ts';
import { type KeptFile, keptFile } from './kept-file.ts';

const DEFAULTS = { seed: 42, customers: 50, days: 30, untilMs: Date.UTC(2024, 9, 3) };

/** A generated log in the default format, with random customers and statuses. */
export function sampleLogFile(
  options: Partial<SampleLogOptions> & Pick<SampleLogOptions, 'lines'>,
): Promise<KeptFile> {
  const all = { ...DEFAULTS, ...options };
  const name = `${all.lines}-${all.seed}-${all.customers}-${all.days}-${all.untilMs}.log`;
  return keptFile(name, (path) => pipeline(copies(generateSampleLog(all)), createWriteStream(path)));
}

/** Copies each block, because a stream may keep it while the generator overwrites it with the next one. */
function* copies(blocks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const block of blocks) yield block.slice();
}
