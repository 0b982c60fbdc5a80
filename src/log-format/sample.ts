import { type ParsedLine, parseLine } from './default-format.ts';

/** What the first bytes of a file say about it. */
export type SampleVerdict =
  | { readonly kind: 'log' }
  | { readonly kind: 'binary'; readonly because: string }
  | { readonly kind: 'no line understood'; readonly lines: number; readonly firstReason: string };

/**
 * Says whether a file can be a log, before anything of it is stored: whether it is text, and whether any of its
 * first lines is a record. A last line without an end counts where the sample is the whole file.
 */
export function judgeSample(bytes: Uint8Array, isWhole: boolean): SampleVerdict {
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { kind: 'binary', because: `byte ${nul} is NUL` };
  const parsed: ParsedLine = { eventTimeMs: 0, customerStart: 0, customerEnd: 0, status: 0, durationUs: 0 };
  let lines = 0;
  let firstReason = '';
  for (const [start, end] of linesOf(bytes, isWhole)) {
    const reason = parseLine(bytes, start, end, parsed);
    if (!reason) return { kind: 'log' };
    if (lines++ === 0) firstReason = reason;
  }
  return lines === 0 ? { kind: 'log' } : { kind: 'no line understood', lines, firstReason };
}

function* linesOf(bytes: Uint8Array, isWhole: boolean): Generator<readonly [number, number]> {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline < 0 && !isWhole) return;
    const end = newline < 0 ? bytes.length : newline;
    yield [start, end > start && bytes[end - 1] === 0x0d ? end - 1 : end];
    start = end + 1;
  }
}
