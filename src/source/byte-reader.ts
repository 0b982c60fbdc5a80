import { readSync } from 'node:fs';
import { pathError } from './files/find.ts';

const LF = 0x0a;

/** Where a partition's bytes are: plain data, good in every thread of the process while the descriptor is open. */
export interface BytePlace {
  /** Of a regular file; it is read by position, so any number of readers may share it. */
  readonly descriptor: number;
  /** Only what is not compressed can be read from any offset at once, and so be cut into sections. */
  readonly compression: 'none';
  readonly offset: number;
  /** For people: the path of the file. */
  readonly name: string;
}

/** Reads the bytes of a place on. */
export interface ByteReader {
  /** True where the byte before the offset ends no line. */
  readonly startsInsideLine: boolean;
  /**
   * Fills `target` from its start and says how many bytes it wrote; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED. What was handed out before stands.
   */
  read(target: Uint8Array): Promise<number>;
  /** Leaves the descriptor open. */
  close(): Promise<void>;
}

/** Opens a place. */
export async function openByteReader(place: BytePlace): Promise<ByteReader> {
  return new PlainReader(place);
}

function readAt({ descriptor, name }: BytePlace, target: Uint8Array, position: number): number {
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
