import { referenceParser } from './reference/reference-parser.ts';
import type { EXCLUDED, ParsedLine, RejectionReason, ScanSettings } from './types.ts';

/** What the first bytes of a file tell about it. */
export type SampleVerdict =
  | { readonly kind: 'log' }
  | { readonly kind: 'binary'; readonly because: string }
  | { readonly kind: 'no line understood'; readonly lines: number; readonly firstReason: string };

/**
 * Decides whether a file can be a log, before anything of it is stored: is it text, and does any of its first lines
 * fit the log format? A line without a customer id fits. A last line without a newline counts where the sample is the
 * whole file.
 */
export function judgeSample(bytes: Uint8Array, isWhole: boolean, settings: ScanSettings): SampleVerdict {
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { kind: 'binary', because: `byte ${nul} is NUL` };
  let lines = 0;
  let firstReason = '';
  for (const { reason } of linesOfSample(bytes, isWhole, withoutNeedOfCustomer(settings))) {
    if (!reason) return { kind: 'log' };
    if (lines++ === 0) firstReason = reason;
  }
  return lines === 0 ? { kind: 'log' } : { kind: 'no line understood', lines, firstReason };
}

/** Stands for a missing customer id. No real one equals it, because `-` means that there is none. */
export const NO_CUSTOMER = '-';

/**
 * The same settings, but lines without a customer id count for {@link NO_CUSTOMER}, so that they are read to their
 * end, and no line is excluded.
 */
export function withoutNeedOfCustomer(settings: ScanSettings): ScanSettings {
  return { ...settings, missingCustomerId: settings.missingCustomerId ?? NO_CUSTOMER, rules: undefined };
}

/** A line of a sample. */
export interface SampleLine {
  readonly start: number;
  readonly end: number;
  readonly reason: RejectionReason | typeof EXCLUDED | undefined;
  /** Valid until the next line is read, and only where there is no reason. */
  readonly parsed: ParsedLine;
}

/**
 * Parses the lines of a partition's first bytes, leaving out headers and comments.
 * @param isWhole true where the last line counts without its newline.
 */
export function* linesOfSample(
  bytes: Uint8Array,
  isWhole: boolean,
  settings: ScanSettings,
): Generator<SampleLine> {
  const parser = referenceParser(settings);
  parser.startPartition(bytes);
  const parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
  let isHeader = settings.format.layout === 'delimited';
  for (const [start, end] of boundsOfLines(bytes, isWhole)) {
    const reason = isHeader ? 'header_line' : parser.parse(bytes, start, end, parsed);
    isHeader = false;
    if (reason !== 'header_line') yield { start, end, reason, parsed };
  }
}

function* boundsOfLines(bytes: Uint8Array, isWhole: boolean): Generator<readonly [number, number]> {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline < 0 && !isWhole) return;
    const end = newline < 0 ? bytes.length : newline;
    yield [start, end > start && bytes[end - 1] === 0x0d ? end - 1 : end];
    start = end + 1;
  }
}
