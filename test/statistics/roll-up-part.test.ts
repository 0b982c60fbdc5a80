import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addColumn,
  countsOfPart,
  FIRST_DAY_SLOT,
  IDS_SLOT,
  ROLL_UP_DAYS,
  RollUpPartWriter,
  rolledUpColumns,
  rolledUpIds,
  TOTAL_SLOT,
} from '../../src/statistics/roll-up-part.ts';
import type { StatusCount } from '../../src/statistics/types.ts';

const id = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('\ufeff', '\ufeffa', '😀', 'é', '\uffff'),
);
const requests = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.constantFrom(255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40),
);
const status = fc.constantFrom(0, 100, 200, 200, 200, 404, 500, 599);
const statuses = fc.uniqueArray(fc.record({ status, requests }), { selector: (count) => count.status });
const day = fc.oneof(fc.constant(undefined), statuses);
const days = fc.array(day, { minLength: ROLL_UP_DAYS, maxLength: ROLL_UP_DAYS });
const customers = fc.uniqueArray(fc.record({ id, days }), { selector: (customer) => customer.id });

/** The naive way. */
function added(counts: readonly StatusCount[]): StatusCount[] {
  return [...Map.groupBy(counts, (count) => count.status)]
    .map(([of, own]) => ({ status: of, requests: own.reduce((sum, count) => sum + count.requests, 0) }))
    .sort((a, b) => a.status - b.status);
}

function packed(all: readonly { id: string; days: (StatusCount[] | undefined)[] }[]) {
  const writer = new RollUpPartWriter();
  for (const customer of all) writer.add(customer.id, customer.days);
  expect(writer.length).toBe(all.length);
  const taken = writer.take();
  for (const [day, counts] of taken.days.entries())
    expect(counts).toEqual(added(all.flatMap(({ days: own }) => own[day] ?? [])));
  const part = new Map(taken.slots.map(({ slot, data }) => [slot, data]));
  expect(writer.length).toBe(0);
  return part;
}

test('a part gives back every id and every number, of each day and of all days', () => {
  fc.assert(
    fc.property(customers, (all) => {
      const part = packed(all);
      expect(rolledUpIds(part.get(IDS_SLOT)!)).toEqual(all.map((customer) => customer.id));
      const expected = (own: (days: (StatusCount[] | undefined)[]) => StatusCount[]) =>
        all.map((customer) => ({ customerId: customer.id, statuses: added(own(customer.days)) }));
      expect(countsOfPart(part, [TOTAL_SLOT])).toEqual(expected((of) => of.flatMap((one) => one ?? [])));
      for (let at = 0; at < ROLL_UP_DAYS; at++)
        expect(countsOfPart(part, [FIRST_DAY_SLOT + at])).toEqual(expected((of) => of[at] ?? []));
      expect(countsOfPart(part, [FIRST_DAY_SLOT, FIRST_DAY_SLOT + 3])).toEqual(
        expected((of) => [...(of[0] ?? []), ...(of[3] ?? [])]),
      );
    }),
  );
});

test('columns are added where the numbers of the customers say', () => {
  fc.assert(
    fc.property(customers, (all) => {
      const sums = new Float64Array(all.length + 3);
      const numbers = Uint32Array.from([99, ...all.map((_, at) => all.length + 2 - at)]);
      const data = packed(all).get(TOTAL_SLOT);
      for (const column of data ? rolledUpColumns(data, all.length) : []) addColumn(column, sums, numbers, 1);
      for (const [at, { days: own }] of all.entries()) {
        const total = own.flatMap((one) => one ?? []).reduce((sum, count) => sum + count.requests, 0);
        expect(sums[all.length + 2 - at]).toBe(total);
      }
    }),
  );
});

test('bytes that are cut or changed are an error, or numbers of the same customers, and never a crash', () => {
  fc.assert(
    fc.property(customers, fc.nat(), fc.nat(255), fc.boolean(), (all, place, byte, isCut) => {
      for (const [slot, data] of packed(all)) {
        const at = place % data.length;
        const broken = isCut ? data.slice(0, at) : data.with(at, byte);
        try {
          if (slot === IDS_SLOT) rolledUpIds(broken);
          else
            for (const column of rolledUpColumns(broken, all.length))
              expect(column.status).toBeLessThanOrEqual(599);
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_CORRUPT' });
        }
      }
    }),
  );
});
