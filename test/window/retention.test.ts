import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDay, dayAt } from '../../src/window/day.ts';
import { oldestKeptDate, oldestKeptMs } from '../../src/window/retention.ts';
import { UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const HOUR_MS = 3_600_000;

describe('what is kept', () => {
  it('is today and as many days before it as asked for', () => {
    const noon = Date.UTC(2024, 9, 3, 12);
    expect(oldestKeptDate(noon, 1, UTC)).toBe('2024-10-02');
    expect(oldestKeptDate(noon, 30, UTC)).toBe('2024-09-03');
    expect(oldestKeptMs(noon, 30, UTC)).toBe(Date.UTC(2024, 8, 3));
    expect(oldestKeptDate(Date.UTC(2024, 9, 3, 22), 1, tableOf('Europe/Berlin'))).toBe('2024-10-03');
  });

  it('ends with the first day that there is', () => {
    expect(oldestKeptDate(-62_135_596_800_000, 36_500, UTC)).toBe('0001-01-01');
  });

  it.each(ZONE_NAMES)('has a lower bound: behind it no older day, right before it one: %s', (name) => {
    const zone = tableOf(name);
    const changes = [...zone.fromMs].filter(Number.isFinite);
    const time = fc.oneof(
      fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2100, 0, 1) }),
      fc
        .constantFrom(0, ...changes)
        .chain((ms) => fc.integer({ min: ms - 72 * HOUR_MS, max: ms + 72 * HOUR_MS })),
    );
    check(
      fc.property(time, fc.integer({ min: 1, max: 400 }), (nowMs, days) => {
        const oldest = oldestKeptDate(nowMs, days, zone);
        const boundMs = oldestKeptMs(nowMs, days, zone);
        const dateAt = (timeMs: number) => dateOfDay(dayAt(zone, timeMs));
        expect(dateAt(boundMs - 1) < oldest).toBe(true);
        for (const hours of [0, 0.5, 1, 2, 12, 24])
          expect(dateAt(boundMs + hours * HOUR_MS) >= oldest).toBe(true);
        expect(boundMs).toBeLessThanOrEqual(nowMs);
      }),
      300,
    );
  });
});
