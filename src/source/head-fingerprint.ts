import { fingerprintLength, fingerprintOf } from '../fingerprint.ts';
import { HEAD_FINGERPRINT_BYTES, HEAD_KEY_BYTES } from '../limits.ts';

/*
 * A byte stream is identified by its content, not by its name or inode: by the fingerprint of its first bytes. So a renamed
 * file keeps its checkpoint, and a short file is still known when it has grown. The tail checksum (the fingerprint of the bytes
 * right before the offset) and the checksums of its beginnings (`prefix-checksums.ts`) show whether it is still that stream.
 */

const LF = 0x0a;

/**
 * The key for looking up a stream: the fingerprint of its first line, of HEAD_KEY_BYTES at most. It stays the same while the
 * stream grows. Empty while the first line has no end yet.
 */
export function headKeyOf(head: Uint8Array): string {
  const begin = head.subarray(0, HEAD_KEY_BYTES);
  const newline = begin.indexOf(LF);
  if (newline >= 0) return fingerprintOf(begin.subarray(0, newline + 1));
  return begin.length === HEAD_KEY_BYTES ? fingerprintOf(begin) : '';
}

/** The fingerprint of a stream that begins with these bytes. */
export function headFingerprintOf(
  head: Uint8Array,
  length = Math.min(head.length, HEAD_FINGERPRINT_BYTES),
): string {
  return fingerprintOf(head.subarray(0, length));
}

/** The number of bytes that a fingerprint was made of. */
export const headLength = fingerprintLength;

/** True where the stream that begins with `head` has this fingerprint, or has grown out of one that had it. */
export function isIdentifiedBy(head: Uint8Array, headFingerprint: string): boolean {
  const length = headLength(headFingerprint);
  return length <= head.length && headFingerprintOf(head, length) === headFingerprint;
}

/**
 * True where the bytes before an offset are those that were read there. Also true for a partition without a tail checksum.
 * @param before the bytes that a tail checksum is made of, or all that there are.
 */
export function hasTail(before: Uint8Array, tailChecksum: string): boolean {
  if (tailChecksum === '') return true;
  const length = fingerprintLength(tailChecksum);
  return length <= before.length && fingerprintOf(before.subarray(before.length - length)) === tailChecksum;
}
