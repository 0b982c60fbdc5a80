import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  dateOfDay,
  dayOfDate,
  daySpanAt,
  endOfDay,
  isDate,
  lastDayOver,
  startOfDay,
} from '../../src/window/day.ts';
import type { DaySpan, ZoneTable } from '../../src/window/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { dateAt, endOfDate } from '../support/lateness.ts';
import { check } from '../support/property.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const HOUR_MS = 3_600_000;
const YEAR_1_MS = -62_135_596_800_000;
const YEAR_10000_MS = 253_402_300_800_000;

/** Finds days like the hot loop: it keeps a span until a time lies outside. */
function datesOf(timesMs: readonly number[], zone: ZoneTable): string[] {
  let span: DaySpan = { fromMs: 0, toMs: 0, offsetMs: 0 };
  return timesMs.map((timeMs) => {
    if (timeMs < span.fromMs || timeMs >= span.toMs) span = daySpanAt(zone, timeMs);
    return dateOfDay(Math.floor((timeMs + span.offsetMs) / (24 * HOUR_MS)));
  });
}

describe('days', () => {
  it('of UTC hold exactly the event times of their date, before and after 1970', () => {
    check(
      fc.property(fc.integer({ min: YEAR_1_MS, max: YEAR_10000_MS - 1 }), (timeMs) => {
        expect(datesOf([timeMs], UTC)).toEqual([new Date(timeMs).toISOString().slice(0, 10)]);
      }),
      2000,
    );
  });

  it.each(ZONE_NAMES)('are the dates that Temporal has, for times in any order: %s', (name) => {
    const time = fc.oneof(
      fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2150, 0, 1) }),
      nearChangeOf(tableOf(name)),
    );
    check(
      fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), (timesMs) => {
        const expected = timesMs.map((timeMs) =>
          Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(name).toPlainDate().toString(),
        );
        expect(datesOf(timesMs, tableOf(name))).toEqual(expected);
      }),
      50,
    );
  });

  it('are the same for any split of the times', () => {
    const zone = tableOf('Europe/Berlin');
    const times = fc.array(nearChangeOf(zone), { minLength: 2, maxLength: 50 });
    check(
      fc.property(times, fc.nat(48), (timesMs, at) => {
        const parts = [...datesOf(timesMs.slice(0, at + 1), zone), ...datesOf(timesMs.slice(at + 1), zone)];
        expect(parts).toEqual(datesOf(timesMs, zone));
      }),
    );
  });

  it.each([
    ['Europe/Berlin', '2024-03-30', 24],
    ['Europe/Berlin', '2024-03-31', 23],
    ['Europe/Berlin', '2024-10-27', 25],
    ['Australia/Lord_Howe', '2024-04-07', 24.5],
    ['Australia/Lord_Howe', '2024-10-06', 23.5],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['Pacific/Apia', '2011-12-29', 24],
    ['Pacific/Apia', '2011-12-30', 0],
    ['Asia/Kathmandu', '1986-01-01', 23.75],
  ])('of %s are as long as they are on the clocks there: %s has %d hours', (name, date, hours) => {
    const noonMs = Date.parse(`${date}T12:00:00Z`);
    // Every quarter of an hour in the three days around it.
    const timesMs = Array.from({ length: 3 * 24 * 4 }, (_, i) => noonMs + (i / 4 - 36) * HOUR_MS);
    const inside = datesOf(timesMs, tableOf(name)).filter((found) => found === date);
    expect(inside.length / 4).toBe(hours);
  });

  it.each(ZONE_NAMES)('begin and are over when the calendar says: %s', (name) => {
    const zone = tableOf(name);
    const time = fc.oneof(
      fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2150, 0, 1) }),
      nearChangeOf(zone),
    );
    check(
      fc.property(time, (timeMs) => {
        const date = dateAt(name, timeMs);
        const day = dayOfDate(date);
        expect(dateOfDay(day)).toBe(date);
        expect(startOfDay(zone, day)).toBe(
          Temporal.PlainDate.from(date).toZonedDateTime(name).epochMilliseconds,
        );
        expect(endOfDay(zone, day)).toBe(endOfDate(name, date));
        const over = lastDayOver(zone, timeMs);
        expect(endOfDay(zone, over)).toBeLessThanOrEqual(timeMs);
        expect(endOfDay(zone, over + 1)).toBeGreaterThan(timeMs);
      }),
      100,
    );
  });

  it('are over one after the other, but for the last', () => {
    const zone = tableOf('UTC');
    expect(lastDayOver(zone, Date.parse('2024-10-03T00:00:00Z'))).toBe(dayOfDate('2024-10-02'));
    expect(lastDayOver(zone, Date.parse('2024-10-02T23:59:59.999Z'))).toBe(dayOfDate('2024-10-01'));
    expect(lastDayOver(zone, YEAR_1_MS)).toBe(dayOfDate('0001-01-01') - 1);
    expect(lastDayOver(zone, -8.64e15)).toBe(dayOfDate('0001-01-01') - 1);
    expect(lastDayOver(zone, 8.64e15)).toBe(dayOfDate('9999-12-31') - 1);
  });

  it('of a year add up to its length', () => {
    for (const name of ZONE_NAMES) {
      const hours = Array.from({ length: 366 * 24 }, (_, i) => Date.UTC(2024, 0, 1) + i * HOUR_MS);
      const byDate = Map.groupBy(datesOf(hours, tableOf(name)), (date) => date);
      expect(byDate.size).toBeLessThanOrEqual(367);
      const inner = [...byDate.values()].slice(1, -1).map(({ length }) => length);
      expect(Math.min(...inner)).toBeGreaterThanOrEqual(23);
      expect(Math.max(...inner)).toBeLessThanOrEqual(25);
    }
  });

  it('before the year 1 and after the year 9999 of a zone are the first and the last day', () => {
    for (const name of ['America/New_York', 'Asia/Kathmandu', 'UTC']) {
      const zone = tableOf(name);
      const edges = [YEAR_1_MS - 20 * HOUR_MS, YEAR_1_MS, YEAR_10000_MS - 1, YEAR_10000_MS + 20 * HOUR_MS];
      for (const timesMs of [edges, edges.toReversed(), ...edges.map((time) => [time])]) {
        const expected = timesMs.map((time) => (time < 0 ? '0001-01-01' : '9999-12-31'));
        expect(datesOf(timesMs, zone)).toEqual(expected);
      }
    }
  });

  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2024-13-01', false],
    ['2024-00-10', false],
    ['0001-01-01', true],
    ['0000-01-01', false],
    ['9999-12-31', true],
    ['2024-1-1', false],
    ['2024-10-02T00:00', false],
    ['', false],
  ])('know whether %j is a day of the calendar: %s', (text, expected) => {
    expect(isDate(text)).toBe(expected);
  });
});

/** Times within a day of a clock change, or any time where clocks never change. */
function nearChangeOf({ fromMs }: ZoneTable): fc.Arbitrary<number> {
  const changes = [...fromMs].filter((timeMs) => timeMs > Date.UTC(1900, 0, 1));
  const around = fc.integer({ min: -24 * HOUR_MS, max: 24 * HOUR_MS });
  return fc.tuple(fc.constantFrom(0, ...changes), around).map(([timeMs, by]) => timeMs + by);
}
