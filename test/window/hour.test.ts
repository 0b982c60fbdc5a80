import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dateOfDay, dayOfDate, endOfDay, startOfDay } from '../../src/window/day.ts';
import {
  dayOfHour,
  hourOf,
  hourSpanAt,
  hoursOf,
  hourText,
  lastHourOver,
  startOfHour,
} from '../../src/window/hour.ts';
import type { ZoneTable } from '../../src/window/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const HOUR_MS = 3_600_000;

/** The number of a time's hour, as the kernel computes it. */
function numberOf(timeMs: number, zone: ZoneTable): number {
  const { offsetMs, parity } = hourSpanAt(zone, timeMs);
  return 2 * Math.floor((timeMs + offsetMs) / HOUR_MS) + parity;
}

/** The naive way: back to the full hour of the clock, but not over a change of the clock. */
function hourByTemporal(timeMs: number, name: string): { text: string; date: string } {
  const time = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(name);
  const sinceFullMs = (time.minute * 60 + time.second) * 1000 + time.millisecond;
  const change = time.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const startMs = Math.max(timeMs - sinceFullMs, change?.epochMilliseconds ?? Number.NEGATIVE_INFINITY);
  const text = `${new Date(Math.floor(startMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  return { text, date: time.toPlainDate().toString() };
}

function timeIn(zone: ZoneTable): fc.Arbitrary<number> {
  const changes = [...zone.fromMs].filter((at) => at > Date.UTC(1900, 0, 1));
  const anyTime = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2150, 0, 1) });
  if (changes.length === 0) return anyTime;
  const nearChange = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -4 * HOUR_MS, max: 4 * HOUR_MS }))
    .map(([at, distanceMs]) => at + distanceMs);
  return fc.oneof(anyTime, nearChange);
}

/** True where clocks were put back over midnight, so that a day goes on when the next one has begun. */
function overlap(day: number, zone: ZoneTable): boolean {
  return endOfDay(zone, day) > startOfDay(zone, day + 1);
}

describe('hours', () => {
  it.each(ZONE_NAMES)('are those of the local clock, each with its date: %s', (name) => {
    const zone = tableOf(name);
    check(
      fc.property(timeIn(zone), (timeMs) => {
        const { text, day } = hourOf(zone, numberOf(timeMs, zone));
        expect({ text, date: dateOfDay(day) }).toEqual(hourByTemporal(timeMs, name));
      }),
      1000,
    );
  });

  it.each(ZONE_NAMES)('sort by their names as they follow each other: %s', (name) => {
    const zone = tableOf(name);
    const textOf = (timeMs: number) => hourOf(zone, numberOf(timeMs, zone)).text;
    check(
      fc.property(timeIn(zone), fc.integer({ min: 1, max: 5 * HOUR_MS }), (timeMs, laterMs) => {
        expect(textOf(timeMs) <= textOf(timeMs + laterMs)).toBe(true);
        expect(startOfHour(textOf(timeMs))).toBeLessThanOrEqual(timeMs);
      }),
      1000,
    );
  });

  it.each(ZONE_NAMES)('lie in the hours of their day, and in no others: %s', (name) => {
    const zone = tableOf(name);
    check(
      fc.property(timeIn(zone), (timeMs) => {
        const { text, day } = hourOf(zone, numberOf(timeMs, zone));
        expect(dayOfHour(text, zone)).toBe(day);
        const isIn = (date: string) => {
          const { from, to } = hoursOf({ from: date, to: date }, zone);
          return from <= text && text <= to;
        };
        expect(isIn(dateOfDay(day))).toBe(true);
        for (const other of [day - 1, day + 1])
          if (!overlap(Math.min(day, other), zone)) expect(isIn(dateOfDay(other))).toBe(false);
      }),
      1000,
    );
  });

  it('come twice where clocks are put back', () => {
    const zone = tableOf('Europe/Berlin');
    const texts = ['2024-10-27T00:30Z', '2024-10-27T01:30Z'].map(
      (time) => hourOf(zone, numberOf(Date.parse(time), zone)).text,
    );
    expect(texts).toEqual(['2024-10-27T00:00:00Z', '2024-10-27T01:00:00Z']);
  });

  it('are final with their day', () => {
    const zone = tableOf('Asia/Kolkata');
    const end = endOfDay(zone, dayOfDate('2024-10-02'));
    expect(lastHourOver(end - 1, zone)).toBe('2024-10-01T18:29:59Z');
    expect(lastHourOver(end, zone)).toBe('2024-10-02T18:29:59Z');
    expect(hoursOf({ to: '2024-10-02' }, zone).to).toBe('2024-10-02T18:29:59Z');
  });

  it('of the first and the last years have names that sort, whatever the zone', () => {
    for (const name of ['Etc/GMT-14', 'Etc/GMT+12', 'UTC']) {
      const zone = tableOf(name);
      const times = [-63_000_000_000_000, -62_135_596_800_000, 0, 253_402_300_799_999, 253_402_300_800_000];
      const texts = [...times, 8.64e15].map((timeMs) => hourOf(zone, numberOf(timeMs, zone)).text);
      expect(texts).toEqual([...texts].sort());
      expect(texts.every((text) => /^\d{4}-/.test(text))).toBe(true);
    }
  });

  it('are named by whole seconds', () => {
    expect(hourText(1_500)).toBe('1970-01-01T00:00:01Z');
    expect(hourOf(UTC, numberOf(-1, UTC))).toEqual({ text: '1969-12-31T23:00:00Z', day: -1 });
  });
});
