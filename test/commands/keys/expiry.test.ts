import { describe, expect, test } from 'vitest';
import { expiryMsOf } from '../../../src/commands/keys/expiry.ts';

const NOW_MS = Date.parse('2027-01-01T00:00:00Z');

describe('a key expires', () => {
  test.each([
    ['P90D', NOW_MS + 90 * 86_400_000],
    ['2027-02-28', Date.parse('2027-02-28T00:00:00Z')],
    ['2028-02-29T12:00:00+02:00', Date.parse('2028-02-29T10:00:00Z')],
    ['2027-02-28T12:00:00.5Z', Date.parse('2027-02-28T12:00:00.500Z')],
  ])('at %s', (text, expiresMs) => {
    expect(expiryMsOf(text, NOW_MS)).toBe(expiresMs);
  });

  test.each([
    '2027-02-30T00:00:00Z',
    '2027-02-29',
    '2027-02-29T00:00:00Z',
    '2027-04-31T00:00:00+01:00',
    'P1Y',
  ])('never at %s: there is no such time', (text) => {
    expect(() => expiryMsOf(text, NOW_MS)).toThrow('but must be a duration');
  });
});
