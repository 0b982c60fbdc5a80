import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localToUtcMs } from '../../src/log-format/local-time.ts';
import type { ZoneTable } from '../../src/window/types.ts';
import { check } from '../support/property.ts';

const HOUR = 3_600_000;

function zoneOf(rows: readonly (readonly [from: number, offset: number])[]): ZoneTable {
  return {
    name: 'Test/Zone',
    fromMs: Float64Array.from(rows, ([from]) => from),
    offsetMs: Float64Array.from(rows, ([, offset]) => offset),
  };
}

const at = (time: string): number => Date.parse(`${time}Z`);

/** Europe/Berlin in 2024. */
const BERLIN = zoneOf([
  [-Infinity, HOUR],
  [at('2024-03-31T01:00'), 2 * HOUR],
  [at('2024-10-27T01:00'), HOUR],
]);

describe('a time on the clock of a zone', () => {
  it.each([
    ['2024-01-15T12:00', '2024-01-15T11:00'],
    ['2024-07-15T12:00', '2024-07-15T10:00'],
    ['2024-03-31T01:59:59.999', '2024-03-31T00:59:59.999'],
    ['2024-03-31T02:00', '2024-03-31T01:00'],
    ['2024-03-31T02:30', '2024-03-31T01:30'],
    ['2024-03-31T03:00', '2024-03-31T01:00'],
    ['2024-10-27T01:59', '2024-10-26T23:59'],
    ['2024-10-27T02:00', '2024-10-27T00:00'],
    ['2024-10-27T02:59:59.999', '2024-10-27T00:59:59.999'],
    ['2024-10-27T03:00', '2024-10-27T02:00'],
    ['0001-01-01T01:00', '0001-01-01T00:00'],
  ])('%s in Berlin is %s in UTC', (local, utc) => {
    expect(new Date(localToUtcMs(BERLIN, at(local))).toISOString()).toBe(new Date(at(utc)).toISOString());
  });

  it('that a zone left out by crossing the date line is a day later', () => {
    const apia = zoneOf([
      [-Infinity, -10 * HOUR],
      [at('2011-12-30T10:00'), 14 * HOUR],
    ]);
    expect(localToUtcMs(apia, at('2011-12-30T12:00'))).toBe(at('2011-12-30T22:00'));
  });

  it('is the earliest instant at which the clock shows it, and else later by what the clock was set forward', () => {
    const offset = fc.integer({ min: -15, max: 15 }).map((hours) => hours * HOUR);
    const rows = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 200 }), offset), { maxLength: 6 })
      .map((later) => [...new Map(later)].sort(([a], [b]) => a - b).map(([h, o]) => [h * HOUR, o] as const));
    check(
      fc.property(offset, rows, fc.integer({ min: -40, max: 240 }), (first, later, hour) => {
        const zone = zoneOf([[-Infinity, first], ...later]);
        const local = hour * HOUR;
        expect(localToUtcMs(zone, local)).toBe(naively(zone, local));
      }),
      2000,
    );
  });
});

/** Tries each hour. Where the clock never shows the time, the first hour after the gap tells the earlier offset. */
function naively(zone: ZoneTable, local: number): number {
  const offsetAt = (utc: number): number => {
    const row = zone.fromMs.findLastIndex((from) => from <= utc);
    return zone.offsetMs[row];
  };
  for (let utc = local - 24 * HOUR; utc <= local + 24 * HOUR; utc += HOUR) {
    const shown = utc + offsetAt(utc);
    if (shown === local) return utc;
    if (shown > local) return local - offsetAt(utc - HOUR);
  }
  throw new Error('no clock is a day away');
}
