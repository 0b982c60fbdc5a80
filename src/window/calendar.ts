/** Days, weeks and months of the calendar, as spans of days. Weeks begin on Monday (ISO 8601). */

import { dateOfDay, dayOfDate, FIRST_DATE, LAST_DATE } from './day.ts';

export const CALENDAR_GRANULARITIES = ['day', 'week', 'month'] as const;

/** All that a customer can be told by. Hours are those of `hour.ts`. */
export const SPAN_GRANULARITIES = ['hour', ...CALENDAR_GRANULARITIES] as const;

export type SpanGranularity = (typeof SPAN_GRANULARITIES)[number];

export type CalendarGranularity = (typeof CALENDAR_GRANULARITIES)[number];

/** Some days that follow each other. */
export interface CalendarSpan {
  /** The first day of the whole day, week or month, `YYYY-MM-DD`: all of them are named in this way. */
  readonly span: string;
  /** The first and the last day of the part that lies in the range that was asked for. */
  readonly from: string;
  readonly to: string;
}

/** The span of a day, cut to a range. @param date a day of the range. */
export function calendarSpanOf(
  granularity: CalendarGranularity,
  date: string,
  range: { readonly from: string; readonly to: string },
): CalendarSpan {
  const span = firstDateOf(granularity, date);
  const first = Math.max(dayOfDate(span), dayOfDate(range.from));
  const last = Math.min(dayOfDate(lastDateOf(granularity, date)), dayOfDate(range.to));
  return { span, from: dateOfDay(first), to: dateOfDay(last) };
}

/** The first day of the span that a day belongs to. The year 1 begins on a Monday. */
function firstDateOf(granularity: CalendarGranularity, date: string): string {
  if (granularity === 'day') return date;
  if (granularity === 'month') return `${date.slice(0, 8)}01`;
  const day = dayOfDate(date);
  return dateOfDay(day - daysFromMonday(day));
}

/** The last day of the span that a day belongs to, and of the calendar of daymark. */
function lastDateOf(granularity: CalendarGranularity, date: string): string {
  if (granularity === 'day') return date;
  if (granularity === 'month') return lastDateOfMonth(date);
  const day = dayOfDate(date);
  return shiftedDate(date, 6 - daysFromMonday(day)) ?? LAST_DATE;
}

function lastDateOfMonth(date: string): string {
  const [year, month] = date.split('-').map(Number);
  const lastDay = new Date(0);
  // `Date.UTC` takes the years 0 to 99 for those of the 20th century. Day 0 is the last one of the month before.
  lastDay.setUTCFullYear(year, month, 0);
  return lastDay.toISOString().slice(0, 10);
}

/** Day 0, 1970-01-01, is a Thursday. */
function daysFromMonday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** A date some days later, or before. Undefined if it lies outside the years 1 to 9999. */
export function shiftedDate(date: string, days: number): string | undefined {
  const day = dayOfDate(date) + days;
  return day < dayOfDate(FIRST_DATE) || day > dayOfDate(LAST_DATE) ? undefined : dateOfDay(day);
}

/** The number of days of a range, both ends included. */
function daysInRange(from: string, to: string): number {
  return dayOfDate(to) - dayOfDate(from) + 1;
}

/** The range of as many days that ends right before another one. Undefined if it would begin before the year 1. */
export function precedingRange(from: string, to: string): { from: string; to: string } | undefined {
  const first = shiftedDate(from, -daysInRange(from, to));
  const last = shiftedDate(from, -1);
  return first === undefined || last === undefined ? undefined : { from: first, to: last };
}
