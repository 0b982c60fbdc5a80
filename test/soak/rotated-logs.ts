/** The logs of several servers, each rotated again and again by the real logrotate, and a file of all lines beside them. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { logrotateOf } from '../support/logrotate.ts';
import type { Choice } from '../support/random-choice.ts';
import type { DayLines } from './day-lines.ts';

const SERVERS = 4;

/** Files beyond are deleted: each log must be read before that. */
const ROTATIONS_KEPT = 6;
const COMPRESS = ['compress', 'delaycompress', `rotate ${ROTATIONS_KEPT}`];

/** One write in so many ends within a line. */
const HALF_LINE_ONCE_IN = 10;

export class RotatedLogs {
  readonly directory: string;
  /** All lines that were written, each once. */
  readonly everything: string;
  readonly #everything: number;
  readonly #logs: readonly RotatedLog[];
  readonly #lines: DayLines;
  readonly #choice: Choice;
  #next = 0;
  rotations = 0;

  constructor(parent: string, lines: DayLines, choice: Choice) {
    this.directory = join(parent, 'logs');
    mkdirSync(this.directory);
    this.everything = join(parent, 'everything.log');
    this.#everything = openSync(this.everything, 'a');
    this.#lines = lines;
    this.#choice = choice;
    this.#logs = Array.from({ length: SERVERS }, (_, i) => {
      const own = join(parent, `server-${i}`);
      mkdirSync(own);
      // Half of the servers are told to open a new log, the others are not, and know nothing of it.
      return new RotatedLog({
        path: join(this.directory, `server-${i}.log`),
        own,
        choice,
        isTold: i % 2 === 0,
      });
    });
  }

  /** Writes the lines of the days before. */
  writeHistory(): void {
    this.#write(this.#logs[0] as RotatedLog, this.#lines.history());
  }

  /** @param count how many lines are written. @param progress how much of the day has passed. */
  write(count: number, progress: number): void {
    if (count === 0) return;
    // A file that begins with something else than a request is taken for no log.
    const first = this.#lines.request(progress);
    const log = this.#choice.of(this.#logs);
    this.#write(log, [first, ...Array.from({ length: count - 1 }, () => this.#lines.next(progress))]);
  }

  #write(log: RotatedLog, lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    writeSync(this.#everything, text);
    log.write(text);
  }

  /** Rotates the log whose turn it is. */
  async rotate(): Promise<void> {
    const log = this.#logs[this.#next++ % this.#logs.length] as RotatedLog;
    await log.rotate();
    this.rotations++;
  }

  /** Nothing is written any more. */
  end(): void {
    for (const log of this.#logs) log.end();
    closeSync(this.#everything);
  }
}

class RotatedLog {
  readonly #path: string;
  readonly #choice: Choice;
  readonly #isTold: boolean;
  readonly #logrotate: () => Promise<void>;
  #descriptor: number;
  /** The end of a line whose beginning is in the file. */
  #rest = '';
  /** What is written while the log is copied. Between copying and emptying it would be lost: so is what real servers write then. */
  #held: string[] | undefined;

  constructor(options: {
    readonly path: string;
    readonly own: string;
    readonly choice: Choice;
    readonly isTold: boolean;
  }) {
    this.#path = options.path;
    this.#choice = options.choice;
    this.#isTold = options.isTold;
    const kind = options.isTold ? 'create' : 'copytruncate';
    this.#logrotate = logrotateOf(options.own, options.path, [kind, ...COMPRESS]);
    this.#descriptor = openSync(this.#path, 'a');
  }

  write(text: string): void {
    if (this.#held) {
      this.#held.push(text);
      return;
    }
    const whole = this.#rest + text;
    const cut = this.#choice.once(HALF_LINE_ONCE_IN) ? this.#choice.below(60) : 0;
    writeSync(this.#descriptor, whole.slice(0, whole.length - cut));
    this.#rest = whole.slice(whole.length - cut);
  }

  async rotate(): Promise<void> {
    if (this.#isTold) {
      // The server writes on into the file that has another name now, until it opens a new one.
      await this.#logrotate();
      this.#endLine();
      closeSync(this.#descriptor);
      this.#descriptor = openSync(this.#path, 'a');
      return;
    }
    this.#endLine();
    this.#held = [];
    await this.#logrotate();
    const held = this.#held.join('');
    this.#held = undefined;
    if (held !== '') this.write(held);
  }

  #endLine(): void {
    writeSync(this.#descriptor, this.#rest);
    this.#rest = '';
  }

  end(): void {
    this.#endLine();
    closeSync(this.#descriptor);
  }
}
