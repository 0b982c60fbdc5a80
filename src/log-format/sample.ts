import { referenceParser } from './reference/reference-parser.ts';
import type { ParsedLine, RejectionReason, ScanSettings } from './types.ts';

/** What the first bytes of a file say about it. */
export type SampleVerdict =
  | { readonly kind: 'log' }
  | { readonly kind: 'binary'; readonly because: string }
  | { readonly kind: 'no line understood'; readonly lines: number; readonly firstReason: string };

/**
 * Says whether a file can be a log, before anything of it is stored: whether it is text, and whether any of its
 * first lines is in the log format (a line without a customer id is). A last line without an end counts where the
 * sample is the whole file.
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

/** No customer id is this one: where it may be missing, it says that it is. */
export const NO_CUSTOMER = '-';

/** As the settings, but lines without a customer id are read to their end, as those of {@link NO_CUSTOMER}. */
export function withoutNeedOfCustomer(settings: ScanSettings): ScanSettings {
  return { ...settings, missingCustomerId: settings.missingCustomerId ?? NO_CUSTOMER };
}

/** A line of a sample. */
export interface SampleLine {
  readonly start: number;
  readonly end: number;
  readonly reason: RejectionReason | undefined;
  /** Overwritten by the next line; means something only where there is no reason. */
  readonly parsed: ParsedLine;
}

/**
 * What the lines of a partition's first bytes say, without those that name columns or are comments.
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
