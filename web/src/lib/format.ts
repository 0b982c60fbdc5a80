/** Numbers and dates as the reader's language writes them. */

import { type Day, dateOf } from './days.ts';
import type { ChosenRange } from './ranges.ts';

export const NO_VALUE = '–';

const integers = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(undefined, {
  ...{ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 },
});
const whole = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 6 });
const signed = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero' });
const points = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero', maximumFractionDigits: 2 });
const relative = new Intl.NumberFormat(undefined, {
  ...{ style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 },
});
const milliseconds = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const seconds = new Intl.NumberFormat(undefined, {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

export const count = (value: number): string => integers.format(value);
/** The sign has the width of a plus. */
const withMinus = (text: string): string => text.replace('-', '−');
export const countChange = (value: number): string => withMinus(signed.format(value));
export const short = (value: number): string => compact.format(value);

/** Rounds down to two digits: what is not 100 % is never shown as 100 %. */
export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  if (value === 100) return whole.format(1);
  return percents.format(Math.floor(value * 100 + 1e-6) / 10_000);
}

/** A percentage as somebody set it: with all its digits. */
export const exactPercent = (value: number): string => whole.format(value / 100);

/** Percentage points. */
export const pointChange = (value: number): string => `${withMinus(points.format(value))} pp`;

/** How much more or less, as a share of what was before. */
export const relativeChange = (value: number, before: number): string =>
  before === 0 ? countChange(value) : withMinus(relative.format(value / before));

/** A duration in seconds: `316 ms`, `1.55 s`. */
export function duration(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  return Math.abs(value) < 1 ? `${milliseconds.format(value * 1000)} ms` : `${seconds.format(value)} s`;
}

export const durationChange = (value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${duration(Math.abs(value))}`;

const utc = { timeZone: 'UTC' } as const;
const usual = new Intl.DateTimeFormat(undefined, { ...utc, dateStyle: 'medium' });
const long = new Intl.DateTimeFormat(undefined, {
  ...{ ...utc, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
});
const weekday = new Intl.DateTimeFormat(undefined, {
  ...{ ...utc, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
});
const dayMonth = new Intl.DateTimeFormat(undefined, { ...utc, day: 'numeric', month: 'short' });
const monthYear = new Intl.DateTimeFormat(undefined, { ...utc, month: 'short', year: 'numeric' });
const longMonthYear = new Intl.DateTimeFormat(undefined, { ...utc, month: 'long', year: 'numeric' });
const names = new Intl.DateTimeFormat(undefined, { ...utc, weekday: 'short' });

export const date = (day: Day): string => usual.format(dateOf(day));
export const longDate = (day: Day): string => long.format(dateOf(day));
export const weekdayDate = (day: Day): string => weekday.format(dateOf(day));
export const shortDate = (day: Day): string => dayMonth.format(dateOf(day));
export const month = (day: Day): string => monthYear.format(dateOf(day));
export const longMonth = (day: Day): string => longMonthYear.format(dateOf(day));
/** Monday is 0. */
export const weekdayName = (index: number): string => names.format(new Date(Date.UTC(2024, 0, 1 + index)));

/** `3 Sept – 2 Oct 2024`. */
export function dateRange(from: Day, to: Day): string {
  return from === to ? date(from) : usual.formatRange(dateOf(from), dateOf(to));
}

/** A range of days, or of the last hours. */
export function rangeText({ from, to, hours }: ChosenRange, zone: string): string {
  if (!hours) return dateRange(from, to);
  return `24 hours up to ${dayHour(hours.to, zone)}`;
}

const inZones = new Map<string, Intl.DateTimeFormat>();

function inZone(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  const known = inZones.get(key) ?? new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options });
  inZones.set(key, known);
  return known;
}

/** A time with its zone: `2 Oct 2024, 05:10 UTC`. */
export function time(instant: string | null, zone: string): string {
  if (instant === null) return NO_VALUE;
  const options = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  return inZone(zone, 'time', { ...options, timeZoneName: 'short' }).format(new Date(instant));
}

/** The time of day with its zone: `05:10 UTC`. */
export function clockTime(instant: Date, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return inZone(zone, 'clock', options).format(instant);
}

/** The hour that begins at an instant: `05:00`. */
export function hour(instant: string | number, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return inZone(zone, 'hour', options).format(new Date(instant));
}

export function dayHour(instant: string | number, zone: string): string {
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return inZone(zone, 'day-hour', { ...options, hourCycle: 'h23', timeZoneName: 'short' }).format(
    new Date(instant),
  );
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes: `12.4 MB`. */
export function bytes(value: number): string {
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${milliseconds.format(value / 1000 ** power)} ${units[power]}`;
}
