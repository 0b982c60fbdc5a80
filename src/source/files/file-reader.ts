import { closeSync, fstatSync } from 'node:fs';
import { FILE_IDENTITY_BYTES } from '../../limits.ts';
import { type BytePlace, type ByteReader, openByteReader, readAt } from '../byte-reader.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import { Interrupted, type Partition, type PartitionReader, type YieldPoint } from '../contract.ts';
import { isMarkedBy } from '../identity.ts';
import { pathError } from '../path-error.ts';
import { beginningOf, openToRead } from './beginning.ts';
import { stampOf } from './file-version.ts';
import type { FoundFile } from './find.ts';

/** What is found out about an archive when it is read. */
export interface ArchiveNotes {
  /** It was read to its end. */
  ended(end: ArchiveEnd): void;
  /** What stands before the offset of a partition is not what was read of that. */
  differs(): void;
}

/** Which descriptor of a file: that which is kept open, or one that is closed after use. */
interface Descriptor {
  readonly fd: number;
  readonly isKept: boolean;
}

/** Calls `use` with a descriptor of a file. @throws {DaymarkError} where it cannot be read. */
export async function withFile<T>(
  file: FoundFile,
  use: (descriptor: Descriptor) => Promise<T>,
  staysOpen: (result: T) => boolean = () => false,
): Promise<T> {
  const { held } = file.content;
  const isKept = held?.isOpen === true;
  const fd = isKept ? held.descriptor : openToRead(file.path);
  let isInUse = isKept;
  try {
    const result = await use({ fd, isKept });
    isInUse ||= staysOpen(result);
    return result;
  } catch (error) {
    throw error instanceof Interrupted ? error : pathError(file.path, error);
  } finally {
    if (!isInUse) closeSync(fd);
  }
}

/** An open file. */
export interface OpenedFile {
  readonly reader: PartitionReader;
  /** Its first bytes as they are now, at most FILE_IDENTITY_BYTES. */
  readonly head: Uint8Array;
}

/**
 * Opens a file at a partition's offset.
 * @param isToEnd true where its last line is to be taken, for it does not change any more.
 * @param yieldPoint as of `Assignment.open`.
 * @returns undefined where the file is not what was found, does not go on with the partition, or ends before the offset.
 */
export async function openPartition(
  file: FoundFile,
  partition: Partition,
  isToEnd: boolean,
  notes: ArchiveNotes,
  yieldPoint?: YieldPoint,
): Promise<OpenedFile | undefined> {
  const open = async ({ fd, isKept }: Descriptor): Promise<OpenedFile | undefined> => {
    // Between the look and now the path may have been given to another file. What is open cannot change any more.
    const head = await presentHead(fd, file);
    if (!head || (isToEnd && hasGrown(fd, file))) return undefined;
    const { compression } = file.content;
    const place = { descriptor: fd, compression, offset: partition.offset, name: file.path };
    const reader = await openByteReader(place, { yieldPoint });
    if (!goesOn(reader, partition, notes)) {
      await reader.close();
      return undefined;
    }
    // No more is read of a short file than it is known by, so that it is known by all that was read.
    const isShort = head.length < FILE_IDENTITY_BYTES;
    const maxBytes = isShort ? head.length - partition.offset : Number.POSITIVE_INFINITY;
    return {
      reader: new FileReader(isKept ? undefined : fd, place, reader, maxBytes, head, notes, file.stamp),
      head,
    };
  };
  return await withFile(file, open, (opened) => opened !== undefined);
}

/** The first bytes of a file, if it is what was found: a log must begin as before, an archive that changed is another one. */
async function presentHead(fd: number, { path, content, stamp }: FoundFile): Promise<Uint8Array | undefined> {
  const { head, compression } = content;
  if (compression !== 'none') return stampOf(fstatSync(fd, { bigint: true })) === stamp ? head : undefined;
  const { bytes, compression: present } = await beginningOf(fd, path, FILE_IDENTITY_BYTES);
  const isSame = present === 'none' && Buffer.compare(bytes.subarray(0, head.length), head) === 0;
  return isSame ? bytes : undefined;
}

function hasGrown(fd: number, { content: { compression, sizeBytes } }: FoundFile): boolean {
  return compression === 'none' && fstatSync(fd).size !== sizeBytes;
}

function goesOn(reader: ByteReader, { mark }: Partition, notes: ArchiveNotes): boolean {
  if (!reader.hasReachedOffset) {
    if (reader.end) notes.ended(reader.end);
    return false;
  }
  const isSame = isMarkedBy(reader.before, mark);
  if (!isSame) notes.differs();
  return isSame;
}

class FileReader implements PartitionReader {
  readonly place: BytePlace;
  readonly #stamp: string;
  readonly #descriptor: number | undefined;
  readonly #reader: ByteReader;
  readonly #notes: ArchiveNotes;
  readonly #head: Uint8Array;
  #left: number;

  /** @param descriptor to close with it. @param maxBytes what is read at the most. */
  constructor(
    descriptor: number | undefined,
    place: BytePlace,
    reader: ByteReader,
    maxBytes: number,
    head: Uint8Array,
    notes: ArchiveNotes,
    stamp: string,
  ) {
    this.place = place;
    this.#stamp = stamp;
    this.#descriptor = descriptor;
    this.#reader = reader;
    this.#notes = notes;
    this.#left = maxBytes;
    this.#head = head;
  }

  get before(): Uint8Array {
    return this.#reader.before;
  }

  async read(target: Uint8Array): Promise<number> {
    try {
      // Where all that may be read was read, an archive is still asked how it ends.
      const bytes = await this.#reader.read(this.#left > 0 ? target.subarray(0, this.#left) : ONE_BYTE);
      const taken = Math.min(bytes, Math.max(0, this.#left));
      this.#left -= taken;
      return taken;
    } finally {
      if (this.#reader.end) this.#notes.ended(this.#reader.end);
    }
  }

  /** An archive is written once. What is written behind a log leaves its first bytes, and those before an offset, alone. */
  isIntact(): boolean {
    const { compression, offset } = this.place;
    if (compression !== 'none') return true;
    return this.#stillHolds(this.#head, 0) && this.#stillHolds(this.before, offset - this.before.length);
  }

  isUnchanged(): boolean {
    return stampOf(fstatSync(this.place.descriptor, { bigint: true })) === this.#stamp;
  }

  #stillHolds(bytes: Uint8Array, position: number): boolean {
    const present = new Uint8Array(bytes.length);
    const length = readAt(this.place, present, position);
    return length === bytes.length && Buffer.compare(present, bytes) === 0;
  }

  async close(): Promise<void> {
    await this.#reader.close();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

const ONE_BYTE = new Uint8Array(1);
