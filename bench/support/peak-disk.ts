import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bytesUnder } from './peak-bytes.ts';

const POLL_MS = 250;

/**
 * The most that a store takes on its disk until it is ended, with the files that have no name any more: Linux shows them among the
 * open files of the process.
 */
export class PeakDisk {
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  /** @param directory of the store. It may not be there yet. */
  constructor(directory: string) {
    this.#timer = setInterval(() => {
      this.#most = Math.max(this.#most, bytesUnder(directory, /./) + namelessBytes(directory));
    }, POLL_MS);
  }

  end(): number {
    clearInterval(this.#timer);
    return this.#most;
  }
}

function namelessBytes(directory: string): number {
  /** By file: it may be open several times. */
  const sizes = new Map<string, number>();
  for (const pid of entriesOf('/proc').filter((name) => /^\d+$/.test(name)))
    for (const descriptor of entriesOf(join('/proc', pid, 'fd')))
      noteSize(join('/proc', pid, 'fd', descriptor), directory, sizes);
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Processes and descriptors come and go. */
function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function noteSize(descriptor: string, directory: string, sizes: Map<string, number>): void {
  try {
    const target = readlinkSync(descriptor);
    if (!target.startsWith(directory) || !target.endsWith(' (deleted)')) return;
    const { dev, ino, size } = statSync(descriptor);
    sizes.set(`${dev}:${ino}`, size);
  } catch {
    // It was closed meanwhile.
  }
}
