import { readSync } from 'node:fs';
import { ARCHIVE_PIECE_BYTES, TAIL_BYTES } from '../limits.ts';
import { type ArchiveEnd, ArchiveReader, type YieldPoint } from './compression/archive-reader.ts';
import { type Compressed, type Compression, compressionOf, MAGIC_BYTES } from './compression/kinds.ts';
import { pathError } from './path-error.ts';
import type { PrefixChecksums } from './prefix-checksums.ts';

/** Where a partition's bytes are: plain data, good in every thread of the process while the descriptor is open. */
export interface BytePlace {
  /** Of a regular file; it is read by position, so any number of readers may share it. */
  readonly descriptor: number;
  readonly compression: Compression;
  /** In the decompressed bytes. */
  readonly offset: number;
  /** For people: the path of the file. */
  readonly name: string;
}

/** Reads the bytes of a place on. */
export interface ByteReader {
  /** What stands right before the offset: TAIL_BYTES, or all that there are. */
  readonly before: Uint8Array;
  /** False where an archive ends before the offset: there is nothing to read. */
  readonly hasReachedOffset: boolean;
  /** How an archive ended, when all of it was read. Never there of what is not compressed: that may grow. */
  readonly end: ArchiveEnd | undefined;
  /** Of an archive: those of all that was decompressed. Of any other, whoever wants them reads them. */
  readonly checksums: PrefixChecksums | undefined;
  /**
   * Fills `target` from its start and says how many bytes it wrote; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED, TRUNCATED_ARCHIVE, CORRUPT_ARCHIVE. What was handed out before stands.
   */
  read(target: Uint8Array): Promise<number>;
  /** Leaves the descriptor open. */
  close(): Promise<void>;
}

/** How an archive is read. */
export interface ArchiveOptions {
  /** See {@link ArchiveReader}. */
  readonly yieldPoint?: YieldPoint | undefined;
  /** How many compressed bytes a decoder is given at once. */
  readonly pieceBytes?: number;
}

/** Opens a place; of an archive what comes before the offset is decompressed and passed over. */
export async function openByteReader(place: BytePlace, options: ArchiveOptions = {}): Promise<ByteReader> {
  const { compression } = place;
  return compression === 'none' ? new PlainReader(place) : await openArchive(place, compression, options);
}

async function openArchive(
  place: BytePlace,
  compression: Compressed,
  { yieldPoint, pieceBytes = ARCHIVE_PIECE_BYTES }: ArchiveOptions,
): Promise<ByteReader> {
  const reader = new ArchiveReader(
    {
      name: place.name,
      pieceBytes,
      isRereadable: true,
      read: (target, position) => readAt(place, target, position),
    },
    compression,
    yieldPoint,
  );
  try {
    const hasReachedOffset = await reader.skipTo(place.offset);
    return {
      before: reader.before,
      hasReachedOffset,
      get end() {
        return reader.end;
      },
      get checksums() {
        return reader.checksums;
      },
      read: (target) => reader.read(target),
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

/** Reads from a position of a file. @returns how many bytes. @throws {DaymarkError} READ_FAILED. */
export function readAt(
  { descriptor, name }: Pick<BytePlace, 'descriptor' | 'name'>,
  target: Uint8Array,
  position: number,
): number {
  try {
    // Not asynchronous: the thread has nothing else to do, and a trip through the thread pool for each block
    // took as long as the reading itself.
    return readSync(descriptor, target, 0, target.length, position);
  } catch (error) {
    throw pathError(name, error);
  }
}

class PlainReader implements ByteReader {
  readonly before: Uint8Array;
  readonly hasReachedOffset = true;
  readonly end = undefined;
  readonly checksums = undefined;
  readonly #place: BytePlace;
  #position: number;

  constructor(place: BytePlace) {
    this.#place = place;
    this.#position = place.offset;
    this.before = bytesBefore(place, place.offset, TAIL_BYTES);
  }

  async read(target: Uint8Array): Promise<number> {
    const bytesRead = readAt(this.#place, target, this.#position);
    this.#position += bytesRead;
    return bytesRead;
  }

  async close(): Promise<void> {
    // The descriptor belongs to whoever opened it.
  }
}

/** What stands right before a position, `length` bytes or all that there are; fewer where the file ends before it. */
export function bytesBefore(
  file: Pick<BytePlace, 'descriptor' | 'name'>,
  position: number,
  length: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.min(length, position));
  return bytes.subarray(0, bytes.length > 0 ? readAt(file, bytes, position - bytes.length) : 0);
}
