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

/** A slot of the kernel has 16 bytes: day, lines, and where the last one ends. An evicted day has 24. */
const SLOT_INTEGERS = 4;
const EVICTED_INTEGERS = 6;

/** The lines that went into windows, by day, as the kernel counts them. */
export class LinesByDay {
  readonly #kernel: Kernel;
  readonly #slots: Int32Array;
  readonly #begins: Int32Array;
  readonly #used: Int32Array;
  readonly #evicted: Int32Array;
  #days = new Map<number, DayLines>();

  constructor(kernel: Kernel) {
    const { buffer, DAYS, DAY_BEGINS, USED_DAYS, EVICTED_DAYS, MAX_EVICTED_DAYS } = kernel;
    if (MAX_EVICTED_DAYS.value < 2 * RECORD_BATCH_ROWS) throw bug('a kernel without room for days');
    this.#kernel = kernel;
    this.#slots = new Int32Array(buffer, DAYS.value);
    this.#begins = new Int32Array(buffer, DAY_BEGINS.value);
    this.#used = new Int32Array(buffer, USED_DAYS.value);
    this.#evicted = new Int32Array(buffer, EVICTED_DAYS.value);
  }

  /** How many days there are; of more than a few thousand, those of the last record batches are not counted yet. */
  get size(): number {
    return Math.max(this.#days.size, this.#kernel.usedDays.value);
  }

  /** Makes room in the kernel for another record batch. */
  makeRoom(): void {
    if (this.#kernel.evictedDays.value > RECORD_BATCH_ROWS) this.#collect();
  }

  /** The days of the lines that were added since the last call, in no order. */
  take(): readonly DayLines[] {
    this.#collect();
    const days = [...this.#days.values()];
    this.#days = new Map();
    return days;
  }

  #collect(): void {
    const { usedDays, evictedDays } = this.#kernel;
    for (let i = 0; i < evictedDays.value; i++)
      this.#add(this.#evicted, EVICTED_INTEGERS * i, wordsAt(this.#evicted, EVICTED_INTEGERS * i + 4));
    for (let i = 0; i < usedDays.value; i++) {
      const slot = this.#used[i];
      this.#add(this.#slots, SLOT_INTEGERS * slot, wordsAt(this.#begins, 2 * slot));
    }
    this.#kernel.forgetDays();
  }

  #add(words: Int32Array, at: number, from: number): void {
    const [day, lines, to] = [words[at], words[at + 1] >>> 0, wordsAt(words, at + 2)];
    const before = this.#days.get(day);
    this.#days.set(day, {
      day,
      lines: lines + (before?.lines ?? 0),
      from: Math.min(from, before?.from ?? from),
      to: Math.max(to, before?.to ?? to),
    });
  }
}

/** A position of 64 bits. */
function wordsAt(words: Int32Array, at: number): number {
  return words[at + 1] * 2 ** 32 + (words[at] >>> 0);
}
