import { closeSync, fstatSync } from 'node:fs';
import { HEAD_FINGERPRINT_BYTES, LINE_END_LOOK_BYTES, READ_BLOCK_BYTES, TAIL_BYTES } from '../../limits.ts';
import { bytesBefore } from '../byte-reader.ts';
import type { Compression } from '../compression/kinds.ts';
import type { Partition } from '../contract.ts';
import { hasTail, headFingerprintOf, headKeyOf } from '../head-fingerprint.ts';
import { extendChecksums, PrefixChecksums, positionOf } from '../prefix-checksums.ts';
import type { ArchiveBeginning } from './archive-notes.ts';
import { openToRead } from './beginning.ts';
import { inodeOf } from './file-version.ts';
import type { HeldFile } from './held-files.ts';

const LF = 0x0a;
const NUL = 0;

/**
 * What a file held when it was looked at. What was found out about it is remembered, so that one that does not change is
 * not opened again.
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
  /** Of an archive: what its first bytes told. */
  readonly archive: ArchiveBeginning | undefined;
  /** Where it is kept open. */
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

  /** The headFingerprint of its first `length` bytes. */
  headFingerprint(length: number): string {
    const headFingerprint = this.#identities.get(length) ?? headFingerprintOf(this.head, length);
    this.#identities.set(length, headFingerprint);
    return headFingerprint;
  }

  /**
   * Its checksums up to an offset, or as far as it goes; fewer where the path leads to another file by now. For files that
   * are not compressed.
   */
  checksumsUpTo(offset: number): PrefixChecksums {
    const end = Math.min(offset, this.sizeBytes);
    this.#checksums = extendChecksums(this.#checksums, end, (position, length) => {
      return this.#bytesBefore(position + length, length) ?? new Uint8Array();
    });
    return this.#checksums.upTo(offset);
  }

  /**
   * Whether what stands before a partition's offset is what was read there; true, too, where the path leads to another
   * file by now: whoever opens it to read it finds that out, and looks again. For files that are not compressed.
   */
  hasTail({ offset, tailChecksum }: Partition): boolean {
    const key = `${offset} ${tailChecksum}`;
    const known = this.#fingerprints.get(key);
    if (known !== undefined) return known;
    const before = this.#bytesBefore(offset, TAIL_BYTES);
    if (!before) return true;
    // It is asked for few partitions at a time, but their offsets move on.
    if (this.#fingerprints.size > 8) this.#fingerprints.clear();
    this.#fingerprints.set(key, hasTail(before, tailChecksum));
    return hasTail(before, tailChecksum);
  }

  /**
   * Whether the last bytes of the shorter of two files, up to HEAD_FINGERPRINT_BYTES, stand in the other one in the same place;
   * true, too, where one of them cannot be asked any more. For files that are not compressed.
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

  /** Whether these bytes stand right before a position; true, too, where the file cannot be asked any more. */
  holdsBefore(position: number, bytes: Uint8Array): boolean {
    const before = this.#bytesBefore(position, bytes.length);
    return !before || Buffer.compare(before, bytes) === 0;
  }

  /** True where nothing but NULs stands at its end: it is not written yet. For files that are not compressed. */
  get endsInNuls(): boolean {
    this.#endsInNuls ??= this.isHoleBefore(this.sizeBytes);
    return this.#endsInNuls;
  }

  /** True where nothing but NULs stands before a position. For files that are not compressed. */
  isHoleBefore(position: number): boolean {
    const before = this.#bytesBefore(position, TAIL_BYTES);
    return before !== undefined && before.length > 0 && before.every((byte) => byte === NUL);
  }

  /** How many NULs it begins with. Of an archive 0, too, where its first bytes are nothing else. */
  get leadingNuls(): number {
    if (this.head[0] !== NUL) return 0;
    if (this.archive) return this.archive.leadingNuls;
    this.#leadingNuls ??= this.#countLeadingNuls();
    return this.#leadingNuls;
  }

  #countLeadingNuls(): number {
    for (let position = 0; position < this.sizeBytes; ) {
      const length = Math.min(READ_BLOCK_BYTES, this.sizeBytes - position);
      const bytes = this.#bytesBefore(position + length, length);
      // Where it cannot be read, rather some NULs are rejected than lines skipped.
      if (!bytes || bytes.length === 0) return position;
      const first = bytes.findIndex((byte) => byte !== NUL);
      if (first >= 0) return position + first;
      position += bytes.length;
    }
    return this.sizeBytes;
  }

  /** How many bytes it begins with that another file begins with, too. For files that are not compressed. */
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

  /** Where the last line that ends before a position does; 0 where none is near. For files that are not compressed. */
  lineStartBefore(position: number): number {
    const before = this.#bytesBefore(position, LINE_END_LOOK_BYTES);
    const newline = before?.lastIndexOf(LF) ?? -1;
    return before && newline >= 0 ? position - before.length + newline + 1 : 0;
  }

  /** As many bytes before a position as a tailChecksum is made of. For files that are not compressed. */
  tailBytesBefore(position: number): Uint8Array {
    return this.#bytesBefore(position, TAIL_BYTES) ?? new Uint8Array();
  }

  /** False where no line ends behind an offset: half a last line, or nothing. */
  hasLineBehind(offset: number): boolean {
    if (this.#lineEnd?.offset !== offset) this.#lineEnd = { offset, isThere: this.#findLineBehind(offset) };
    return this.#lineEnd.isThere;
  }

  #findLineBehind(offset: number): boolean {
    const bytes = this.sizeBytes - offset;
    // So much without a newline is rare: it is read to see.
    if (bytes > LINE_END_LOOK_BYTES) return true;
    return bytes > 0 && (this.#bytesBefore(this.sizeBytes, bytes)?.includes(LF) ?? true);
  }

  /** Undefined where the file is not there any more, or cannot be read. */
  #bytesBefore(position: number, length: number): Uint8Array | undefined {
    const { path: name, held } = this;
    let descriptor: number | undefined;
    try {
      if (held?.isOpen) return bytesBefore({ descriptor: held.descriptor, name }, position, length);
      descriptor = openToRead(name);
      const isOther = inodeOf(fstatSync(descriptor, { bigint: true })) !== this.inode;
      return isOther ? undefined : bytesBefore({ descriptor, name }, position, length);
    } catch {
      // Opening the file to read it meets the same error, and reports it.
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}
