import type { BigIntStats } from 'node:fs';

/** Which file it is, of all that there are on this machine now. */
export function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Changes where the content of a file does, and not with its name. */
export function stampOf(stats: BigIntStats): string {
  return `${inodeOf(stats)}:${stats.size}:${stats.mtimeNs}`;
}

/** Changes where a file does, in whatever way. */
export function versionOf(stats: BigIntStats): string {
  return `${stampOf(stats)}:${stats.ctimeNs}`;
}
