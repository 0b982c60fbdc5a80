/** The lines of a batch of messages, and which message each line is of. Pure. */

import { MAX_LINE_BYTES, MAX_MESSAGE_LINES } from '../../limits.ts';
import { CorruptBatch, type RecordBatch, Varints } from './record-batch.ts';

const LF = 0x0a;

/** Why a line stands for something that is not there: it is rejected for this reason. */
export type StandInReason = 'missing_messages' | 'oversized_message';

/** A line that the source made, in the place of what cannot be read. */
interface StandIn {
  /** Where its first byte is. */
  readonly at: number;
  readonly reason: StandInReason;
}

/** Whole lines in the order of their messages. */
export interface MessageLines {
  readonly bytes: Uint8Array;
  /** Where each message's lines begin in the bytes; ascending. */
  readonly starts: Uint32Array;
  /** The offset of each message; ascending. */
  readonly offsets: Float64Array;
  readonly standIns: readonly StandIn[];
}

/**
 * Takes the messages of a batch apart. The value of a message is whole lines: where the last newline is missing, it gets one. A
 * message without a value, or with an empty one, is an empty line, so that it is accounted for.
 *
 * The lines are put together in the payload itself, which is overwritten: to copy 3 million values of 70 bytes to another array, with
 * a view of each, took 1.4 times as long (2026-11-30).
 * @param payload the records, not compressed.
 * @param from the offset from which messages are wanted: a batch may begin before it.
 * @throws {CorruptBatch} where the records are not what the batch's header says. Its checksum was right, so it was written so.
 */
export function messageLines(
  { baseOffset, lastOffset, count }: Pick<RecordBatch, 'baseOffset' | 'lastOffset' | 'count'>,
  payload: Uint8Array,
  from: number,
): MessageLines {
  // What the header says is no reason to take memory.
  const atMost = Math.min(Math.max(0, count), Math.floor(payload.length / MIN_RECORD_BYTES));
  const starts = new Uint32Array(atMost);
  const offsets = new Float64Array(atMost);
  let messages = 0;
  const standIns: StandIn[] = [];
  const varints = new Varints(payload);
  let end = 0;
  let before = baseOffset - 1;
  for (let record = 0; record < count; record++) {
    const length = varints.next();
    const recordEnd = varints.at + length;
    varints.at++;
    varints.skip();
    const offset = baseOffset + varints.next();
    const keyBytes = varints.next();
    if (keyBytes > 0) varints.at += keyBytes;
    const valueBytes = varints.next();
    const valueAt = varints.at;
    const isWithin =
      length > 0 && recordEnd <= payload.length && valueAt + Math.max(0, valueBytes) <= recordEnd;
    if (!isWithin || offset <= before || offset > lastOffset)
      throw new CorruptBatch(`its record ${record + 1} of ${count} is not whole`);
    before = offset;
    varints.at = recordEnd;
    if (offset < from) continue;
    starts[messages] = end;
    offsets[messages++] = offset;
    if (hasTooManyLines(payload.subarray(valueAt, valueAt + Math.max(0, valueBytes)))) {
      standIns.push({ at: end, reason: 'oversized_message' });
      const text = `message at offset ${offset} has more than ${MAX_MESSAGE_LINES} lines`;
      // It has more bytes than this line, so the line fits.
      payload.set(standInLine(text), end);
      end += STAND_IN_BYTES;
      continue;
    }
    if (valueBytes > 0) {
      payload.copyWithin(end, valueAt, valueAt + valueBytes);
      end += valueBytes;
    }
    if (valueBytes <= 0 || payload[end - 1] !== LF) payload[end++] = LF;
  }
  if (varints.at !== payload.length) throw new CorruptBatch(`it has more than its ${count} records`);
  const bytes = payload.subarray(0, end);
  return { bytes, starts: starts.slice(0, messages), offsets: offsets.slice(0, messages), standIns };
}

/** Five numbers, and its attributes; the count of headers behind them is not looked at. */
const MIN_RECORD_BYTES = 6;

/** Counts only until the rest, all of newlines, would not be too much: most messages are a little longer than that, or shorter. */
function hasTooManyLines(value: Uint8Array): boolean {
  let [lines, begin] = [0, 0];
  while (lines + value.length - begin > MAX_MESSAGE_LINES) {
    const lf = value.indexOf(LF, begin);
    if (lf < 0) return lines + 1 > MAX_MESSAGE_LINES;
    lines++;
    begin = lf + 1;
  }
  return false;
}

const STAND_IN_BYTES = MAX_LINE_BYTES + 2;

/** A line in the place of a message: its beginning says why. It is longer than a line may be, so it is rejected in any format. */
export function standIn(offset: number, reason: StandInReason, text: string): MessageLines {
  return {
    bytes: standInLine(text),
    starts: Uint32Array.of(0),
    offsets: Float64Array.of(offset),
    standIns: [{ at: 0, reason }],
  };
}

function standInLine(text: string): Uint8Array {
  const bytes = Buffer.alloc(STAND_IN_BYTES, ' ');
  bytes.write(text);
  bytes[STAND_IN_BYTES - 1] = LF;
  return bytes;
}

/** Drops the first lines of the first message, and all behind a place. @param lines of the first message to drop. */
export function trimmed(
  all: MessageLines,
  lines: number,
  end: { readonly offset: number; readonly line: number },
): MessageLines {
  const first = lineStart(all, 0, lines);
  const bound = all.offsets.findIndex((offset) => offset >= end.offset);
  const isWhole = bound < 0;
  const isCutInside = !isWhole && all.offsets[bound] === end.offset && end.line > 0;
  const last = isWhole
    ? all.bytes.length
    : isCutInside
      ? lineStart(all, bound, end.line)
      : (all.starts[bound] as number);
  const messages = isWhole ? all.starts.length : isCutInside ? bound + 1 : bound;
  return {
    bytes: all.bytes.subarray(first, Math.max(first, last)),
    starts: all.starts.slice(0, messages).map((start) => Math.max(0, start - first)),
    offsets: all.offsets.slice(0, messages),
    standIns: all.standIns.flatMap(({ at, reason }) =>
      at >= first && at < last ? [{ at: at - first, reason }] : [],
    ),
  };
}

/** Where a line of a message begins; its end where it has fewer lines. */
function lineStart({ bytes, starts }: MessageLines, message: number, line: number): number {
  let at = starts[message] ?? 0;
  const end = starts[message + 1] ?? bytes.length;
  for (let passed = 0; passed < line && at < end; passed++) at = bytes.indexOf(LF, at) + 1;
  return Math.min(at, end);
}
