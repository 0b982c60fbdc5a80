import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, compareUtf8, customerDay } from '../../src/window/key.ts';
import { check } from '../support/property.ts';

const text = fc.string({ unit: 'binary', maxLength: 8 });

describe('the order of keys', () => {
  it('is the order of the UTF-8 bytes of customer ids', () => {
    check(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
      5000,
    );
  });

  it('puts a character beyond U+FFFF behind one below, where UTF-16 would not', () => {
    expect(compareUtf8('\u{1f600}', '\uffff')).toBeGreaterThan(0);
    expect('\u{1f600}' > '\uffff').toBe(false);
  });

  it('goes by date within a customer', () => {
    expect(compareKeys(customerDay('a', '2024-10-02'), customerDay('a', '2024-10-03'))).toBeLessThan(0);
    expect(compareKeys(customerDay('b', '2024-10-02'), customerDay('a', '2024-10-03'))).toBeGreaterThan(0);
    expect(compareKeys(customerDay('a', '2024-10-02'), customerDay('a', '2024-10-02'))).toBe(0);
  });
});
