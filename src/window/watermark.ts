/**
 * The watermark of a partition, and which of its events are late. Decided event by event in the order of the
 * partition, so that it does not depend on how that is cut into batches and blocks.
 */

import { bug } from '../errors.ts';
import { daySpanAt, endOfDay, FIRST_DAY, lastDayOver } from './day.ts';
import type { DaySpan, ZoneTable } from './types.ts';

const DAY_MS = 86_400_000;

/** The event-time clock of a partition, and the watermark, which follows it by the wait. */
export class Watermark {
  readonly #zone: ZoneTable;
  readonly #waitMs: number;
  #clockMs = Number.NEGATIVE_INFINITY;
  /** The last day that the watermark has passed, and the clock at which it passes the next one. */
  #lastDay = FIRST_DAY - 1;
  #nextMs = Number.NEGATIVE_INFINITY;
  /** A day is told by one offset in it. */
  #span: DaySpan = { fromMs: 0, toMs: 0, offsetMs: 0 };

  /** @param clockMs where the clock stands; null before the first event. */
  constructor(zone: ZoneTable, waitMs: number, clockMs: number | null) {
    this.#zone = zone;
    this.#waitMs = waitMs;
    if (clockMs !== null) this.#moveOn(clockMs);
  }

  /** Null before the first event. */
  get clockMs(): number | null {
    return this.#clockMs === Number.NEGATIVE_INFINITY ? null : this.#clockMs;
  }

  /**
   * Takes the next event of the partition.
   * @returns the day of its window where the watermark had passed the end of that before; undefined where it is in time.
   */
  lateDayOf(eventMs: number): number | undefined {
    if (eventMs < this.#span.fromMs || eventMs >= this.#span.toMs)
      this.#span = daySpanAt(this.#zone, eventMs);
    const day = Math.floor((eventMs + this.#span.offsetMs) / DAY_MS);
    if (day <= this.#lastDay) return day;
    if (eventMs > this.#clockMs) this.#moveOn(eventMs);
    return undefined;
  }

  #moveOn(clockMs: number): void {
    this.#clockMs = clockMs;
    if (clockMs < this.#nextMs) return;
    const lastDay = lastDayOver(this.#zone, clockMs - this.#waitMs);
    if (lastDay < this.#lastDay) throw bug('a watermark went back');
    this.#lastDay = lastDay;
    this.#nextMs = endOfDay(this.#zone, lastDay + 1) + this.#waitMs;
  }
}

/** What of a live partition its clock goes by while everything that was written to it is read. */
export interface IdlePartition {
  /** Where the clock stands, and the greatest event time; null before the first event. */
  readonly clockMs: number | null;
  readonly lastEventMs: number | null;
  /** When its last line was written, and when it was looked at: system time. */
  readonly lastWriteMs: number;
  readonly seenMs: number;
}

/**
 * Where system time has moved the clock of a partition: on from its greatest event time by as much as has passed since
 * its last line was written. So nothing passes while lines wait to be read, and it does not matter when they are.
 * @returns null before the first event.
 */
export function idleClock({ clockMs, lastEventMs, lastWriteMs, seenMs }: IdlePartition): number | null {
  if (clockMs === null || lastEventMs === null) return clockMs;
  return Math.max(clockMs, lastEventMs + Math.floor(seenMs - lastWriteMs));
}
