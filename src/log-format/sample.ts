import { MIN_NUL_RUN_BYTES } from '../limits.ts';
import { referenceParser } from './reference/reference-parser.ts';
import type { EXCLUDED, ParsedLine, RejectionReason, ScanSettings } from './types.ts';
import { innerHead, innerLines } from './wrapper/wrapped-lines.ts';

const NUL = 0;

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
  const nul = strangeNul(bytes);
  if (nul >= 0) return { kind: 'binary', because: `byte ${nul} is NUL` };
  let lines = 0;
  let firstReason = '';
  for (const { reason } of linesOfSample(bytes, isWhole, withoutNeedOfCustomer(settings))) {
    if (!reason) return { kind: 'log' };
    if (lines++ === 0) firstReason = reason;
  }
  return lines === 0 ? { kind: 'log' } : { kind: 'no line understood', lines, firstReason };
}

/**
 * The first NUL that makes a file a binary one; −1 where there is none. A crash leaves many NULs in a row in a
 * log, and a log that was truncated while it was written begins with them. Binary files and archives have few in a row.
 * NULs up to the end of the sample stand where something is still to be written, such as the rest of a copy of a log that was
 * read: its first lines must not count as those of a new one.
 */
function strangeNul(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(NUL); at >= 0; ) {
    let end = at;
    while (bytes[end] === NUL) end++;
    if (at > 0 && (end - at < MIN_NUL_RUN_BYTES || end === bytes.length)) return at;
    at = bytes.indexOf(NUL, end);
  }
  return -1;
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
  /** The line without its wrapper is `[start, end)` of these bytes. */
  readonly bytes: Uint8Array;
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
  const { format, wrapper } = settings;
  parser.startPartition(innerHead(bytes, wrapper));
  const parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
  let isHeader = format.layout === 'delimited';
  for (const { content } of innerLines(bytes, isWhole, wrapper)) {
    const inner = typeof content === 'string' ? NOTHING : content;
    const reason = isHeader
      ? 'header_line'
      : typeof content === 'string'
        ? content
        : parser.parse(inner.bytes, inner.start, inner.end, parsed);
    isHeader = false;
    if (reason !== 'header_line') yield { ...inner, reason, parsed };
  }
}

const NOTHING = { bytes: new Uint8Array(), start: 0, end: 0 };
