/** What copies do to a log: they take its place, in whole and little by little, by the programs that people use. */

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Choice } from '../support/random-choice.ts';
import type { LivingLog } from './living-log.ts';

const RSYNC = ['-a', '-a --inplace', '-a --append', '-a --no-whole-file', '-a --partial'];

export class Copies {
  readonly #log: LivingLog;
  readonly #aside: string;
  readonly #choice: Choice;

  /** @param directory for copies that no program looks at. */
  constructor(log: LivingLog, directory: string, choice: Choice) {
    this.#log = log;
    this.#aside = join(directory, 'aside');
    this.#choice = choice;
  }

  /** A copy that goes on takes the place of the log. */
  async longer(): Promise<void> {
    this.#log.endLine();
    const log = this.#log.present;
    if (!log) return;
    // First: an empty log is begun by it.
    const added = this.#log.added();
    copyFileSync(log, this.#aside);
    appendFileSync(this.#aside, added);
    await this.#putOver(log);
  }

  /** The log is copied over itself. */
  async equal(): Promise<void> {
    this.#log.endLine();
    const log = this.#log.present;
    if (!log) return;
    copyFileSync(log, this.#aside);
    await this.#putOver(log);
  }

  async #putOver(log: string): Promise<void> {
    const way = this.#choice.below(4);
    if (way === 0) renameSync(this.#aside, log);
    else if (way === 1) execFileSync('rsync', [...this.#choice.of(RSYNC).split(' '), this.#aside, log]);
    else if (way === 2) execFileSync('sh', ['-c', 'cat "$0" > "$1"', this.#aside, log]);
    else await this.#writeSlowly(log, readFileSync(this.#aside), () => delay(this.#choice.below(300)));
    rmSync(this.#aside, { force: true });
  }

  /** A part of the log takes its place, and after a while the rest comes back. Everything must have been read. */
  async shorter(between: () => Promise<void>): Promise<void> {
    const log = this.#log.present;
    if (!log) return;
    const content = readFileSync(log);
    const cut = this.#choice.below(content.length);
    writeFileSync(this.#aside, content.subarray(0, cut));
    if (this.#choice.once(2)) renameSync(this.#aside, log);
    else execFileSync('rsync', ['-a', '--ignore-times', this.#aside, log]);
    await between();
    appendFileSync(log, content.subarray(cut));
  }

  /** The log is written anew by a program that changes nothing in it. */
  edit(): void {
    this.#log.endLine();
    const log = this.#log.present;
    if (log) execFileSync('sed', ['-i', 's/no such text/other text/', log]);
  }

  /** The log is deleted, and comes back from a backup. Everything must have been read. */
  async deleteAndRestore(between: () => Promise<void>): Promise<void> {
    const log = this.#log.present;
    if (!log) return;
    const content = readFileSync(log);
    unlinkSync(log);
    await between();
    await this.#writeSlowly(log, content, between);
  }

  async #writeSlowly(path: string, content: Uint8Array, between: () => Promise<unknown>): Promise<void> {
    const cuts = [this.#choice.below(content.length + 1), this.#choice.below(content.length + 1)];
    let from = 0;
    writeFileSync(path, '');
    for (const to of [...cuts.sort((a, b) => a - b), content.length]) {
      appendFileSync(path, content.subarray(from, to));
      from = to;
      await between();
    }
  }
}
