import { readFileSync, type Stats, statSync } from 'node:fs';
import { whyUnreadable } from '../../config/config-file.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { FILE_POLL_MS } from '../../limits.ts';

interface PolledOptions<T> {
  readonly paths: readonly string[];
  /** Makes the value. @throws {DaymarkError} where the files cannot be used. */
  readonly read: () => T;
  /** Hears once of each version of the files that cannot be used. The value from before stays. */
  readonly refused: (error: DaymarkError) => void;
}

/**
 * A value that is made of one or several files, which may change.
 *
 * A file that changed since the last look may be half written, or one of two that belong together. So the files are read only
 * when all of them have rested from one look to the next.
 */
export class PolledFiles<T> {
  readonly #options: PolledOptions<T>;
  #value: T;
  /** The version of the files that was read, or refused. */
  #taken: string;
  /** The version at the last look. */
  #seen: string;

  /** @throws {DaymarkError} where the files cannot be used now. */
  constructor(options: PolledOptions<T>) {
    this.#options = options;
    // Before they are read: what changes meanwhile is another version.
    this.#seen = this.#taken = versionOf(options.paths);
    this.#value = options.read();
  }

  /** The same object until the files change. */
  get value(): T {
    return this.#value;
  }

  /** Looks every FILE_POLL_MS from now on, as long as something else keeps the process alive. */
  watch(): this {
    setInterval(() => this.look(), FILE_POLL_MS).unref();
    return this;
  }

  look(): void {
    const version = versionOf(this.#options.paths);
    const hasRested = version === this.#seen;
    this.#seen = version;
    if (hasRested && version !== this.#taken) this.#take(version);
  }

  #take(version: string): void {
    this.#taken = version;
    try {
      this.#value = this.#options.read();
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      this.#options.refused(error);
    }
  }
}

/**
 * Reads a small file that a setting names. @param parse throws, with the reason, where the content cannot be used.
 * @throws {DaymarkError} INVALID_SETTING.
 */
export function readNamedFile<T>(
  setting: string,
  path: string,
  maxBytes: number,
  parse: (bytes: Buffer) => T,
): T {
  try {
    assertSmall(statSync(path), maxBytes);
    return parse(readFileSync(path));
  } catch (error) {
    const why = error instanceof Error && 'syscall' in error ? whyUnreadable(error) : messageOf(error);
    throw new DaymarkError('INVALID_SETTING', `${setting} names the file ${path}, but ${why}.`);
  }
}

/** To read a pipe could take for ever. */
function assertSmall(stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new Error('it is no regular file');
  if (stats.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
}

/** A changed file that a setting names, and that cannot be used. */
export function fileRefused(error: DaymarkError): DaymarkError {
  return new DaymarkError('FILE_REFUSED', error.message, { cause: error });
}

/** Differs for two versions of the files, whether they were written, replaced, or a link to them was switched. */
function versionOf(paths: readonly string[]): string {
  return paths.map(versionOfOne).join('\n');
}

function versionOfOne(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch (error) {
    return whyUnreadable(error);
  }
}
