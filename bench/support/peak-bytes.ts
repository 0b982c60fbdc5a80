import { readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

const POLL_MS = 20;

/** The most bytes that some files of a directory have until it is ended. */
export class PeakBytes {
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  /** @param names of the entries of the directory to look at: files, or folders with all that is in them. */
  constructor(directory: string, names: RegExp) {
    this.#timer = setInterval(() => {
      this.#most = Math.max(this.#most, bytesUnder(directory, names));
    }, POLL_MS);
  }

  end(): number {
    clearInterval(this.#timer);
    return this.#most;
  }
}

/** The bytes of the files under a directory. @param names as for {@link PeakBytes}. */
export function bytesUnder(directory: string, names: RegExp): number {
  return entriesOf(directory)
    .filter((path) => names.test(path.split(sep)[0] ?? ''))
    .reduce((sum, path) => sum + bytesOf(join(directory, path)), 0);
}

/** A directory may be gone, or not be there yet. */
function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function bytesOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : 0;
}
