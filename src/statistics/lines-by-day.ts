import { bug } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { RECORD_BATCH_ROWS } from '../limits.ts';

/** How many lines of a day there are, and where. Positions are numbers of bytes, as the scanner counts them. */
export interface DayLines {
  /** As in `window/day.ts`. */
  readonly day: number;
  readonly lines: number;
  /** Where the first one begins, and where the last one ends. */
  readonly from: number;
  readonly to: number;
}

/** An entry of the kernel's list has 24 bytes: day, lines, where the first one begins, where the last one ends. */
const ENTRY_INTEGERS = 6;

/** The lines that went into windows, by day, as the kernel counts them. */
export class LinesByDay {
  readonly #kernel: Kernel;
  readonly #lines: Int32Array;
  readonly #begins: Int32Array;
  readonly #ends: Int32Array;
  readonly #used: Int32Array;
  readonly #others: Int32Array;
  /** Those that are no longer in the kernel. */
  #collected = new Map<number, DayLines>();

  constructor(kernel: Kernel) {
    const { buffer, DAY_LINES, DAY_BEGINS, DAY_ENDS, USED_DAYS, OTHER_DAYS, MAX_OTHER_DAYS } = kernel;
    if (MAX_OTHER_DAYS.value < 2 * RECORD_BATCH_ROWS) throw bug('a kernel without room for days');
    this.#kernel = kernel;
    this.#lines = new Int32Array(buffer, DAY_LINES.value);
    this.#begins = new Int32Array(buffer, DAY_BEGINS.value);
    this.#ends = new Int32Array(buffer, DAY_ENDS.value);
    this.#used = new Int32Array(buffer, USED_DAYS.value);
    this.#others = new Int32Array(buffer, OTHER_DAYS.value);
  }

  /** How many days there are; a few may not be counted yet. */
  get size(): number {
    return this.#kernel.usedDays.value + this.#collected.size;
  }

  /** Makes room in the kernel for another record batch. */
  makeRoom(): void {
    if (this.#kernel.otherDays.value <= RECORD_BATCH_ROWS) return;
    const days = this.take();
    for (const day of days) this.#collect(day);
  }

  /** The days of the lines that were added since the last call, in no order. */
  take(): readonly DayLines[] {
    const { usedDays, otherDays } = this.#kernel;
    this.#kernel.settleDays();
    for (let i = 0; i < otherDays.value; i++) this.#collect(this.#otherAt(ENTRY_INTEGERS * i));
    for (let i = 0; i < usedDays.value; i++) this.#collect(this.#dayAt(this.#used[i]));
    this.#kernel.forgetDays();
    const days = [...this.#collected.values()];
    this.#collected = new Map();
    return days;
  }

  #otherAt(at: number): DayLines {
    const words = this.#others;
    return {
      ...{ day: words[at], lines: words[at + 1] >>> 0 },
      ...{ from: positionIn(words, at + 2), to: positionIn(words, at + 4) },
    };
  }

  #dayAt(day: number): DayLines {
    const lines = this.#lines[2 * day] >>> 0;
    return { day, lines, from: positionIn(this.#begins, 2 * day), to: positionIn(this.#ends, 2 * day) };
  }

  #collect({ day, lines, from, to }: DayLines): void {
    const before = this.#collected.get(day);
    this.#collected.set(day, {
      day,
      lines: lines + (before?.lines ?? 0),
      from: Math.min(from, before?.from ?? from),
      to: Math.max(to, before?.to ?? to),
    });
  }
}

/** A position of 64 bits. */
function positionIn(words: Int32Array, at: number): number {
  return words[at + 1] * 2 ** 32 + (words[at] >>> 0);
}
