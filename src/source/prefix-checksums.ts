import { crc32 } from 'node:zlib';
import {
  PREFIX_FIRST_POSITIONS,
  PREFIX_FIRST_STEP_BYTES,
  PREFIX_SAMPLE_BYTES,
  PREFIX_STEPS_AN_OCTAVE,
} from '../limits.ts';

/*
 * Checksums of the beginnings of a stream, at growing positions. They identify a stream where its first bytes and its tail
 * checksum are not enough. Two streams that differ somewhere have different checksums at every position behind that. So the
 * last position that both have shows whether one begins as the other. These checksums are what stays of a log that is gone.
 *
 * The positions: every 32 bytes up to 4,096, then 32 an octave (4,224 … 8,192, 8,448 … 16,384, …). A checksum is a CRC-32 of
 * the samples up to its position, one after the other. A sample is what stands between two positions, or the last
 * PREFIX_SAMPLE_BYTES of that: up to 128 KiB no byte is left out.
 */

const FIRST_BYTES = PREFIX_FIRST_POSITIONS * PREFIX_FIRST_STEP_BYTES;
const BYTES_A_CHECKSUM = 4;

/** The position of a checksum, counted from 0. */
export function positionOf(index: number): number {
  if (index < PREFIX_FIRST_POSITIONS) return (index + 1) * PREFIX_FIRST_STEP_BYTES;
  const behind = index - PREFIX_FIRST_POSITIONS;
  const beginBytes = FIRST_BYTES * 2 ** Math.floor(behind / PREFIX_STEPS_AN_OCTAVE);
  return beginBytes + ((behind % PREFIX_STEPS_AN_OCTAVE) + 1) * (beginBytes / PREFIX_STEPS_AN_OCTAVE);
}

/** How many positions there are up to an offset. */
export function positionsUpTo(offset: number): number {
  if (offset <= FIRST_BYTES) return Math.floor(offset / PREFIX_FIRST_STEP_BYTES);
  const octave = Math.floor(Math.log2(offset / FIRST_BYTES));
  const beginBytes = FIRST_BYTES * 2 ** octave;
  const steps = Math.floor((offset - beginBytes) / (beginBytes / PREFIX_STEPS_AN_OCTAVE));
  return PREFIX_FIRST_POSITIONS + PREFIX_STEPS_AN_OCTAVE * octave + steps;
}

/** Where the sample of a position begins. */
function sampleStart(index: number): number {
  const before = index === 0 ? 0 : positionOf(index - 1);
  return Math.max(before, positionOf(index) - PREFIX_SAMPLE_BYTES);
}

/** Checksums of the beginnings of one stream, those of the first positions. */
export class PrefixChecksums {
  static readonly NONE = new PrefixChecksums(new Uint8Array());
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @param bytes as {@link bytes} gave them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** As they are stored: 4 bytes a position, the most significant first. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** How many positions there are. */
  get count(): number {
    return this.#bytes.length / BYTES_A_CHECKSUM;
  }

  at(index: number): number {
    return this.#view.getUint32(index * BYTES_A_CHECKSUM);
  }

