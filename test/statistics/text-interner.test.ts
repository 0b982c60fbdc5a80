import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextInterner } from '../../src/statistics/text-interner.ts';
import { check, runsOf } from '../support/property.ts';

const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '2024-10-02', '2024-10-03', 'cust_1', 'cust_11', 'café', '\u{1f600}'),
);

test('a text is what its bytes say, whichever texts came before', () => {
  check(
    fc.property(fc.array(id), (ids) => {
      const interner = new TextInterner();
      const texts = [...ids, ...ids].map((text) => {
        const bytes = Buffer.from(`<${text}>`);
        return interner.text(bytes, 1, bytes.length - 1);
      });
      expect(texts).toEqual([...ids, ...ids]);
    }),
    runsOf({ fast: 300, normal: 1000, long: 20_000 }),
  );
});

test('more texts than it keeps are told apart, too', () => {
  const interner = new TextInterner();
  const ids = Array.from({ length: 20_000 }, (_, i) => `cust_${i}`);
  const read = () =>
    ids.map((text) => {
      const bytes = Buffer.from(text);
      return interner.text(bytes, 0, bytes.length);
    });
  expect(read()).toEqual(ids);
  expect(read()).toEqual(ids);
});
