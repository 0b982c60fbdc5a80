import { closeSync, fstatSync } from 'node:fs';
import { FILE_IDENTITY_BYTES, LINE_END_LOOK_BYTES, MARK_BYTES } from '../../limits.ts';
import { bytesBefore } from '../byte-reader.ts';
import type { Compression } from '../compression/kinds.ts';
import type { Partition } from '../contract.ts';
import { identityOf, isMarkedBy } from '../identity.ts';
import { openToRead } from './beginning.ts';
import { inodeOf } from './file-version.ts';
import type { HeldFile } from './held-files.ts';

const LF = 0x0a;

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
  /** Its first bytes, decompressed, at most FILE_IDENTITY_BYTES. */
  readonly head: Uint8Array;
  /** Where it is kept open. */
  readonly held: HeldFile | undefined;
  readonly #identities = new Map<number, string>();
  readonly #marks = new Map<string, boolean>();
  readonly #copies = new WeakMap<FileContent, boolean>();
  #lineEnd: { readonly offset: number; readonly isThere: boolean } | undefined;

  constructor(
    file: { readonly path: string; readonly inode: string; readonly held: HeldFile | undefined },
    compression: Compression,
    sizeBytes: number,
    head: Uint8Array,
  ) {
    this.path = file.path;
    this.inode = file.inode;
    this.held = file.held;
    this.compression = compression;
    this.sizeBytes = sizeBytes;
    this.head = head;
  }

  /** The identity of its first `length` bytes. */
  identity(length: number): string {
    const identity = this.#identities.get(length) ?? identityOf(this.head, length);
    this.#identities.set(length, identity);
    return identity;
  }

  /**
   * Whether what stands before a partition's offset is what was read there; true, too, where the path leads to another
   * file by now: whoever opens it to read it finds that out, and looks again. For files that are not compressed.
   */
  isMarkedBy({ offset, mark }: Partition): boolean {
    const key = `${offset} ${mark}`;
    const known = this.#marks.get(key);
    if (known !== undefined) return known;
    const before = this.#bytesBefore(offset, MARK_BYTES);
    if (!before) return true;
    // It is asked for few partitions at a time, but their offsets move on.
    if (this.#marks.size > 8) this.#marks.clear();
    this.#marks.set(key, isMarkedBy(before, mark));
    return isMarkedBy(before, mark);
  }

  /**
   * Whether one of two files whose first FILE_IDENTITY_BYTES are the same is the beginning of the other, as the last bytes
   * of the shorter one tell. For files that are not compressed.
   */
  isCopyOf(other: FileContent): boolean {
    const known = this.#copies.get(other);
    if (known !== undefined) return known;
    const end = Math.min(this.sizeBytes, other.sizeBytes);
    const ours = this.#bytesBefore(end, FILE_IDENTITY_BYTES);
    const theirs = other.#bytesBefore(end, FILE_IDENTITY_BYTES);
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

  /** Undefined where the file is not there any more. */
  #bytesBefore(position: number, length: number): Uint8Array | undefined {
    const { path: name, held } = this;
    if (held?.isOpen) return bytesBefore({ descriptor: held.descriptor, name }, position, length);
    let descriptor: number | undefined;
    try {
      descriptor = openToRead(name);
      const isOther = inodeOf(fstatSync(descriptor, { bigint: true })) !== this.inode;
      return isOther ? undefined : bytesBefore({ descriptor, name }, position, length);
    } catch {
      // Why it cannot be read is told when it is to be read.
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}
