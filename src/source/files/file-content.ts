import { closeSync, fstatSync } from 'node:fs';
import { HEAD_FINGERPRINT_BYTES, LINE_END_SCAN_BYTES, READ_BLOCK_BYTES, TAIL_BYTES } from '../../limits.ts';
import { bytesBefore, readAt } from '../byte-reader.ts';
import type { Compression } from '../compression/kinds.ts';
import type { ByteLocation, Partition } from '../contract.ts';
import { hasTail, headFingerprintOf, headKeyOf } from '../head-fingerprint.ts';
import { extendChecksums, PrefixChecksums, positionOf } from '../prefix-checksums.ts';
import type { ArchiveBeginning } from './archive-notes.ts';
import { openToRead } from './beginning.ts';
import { inodeOf } from './file-version.ts';
import type { HeldFile } from './held-files.ts';

const LF = 0x0a;
const NUL = 0;
const NULS = new Uint8Array(READ_BLOCK_BYTES);

/**
 * What a file held when it was found. Answers are kept, so that a file that does not change is not opened again. Most questions
 * are only for files that are not compressed.
 */
export class FileContent {
  readonly path: string;
  readonly inode: string;
  readonly compression: Compression;
  /** On the disk. */
  readonly sizeBytes: number;
  /** Its first bytes, decompressed, at most HEAD_FINGERPRINT_BYTES. */
  readonly head: Uint8Array;
  /** As in `Partition`. */
  readonly headKey: string;
  /** Of an archive: what its first bytes show. */
  readonly archive: ArchiveBeginning | undefined;
  /** Set where it is kept open. */
  readonly held: HeldFile | undefined;
  readonly #identities = new Map<number, string>();
  readonly #fingerprints = new Map<string, boolean>();
  readonly #copies = new WeakMap<FileContent, boolean>();
  #checksums = PrefixChecksums.NONE;
  #lineEnd: { readonly offset: number; readonly isThere: boolean } | undefined;
  #leadingNuls: number | undefined;
  #endsInNuls: boolean | undefined;

  constructor(
    file: { readonly path: string; readonly inode: string; readonly held: HeldFile | undefined },
    compression: Compression,
    sizeBytes: number,
    head: Uint8Array,
    archive: ArchiveBeginning | undefined,
  ) {
    this.path = file.path;
    this.inode = file.inode;
    this.held = file.held;
    this.compression = compression;
    this.sizeBytes = sizeBytes;
    this.head = head;
    this.headKey = headKeyOf(head);
    this.archive = archive;
  }

  /** The fingerprint of its first `length` bytes. */
  headFingerprint(length: number): string {
    const headFingerprint = this.#identities.get(length) ?? headFingerprintOf(this.head, length);
    this.#identities.set(length, headFingerprint);
    return headFingerprint;
  }

