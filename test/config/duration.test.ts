import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { durationMsOf, isOfCalendar } from '../../src/config/duration.ts';
import { check } from '../support/property.ts';

const part = (unit: string) =>
  fc.option(
    fc.nat(9999).map((value) => `${value}${unit}`),
    { nil: '' },
  );

describe('a duration', () => {
  it('of ISO 8601 is what Temporal takes it for', () => {
    const duration = fc
      .tuple(part('D'), part('H'), part('M'), fc.option(fc.constantFrom('1S', '0.5S', '59,25S'), { nil: '' }))
      .map(([days, ...times]) => `P${days}${times.some(Boolean) ? `T${times.join('')}` : ''}`)
      .filter((text) => text !== 'P');
    check(
      fc.property(duration, fc.boolean(), (text, isLower) => {
        const written = isLower ? text.toLowerCase() : text;
        expect(durationMsOf(written)).toBe(Temporal.Duration.from(written).total('milliseconds'));
      }),
    );
  });

  it.each([
    ['max', Number.POSITIVE_INFINITY],
    ['0', 0],
    ['3600', 3_600_000],
    ['0.5', 500],
    ['PT0S', 0],
    ['P2W', 14 * 86_400_000],
    ['P1DT12H', 36 * 3_600_000],
    ['P0.5D', 43_200_000],
  ])('can be %s: %d ms', (text, expected) => {
    expect(durationMsOf(text)).toBe(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1.5DT1H',
    '-PT1H',
    '-1',
    'PT1H ',
    '1h',
    'P1Y',
    'P1M',
    'MAX',
    '1e3',
    'P99999999D',
  ])('cannot be %j', (text) => {
    expect(durationMsOf(text)).toBeUndefined();
  });

  it('of years or months is told from one of minutes', () => {
    expect(['P1Y', 'P2M', 'P1Y2D', 'P1MT5M', 'p1m'].map(isOfCalendar)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['PT1M', 'P1D', 'x', 'P1W'].map(isOfCalendar)).toEqual([false, false, false, false]);
  });
});
