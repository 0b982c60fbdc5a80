/**
 * Hours of event time, in a time zone. An hour is one of the local clock. Its name is the instant at which it begins,
 * `2024-10-02T05:00:00Z`: where clocks are put back, an hour comes twice, and each of the two has its own name.
 */

import { dayAt, dayOfDate, daySpanAt, endOfDay, lastDayOver, startOfDay } from './day.ts';
import type { DayRange, SpanRange, WindowSpan, ZoneTable } from './types.ts';
import { offsetIndexAt } from './zone.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;
/** Offsets differ from UTC by less than two days. */
const LARGEST_OFFSET_MS = 48 * HOUR_MS;
/** The first instant whose year has five digits, so that its text would not sort behind the others. */
const END_MS = Date.parse('9999-12-31T23:59:59Z') + SECOND_MS;
const FIRST_HOUR = '0000-01-01T00:00:00Z';
const LAST_HOUR = '9999-12-31T23:59:59Z';

/** An hour of a zone. */
export interface Hour {
  /** Its name. */
  readonly text: string;
  /** The number of its day; see `day.ts`. */
  readonly day: number;
}

/**
 * The span of time around an instant in which one offset gives the local time. `parity` is different in spans that touch.
 * Times outside the years 1 to 9999, in UTC or in the zone, count for an hour of the first or the last day.
 */
export function hourSpanAt(zone: ZoneTable, timeMs: number): WindowSpan {
  if (timeMs >= END_MS) {
    const { offsetMs, parity } = hourSpanAt(zone, END_MS - 1);
    return { fromMs: timeMs, toMs: timeMs + 1, offsetMs: offsetMs + END_MS - 1 - timeMs, parity };
  }
  const { fromMs, toMs, offsetMs } = daySpanAt(zone, timeMs);
  return { fromMs, toMs: Math.min(toMs, END_MS), offsetMs, parity: offsetIndexAt(zone.fromMs, timeMs) % 2 };
}

/**
 * The hour that a window's number stands for.
 * @param number twice that of the local hour, counted from 1970-01-01T00 on, plus the parity of its span.
 */
export function hourOf({ fromMs, offsetMs }: ZoneTable, number: number): Hour {
  const hour = Math.floor(number / 2);
  const parity = number - 2 * hour;
  const localMs = hour * HOUR_MS;
  let index = offsetIndexAt(fromMs, localMs - LARGEST_OFFSET_MS);
  while (
    index + 1 < fromMs.length &&
    !(index % 2 === parity && fromMs[index + 1] + offsetMs[index] > localMs)
  )
    index++;
  const startMs = Math.max(localMs - offsetMs[index], fromMs[index]);
  return { text: hourText(startMs), day: Math.floor(hour / HOURS_A_DAY) };
}

/** The name of the hour that begins at an instant. */
export function hourText(startMs: number): string {
  return `${new Date(Math.floor(startMs / SECOND_MS) * SECOND_MS).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** The hour that follows another one: with the next full hour of the clock, or when the clock is changed. */
export function hourAfter(hour: string, zone: ZoneTable): string | undefined {
  const startMs = startOfHour(hour);
  const { toMs, offsetMs } = daySpanAt(zone, startMs);
  const fullHourMs = (Math.floor((startMs + offsetMs) / HOUR_MS) + 1) * HOUR_MS - offsetMs;
  const nextMs = Math.min(fullHourMs, toMs);
  return nextMs < END_MS ? hourText(nextMs) : undefined;
}

/** When an hour begins, in ms since 1970. */
export function startOfHour(hour: string): number {
  return Date.parse(hour);
}

/** The day of an hour, by its name. */
export function dayOfHour(hour: string, zone: ZoneTable): number {
  return dayAt(zone, startOfHour(hour));
}

/** The hours of some days. Where clocks were put back over midnight, an hour of the next day may lie among them. */
export function hoursOf({ from, to }: DayRange, zone: ZoneTable): SpanRange {
  return {
    from: from === undefined ? FIRST_HOUR : hourText(startOfDay(zone, dayOfDate(from))),
    to: to === undefined ? LAST_HOUR : lastHourOf(dayOfDate(to), zone),
  };
}

/** The last hour of the last day that is over at an instant; undefined where none is: an hour is final with its day. */
export function lastHourOver(timeMs: number, zone: ZoneTable): string | undefined {
  const day = lastDayOver(zone, timeMs);
  const end = endOfDay(zone, day);
  return Number.isFinite(end) && end > startOfHour(FIRST_HOUR) ? lastHourOf(day, zone) : undefined;
}

/** A name behind that of the last hour of a day, and before that of the next day's first hour. */
function lastHourOf(day: number, zone: ZoneTable): string {
  const end = endOfDay(zone, day);
  return Number.isFinite(end) ? hourText(Math.min(end, END_MS) - SECOND_MS) : LAST_HOUR;
}
