/** Days, weeks and months of raw requests, cut by a calendar that shares no code with daymark. */

import { Temporal } from 'temporal-polyfill';
import type { Request } from './oracle.ts';

export type Granularity = 'day' | 'week' | 'month';

/** The day of an instant on the clocks of a zone. */
export function localDate(timeMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first day of the week or month of a day. */
function spanStart(granularity: Granularity, date: string): string {
  const day = Temporal.PlainDate.from(date);
  if (granularity === 'day') return date;
  if (granularity === 'month') return day.with({ day: 1 }).toString();
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

export function datesBetween(from: string, to: string): string[] {
  const days = Temporal.PlainDate.from(from).until(to).days;
  return Array.from({ length: days + 1 }, (_, i) =>
    Temporal.PlainDate.from(from).add({ days: i }).toString(),
  );
}

/** A span of a range, with the requests of its days. */
export interface NaiveSpan {
  readonly span: string;
  readonly from: string;
  readonly to: string;
  readonly requests: readonly Request[];
}

/** All spans of a range, those without requests included. */
export function naiveSpans(
  requests: readonly Request[],
  granularity: Granularity,
  range: { readonly from: string; readonly to: string },
  zone: string,
): NaiveSpan[] {
  const byDate = Map.groupBy(requests, ({ eventTimeMs }) => localDate(eventTimeMs, zone));
  const dates = Map.groupBy(datesBetween(range.from, range.to), (date) => spanStart(granularity, date));
  return [...dates].map(([span, own]) => ({
    span,
    from: own[0],
    to: own[own.length - 1],
    requests: own.flatMap((date) => byDate.get(date) ?? []),
  }));
}

/** All hours of some days on the clocks of a zone, by the instants at which they begin. For clocks that change by hours. */
export function naiveHours(
  requests: readonly Request[],
  range: { readonly from: string; readonly to: string },
  zone: string,
): NaiveSpan[] {
  const HOUR_MS = 3_600_000;
  const startMs = (date: string) => Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
  const endMs = startMs(Temporal.PlainDate.from(range.to).add({ days: 1 }).toString());
  const byHour = Map.groupBy(requests, ({ eventTimeMs }) => Math.floor(eventTimeMs / HOUR_MS) * HOUR_MS);
  const hours: NaiveSpan[] = [];
  for (let ms = startMs(range.from); ms < endMs; ms += HOUR_MS) {
    const date = localDate(ms, zone);
    const span = `${new Date(ms).toISOString().slice(0, 19)}Z`;
    hours.push({ span, from: date, to: date, requests: byHour.get(ms) ?? [] });
  }
  return hours;
}
