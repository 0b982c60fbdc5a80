/**
 * The watermark of a partition, which decides which events are late. It takes the events one by one, in the order of
 * the partition. So batches and blocks do not change the result.
 */

import { bug } from '../errors.ts';
import { DAY_MS, daySpanAt, endOfDay, FIRST_DAY, lastDayOver } from './day.ts';
import type { DaySpan, ZoneTable } from './types.ts';

/** The event-time clock of a partition. The watermark is the clock less the wait. */
export class Watermark {
  readonly #zone: ZoneTable;
  readonly #waitMs: number;
  #clockMs = Number.NEGATIVE_INFINITY;
  /** The last day that the watermark has passed, and the clock at which it passes the next one. */
  #lastDay = FIRST_DAY - 1;
  #nextMs = Number.NEGATIVE_INFINITY;
  /** In this span, one offset gives the day. */
  #span: DaySpan = { fromMs: 0, toMs: 0, offsetMs: 0 };

  /** @param clockMs the clock; null before the first event. */
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
   * @returns the day of the event where it is late, because the watermark has passed the end of that day. Undefined
   * where it is not late.
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

/** A live partition of which everything was read. */
export interface IdlePartition {
  /** The clock and the greatest event time; null before the first event. */
  readonly clockMs: number | null;
  readonly lastEventMs: number | null;
  /** When its last line was written, and when that was looked up. System time. */
  readonly lastWriteMs: number;
  readonly seenMs: number;
}

/**
 * Where system time moves the clock of a partition: its greatest event time, plus the time since its last line was
 * written. So the clock does not move while lines wait to be read, and it does not matter when they are read.
 * @returns null before the first event.
 */
export function idleClock({ clockMs, lastEventMs, lastWriteMs, seenMs }: IdlePartition): number | null {
  if (clockMs === null || lastEventMs === null) return clockMs;
  return Math.max(clockMs, lastEventMs + Math.floor(seenMs - lastWriteMs));
}
