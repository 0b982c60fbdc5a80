import { createHash } from 'node:crypto';

/*
 * A fingerprint recognises bytes by their number and a hash of them: `sha256:1024:9f86d0…`. A source uses the fingerprint
 * of a partition's first bytes as its head fingerprint. The scanner uses the one of the bytes right before an offset as
 * the tail checksum.
 */

/** The fingerprint of these bytes. */
export function fingerprintOf(bytes: Uint8Array): string {
  return `sha256:${bytes.length}:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The number of bytes that a fingerprint covers. */
export function fingerprintLength(fingerprint: string): number {
  return Number(fingerprint.split(':')[1]);
}
