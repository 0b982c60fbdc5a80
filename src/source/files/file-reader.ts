import { closeSync, fstatSync } from 'node:fs';
import { bug } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { HEAD_FINGERPRINT_BYTES, TAIL_BYTES } from '../../limits.ts';
import { type ByteReader, bytesBefore, openByteReader, readAt } from '../byte-reader.ts';
import {
  type ByteLocation,
  Interrupted,
  type Lookback,
  type Partition,
  type PartitionReader,
  type Position,
  type YieldPoint,
} from '../contract.ts';
import { hasTail } from '../head-fingerprint.ts';
import { pathError } from '../path-error.ts';
import { BLOCK_BYTES, extendChecksums, PrefixChecksums } from '../prefix-checksums.ts';
import type { ArchiveNotes } from './archive-notes.ts';
import { beginningOf, openToRead } from './beginning.ts';
import { inodeOf, stampOf } from './file-version.ts';
import type { FoundFile } from './find.ts';
import type { LogFile } from './log-file.ts';

/** A descriptor of a file: kept open, or closed after use. */
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
  /** Its first bytes as they are now, at most HEAD_FINGERPRINT_BYTES. */
  readonly head: Uint8Array;
}

/**
 * Opens a file at a partition's offset.
 * @param isToEnd true where its last line counts, because it does not change any more.
 * @param yieldPoint as of `Assignment.open`. @param lookback the same.
 * @returns undefined where the file is not what was found, does not continue the partition, or ends before the offset.
 */
export async function openPartition(
  file: LogFile,
  partition: Partition,
  isToEnd: boolean,
  yieldPoint?: YieldPoint,
  lookback?: Lookback,
): Promise<OpenedFile | undefined> {
  const open = async ({ fd, isKept }: Descriptor): Promise<OpenedFile | undefined> => {
    // Since the poll another file may have taken the path. What is open is compared, because it stays the same file.
    const head = await presentHead(fd, file);
    if (!head || (isToEnd && hasGrown(fd, file))) return undefined;
    const { compression } = file.content;
    const location = { descriptor: fd, compression, offset: partition.offset, name: file.path };
    const reader = await openByteReader(location, { yieldPoint, lookback });
    if (!goesOn(reader, partition, file.notes)) {
      await reader.close();
      return undefined;
    }
    if (file.notes) file.notes.readsAs = partition.id;
    // A short file is read only up to its fingerprinted bytes. So its fingerprint covers all that was read.
    const isShort = head.length < HEAD_FINGERPRINT_BYTES;
    const maxBytes = isShort ? head.length - partition.offset : Number.POSITIVE_INFINITY;
    const opened = { location, descriptor: isKept ? undefined : fd, head, maxBytes, stamp: file.stamp };
    return { reader: new FileReader(opened, reader, partition, file.notes), head };
  };
  return await withFile(file, open, (opened) => opened !== undefined);
}

/** Reads an archive, and notes what identifies it. @throws {DaymarkError} as a reader does. */
export async function inspectArchive(file: LogFile, yieldPoint?: YieldPoint): Promise<void> {
  const { path: name, notes, content } = file;
  if (!notes) throw bug(`${name} is no archive`);
  await withFile(file, async ({ fd }) => {
    if (!(await presentHead(fd, file))) return;
    const readUpTo = async (offset: number) => {
      const location = { descriptor: fd, compression: content.compression, offset, name };
      const reader = await openByteReader(location, { yieldPoint });
      if (reader.checksums) notes.note(reader.checksums, reader.end);
      await reader.close();
      return reader.hasReachedOffset ? fingerprintOf(reader.before) : '';
    };
    for (const position of [...notes.wanted]) notes.noteTailChecksum(position, await readUpTo(position));
    if (!notes.end) await readUpTo(Number.MAX_SAFE_INTEGER);
  });
}

/** The first bytes of a file, if it is what was found: a log must begin as before, and an archive must not have changed. */
async function presentHead(fd: number, { path, content, stamp }: FoundFile): Promise<Uint8Array | undefined> {
  const { head, compression } = content;
  if (compression !== 'none') return stampOf(fstatSync(fd, { bigint: true })) === stamp ? head : undefined;
  const { bytes, compression: present } = await beginningOf(fd, path, HEAD_FINGERPRINT_BYTES);
  const isSame = present === 'none' && Buffer.compare(bytes.subarray(0, head.length), head) === 0;
  return isSame ? bytes : undefined;
}

/** Whether the path still led to the file that was found when it was opened, and the file still begins as it did. */
export async function isStill(fd: number, file: FoundFile): Promise<boolean> {
  return (
    inodeOf(fstatSync(fd, { bigint: true })) === file.inode && (await presentHead(fd, file)) !== undefined
  );
}