  /**
   * Its checksums up to an offset, or as far as it goes; fewer where the path leads to another file by now. Not for archives.
   */
  checksumsUpTo(offset: number): PrefixChecksums {
    const end = Math.min(offset, this.sizeBytes);
    this.#checksums = extendChecksums(this.#checksums, end, (position, length) => {
      return this.#bytesBefore(position + length, length) ?? new Uint8Array();
    });
    return this.#checksums.upTo(offset);
  }

  /**
   * Whether the bytes before a partition's offset are those that were read there. Also true where the file cannot be read, or
   * the path leads to another file by now: opening it to read it shows that. Not for archives.
   */
  hasTail({ offset, tailChecksum }: Partition): boolean {
    const key = `${offset} ${tailChecksum}`;
    const known = this.#fingerprints.get(key);
    if (known !== undefined) return known;
    const before = this.#bytesBefore(offset, TAIL_BYTES);
    if (!before) return true;
    // Few partitions are asked for at a time, but their offsets move on.
    if (this.#fingerprints.size > 8) this.#fingerprints.clear();
    this.#fingerprints.set(key, hasTail(before, tailChecksum));
    return hasTail(before, tailChecksum);
  }

  /**
   * Whether the last bytes of the shorter of two files, up to HEAD_FINGERPRINT_BYTES, stand in the other one in the same place.
   * Also true where one of them cannot be read. Not for archives.
   */
  endsWithin(other: FileContent): boolean {
    const known = this.#copies.get(other);
    if (known !== undefined) return known;
    const end = Math.min(this.sizeBytes, other.sizeBytes);
    const ours = this.#bytesBefore(end, HEAD_FINGERPRINT_BYTES);
    const theirs = other.#bytesBefore(end, HEAD_FINGERPRINT_BYTES);
    if (!ours || !theirs) return true;
    const isCopy = Buffer.compare(ours, theirs) === 0;
    this.#copies.set(other, isCopy);
    return isCopy;
  }

  /** Whether these bytes stand right before a position. Also true where the file cannot be read. */
  holdsBefore(position: number, bytes: Uint8Array): boolean {
    const before = this.#bytesBefore(position, bytes.length);
    return !before || Buffer.compare(before, bytes) === 0;
  }

  /** True where it ends in NULs: its end is not written yet. Not for archives. */
  get endsInNuls(): boolean {
    this.#endsInNuls ??= this.isNulBefore(this.sizeBytes);
    return this.#endsInNuls;
  }

  /** True where only NULs stand before a position. Not for archives. */
  isNulBefore(position: number): boolean {
    const before = this.#bytesBefore(position, TAIL_BYTES);
    return before !== undefined && before.length > 0 && before.every((byte) => byte === NUL);
  }

  /** How many NULs it begins with. Also 0 for an archive whose first bytes are nothing else. */
  get leadingNuls(): number {
    if (this.head[0] !== NUL) return 0;
    if (this.archive) return this.archive.leadingNuls;
    this.#leadingNuls ??= this.#countLeadingNuls();
    return this.#leadingNuls;
  }

  #countLeadingNuls(): number {
    // Where it cannot be read, it is better to reject a line of NULs than to skip lines.
    return this.#withDescriptor((descriptor) => countNuls({ descriptor, name: this.path })) ?? 0;
  }

  /** How many bytes two files have in common at their beginnings. Not for archives. */
  sharedBytes(other: FileContent): number {
    const end = Math.min(this.sizeBytes, other.sizeBytes);
    const checksums = this.checksumsUpTo(end);
    const difference = checksums.firstDifference(other.checksumsUpTo(end)) ?? checksums.count;
    let position = difference === 0 ? 0 : positionOf(difference - 1);
    while (position < end) {
      const length = Math.min(READ_BLOCK_BYTES, end - position);
      const ours = this.#bytesBefore(position + length, length);
      const theirs = other.#bytesBefore(position + length, length);
      const at = ours?.findIndex((byte, i) => byte !== theirs?.[i]) ?? 0;
      if (at >= 0) return position + at;
      position += length;
    }
    return end;
  }

  /** The end of the last line that ends before a position; 0 where none is near. Not for archives. */
  lineStartBefore(position: number): number {
    const before = this.#bytesBefore(position, LINE_END_SCAN_BYTES);
    const newline = before?.lastIndexOf(LF) ?? -1;
    return before && newline >= 0 ? position - before.length + newline + 1 : 0;
  }

  /** The bytes before a position that a tail checksum is made of. Not for archives. */
  tailBytesBefore(position: number): Uint8Array {
    return this.#bytesBefore(position, TAIL_BYTES) ?? new Uint8Array();
  }

  /** False where no line ends behind an offset: only half a line, or nothing, stands there. */
  hasLineBehind(offset: number): boolean {
    if (this.#lineEnd?.offset !== offset) this.#lineEnd = { offset, isThere: this.#findLineBehind(offset) };
    return this.#lineEnd.isThere;
  }

  #findLineBehind(offset: number): boolean {
    const bytes = this.sizeBytes - offset;
    // So much without a newline is rare: reading it shows.
    if (bytes > LINE_END_SCAN_BYTES) return true;
    return bytes > 0 && (this.#bytesBefore(this.sizeBytes, bytes)?.includes(LF) ?? true);
  }

  #bytesBefore(position: number, length: number): Uint8Array | undefined {
    return this.#withDescriptor((descriptor) =>
      bytesBefore({ descriptor, name: this.path }, position, length),
    );
  }

  /** Undefined where the file is not there any more, or cannot be read. */
  #withDescriptor<T>(use: (descriptor: number) => T): T | undefined {
    const { path, held } = this;
    let descriptor: number | undefined;
    try {
      if (held?.isOpen) return use(held.descriptor);
      descriptor = openToRead(path);
      const isOther = inodeOf(fstatSync(descriptor, { bigint: true })) !== this.inode;
      return isOther ? undefined : use(descriptor);
    } catch {
      // Opening the file to read it meets the same error, and reports it.
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}

/**
 * How many NULs a file begins with. A log that was truncated while it was written can begin with gigabytes of them: comparing
 * blocks reads 2 GB a second.
 */
function countNuls(file: Pick<ByteLocation, 'descriptor' | 'name'>): number {
  const block = new Uint8Array(READ_BLOCK_BYTES);
  for (let position = 0; ; ) {
    const bytes = block.subarray(0, readAt(file, block, position));
    if (bytes.length === 0) return position;
    if (Buffer.compare(bytes, NULS.subarray(0, bytes.length)) !== 0)
      return position + bytes.findIndex((byte) => byte !== NUL);
    position += bytes.length;
  }
}
