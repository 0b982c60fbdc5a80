import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  CALENDAR_GRANULARITIES,
  type CalendarGranularity,
  type CalendarSpan,
  calendarSpanOf,
  precedingRange,
  shiftedDate,
} from '../../src/window/calendar.ts';
import { dateOfDay, dayOfDate, FIRST_DAY } from '../../src/window/day.ts';
import { check } from '../support/property.ts';

const LAST_DAY = dayOfDate('9999-12-31');

/** All spans that a range has a part in, one after the other. */
function list(granularity: CalendarGranularity, from: string, to: string): CalendarSpan[] {
  const spans: CalendarSpan[] = [];
  for (let date: string | undefined = from; date !== undefined && date <= to; ) {
    const span = calendarSpanOf(granularity, date, { from, to });
    spans.push(span);
    date = shiftedDate(span.to, 1);
  }
  return spans;
}

/** The naive way: ask a calendar for each day. */
function naiveSpans(granularity: CalendarGranularity, from: string, to: string) {
  const first = dayOfDate(from);
  const days = Array.from({ length: dayOfDate(to) - first + 1 }, (_, i) => dateOfDay(first + i));
  const spanOf = (date: string) => {
    const day = Temporal.PlainDate.from(date);
    if (granularity === 'day') return date;
    if (granularity === 'month') return day.with({ day: 1 }).toString();
    return day.subtract({ days: day.dayOfWeek - 1 }).toString();
  };
  return [...Map.groupBy(days, spanOf)].map(([span, own]) => ({ span, from: own[0], to: own.at(-1) }));
}

describe('the calendar', () => {
  it('has weeks that begin on Monday, and months, cut where the range ends', () => {
    expect(list('week', '2024-12-30', '2025-01-07')).toEqual([
      { span: '2024-12-30', from: '2024-12-30', to: '2025-01-05' },
      { span: '2025-01-06', from: '2025-01-06', to: '2025-01-07' },
    ]);
    expect(list('month', '2024-01-31', '2024-03-01')).toEqual([
      { span: '2024-01-01', from: '2024-01-31', to: '2024-01-31' },
      { span: '2024-02-01', from: '2024-02-01', to: '2024-02-29' },
      { span: '2024-03-01', from: '2024-03-01', to: '2024-03-01' },
    ]);
  });

  it('begins in the year 1 and ends in the year 9999', () => {
    expect(list('week', '0001-01-01', '0001-01-02')).toEqual([
      { span: '0001-01-01', from: '0001-01-01', to: '0001-01-02' },
    ]);
    expect(list('week', '9999-12-26', '9999-12-31')).toEqual([
      { span: '9999-12-20', from: '9999-12-26', to: '9999-12-26' },
      { span: '9999-12-27', from: '9999-12-27', to: '9999-12-31' },
    ]);
    expect(list('month', '9999-12-31', '9999-12-31')).toHaveLength(1);
  });

  it('cuts any range as a calendar does, for each of its days', () => {
    const start = fc.oneof(
      fc.integer({ min: FIRST_DAY, max: LAST_DAY }),
      fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 40_000 }),
      fc.integer({ min: LAST_DAY - 400, max: LAST_DAY }),
    );
    check(
      fc.property(
        fc.constantFrom(...CALENDAR_GRANULARITIES),
        start,
        fc.nat(400),
        (granularity, day, more) => {
          const [from, to] = [dateOfDay(day), dateOfDay(Math.min(LAST_DAY, day + more))];
          const spans = list(granularity, from, to);
          expect(spans).toEqual(naiveSpans(granularity, from, to));
          for (const span of spans) expect(calendarSpanOf(granularity, span.to, { from, to })).toEqual(span);
        },
      ),
    );
  });

  it('knows the preceding range of equal length, if daymark has its days', () => {
    expect(precedingRange('2024-03-01', '2024-03-31')).toEqual({ from: '2024-01-30', to: '2024-02-29' });
    expect(precedingRange('2024-03-01', '2024-03-01')).toEqual({ from: '2024-02-29', to: '2024-02-29' });
    expect(precedingRange('0001-01-03', '0001-01-04')).toEqual({ from: '0001-01-01', to: '0001-01-02' });
    expect(precedingRange('0001-01-02', '0001-01-03')).toBeUndefined();
    expect(precedingRange('0001-01-01', '0001-01-01')).toBeUndefined();
  });
});