function hasGrown(fd: number, { content: { compression, sizeBytes } }: FoundFile): boolean {
  return compression === 'none' && fstatSync(fd).size !== sizeBytes;
}

function goesOn(reader: ByteReader, partition: Partition, notes: ArchiveNotes | undefined): boolean {
  if (reader.checksums) notes?.note(reader.checksums, reader.end);
  if (!reader.hasReachedOffset) return false;
  const known = new PrefixChecksums(partition.checksums).upTo(partition.offset);
  const isSame =
    hasTail(reader.before, partition.tailChecksum) &&
    (!reader.checksums || known.firstDifference(reader.checksums) === undefined);
  if (!isSame) notes?.noteDifference(partition);
  return isSame;
}

/** Bytes that were taken: up to where, and the checksum of the last ones. */
interface Verified {
  readonly position: number;
  readonly tailChecksum: string;
}

class FileReader implements PartitionReader {
  readonly location: ByteLocation;
  readonly hasBytePositions = true;
  readonly #stamp: string;
  readonly #descriptor: number | undefined;
  readonly #reader: ByteReader;
  readonly #notes: ArchiveNotes | undefined;
  readonly #head: Uint8Array;
  #checksums: PrefixChecksums;
  #left: number;
  /** What {@link isIntact} was asked for last. */
  #verified: Verified;

  /** @param opened.descriptor is closed with the reader. @param opened.maxBytes to read at the most. */
  constructor(
    opened: {
      readonly location: ByteLocation;
      readonly descriptor: number | undefined;
      readonly head: Uint8Array;
      readonly maxBytes: number;
      readonly stamp: string;
    },
    reader: ByteReader,
    partition: Partition,
    notes: ArchiveNotes | undefined,
  ) {
    this.location = opened.location;
    this.#stamp = opened.stamp;
    this.#descriptor = opened.descriptor;
    this.#reader = reader;
    this.#notes = notes;
    this.#left = opened.maxBytes;
    this.#head = opened.head;
    this.#verified = { position: partition.offset, tailChecksum: partition.tailChecksum };
    this.#checksums = new PrefixChecksums(partition.checksums).upTo(partition.offset);
  }

  get before(): Uint8Array {
    return this.#reader.before;
  }

  async read(target: Uint8Array): Promise<number> {
    try {
      // Where nothing more may be read, one more byte shows how an archive ends.
      const bytes = await this.#reader.read(this.#left > 0 ? target.subarray(0, this.#left) : ONE_BYTE);
      const taken = Math.min(bytes, Math.max(0, this.#left));
      this.#left -= taken;
      return taken;
    } finally {
      const { end, checksums } = this.#reader;
      if (end && checksums) this.#notes?.note(checksums, end);
    }
  }

  positionAt(bytes: number): Position {
    return this.#reader.positionAt(bytes);
  }

  /**
   * Appending to a log changes neither its first bytes nor those before a position. Logs may begin with the same bytes, however many, so
   * the last ones that were taken must still be there, and those of the last time: other threads read other parts, before or behind
   * the log was written anew. Of a plain file, what was read ahead of the lines is not compared: it may be preallocated space that is
   * being written.
   */
  isIntact(position: Position, tailChecksum: string): boolean {
    const { compression, offset } = this.location;
    if (compression !== 'none') return this.#reader.isIntact();
    const isIntact =
      this.#stillHolds(this.#head, 0) &&
      this.#stillHolds(this.before, offset - this.before.length) &&
      this.#hasTail(this.#verified) &&
      this.#hasTail({ position, tailChecksum });
    this.#verified = { position, tailChecksum };
    return isIntact;
  }

  #hasTail({ position, tailChecksum }: Verified): boolean {
    return hasTail(bytesBefore(this.location, position, TAIL_BYTES), tailChecksum);
  }

  checksumsUpTo(offset: Position): Uint8Array {
    const { checksums } = this.#reader;
    if (checksums) return checksums.upTo(offset).bytes;
    // One block for all samples: with a fresh one for each, an ingest of 600 MB took 10 MB more (2026-11-28).
    const block = new Uint8Array(BLOCK_BYTES);
    this.#checksums = extendChecksums(this.#checksums, offset, (position, length) =>
      block.subarray(0, readAt(this.location, block.subarray(0, length), position)),
    );
    return this.#checksums.bytes;
  }

  isUnchanged(): boolean {
    try {
      return stampOf(fstatSync(this.location.descriptor, { bigint: true })) === this.#stamp;
    } catch {
      // Opening it again meets the same error, and reports it.
      return false;
    }
  }

  #stillHolds(bytes: Uint8Array, position: number): boolean {
    const present = new Uint8Array(bytes.length);
    const length = readAt(this.location, present, position);
    return length === bytes.length && Buffer.compare(present, bytes) === 0;
  }

  async close(): Promise<void> {
    await this.#reader.close();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

const ONE_BYTE = new Uint8Array(1);
