import { bug } from '../errors.ts';
import { LineWriter, MAX_SAMPLE_LINE_BYTES } from './line-writer.ts';
import { SAMPLE_LOG_BOUNDS, type SampleLogOptions } from './options.ts';

/** One block is one write. 256 KiB makes the system call cheap, and fits in the second-level cache. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Generates a log in the default format, as blocks of bytes. Lines are in random time order. Customers, paths,
 * statuses, durations (0.100 to 2.000 s) and seconds of the covered time are all equally likely.
 *
 * All blocks share one buffer. So a block is valid only until you ask for the next one.
 * @param made is called for each block with the number of lines up to its end.
 */
export function* generateSampleLog(
  options: SampleLogOptions,
  made: (lines: number) => void = () => undefined,
): Generator<Uint8Array, void, void> {
  checkBounds(options);
  const writer = new LineWriter(options);
  const block = new Uint8Array(BLOCK_BYTES);
  let linesLeft = options.lines;
  while (linesLeft > 0) {
    let end = 0;
    for (; linesLeft > 0 && end <= BLOCK_BYTES - MAX_SAMPLE_LINE_BYTES; linesLeft--) {
      end = writer.write(block, end);
    }
    made(options.lines - linesLeft);
    yield block.subarray(0, end);
  }
}

function checkBounds(options: SampleLogOptions): void {
  for (const [name, { least, greatest }] of Object.entries(SAMPLE_LOG_BOUNDS)) {
    const value = options[name as keyof SampleLogOptions];
    // Flags were checked when they were parsed.
    if (!Number.isSafeInteger(value) || value < least || value > greatest) {
      throw bug(`a sample log cannot have ${name} = ${value}`);
    }
  }
}
