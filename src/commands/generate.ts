import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { DaymarkError, messageOf } from '../errors.ts';
import { SAMPLE_LOG_BOUNDS, type SampleLogOptions } from '../sample-log/options.ts';
import { generateSampleLog } from '../sample-log/sample-log.ts';
import type { ProgressBar } from './cli/progress-bar.ts';

const DAY_MS = 86_400_000;

interface GenerateOptions extends Omit<SampleLogOptions, 'untilMs'> {
  readonly until?: string;
  readonly force: boolean;
}

/** `daymark generate`. */
export async function generate(file: string | undefined, options: GenerateOptions): Promise<number> {
  const { until, force, ...rest } = options;
  const bar = await barFor(file);
  let lines = 0;
  const log = generateSampleLog({ ...rest, untilMs: untilMs(until) }, (made) => {
    lines = made;
  });
  const blocks = bar ? shown(log, bar, rest.lines, () => lines) : log;
  try {
    if (file === undefined) for (const block of blocks) await print(block);
    else await writeFile(file, blocks, force);
    return 0;
  } catch (error) {
    if (error instanceof DaymarkError) throw error;
    throw new DaymarkError('CANNOT_WRITE', `${file ?? 'Standard output'}: ${messageOf(error)}.`, {
      cause: error,
    });
  } finally {
    bar?.stop();
  }
}

/** No bar if the log itself goes to the terminal. The bar is loaded only if somebody sees it. */
async function barFor(file: string | undefined): Promise<ProgressBar | undefined> {
  if (!process.stderr.isTTY || (file === undefined && process.stdout.isTTY)) return undefined;
  return new (await import('./cli/progress-bar.ts')).ProgressBar();
}

/** Shows progress with each block. It estimates the total bytes from those written so far. */
function* shown(
  blocks: Iterable<Uint8Array>,
  bar: ProgressBar,
  linesTotal: number,
  linesMade: () => number,
): Generator<Uint8Array> {
  let bytes = 0;
  for (const block of blocks) {
    yield block;
    bytes += block.length;
    bar.update({
      bytesRead: bytes,
      bytesTotal: Math.round((bytes * linesTotal) / linesMade()),
      linesRead: linesMade(),
    });
  }
}

/** Returns when the block is written: the next one overwrites it. */
function print(block: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(block, (error) => (error ? reject(error) : resolve()));
  });
}

async function writeFile(path: string, blocks: Iterable<Uint8Array>, isForced: boolean): Promise<void> {
  const file = await openToWrite(path, isForced);
  try {
    for (const block of blocks) await file.writeFile(block);
  } finally {
    await file.close();
  }
}

/** Does not overwrite a file: it could be somebody's log. Writes to a pipe or a device. */
async function openToWrite(path: string, isForced: boolean): Promise<FileHandle> {
  try {
    return await open(path, isForced ? 'w' : 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if ((await stat(path)).isFile()) throw new DaymarkError('FILE_EXISTS', `${path} is there already.`);
    return open(path, constants.O_WRONLY);
  }
}

function untilMs(until: string | undefined): number {
  if (until === undefined) return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
  const { least, greatest } = SAMPLE_LOG_BOUNDS.untilMs;
  // Without an offset it is UTC, as the log is; JavaScript would take the local zone for a date with a time.
  const withZone = /T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(until) ? `${until}Z` : until;
  const time = /^\d{4}-\d\d-\d\d/.test(until) ? Date.parse(withZone) : Number.NaN;
  if (time >= least && time <= greatest) return time;
  const detail = `--until is ${JSON.stringify(until)}, but must be a time such as 2024-10-03 or 2024-10-03T12:00:00Z, in the years 102 to 9999.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}
