import { createHash } from 'node:crypto';

/*
 * What bytes are recognised by: a hash of them, and their number, `sha256:1024:9f86d0…`. A source takes that of a
 * partition's first bytes as its identity, and the scanner that of the bytes right before an offset as its mark.
 */

/** The fingerprint of these bytes. */
export function fingerprintOf(bytes: Uint8Array): string {
  return `sha256:${bytes.length}:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The number of bytes that a fingerprint was made of. */
export function fingerprintLength(fingerprint: string): number {
  return Number(fingerprint.split(':')[1]);
}
