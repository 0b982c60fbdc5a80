import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DaymarkError, messageOf } from '../errors.ts';
import { SAMPLE_LOG_BOUNDS, type SampleLogOptions } from '../sample-log/options.ts';
import { generateSampleLog } from '../sample-log/sample-log.ts';

const DAY_MS = 86_400_000;

interface GenerateOptions extends Omit<SampleLogOptions, 'untilMs'> {
  readonly until?: string;
}

/** `daymark generate`. */
export async function generate(file: string | undefined, options: GenerateOptions): Promise<number> {
  const { until, ...rest } = options;
  const blocks = Readable.from(generateSampleLog({ ...rest, untilMs: untilMs(until) }), { objectMode: true });
  try {
    if (file === undefined) await pipeline(blocks, process.stdout, { end: false });
    else await pipeline(blocks, createWriteStream(file));
    return 0;
  } catch (error) {
    // Whoever reads the output may stop reading: `daymark generate | head`.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    throw new DaymarkError('CANNOT_WRITE', `${file ?? 'Standard output'}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function untilMs(until: string | undefined): number {
  if (until === undefined) return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
  const { least, greatest } = SAMPLE_LOG_BOUNDS.untilMs;
  // Without an offset it is UTC, as the log is; JavaScript would take the local zone for a date with a time.
  const withZone = /T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(until) ? `${until}Z` : until;
  const time = /^\d{4}-\d\d-\d\d/.test(until) ? Date.parse(withZone) : Number.NaN;
  if (time >= least && time <= greatest) return time;
  const detail = `--until is ${JSON.stringify(until)}, but must be a time such as 2024-10-03 or 2024-10-03T12:00:00Z, of the years 102 to 9999.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}
