/** A terminal that a program draws on, and leaves as it was. */

import { styleText } from 'node:util';
import type { Style } from './layout.ts';

/** The other screen, without a cursor and without wrapping; and back. */
const OPEN = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const CLOSE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[2K';
const CLEAR_BELOW = '\x1b[J';

/** True if standard output is a terminal that can move its cursor. */
export function canDraw(): boolean {
  return process.stdout.isTTY === true && process.env.TERM !== 'dumb';
}

/** Colours, unless `NO_COLOR` forbids them. */
export const COLOURS: Style = {
  title: (text) => styleText('bold', text),
  label: (text) => styleText('dim', text),
  alarm: (text) => styleText('red', text),
};

export class Screen {
  readonly #onStop: () => void;
  readonly #onResize: () => void;
  #isOpen = false;

  /** @param onStop is called when somebody presses q or Ctrl-C. @param onResize when the terminal has another size. */
  constructor(onStop: () => void, onResize: () => void) {
    this.#onStop = onStop;
    this.#onResize = onResize;
  }

  open(): void {
    this.#isOpen = true;
    process.stdout.write(OPEN);
    process.stdout.on('resize', this.#onResize);
    // Also where the process ends without coming back here.
    process.on('exit', this.#close);
    if (!process.stdin.isTTY) return;
    process.stdin.setRawMode(true).on('data', this.#onKeys).resume();
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    process.stdout.write(HOME + lines.map((line) => CLEAR_LINE + line).join('\r\n') + CLEAR_BELOW);
  }

  close(): void {
    this.#close();
    process.stdout.off('resize', this.#onResize);
    process.off('exit', this.#close);
  }

  readonly #onKeys = (keys: Buffer): void => {
    // A terminal in raw mode sends Ctrl-C and Ctrl-D as bytes.
    if (keys.some((key) => 'qQ\x03\x04'.includes(String.fromCharCode(key)))) this.#onStop();
  };

  readonly #close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (process.stdin.isTTY) process.stdin.setRawMode(false).off('data', this.#onKeys).pause();
    process.stdout.write(CLOSE);
  };
}