  /** Those of the positions up to an offset. */
  upTo(offset: number): PrefixChecksums {
    const count = positionsUpTo(offset);
    if (count >= this.count) return this;
    return new PrefixChecksums(this.#bytes.subarray(0, count * BYTES_A_CHECKSUM));
  }

  /** The first position at which two streams differ; undefined where they do not, as far as both are known. */
  firstDifference(other: PrefixChecksums): number | undefined {
    const common = Math.min(this.count, other.count);
    // Where two are equal, all before them are equal.
    if (common === 0 || this.at(common - 1) === other.at(common - 1)) return undefined;
    let [equal, different] = [-1, common - 1];
    while (different - equal > 1) {
      const middle = (equal + different) >> 1;
      if (this.at(middle) === other.at(middle)) equal = middle;
      else different = middle;
    }
    return different;
  }
}

/** The checksums of what was read of a partition. For a new one, of all that was there. */
export function readChecksums({
  checksums,
  offset,
  startOffset,
}: {
  readonly checksums: Uint8Array;
  readonly offset: number;
  readonly startOffset: number;
}): PrefixChecksums {
  const all = new PrefixChecksums(checksums);
  return offset > startOffset ? all.upTo(offset) : all;
}

/**
 * Goes on with the checksums of a stream that can be read anywhere.
 * @param offset up to where, at most as far as the stream goes.
 * @param readAt gives the bytes at a position, `length` of them, at most BLOCK_BYTES; fewer where the stream ends before.
 * They need to be valid only until the next call.
 */
export function extendChecksums(
  known: PrefixChecksums,
  offset: number,
  readAt: (position: number, length: number) => Uint8Array,
): PrefixChecksums {
  const count = positionsUpTo(offset);
  if (count <= known.count) return known;
  const block = new BlockReader(readAt, offset);
  const made = new ChecksumList(known);
  while (made.count < count) {
    const start = sampleStart(made.count);
    const end = positionOf(made.count);
    // Where samples do not stand side by side, reading on would be for nothing.
    const isFollowed = sampleStart(made.count + 1) === end;
    const sample = block.read(start, end - start, isFollowed ? BLOCK_BYTES : end - start);
    if (!sample) break;
    made.add(sample);
  }
  return made.checksums;
}

/** The first samples stand side by side, so many are read at once. */
class BlockReader {
  readonly #readAt: (position: number, length: number) => Uint8Array;
  readonly #end: number;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array();

  constructor(readAt: (position: number, length: number) => Uint8Array, end: number) {
    this.#readAt = readAt;
    this.#end = end;
  }

  /** @param readBytes how many to read where these are not there yet. @returns undefined where the stream ends before. */
  read(position: number, length: number, readBytes: number): Uint8Array | undefined {
    const isThere = position >= this.#start && position + length <= this.#start + this.#bytes.length;
    if (!isThere) {
      this.#start = position;
      this.#bytes = this.#readAt(position, Math.min(readBytes, this.#end - position));
    }
    const sample = this.#bytes.subarray(position - this.#start, position - this.#start + length);
    return sample.length === length ? sample : undefined;
  }
}

/** Four samples. */
export const BLOCK_BYTES = 4 * PREFIX_SAMPLE_BYTES;

/** Checksums that are being made. */
class ChecksumList {
  #bytes: Buffer;
  #count: number;
  #last: number;

  constructor(known: PrefixChecksums) {
    this.#count = known.count;
    this.#last = known.count === 0 ? 0 : known.at(known.count - 1);
    this.#bytes = Buffer.alloc(Math.max(256, 2 * known.bytes.length));
    this.#bytes.set(known.bytes);
  }

  get count(): number {
    return this.#count;
  }

  get checksums(): PrefixChecksums {
    return new PrefixChecksums(new Uint8Array(this.#bytes.subarray(0, this.#count * BYTES_A_CHECKSUM)));
  }

  /** Adds the sample of the next position, whole or in pieces of which `isLast` ends it. */
  add(piece: Uint8Array, isLast = true): void {
    this.#last = crc32(piece, this.#last);
    if (!isLast) return;
    if ((this.#count + 1) * BYTES_A_CHECKSUM > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#bytes.writeUInt32BE(this.#last, this.#count++ * BYTES_A_CHECKSUM);
  }
}

/** Makes the checksums of a stream that is read once, from its start. */
export class ChecksumTap {
  readonly #made = new ChecksumList(PrefixChecksums.NONE);
  #position = 0;

  /** Takes the next bytes of the stream. */
  push(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    for (;;) {
      const from = Math.max(this.#position, sampleStart(this.#made.count));
      const target = positionOf(this.#made.count);
      const to = Math.min(target, end);
      if (to > from)
        this.#made.add(bytes.subarray(from - this.#position, to - this.#position), to === target);
      if (target > end) break;
    }
    this.#position = end;
  }

  /** Those of all that was read. */
  get checksums(): PrefixChecksums {
    return this.#made.checksums;
  }
}
