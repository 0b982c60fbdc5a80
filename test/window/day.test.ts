import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignDays, dateOfDay, isDate } from '../../src/window/day.ts';
import { check } from '../support/property.ts';

const YEAR_1_MS = -62_135_596_800_000;
const YEAR_10000_MS = 253_402_300_800_000;

describe('days', () => {
  it('hold exactly the event times of their date, before and after 1970', () => {
    check(
      fc.property(fc.integer({ min: YEAR_1_MS, max: YEAR_10000_MS - 1 }), (timeMs) => {
        const days = new Int32Array(1);
        assignDays(Float64Array.of(timeMs), 1, days);
        expect(dateOfDay(days[0])).toBe(new Date(timeMs).toISOString().slice(0, 10));
      }),
      2000,
    );
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
