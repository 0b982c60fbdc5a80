/**
 * A log that lives: written to, rotated, compressed, truncated and moved, as servers and `logrotate` do it, and every
 * line of it known.
 */

import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { FORK_MIN_BYTES } from '../../src/limits.ts';
import type { Choice } from '../support/random-choice.ts';
import { NumberedLines } from './random-lines.ts';

const MOST_LINES_AT_ONCE = 60;
/** What no reader takes for a log. */
const OUT_OF_REACH = 'moved away';
/** How many equal lines every log of a sequence begins with: 30 are more than a file is first known by. */
const HEADER_LINES = [0, 0, 1, 30];
/** So many lines make a log that begins as another one differ from it. */
const DIFFERENT_LINES = 3;

export class LivingLog {
  readonly directory: string;
  readonly #file: string;
  /** What every log begins with. */
  readonly #header: readonly string[];
  #isHeaderWritten = false;
  readonly #choice: Choice;
  readonly #numbered: NumberedLines;
  /** Every line that was written and ended, in the order of writing; what was written twice stands in it twice. */
  readonly lines: string[] = [];
  /** Of the present file. */
  #content: string[] = [];
  /** The rest of a line of which the beginning was written. */
  #rest: { readonly line: string; readonly from: number } | undefined;

  constructor(parent: string, choice: Choice) {
    this.directory = join(parent, 'logs');
    mkdirSync(this.directory);
    this.#file = join(this.directory, 'app.log');
    this.#choice = choice;
    this.#numbered = new NumberedLines(choice);
    this.#header = Array.from({ length: choice.of(HEADER_LINES) }, () => this.#numbered.request());
  }

  /** The log itself; undefined where it is not there. */
  get present(): string | undefined {
    return this.#isThere ? this.#file : undefined;
  }

  /** By customer: how many requests were written. What was written twice counts here once. */
  get requests(): ReadonlyMap<string, number> {
    return this.#numbered.requests;
  }

