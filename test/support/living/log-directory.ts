import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { WorldClock } from './clock.ts';

/** Names of the logs. Each is rotated as logrotate does it, `a.log.1` the youngest. */
const NAMES = ['a.log', 'b.log'];
const ENDINGS = ['', '.gz', '.zst'];

/** Which log of a directory. */
export type LogNumber = 0 | 1;

/** The files of a directory of logs, written by the time of a world. */
export class LogDirectory {
  readonly directory: string;
  /** For files that nobody looks at. */
  readonly away: string;
  readonly #clock: WorldClock;
  #others = 0;

  constructor(directory: string, clock: WorldClock) {
    this.directory = directory;
    this.away = `${directory}-away`;
    this.#clock = clock;
    mkdirSync(this.directory);
    mkdirSync(this.away);
  }

  path(log: LogNumber, rotation = ''): string {
    return join(this.directory, `${NAMES[log]}${rotation}`);
  }

  /** A path in the directory that no file had before. */
  otherPath(name: string): string {
    return join(this.directory, `${name}-${this.#others++}.log`);
  }

  awayPath(): string {
    return join(this.away, String(this.#others++));
  }

  /** True where the log is there, and not empty. */
  has(log: LogNumber, rotation = ''): boolean {
    return existsSync(this.path(log, rotation)) && statSync(this.path(log, rotation)).size > 0;
  }

  append(path: string, bytes: string | Uint8Array): void {
    appendFileSync(path, bytes);
    this.#touch(path);
  }

  /** Writes a file anew, in place. */
  overwrite(path: string, bytes: Uint8Array): void {
    writeFileSync(path, bytes);
    this.#touch(path);
  }

  /**
   * Puts another file in the place of one.
   * @param modifiedBeforeMs how long ago it was written to, as rsync says of the file that it copies.
   */
  replace(path: string, bytes: Uint8Array, modifiedBeforeMs = 0): void {
    const temporary = join(this.directory, '.a.log.Xq12');
    writeFileSync(temporary, bytes);
    this.#touch(temporary, modifiedBeforeMs);
    renameSync(temporary, path);
  }

  #touch(path: string, beforeMs = 0): void {
    const seconds = (this.#clock.systemMs() - beforeMs) / 1000;
    utimesSync(path, seconds, seconds);
  }

  copy(from: string, to: string): void {
    this.append(to, readFileSync(from));
  }

  /** Moves the rotated files of a log one on. */
  shift(log: LogNumber): void {
    for (let rotation = 6; rotation >= 1; rotation--) {
      for (const ending of ENDINGS) {
        const path = this.path(log, `.${rotation}${ending}`);
        if (existsSync(path)) renameSync(path, this.path(log, `.${rotation + 1}${ending}`));
      }
    }
  }

  /** The oldest rotated file of a log. */
  oldest(log: LogNumber): string | undefined {
    for (let rotation = 7; rotation >= 1; rotation--) {
      const path = ENDINGS.map((ending) => this.path(log, `.${rotation}${ending}`)).find(existsSync);
      if (path) return path;
    }
    return undefined;
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true });
    rmSync(this.away, { recursive: true });
  }
}
