/** Defines which lines stand in the bytes of a log, in plain code. The scanner must find the same ones. */

import { MAX_LINE_BYTES } from '../../limits.ts';
import { excerptOf } from '../excerpt.ts';
import { bytesOf, byteText } from '../reference/byte-text.ts';
import { textStart } from '../text-start.ts';
import type { RejectionReason } from '../types.ts';
import { PartGroup } from './part-group.ts';
import type { LogWrapper, Unwrap, Unwrapped } from './types.ts';
import { unwrapOf } from './unwrap.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A line without its wrapper: the bytes `[start, end)` of `bytes`, or why it is rejected. */
export interface InnerLine {
  /** Where it begins, with its wrapper. */
  readonly offset: number;
  /** Its beginning with its wrapper, for people. */
  readonly excerpt: string;
  readonly content: RejectionReason | InnerBytes;
}

interface InnerBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of a log.
 * @param isWhole true where a last line counts without its newline, or without its last part.
 */
export function* innerLines(
  bytes: Uint8Array,
  isWhole: boolean,
  wrapper: LogWrapper | undefined,
): Generator<InnerLine> {
  const unwrap = wrapper && unwrapOf(wrapper);
  let group: PartGroup | undefined;
  for (const { offset, end, next } of boundsOfLines(bytes, isWhole)) {
    const excerpt = excerptOf(bytes, offset, end);
    const content = contentOf(bytes, offset, end, unwrap);
    if (!group && (typeof content === 'string' || !content.isPart)) {
      yield { offset, excerpt, content };
      continue;
    }
    group ??= new PartGroup(offset, new Uint8Array());
    const line = { offset, excerpt, bytes: next - offset };
    if (typeof content === 'string') group.addRejected(content, line);
    else group.add(line, content);
    if (!group.isClosed) continue;
    yield* linesOf(group);
    group = undefined;
  }
  if (group && isWhole) {
    group.end();
    yield* linesOf(group);
  }
}

/**
 * The first bytes of a log without wrappers and without what stands before the text: some formats take the names of their
 * columns from it. A line that does not have the form of the wrapper is empty there.
 */
export function innerHead(head: Uint8Array, wrapper: LogWrapper | undefined): Uint8Array {
  if (wrapper === undefined) return head.subarray(textStart(head, 0, head.length));
  const lines = Array.from(innerLines(head, true, wrapper), ({ content }) =>
    typeof content === 'string' ? '' : byteText(content.bytes, content.start, content.end),
  );
  return bytesOf(`${lines.join('\n')}\n`);
}

function contentOf(
  bytes: Uint8Array,
  offset: number,
  end: number,
  unwrap: Unwrap | undefined,
): RejectionReason | Unwrapped {
  if (end - offset > MAX_LINE_BYTES) return 'line_too_long';
  const start = offset === 0 ? textStart(bytes, 0, end) : offset;
  if (start === end) return 'empty_line';
  if (!unwrap) return { bytes, start, end, isPart: false, stream: '' };
  return unwrap(bytes, start, end) ?? 'malformed_line';
}

function linesOf({ lines }: PartGroup): InnerLine[] {
  return lines.map(({ offset, excerpt, content }) => ({
    offset,
    excerpt,
    content: typeof content === 'string' ? content : { bytes: content, start: 0, end: content.length },
  }));
}

function* boundsOfLines(bytes: Uint8Array, isWhole: boolean) {
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(LF, offset);
    if (newline < 0 && !isWhole) return;
    const last = newline < 0 ? bytes.length : newline;
    const next = newline < 0 ? bytes.length : newline + 1;
    yield { offset, end: last > offset && bytes[last - 1] === CR ? last - 1 : last, next };
    offset = next;
  }
}
