import type { ScanSettings } from '../../log-format/types.ts';
import type { Assignment, PartitionReader, YieldPoint } from '../../source/contract.ts';
import type { HeaderTracker } from './header-tracker.ts';

/** An input that is open at its offset, with all that a scanner needs to begin there. */
export interface OpenInput {
  readonly reader: PartitionReader;
  /**
   * What names the columns, where the log format needs it: the partition's first bytes, or the last header above the
   * offset.
   */
  readonly head: Uint8Array | undefined;
  /** True where the first line is not whole yet: half a header could name other columns than the whole one. */
  readonly isHeaderUnfinished: boolean;
}

/**
 * Opens an input to read its lines. Every command that reads logs opens them here, so that all understand them alike.
 * The caller closes the reader, also after an error.
 * @param headers knows which line names the columns there. @param yieldPoint as of `Assignment.open`.
 * @returns undefined where the input is no longer what was found: poll again.
 * @throws {DaymarkError} what the source throws. Nothing is left open then.
 */
export async function openInput(
  assignment: Assignment,
  scan: ScanSettings,
  headers: HeaderTracker,
  yieldPoint?: YieldPoint,
): Promise<OpenInput | undefined> {
  if (scan.format.layout === 'w3c') {
    const { lookback, end } = headers.begin(assignment.partition);
    const reader = await assignment.open(yieldPoint, lookback);
    return reader && { reader, head: end(), isHeaderUnfinished: false };
  }
  const reader = await assignment.open(yieldPoint);
  if (!reader) return undefined;
  if (scan.format.layout !== 'delimited') return { reader, head: undefined, isHeaderUnfinished: false };
  try {
    const sample = await assignment.sample();
    if (sample) {
      const isHeaderUnfinished = !assignment.takesLastLine && !sample.bytes.includes(NEWLINE);
      return { reader, head: sample.bytes, isHeaderUnfinished };
    }
    await reader.close();
    return undefined;
  } catch (error) {
    await reader.close();
    throw error;
  }
}

const NEWLINE = 0x0a;
