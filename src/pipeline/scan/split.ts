import { CUT_LOOK_AHEAD_BYTES } from '../../limits.ts';
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
