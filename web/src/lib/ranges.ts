/** The ranges of days that the page offers, and how an address names them. */

import { type Day, dayIn, daysBetween, firstOfMonth, isDay, plusDays } from './days.ts';

export interface Range {
  readonly from: Day;
  readonly to: Day;
}

export const PRESETS = {
  day: '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  month: 'This month',
  'last-month': 'Last month',
} as const;

export type Preset = keyof typeof PRESETS;

const DEFAULT_PRESET: Preset = '30d';

/** The API merges so many days for one answer. */
const MAX_DAYS = 1500;

/** @param last the last day of the ranges. */
export function presetRange(preset: Preset, last: Day): Range {
  switch (preset) {
    case 'day':
      return { from: last, to: last };
    case '7d':
      return { from: plusDays(last, -6), to: last };
    case '30d':
      return { from: plusDays(last, -29), to: last };
    case '90d':
      return { from: plusDays(last, -89), to: last };
    case 'month':
      return { from: firstOfMonth(last), to: last };
    case 'last-month': {
      const to = plusDays(firstOfMonth(last), -1);
      return { from: firstOfMonth(to), to };
    }
  }
}

/** Hours that begin from one instant on to another, as the API writes instants, and the days that they lie in. */
export interface Hours {
  readonly from: string;
  readonly to: string;
  readonly days: Range;
}

const DAY_MS = 86_400_000;
/** Hours of all zones begin at a quarter of one of UTC. */
const QUARTER_MS = 900_000;

/** The hours that began within 24 hours before an instant. */
export function lastHours(zone: string, instantMs: number): Hours {
  const toMs = Math.floor(instantMs / QUARTER_MS) * QUARTER_MS;
  const [from, to] = [new Date(toMs - DAY_MS + 1000), new Date(toMs)];
  return {
    ...{ from: instantText(from), to: instantText(to) },
    days: { from: dayIn(zone, from), to: dayIn(zone, to) },
  };
}

const instantText = (instant: Date): string => instant.toISOString().replace(/\.\d+/, '');

export interface ChosenRange extends Range {
  /** Undefined: two days that somebody chose. */
  readonly preset: Preset | undefined;
  /** Of the last 24 hours. Their days are those of the range. */
  readonly hours?: Hours | undefined;
}

/**
 * The range that an address names, by `range` or by `from` and `to`. What is no range is taken as none.
 * @param last the last day of the ranges. @param hours the last 24 hours. Undefined: not known, so their range is the last day.
 */
export function rangeOf(query: URLSearchParams, last: Day, hours?: Hours): ChosenRange {
  const [from, to] = [query.get('from'), query.get('to')];
  if (isDay(from) && isDay(to) && from <= to && daysBetween(from, to) <= MAX_DAYS)
    return { from, to, preset: undefined };
  const named = query.get('range') ?? '';
  const preset = named in PRESETS ? (named as Preset) : DEFAULT_PRESET;
  if (preset === 'day' && hours) return { ...hours.days, preset, hours };
  return { ...presetRange(preset, last), preset };
}

export type Granularity = 'hour' | 'day' | 'month';

/** What one point of a chart of the range covers. */
export function granularityOf({ from, to }: Range): Granularity {
  const days = daysBetween(from, to);
  if (days <= 2) return 'hour';
  return days > 400 ? 'month' : 'day';
}
