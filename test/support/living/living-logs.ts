import { existsSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { ExpectedCounts } from './expected-counts.ts';
import type { LogDirectory, LogNumber } from './log-directory.ts';

/** Two logs: what is written to them, and how they are rotated. */
export class LivingLogs {
  readonly files: LogDirectory;
  readonly expected: ExpectedCounts;
  /** Of the line that each log's last bytes begin, if they do: what is missing, and the customer. */
  readonly #open: ({ readonly rest: string; readonly customer: string } | undefined)[] = [
    undefined,
    undefined,
  ];
  /** What each log lacks, where it is a shorter copy of what it was. */
  readonly #missing: (Uint8Array | undefined)[] = [undefined, undefined];
  /** True where half a last line of a rotated log may not be taken yet. */
  hasRotatedHalf = false;
  /** True where a shorter copy of a log was rotated: what goes on with it is another log. */
  hasRotatedPart = false;

  constructor(files: LogDirectory, headerBytes: number) {
    this.files = files;
    this.expected = new ExpectedCounts(headerBytes);
  }

  get hasHalf(): boolean {
    return this.#open.some((open) => open);
  }

  write(log: LogNumber): void {
    this.complete(log);
    this.begin(log);
    this.files.append(this.files.path(log), this.expected.fresh(this.expected.made % 3 === 0 ? 2 : 1));
  }

  /** Begins a file as all of them begin, and goes on with a line of its own: until then nobody can tell two apart. */
  begin(log: LogNumber): void {
    if (this.files.has(log)) return;
    this.expected.countAll(this.expected.header);
    this.files.append(this.files.path(log), this.expected.header + this.expected.fresh());
  }

  writeHalf(log: LogNumber, missing: number): void {
    if (this.#open[log]) return;
    this.complete(log);
    this.begin(log);
    const { customer, text } = this.expected.uncounted();
    this.files.append(this.files.path(log), text.slice(0, text.length - missing));
    this.#open[log] = { rest: text.slice(text.length - missing), customer };
  }

  /** Writes the rest of a line, and what a shorter copy lacks. */
  complete(log: LogNumber, path = this.files.path(log)): void {
    const missing = this.#missing[log];
    if (missing) this.files.append(path, missing);
    this.#missing[log] = undefined;
    const open = this.#open[log];
    if (!open) return;
    this.files.append(path, open.rest);
    this.expected.count(open.customer);
    this.#open[log] = undefined;
  }

  /** The log was made a shorter copy of itself. */
  lacks(log: LogNumber, missing: Uint8Array): void {
    this.#missing[log] = missing;
  }

  isShortened(log: LogNumber): boolean {
    return this.#missing[log] !== undefined;
  }

  /** Nothing more comes to a log: half a last line is one, whole or broken. */
  end(log: LogNumber): void {
    if (this.#missing[log]) this.hasRotatedPart = true;
    this.#missing[log] = undefined;
    const open = this.#open[log];
    if (!open) return;
    if (open.rest === '\n') this.expected.count(open.customer);
    else this.expected.rejected++;
    this.#open[log] = undefined;
    this.hasRotatedHalf = true;
  }

  /** Somebody who has not heard that a log has moved writes on. */
  writeOn(log: LogNumber, path: string): void {
    this.complete(log, path);
    this.files.append(path, this.expected.fresh());
  }

  rotate(log: LogNumber): string {
    this.files.shift(log);
    const rotated = this.files.path(log, '.1');
    renameSync(this.files.path(log), rotated);
    return rotated;
  }

  copyAside(log: LogNumber): void {
    this.complete(log);
    this.files.shift(log);
    this.files.copy(this.files.path(log), this.files.path(log, '.1'));
  }

  truncate(log: LogNumber): void {
    truncateSync(this.files.path(log));
  }

  /** The log that was rotated last, compressed, is to take its place. */
  compressed(
    log: LogNumber,
    ending: string,
    compress: (bytes: Uint8Array) => Uint8Array,
  ): Archive | undefined {
    const from = this.files.path(log, '.1');
    if (!existsSync(from)) return undefined;
    return { bytes: compress(readFileSync(from)), from, to: `${from}${ending}` };
  }

  pack(archive: Archive | undefined): void {
    if (!archive) return;
    this.files.append(archive.to, archive.bytes);
    rmSync(archive.from);
  }
}

export interface Archive {
  readonly bytes: Uint8Array;
  readonly from: string;
  readonly to: string;
}
