import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Best, comparePlaces, type Place } from '../../../src/api/ranking/best.ts';
import { compareBytes } from '../../support/batches.ts';
import { check } from '../../support/property.ts';

/** Few values and ids, so that many are equal. */
const place: fc.Arbitrary<Place> = fc.record({
  value: fc.constantFrom(null, 0, -1, 1, 1.5, 1e9),
  customerId: fc.constantFrom('a', 'b', 'B', '😀', '\uffff', 'é', 'aa', '"'),
});
const places = fc.uniqueArray(place, { selector: ({ customerId }) => customerId });
const order = fc.constantFrom('asc' as const, 'desc' as const);

function naive(all: readonly Place[], direction: 'asc' | 'desc'): Place[] {
  const sign = direction === 'asc' ? 1 : -1;
  const rank = ({ value }: Place) => (value === null ? Number.POSITIVE_INFINITY : sign * value);
  return all.toSorted((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x === y ? compareBytes(a.customerId, b.customerId) : x < y ? -1 : 1;
  });
}

test('the first places are those of a sort of all, null last, whatever the order in which they come', () => {
  check(
    fc.property(places, order, fc.integer({ min: 1, max: 10 }), (all, direction, limit) => {
      const best = new Best(comparePlaces('requests', direction), limit);
      for (const one of all) best.offer(one);
      expect(best.places).toEqual(naive(all, direction).slice(0, limit));
    }),
  );
});

test('pages go through all places, each once', () => {
  check(
    fc.property(places, order, fc.integer({ min: 1, max: 3 }), (all, direction, limit) => {
      const seen: Place[] = [];
      for (;;) {
        const best = new Best(comparePlaces('requests', direction), limit, seen.at(-1));
        for (const one of all) best.offer(one);
        if (best.places.length === 0) break;
        seen.push(...best.places);
      }
      expect(seen).toEqual(naive(all, direction));
    }),
  );
});

test('customers sorted by id are in the order of its bytes, in both directions', () => {
  check(
    fc.property(places, order, (all, direction) => {
      const best = new Best(comparePlaces('customer_id', direction), 100);
      for (const one of all) best.offer(one);
      const ids = all.map(({ customerId }) => customerId).sort(compareBytes);
      expect(best.places.map(({ customerId }) => customerId)).toEqual(
        direction === 'asc' ? ids : ids.reverse(),
      );
    }),
  );
});
