import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { canonicalZone, offsetIndexAt, UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const offsetAt = (name: string, timeMs: number): number => {
  const { fromMs, offsetMs } = tableOf(name);
  return offsetMs[offsetIndexAt(fromMs, timeMs)];
};

const temporalOffsetAt = (name: string, timeMs: number): number =>
  Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(name).offsetNanoseconds / 1e6;

describe('the table of a time zone', () => {
  it.each(ZONE_NAMES)('has the offsets that Temporal has, at any time to the end of 2200: %s', (name) => {
    const time = fc.integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2201, 0, 1) - 1 });
    check(
      fc.property(time, (timeMs) => {
        expect(offsetAt(name, timeMs)).toBe(temporalOffsetAt(name, timeMs));
      }),
      100,
    );
  });

  it.each(ZONE_NAMES)('changes to the millisecond when the clocks change: %s', (name) => {
    const { fromMs, offsetMs } = tableOf(name);
    for (let i = 1; i < fromMs.length; i++) {
      expect(fromMs[i]).toBeGreaterThan(fromMs[i - 1]);
      expect(offsetMs[i]).not.toBe(offsetMs[i - 1]);
      if (i % 10 !== 1) continue;
      expect(temporalOffsetAt(name, fromMs[i])).toBe(offsetMs[i]);
      expect(temporalOffsetAt(name, fromMs[i] - 1)).toBe(offsetMs[i - 1]);
    }
  });

  it('keeps the last offset from 2201 on', () => {
    expect(offsetAt('Europe/Berlin', Date.UTC(2200, 6, 1))).toBe(7_200_000);
    expect(offsetAt('Europe/Berlin', Date.UTC(2201, 6, 1))).toBe(3_600_000);
    expect(offsetAt('Europe/Berlin', Date.UTC(9999, 6, 1))).toBe(3_600_000);
  });

  it('has one entry for a fixed offset', () => {
    expect(tableOf('Etc/GMT-2')).toEqual({
      name: 'Etc/GMT-2',
      fromMs: Float64Array.of(Number.NEGATIVE_INFINITY),
      offsetMs: Float64Array.of(7_200_000),
    });
    expect(tableOf('UTC')).toEqual(UTC);
  });

  it.each(['EST', 'US/Eastern', 'europe/berlin', '+0200', '\u221203:30', 'Etc/Zulu'])(
    'can be made for every spelling that is known: %s',
    (name) => {
      expect(canonicalZone(name)).toBeDefined();
      expect(tableOf(name)).toMatchObject({ name });
    },
  );
});

describe('the name of a time zone', () => {
  it.each([
    ['UTC', 'Etc/UTC'],
    ['Asia/Kolkata', 'Asia/Calcutta'],
    ['Europe/Berlin', 'europe/berlin'],
    ['+02:00', '+0200'],
  ])('is the same for %s and %s', (a, b) => {
    expect(canonicalZone(a)).toBeDefined();
    expect(canonicalZone(a)).toBe(canonicalZone(b));
  });

  it.each(['Berlin', '', 'Europe/', '+25:00', 'UTC+2'])('is none where there is no such zone: %j', (name) => {
    expect(canonicalZone(name)).toBeUndefined();
  });
});
