/** The watermark and lateness the naive way: a calendar is asked about each line. */

import { Temporal } from 'temporal-polyfill';

/** The date of an instant in a zone, `YYYY-MM-DD`. */
export function dateAt(zone: string, timeMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** When a date is over: where its midnight occurs twice, the second time. */
export function endOfDate(zone: string, date: string): number {
  const midnight = Temporal.PlainDate.from(date).add({ days: 1 }).toPlainDateTime();
  return midnight.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds;
}

/** Of events in the order of their partition, which ones are late. @param clockMs where the clock stands before them. */
export function latenessOf(
  eventsMs: readonly number[],
  zone: string,
  waitMs: number,
  clockMs: number | null = null,
): boolean[] {
  let greatest = clockMs ?? Number.NEGATIVE_INFINITY;
  return eventsMs.map((eventMs) => {
    const isLate = endOfDate(zone, dateAt(zone, eventMs)) <= greatest - waitMs;
    greatest = Math.max(greatest, eventMs);
    return isLate;
  });
}