  /** Lines, each in a write of its own or all in one; the end of half a line first. */
  write(): void {
    this.endLine();
    const lines = this.#fresh(1 + this.#choice.below(MOST_LINES_AT_ONCE));
    if (this.#choice.once(3)) for (const line of lines) appendFileSync(this.#file, `${line}\n`);
    else this.#append(lines);
    this.#took(lines);
  }

  /** Lines that are nowhere yet. A file that begins with something else than a request is taken for no log. */
  #fresh(count: number): string[] {
    this.#begin();
    return Array.from({ length: count }, () => this.#numbered.next());
  }

  /** Begins a new file, with what all begin with, and a line of its own. */
  #begin(): void {
    if (this.#content.length > 0) return;
    const lines = [...this.#header, this.#numbered.request()];
    this.#append(lines);
    this.#took(lines);
    if (this.#isHeaderWritten) this.#writtenAgain.push(...this.#header);
    this.#isHeaderWritten = true;
  }

  /** Lines as they stand in a file, to be written by whoever copies the log; they count. */
  added(): string {
    const lines = this.#fresh(1 + this.#choice.below(MOST_LINES_AT_ONCE));
    this.#took(lines);
    return lines.map((line) => `${line}\n`).join('');
  }

  #append(lines: readonly string[]): void {
    appendFileSync(this.#file, lines.map((line) => `${line}\n`).join(''));
  }

  #took(lines: readonly string[]): void {
    this.lines.push(...lines);
    this.#content.push(...lines);
  }

  /** The beginning of a line, maybe all of it but its newline. */
  writeHalf(): void {
    this.endLine();
    const [line] = this.#fresh(1);
    const from = 1 + this.#choice.below(line.length);
    appendFileSync(this.#file, line.slice(0, from));
    this.#rest = { line, from };
  }

  endLine(): void {
    if (!this.#rest) return;
    const { line, from } = this.#rest;
    appendFileSync(this.#file, `${line.slice(from)}\n`);
    this.#took([line]);
    this.#rest = undefined;
  }

  get #isThere(): boolean {
    return existsSync(this.#file);
  }

  /** `app.log` becomes `app.log.1`. A server that was not told goes on writing half a line's end to where it is. */
  rename(): void {
    if (!this.#isThere) return;
    this.#makeRoom();
    const rotated = join(this.directory, 'app.log.1');
    if (!this.#rest) {
      renameSync(this.#file, rotated);
    } else {
      const { line, from } = this.#rest;
      renameSync(this.#file, rotated);
      appendFileSync(rotated, `${line.slice(from)}\n`);
      this.#took([line]);
      this.#rest = undefined;
    }
    this.#content = [];
  }

  /** The same without a server's help: what was written is copied, and the file emptied. */
  copyAndTruncate(): void {
    if (!this.#isThere) return;
    this.endLine();
    this.#makeRoom();
    copyFileSync(this.#file, join(this.directory, 'app.log.1'));
    truncateSync(this.#file);
    this.#content = [];
  }

  /** Every rotated file moves on by one number. */
  #makeRoom(): void {
    for (const { name, number, ending } of this.#rotated().reverse())
      renameSync(join(this.directory, name), join(this.directory, `app.log.${number + 1}${ending}`));
  }

  /** By number. */
  #rotated(): { name: string; number: number; ending: string }[] {
    return readdirSync(this.directory)
      .map((name) => /^app\.log\.(\d+)(\.gz|\.zst)?$/.exec(name))
      .filter((match) => match !== null)
      .map(([name, number, ending = '']) => ({ name, number: Number(number), ending }))
      .sort((a, b) => a.number - b.number);
  }

  /** A rotated file is compressed, at once or little by little, and then deleted. */
  async compress(): Promise<void> {
    const plain = this.#rotated().filter(({ ending }) => ending === '');
    if (plain.length === 0) return;
    const path = join(this.directory, this.#choice.of(plain).name);
    const content = readFileSync(path);
    const isGzip = this.#choice.once(2);
    const packed = isGzip ? gzipSync(content) : zstdCompressSync(content);
    const target = `${path}${isGzip ? '.gz' : '.zst'}`;
    const middle = this.#choice.below(packed.length);
    writeFileSync(target, packed.subarray(0, middle));
    await delay(this.#choice.below(400));
    appendFileSync(target, packed.subarray(middle));
    if (this.#choice.once(3)) await delay(this.#choice.below(300));
    unlinkSync(path);
  }

  /** A copy stands beside the log, under the name of one; later it goes. */
  copyBeside(): void {
    const copy = join(this.directory, 'copy.log');
    if (existsSync(copy)) unlinkSync(copy);
    else if (this.#isThere) copyFileSync(this.#file, copy);
  }

  /** The oldest rotated file goes. Everything must have been read. */
  deleteOldest(): void {
    const oldest = this.#rotated().at(-1);
    if (oldest) unlinkSync(join(this.directory, oldest.name));
  }

  /** The file is emptied. Everything must have been read. */
  truncate(): void {
    if (this.#isThere) truncateSync(this.#file);
    this.#content = [];
  }

  /**
   * The file is written anew, from its beginning with what stood there before, and then otherwise. Everything must have
   * been read. What is written again counts again: it is too little to be a copy that goes on by itself.
   */
  rewrite(): void {
    if (this.#content.length < 2) return;
    const again = this.#content.slice(0, 1 + this.#choice.below(this.#content.length - 1));
    while (again.join('\n').length >= FORK_MIN_BYTES) again.pop();
    const lines = [...again, ...this.#fresh(DIFFERENT_LINES + this.#choice.below(20))];
    writeFileSync(this.#file, lines.map((line) => `${line}\n`).join(''));
    this.#content = [];
    this.#took(lines);
    this.#writtenAgain.push(...again);
  }

  readonly #writtenAgain: string[] = [];

  /** Lines that were written twice. */
  get writtenAgain(): readonly string[] {
    return this.#writtenAgain;
  }

  /** More is written, and at once the file goes to where nobody looks. All before must have been read by who follows it. */
  vanish(): void {
    if (!this.#isThere) return;
    const lines = this.#fresh(1 + this.#choice.below(20));
    this.#append(lines);
    this.#took(lines);
    if (this.#choice.once(2)) unlinkSync(this.#file);
    else renameSync(this.#file, join(this.directory, OUT_OF_REACH));
    this.#content = [];
  }

  /** The directory is away for a while. */
  async moveDirectory(): Promise<void> {
    const away = `${this.directory} away`;
    renameSync(this.directory, away);
    await delay(this.#choice.below(1000));
    renameSync(away, this.directory);
  }
}
