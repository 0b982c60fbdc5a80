import { closeSync } from 'node:fs';

/** A file that is kept open. It can be read to its end even if its path leads to another file by now, or nowhere. */
export interface HeldFile {
  readonly inode: string;
  /** Valid while {@link isOpen}. */
  readonly descriptor: number;
  isOpen: boolean;
  /** The last path under which it was found. */
  path: string;
  /** Since when it was seen under its name. */
  namedSinceMs: number;
  /** True where it had another name before. */
  wasRenamed: boolean;
  /** Since when no path leads to it, in ms since 1970; undefined where one does. */
  departedMs: number | undefined;
  /** Since when it has not changed. */
  quietSinceMs: number;
  /** True where it is not needed any more. */
  isDone: boolean;
  /** Up to where it was read, and since when it has not moved on, though it should be read to its end. */
  stuck: { readonly offset: number | undefined; readonly sinceMs: number } | undefined;
}

/**
 * The files that are followed, by their inodes. As long as a file is open, no other file can have its inode. Beyond the bound,
 * the file that changed least recently is closed. It is opened again when it changes.
 */
export class HeldFiles {
  readonly #files = new Map<string, HeldFile>();
  #maxFiles: number;

  constructor(maxFiles: number) {
    this.#maxFiles = maxFiles;
  }

  /** Keeps fewer from now on: the process has no descriptors left. @returns false where there is nothing to close. */
  shrink(): boolean {
    if (this.#files.size === 0) return false;
    this.#maxFiles = this.#files.size >> 1;
    while (this.#files.size > this.#maxFiles) this.release(this.#leastRecent());
    return true;
  }

  get(inode: string): HeldFile | undefined {
    return this.#files.get(inode);
  }

  /** Keeps a file that was just opened. Where the bound is exceeded, it closes another one. */
  hold(inode: string, descriptor: number, path: string, quietSinceMs: number, nowMs: number): HeldFile {
    const file: HeldFile = {
      ...{ inode, descriptor, path, quietSinceMs, namedSinceMs: nowMs },
      ...{ isOpen: true, wasRenamed: false, departedMs: undefined, isDone: false, stuck: undefined },
    };
    this.#files.set(inode, file);
    if (this.#files.size > this.#maxFiles) this.release(this.#leastRecent());
    return file;
  }

  #leastRecent(): HeldFile {
    const files = [...this.#files.values()];
    return files.reduce((least, file) => (file.quietSinceMs < least.quietSinceMs ? file : least));
  }

  release(file: HeldFile): void {
    closeSync(file.descriptor);
    file.isOpen = false;
    this.#files.delete(file.inode);
  }

  /** Closes those that are not needed any more. */
  releaseDone(): void {
    for (const file of this.#files.values()) if (file.isDone) this.release(file);
  }

  /** Those to which no path leads. Notes of the others that one does. */
  notAmong(inodes: ReadonlyMap<string, unknown>): HeldFile[] {
    const files = [...this.#files.values()];
    for (const file of files) if (inodes.has(file.inode)) file.departedMs = undefined;
    return files.filter(({ inode }) => !inodes.has(inode));
  }

  /** Closes all. */
  close(): void {
    for (const file of [...this.#files.values()]) this.release(file);
  }
}
