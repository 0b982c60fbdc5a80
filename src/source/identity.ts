import { createHash } from 'node:crypto';
import { FILE_IDENTITY_BYTES } from '../limits.ts';

/*
 * A byte stream is recognised by its content, not by its name or inode: by a hash of its first bytes, and their
 * number, `sha256:1024:9f86d0…`. So a renamed file keeps its checkpoint, and a file of fewer bytes is
 * recognised, too, when it has grown.
 */

/** The identity of what begins with these bytes. */
export function identityOf(head: Uint8Array, length = Math.min(head.length, FILE_IDENTITY_BYTES)): string {
  return `sha256:${length}:${createHash('sha256').update(head.subarray(0, length)).digest('hex')}`;
}

/** The number of bytes that an identity was made of. */
export function identityLength(identity: string): number {
  return Number(identity.split(':')[1]);
}

/** True where the stream that begins with `head` is the one of this identity, or has grown out of it. */
export function isIdentifiedBy(head: Uint8Array, identity: string): boolean {
  const length = identityLength(identity);
  return length <= head.length && identityOf(head, length) === identity;
}
