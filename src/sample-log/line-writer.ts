import { type ByteTable, byteTable, copyText } from './byte-table.ts';
import type { SampleLogOptions } from './options.ts';
import { Random } from './random.ts';

const PATHS = [1, 2, 3, 4].map((n) => `/api/v1/resource${n}`);
const STATUSES = [200, 201, 400, 401, 403, 404, 500];
const SHORTEST_DURATION_MS = 100;
const LONGEST_DURATION_MS = 2000;
const DURATIONS = LONGEST_DURATION_MS - SHORTEST_DURATION_MS + 1;

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;

/** The longest line is `2024-10-02 05:10:46 cust_1000000 /api/v1/resource1 400 0.316` and its newline. */
export const MAX_SAMPLE_LINE_BYTES = 64;

/**
 * Writes random lines of the default log format. Each field comes from a table of bytes, without a string for the
 * line.
 */
export class LineWriter {
  readonly #random: Random;
  readonly #days: number;
  /** The second of the day at which the covered time begins. */
  readonly #startS: number;
  readonly #dates: ByteTable;
  readonly #twoDigits = byteTable(60, 2, (n) => String(n).padStart(2, '0'));
  readonly #customers: ByteTable;
  readonly #requests: ByteTable;
  readonly #durations: ByteTable;

  constructor(options: SampleLogOptions) {
    const startS = Math.ceil(options.untilMs / 1000) - options.days * DAY_S;
    const firstDay = Math.floor(startS / DAY_S);
    this.#random = Random.fromSeed(options.seed);
    this.#days = options.days;
    this.#startS = startS - firstDay * DAY_S;
    this.#dates = byteTable(options.days + 1, 11, (day) => `${dateOf(firstDay + day)} `);
    this.#customers = byteTable(options.customers, 14, (n) => ` cust_${n + 1} `);
    this.#requests = byteTable(PATHS.length * STATUSES.length, 22, requestText);
    this.#durations = byteTable(DURATIONS, 6, (n) => `${((SHORTEST_DURATION_MS + n) / 1000).toFixed(3)}\n`);
  }

  /** Writes one line and its newline. @returns the offset after it. */
  write(target: Uint8Array, offset: number): number {
    const random = this.#random;
    const day = random.below(this.#days);
    let end = this.#writeTime(target, offset, day, this.#startS + random.below(DAY_S));
    end = copyText(this.#customers, random.below(this.#customers.lengths.length), target, end);
    end = copyText(this.#requests, random.below(this.#requests.lengths.length), target, end);
    return copyText(this.#durations, random.below(DURATIONS), target, end);
  }

  /** The day and the second are drawn separately. One number for both would be too coarse over many years. */
  #writeTime(target: Uint8Array, offset: number, day: number, second: number): number {
    const isNextDay = second >= DAY_S;
    const secondOfDay = isNextDay ? second - DAY_S : second;
    const minuteOfDay = Math.floor(secondOfDay / 60);
    let end = copyText(this.#dates, isNextDay ? day + 1 : day, target, offset);
    end = copyText(this.#twoDigits, Math.floor(minuteOfDay / 60), target, end);
    target[end] = COLON;
    end = copyText(this.#twoDigits, minuteOfDay % 60, target, end + 1);
    target[end] = COLON;
    return copyText(this.#twoDigits, secondOfDay % 60, target, end + 1);
  }
}

const COLON = 0x3a;

function requestText(index: number): string {
  const path = PATHS[index % PATHS.length];
  const status = STATUSES[Math.floor(index / PATHS.length)];
  return `${path} ${status} `;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
