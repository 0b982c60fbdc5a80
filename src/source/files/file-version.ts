import type { BigIntStats } from 'node:fs';

/** Identifies a file among all that there are on this machine now. */
export function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Changes with the content of a file, and not with its name. */
export function stampOf(stats: BigIntStats): string {
  return `${inodeOf(stats)}:${stats.size}:${stats.mtimeNs}`;
}

/** Changes with anything of a file. */
export function versionOf(stats: BigIntStats): string {
  return `${stampOf(stats)}:${stats.ctimeNs}`;
}
