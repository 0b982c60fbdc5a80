import { readSync, readvSync } from 'node:fs';
import { DaymarkError } from '../errors.ts';
import { ARCHIVE_PIECE_BYTES, TAIL_BYTES } from '../limits.ts';
import { bytePosition } from './byte-positions.ts';
import { type ArchiveEnd, ArchiveReader, type YieldPoint } from './compression/archive-reader.ts';
import { type Compressed, type Compression, compressionOf, MAGIC_BYTES } from './compression/kinds.ts';
import type { ByteLocation, Lookback, Position, PositionedBytes } from './contract.ts';
import { LookbackPieces, lookBack } from './lookback.ts';
import { pathError } from './path-error.ts';
import type { PrefixChecksums } from './prefix-checksums.ts';

/** Reads the bytes of a location on. `close` leaves the descriptor open. */
export interface ByteReader extends PositionedBytes {
  /** False where an archive ends before the offset: there is nothing to read. */
  readonly hasReachedOffset: boolean;
  /** How an archive ended, when all of it was read. Undefined for an uncompressed file: it may grow. */
  readonly end: ArchiveEnd | undefined;
  /** Of an archive: the checksums of all that was decompressed. */
  readonly checksums: PrefixChecksums | undefined;
  /** False where what was read last is not there any more: the file was written anew. */
  isIntact(): boolean;
}

/** How a location is opened. */
export interface ReadOptions {
  /** See `Assignment.open`. */
  readonly lookback?: Lookback | undefined;
  /** See {@link ArchiveReader}. */
  readonly yieldPoint?: YieldPoint | undefined;
  /** How many compressed bytes a decoder is given at once. */
  readonly pieceBytes?: number;
}

/** Opens a location. In an archive it decompresses what comes before the offset, and skips it. */
export async function openByteReader(location: ByteLocation, options: ReadOptions = {}): Promise<ByteReader> {
  const { compression } = location;
  if (compression !== 'none') return await openArchive(location, compression, options);
  const { lookback } = options;
  if (lookback) lookBack(lookback, location.offset, (target, position) => readAt(location, target, position));
  return new PlainReader(location);
}

async function openArchive(
  location: ByteLocation,
  compression: Compressed,
  { yieldPoint, lookback, pieceBytes = ARCHIVE_PIECE_BYTES }: ReadOptions,
): Promise<ByteReader> {
  const { name } = location;
  const file = new RewritableFile(location, 0);
  const read = (target: Uint8Array, position: number): number => {
    const bytes = file.readAt(target, position);
    if (bytes === undefined)
      throw new DaymarkError('READ_FAILED', `${name} was written anew while it was read.`);
    return bytes;
  };
  const reader = new ArchiveReader({ name, pieceBytes, isRereadable: true, read }, compression, yieldPoint);
  try {
    const pieces = lookback && new LookbackPieces(lookback);
    const hasReachedOffset = await reader.skipTo(location.offset, pieces && ((bytes) => pieces.see(bytes)));
    return {
      before: reader.before,
      hasBytePositions: true,
      hasReachedOffset,
      get end() {
        return reader.end;
      },
      get checksums() {
        return reader.checksums;
      },
      read: (target) => reader.read(target),
      positionAt: (bytes) => bytePosition(location.offset + bytes),
      isIntact: () => file.isIntact(),
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** How the file of a descriptor is compressed. */
export function compressionAt(descriptor: number, name: string): Compression {
  const head = new Uint8Array(MAGIC_BYTES);
  const bytesRead = readAt({ descriptor, name }, head, 0);
  return compressionOf(head.subarray(0, bytesRead));
}

/** Reads from a position of a file. @returns how many bytes. @throws {DaymarkError} READ_FAILED, SOURCE_UNAVAILABLE. */
export function readAt(
  { descriptor, name }: Pick<ByteLocation, 'descriptor' | 'name'>,
  target: Uint8Array,
  position: number,
): number {
  try {
    // Synchronous: the thread has nothing else to do, and a trip through the thread pool for each block took as long as
    // the read itself.
    return readSync(descriptor, target, 0, target.length, position);
  } catch (error) {
    throw pathError(name, error);
  }
}

/**
 * A file that may be truncated and written anew at any time. It reads again what it read last: where that is not there any more, the bytes
 * behind it are of something else, even if both begin alike.
 */
class RewritableFile {
  readonly #location: ByteLocation;
  #position: number;
  /** The last bytes that were read, right before the position. */
  #last: Uint8Array;

  /** @param position where it is read first. */
  constructor(location: ByteLocation, position: number) {
    this.#location = location;
    this.#position = position;
    this.#last = bytesBefore(location, position, TAIL_BYTES);
  }

  get before(): Uint8Array {
    return this.#last;
  }

  /** @returns how many bytes; undefined where what was read last is not there any more. */
  read(target: Uint8Array): number | undefined {
    const last = this.#last;
    const again = new Uint8Array(last.length);
    const bytesRead = readBoth(this.#location, [again, target], this.#position - last.length) - last.length;
    if (bytesRead < 0 || Buffer.compare(again, last) !== 0) return undefined;
    this.#position += bytesRead;
    const behind = target.subarray(Math.max(0, bytesRead - TAIL_BYTES), bytesRead);
    this.#last = Buffer.concat([again, behind]).subarray(-TAIL_BYTES);
    return bytesRead;
  }

  /** The same at any position. */
  readAt(target: Uint8Array, position: number): number | undefined {
    if (position !== this.#position) {
      if (!this.isIntact()) return undefined;
      this.#position = position;
      this.#last = bytesBefore(this.#location, position, TAIL_BYTES);
    }
    return this.read(target);
  }

  /** Whether what was read last is still there. */
  isIntact(): boolean {
    return Buffer.compare(bytesBefore(this.#location, this.#position, this.#last.length), this.#last) === 0;
  }
}

class PlainReader implements ByteReader {
  readonly before: Uint8Array;
  readonly hasBytePositions = true;
  readonly hasReachedOffset = true;
  readonly end = undefined;
  readonly checksums = undefined;
  readonly #file: RewritableFile;
  readonly #offset: number;

  constructor(location: ByteLocation) {
    this.#file = new RewritableFile(location, location.offset);
    this.#offset = location.offset;
    this.before = this.#file.before;
  }

  /** Nothing follows what is not there any more. */
  async read(target: Uint8Array): Promise<number> {
    return this.#file.read(target) ?? 0;
  }

  positionAt(bytes: number): Position {
    return bytePosition(this.#offset + bytes);
  }

  isIntact(): boolean {
    return this.#file.isIntact();
  }

  async close(): Promise<void> {
    // Whoever opened the descriptor closes it.
  }
}

/** Reads from a position of a file into two places. @returns how many bytes. @throws {DaymarkError} as {@link readAt}. */
function readBoth(
  { descriptor, name }: ByteLocation,
  targets: readonly [Uint8Array, Uint8Array],
  position: number,
): number {
  try {
    return readvSync(descriptor, targets, position);
  } catch (error) {
    throw pathError(name, error);
  }
}

/** The bytes right before a position, `length` or all that there are; fewer where the file ends before it. */
export function bytesBefore(
  file: Pick<ByteLocation, 'descriptor' | 'name'>,
  position: number,
  length: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.min(length, position));
  return bytes.subarray(0, bytes.length > 0 ? readAt(file, bytes, position - bytes.length) : 0);
}
