import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/api/ranking/cursor.ts';
import { MAX_CURSOR_CHARACTERS } from '../../../src/limits.ts';
import { HOSTILE_IDS } from '../../support/hostile-ids.ts';
import { check } from '../../support/property.ts';

const QUESTION = ['2024-10-01', '2024-10-31', 'requests', 'desc', null, null];
const INVALID = expect.objectContaining({ code: 'INVALID_REQUEST' });

test('a cursor leads back to its place, to the last digit, whatever the id is', () => {
  const id = fc.oneof(
    fc.constantFrom(...HOSTILE_IDS, '"'.repeat(255), '\\'.repeat(255)),
    fc.string({ unit: 'grapheme' }),
  );
  const value = fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat());
  check(
    fc.property(id, value, (customerId, number) => {
      const place = { customerId, value: number === 0 ? 0 : number };
      const cursor = encodeCursor(QUESTION, place);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      if (Buffer.byteLength(customerId) <= 255)
        expect(cursor.length).toBeLessThanOrEqual(MAX_CURSOR_CHARACTERS);
      else return;
      expect(decodeCursor(QUESTION, cursor)).toEqual(place);
    }),
  );
});

test('a cursor of another question is refused', () => {
  const cursor = encodeCursor(QUESTION, { value: 7, customerId: 'a' });
  for (let at = 0; at < QUESTION.length; at++)
    expect(() => decodeCursor(QUESTION.with(at, 'other'), cursor)).toThrow(INVALID);
});

test('what is no cursor is refused, and never understood otherwise', () => {
  const good = encodeCursor(QUESTION, { value: 7, customerId: 'a' });
  const of = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const [mark] = JSON.parse(Buffer.from(good, 'base64url').toString()) as [string];
  for (const bad of [
    ...[
      '',
      'x',
      'AAAA',
      '____',
      good.slice(1),
      good.slice(0, -1),
      `${good}A`,
      `${good}=`,
      good.toUpperCase(),
    ],
    ...[of(null), of({}), of([]), of([mark]), of([mark, 7]), of([mark, '7', 'a']), of([mark, 7, 8])],
    ...[of([mark, 7, 'a', 1]), of([mark, [], 'a']), of([7, 7, 'a']), of(['', 7, 'a'])],
    Buffer.from(`["${mark}",1e999,"a"]`).toString('base64url'),
    Buffer.from(`["${mark}", 7,"a"]`).toString('base64url'),
    'A'.repeat(MAX_CURSOR_CHARACTERS + 1),
  ])
    expect(() => decodeCursor(QUESTION, bad), bad).toThrow(INVALID);
  check(
    fc.property(fc.base64String(), (text) => {
      expect(() => decodeCursor(QUESTION, text)).toThrow(INVALID);
    }),
  );
});
