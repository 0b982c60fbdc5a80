import { CUT_LOOK_AHEAD_BYTES } from '../../limits.ts';
import type { PartitionReader } from '../../source/contract.ts';

const LF = 0x0a;

/** Where another thread can read a partition. */
export type Place = NonNullable<PartitionReader['place']>;

/** What a scanner reads bytes from. */
export interface ByteReader {
  /** What stands right before the offset, as far as it is known. */
  readonly before: Uint8Array;
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export type OpenReader = (place: Place) => Promise<ByteReader>;

/** A part of a partition that is scanned at one go. It begins and ends at the ends of lines. */
export interface Split {
  /** Where it begins. */
  readonly from: number;
  /**
   * Where it ends. Undefined: at the end of the partition. Nothing of the partition comes behind such a one, so its
   * scanning may stop for a commit at any line; any other must be scanned whole before a commit can cover it.
   */
  readonly to: number | undefined;
  /** True where a last line without a newline is taken, too. */
  readonly takesLastLine: boolean;
  /** The partition's first bytes, where the log format needs them. */
  readonly head: Uint8Array | undefined;
}

/**
 * The first position from `at` on where a line begins; undefined where no newline comes before the present end.
 * @param at above 0.
 */
export async function lineStartFrom(
  openReader: OpenReader,
  place: Place,
  at: number,
): Promise<number | undefined> {
  const reader = await openReader({ ...place, offset: at - 1 });
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
 * Cuts `[from, from + availableBytes)` into splits, each of `splitBytes` up to the next end of a line. The last one
 * is open, and takes what comes behind as well.
 */
export async function* cut(
  lineStart: (at: number) => Promise<number | undefined>,
  from: number,
  availableBytes: number,
  splitBytes: number,
): AsyncGenerator<{ readonly from: number; readonly to: number | undefined }> {
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
