import { CUT_LOOK_AHEAD_BYTES, MAX_LINE_BYTES } from '../../limits.ts';
import type { Unwrap } from '../../log-format/wrapper/types.ts';
import type { ByteLocation, PositionedBytes } from '../../source/contract.ts';

const LF = 0x0a;

/** Opens a location that a reader of the source named, in any thread. */
export type OpenLocation = (location: ByteLocation) => Promise<PositionedBytes>;

/** A part of a partition that is scanned at one go. It begins and ends between two lines. */
export interface Split {
  /**
   * How many bytes it has. Undefined: it goes to the end of the partition. Nothing comes behind such a split, so its
   * scan may stop for a commit at any line. Any other split must be scanned whole before a commit can cover it.
   */
  readonly bytes: number | undefined;
  /** True where the last line counts without a newline. */
  readonly takesLastLine: boolean;
  /** The partition's first bytes, where the log format needs them. */
  readonly head: Uint8Array | undefined;
}

/** A range of bytes of a partition that is addressed by them. Without `to` it goes to the end. */
export interface ByteRange {
  readonly from: number;
  readonly to: number | undefined;
}

/**
 * The first byte from `at` on with which a line begins; undefined where no newline comes before the present end.
 * @param at above 0.
 */
export async function lineStartFrom(
  openLocation: OpenLocation,
  location: ByteLocation,
  at: number,
): Promise<number | undefined> {
  const reader = await openLocation({ ...location, offset: at - 1 });
  const bytes = new Uint8Array(CUT_LOOK_AHEAD_BYTES);
  try {
    for (let position = at - 1; ; ) {
      const length = await reader.read(bytes);
      if (length === 0) return undefined;
      const newline = bytes.subarray(0, length).indexOf(LF);
      if (newline >= 0) return position + newline + 1;
      position += length;
    }
  } finally {
    await reader.close();
  }
}

/** How many lines are looked at for one behind which a log with parts of lines can be cut. */
const MAX_LINES_BEFORE_CUT = 100;

/**
 * The first byte from `at` on that stands right behind a whole line, if another program cut long lines into parts. A line of
 * another stream can still be open there; then the split before it breaks off, and the log is read as one split.
 */
export async function wholeLineEndFrom(
  openLocation: OpenLocation,
  location: ByteLocation,
  at: number,
  unwrap: Unwrap,
): Promise<number | undefined> {
  let start = await lineStartFrom(openLocation, location, at);
  for (let lines = 0; start !== undefined && lines < MAX_LINES_BEFORE_CUT; lines++) {
    const end = await lineStartFrom(openLocation, location, start + 1);
    if (end === undefined) return undefined;
    if (end - start <= MAX_LINE_BYTES && (await isWhole(openLocation, location, start, end, unwrap)))
      return end;
    start = end;
  }
  return undefined;
}

async function isWhole(
  openLocation: OpenLocation,
  location: ByteLocation,
  start: number,
  end: number,
  unwrap: Unwrap,
): Promise<boolean> {
  const reader = await openLocation({ ...location, offset: start });
  try {
    const line = new Uint8Array(end - start);
    for (let bytes = 0; bytes < line.length; ) {
      const length = await reader.read(line.subarray(bytes));
      if (length === 0) return false;
      bytes += length;
    }
    return unwrap(line, 0, line.length - 1)?.isPart === false;
  } finally {
    await reader.close();
  }
}

/**
 * Cuts `[from, from + availableBytes)` into ranges of `splitBytes` each, up to the next end of a line. The last one goes
 * to the end of the partition.
 */
export async function* cut(
  lineStart: (at: number) => Promise<number | undefined>,
  from: number,
  availableBytes: number,
  splitBytes: number,
): AsyncGenerator<ByteRange> {
  const end = from + availableBytes;
  let begin = from;
  while (end - begin > splitBytes) {
    const to = await lineStart(begin + splitBytes);
    if (to === undefined || to >= end) break;
    yield { from: begin, to };
    begin = to;
  }
  yield { from: begin, to: undefined };
}
