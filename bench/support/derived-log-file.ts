import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type KeptFile, keptFile } from './kept-file.ts';
import { LINE_WRITERS, type LineWriter } from './line-writers.ts';
import { sampleLogFile } from './sample-log-file.ts';
import { findTools } from './tools.ts';

export type Derived = keyof typeof LINE_WRITERS | 'gz' | 'ordered';

/** A part of the names of the files. Raise it when their content changes. */
const VERSION = 1;

/** Lines that are written at once. */
const BLOCK_LINES = 1000;

/** A log with the requests of the generated log, in another format. */
export async function derivedLogFile(kind: Derived, lines: number): Promise<KeptFile> {
  return keptFile(`${lines}-v${VERSION}.${kind}`, async (path) => {
    const sample = await sampleLogFile({ lines });
    if (kind === 'ordered') return sortLines(sample.path, path);
    const source = createReadStream(sample.path);
    const target = createWriteStream(path);
    if (kind === 'gz') await pipeline(source, createGzip(), target);
    else await pipeline(blocks(createInterface({ input: source }), LINE_WRITERS[kind]), target);
  });
}

/** The lines of the default format begin with their time. */
function sortLines(source: string, target: string): void {
  execFileSync(findTools('sort').sort, ['-S', '25%', '-o', target, source], { env: { LC_ALL: 'C' } });
}

async function* blocks(lines: AsyncIterable<string>, writeLine: LineWriter): AsyncGenerator<string> {
  let block = '';
  let count = 0;
  for await (const line of lines) {
    const [date, time, customer, path, status, duration] = line.split(' ') as Fields;
    block += `${writeLine({ date, time, customer, path, status, duration, index: count })}\n`;
    if (++count % BLOCK_LINES === 0) {
      yield block;
      block = '';
    }
  }
  yield block;
}

type Fields = [string, string, string, string, string, string];
