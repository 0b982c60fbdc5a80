import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareKeys,
  compareUtf8,
  customerDay,
  decodeKey,
  encodeKey,
  type WindowKey,
} from '../../src/window/key.ts';
import { CUSTOMER_DAYS } from '../../src/window/kind.ts';
import { ALL_DAYS, CUSTOMER_HOURS, ENDPOINT_DAYS } from '../support/made-up-kinds.ts';
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

  it('goes by kind before anything else', () => {
    const hour: WindowKey = { kind: CUSTOMER_HOURS, values: ['a', '2024-10-02T05'] };
    expect(compareKeys(customerDay('b', '2024-10-02'), hour)).toBeLessThan(0);
    expect(compareKeys(hour, customerDay('b', '2024-10-02'))).toBeGreaterThan(0);
  });
});

describe('the codec of keys', () => {
  it('gives every key back, and no two the same text', () => {
    const keys: WindowKey[] = [
      { kind: ALL_DAYS, values: ['2024-10-02'] },
      customerDay('', '2024-10-02'),
      customerDay('a', '2024-10-02'),
      customerDay('a 2024-10-02', '2024-10-02'),
      { kind: CUSTOMER_HOURS, values: ['a', '2024-10-02T05'] },
      { kind: ENDPOINT_DAYS, values: ['a', '2024-10-02', '/x'] },
      { kind: ENDPOINT_DAYS, values: ['a', '2024-10-02', ''] },
    ];
    const texts = keys.map(encodeKey);
    expect(new Set(texts).size).toBe(keys.length);
    expect(
      texts.map((text) => decodeKey(text, [ALL_DAYS, CUSTOMER_DAYS, CUSTOMER_HOURS, ENDPOINT_DAYS])),
    ).toEqual(keys);
    expect(() => decodeKey(encodeKey(keys[5]!))).toThrow('no key of a window');
  });
});
