import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { compressionOf, MAGIC_BYTES } from '../../source/compression/kinds.ts';
import { inodeOf } from '../../source/files/file-version.ts';
import { topicPartitionOf } from '../../source/kafka/position.ts';
import type { Checkpoint } from '../../store/contract.ts';

/**
 * Looks at a log of this machine.
 * @returns how many of its bytes are not in the store. Undefined where that cannot be known: the file under its path is not
 * the one that was read, or cannot be looked at, or is compressed; and of a topic.
 */
export function bytesBehind({
  id,
  name,
  inode,
  offset,
}: Pick<Checkpoint, 'id' | 'name' | 'inode' | 'offset'>): number | undefined {
  if (topicPartitionOf(id)) return undefined;
  try {
    // To open a pipe would wait for somebody who writes to it.
    if (!statSync(name).isFile()) return undefined;
    const descriptor = openSync(name, 'r');
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      const isOther = inodeOf(stats) !== inode || isCompressed(descriptor) || Number(stats.size) < offset;
      return isOther ? undefined : Number(stats.size) - offset;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function isCompressed(descriptor: number): boolean {
  const head = Buffer.alloc(MAGIC_BYTES);
  return compressionOf(head.subarray(0, readSync(descriptor, head, 0, MAGIC_BYTES, 0))) !== 'none';
}

/** @returns the sum; undefined where one of them is not known. */
export function sumOf(numbers: readonly (number | null)[]): number | undefined {
  return numbers.reduce<number | undefined>(
    (sum, one) => (sum === undefined || one === null ? undefined : sum + one),
    0,
  );
}
