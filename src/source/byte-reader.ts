import { readSync } from 'node:fs';
import { ARCHIVE_PIECE_BYTES } from '../limits.ts';
import { type ArchiveEnd, ArchiveReader } from './compression/archive-reader.ts';
import { type Compressed, type Compression, compressionOf, MAGIC_BYTES } from './compression/kinds.ts';
import { pathError } from './path-error.ts';

const LF = 0x0a;

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
  /** True where the byte before the offset ends no line. */
  readonly startsInsideLine: boolean;
  /** False where an archive ends before the offset: there is nothing to read. */
  readonly hasReachedOffset: boolean;
  /** How an archive ended, when all of it was read. Never there of what is not compressed: that may grow. */
  readonly end: ArchiveEnd | undefined;
  /**
   * Fills `target` from its start and says how many bytes it wrote; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED, TRUNCATED_ARCHIVE, CORRUPT_ARCHIVE. What was handed out before stands.
   */
  read(target: Uint8Array): Promise<number>;
  /** Leaves the descriptor open. */
  close(): Promise<void>;
}

/** Opens a place; of an archive what comes before the offset is decompressed and passed over. */
export async function openByteReader(place: BytePlace): Promise<ByteReader> {
  const { compression } = place;
  return compression === 'none' ? new PlainReader(place) : await openArchive(place, compression);
}

async function openArchive(place: BytePlace, compression: Compressed): Promise<ByteReader> {
  const reader = new ArchiveReader(
    {
      name: place.name,
      pieceBytes: ARCHIVE_PIECE_BYTES,
      isRereadable: true,
      read: (target, position) => readAt(place, target, position),
    },
    compression,
  );
  try {
    const hasReachedOffset = await reader.skipTo(place.offset);
    return {
      startsInsideLine: reader.isInsideLine,
      hasReachedOffset,
      get end() {
        return reader.end;
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

function readAt(
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
  readonly startsInsideLine: boolean;
  readonly hasReachedOffset = true;
  readonly end = undefined;
  readonly #place: BytePlace;
  #position: number;

  constructor(place: BytePlace) {
    this.#place = place;
    this.#position = place.offset;
    this.startsInsideLine = place.offset > 0 && byteBefore(place) !== LF;
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

function byteBefore(place: BytePlace): number | undefined {
  const byte = new Uint8Array(1);
  readAt(place, byte, place.offset - 1);
  return byte[0];
}
