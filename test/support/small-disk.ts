/** A file system in memory that a test may fill and make read-only. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Takes all that is left, but for so many bytes. @returns a function that gives it back. */
  fill(leftBytes?: number): () => void;
  setReadOnly(isOn: boolean): void;
  /** Ends it, with all that it holds. May be called twice. */
  unmount(): void;
}

/** @returns undefined where this user may not mount one, which is said aloud: such a test then shows nothing. */
export function mountSmallDisk(path: string, mebibytes: number): SmallDisk | undefined {
  mkdirSync(path, { recursive: true });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]);
  if (status === 0) return diskAt(path);
  console.warn(`NOT TESTED: no file system may be mounted here (${stderr}), so none was full or read-only.`);
  return undefined;
}

function diskAt(path: string): SmallDisk {
  return {
    path,
    fill: (leftBytes = 0) => {
      const { bavail, bsize } = statfsSync(path);
      const filler = join(path, 'filler');
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
      } catch (error) {
        // The server has written since the disk was asked for its room. Then it is full before all is written.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
      return () => rmSync(filler, { force: true });
    },
    setReadOnly: (isOn) => {
      const { status, stderr } = spawnSync('mount', ['-o', isOn ? 'remount,ro' : 'remount,rw', path]);
      if (status !== 0) throw new Error(String(stderr));
    },
    unmount: () => void spawnSync('umount', ['-l', path]),
  };
}
