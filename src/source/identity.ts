import { fingerprintLength, fingerprintOf } from '../fingerprint.ts';
import { FILE_IDENTITY_BYTES, HEAD_KEY_BYTES } from '../limits.ts';

/*
 * A byte stream is recognised by its content, not by its name or inode: by the fingerprint of its first bytes. So a
 * renamed file keeps its checkpoint, and a file of fewer bytes is recognised, too, when it has grown. Whether it is
 * still that stream is seen from its mark, the fingerprint of what stands right before the offset up to which it was
 * read, and from the checksums of its beginnings (`prefix-checksums.ts`).
 */

const LF = 0x0a;

/**
 * What a stream is looked up by: the fingerprint of its first line, of HEAD_KEY_BYTES at most. It stays the same while the
 * stream grows. Empty where its first line has no end yet.
 */
export function headKeyOf(head: Uint8Array): string {
  const begin = head.subarray(0, HEAD_KEY_BYTES);
  const newline = begin.indexOf(LF);
  if (newline >= 0) return fingerprintOf(begin.subarray(0, newline + 1));
  return begin.length === HEAD_KEY_BYTES ? fingerprintOf(begin) : '';
}

/** The identity of what begins with these bytes. */
export function identityOf(head: Uint8Array, length = Math.min(head.length, FILE_IDENTITY_BYTES)): string {
  return fingerprintOf(head.subarray(0, length));
}

/** The number of bytes that an identity was made of. */
export const identityLength = fingerprintLength;

/** True where the stream that begins with `head` is the one of this identity, or has grown out of it. */
export function isIdentifiedBy(head: Uint8Array, identity: string): boolean {
  const length = identityLength(identity);
  return length <= head.length && identityOf(head, length) === identity;
}

/**
 * True where the bytes before an offset are those that were read there. A partition without a mark is believed.
 * @param before as many of them as a mark is made of, or all that there are.
 */
export function isMarkedBy(before: Uint8Array, mark: string): boolean {
  if (mark === '') return true;
  const length = fingerprintLength(mark);
  return length <= before.length && fingerprintOf(before.subarray(before.length - length)) === mark;
}
