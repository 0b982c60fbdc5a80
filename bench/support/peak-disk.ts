import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bytesUnder } from './peak-bytes.ts';

const POLL_MS = 1_000;

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
  let bytes = 0;
  for (const pid of entriesOf('/proc').filter((name) => /^\d+$/.test(name)))
    for (const descriptor of entriesOf(join('/proc', pid, 'fd')))
      bytes += bytesOf(join('/proc', pid, 'fd', descriptor), directory);
  return bytes;
}

/** Processes and descriptors come and go. */
function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function bytesOf(descriptor: string, directory: string): number {
  try {
    const target = readlinkSync(descriptor);
    const isNameless = target.startsWith(directory) && target.endsWith(' (deleted)');
    return isNameless ? statSync(descriptor).size : 0;
  } catch {
    return 0;
  }
}
