import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKernel } from '../../../src/kernel/kernel.ts';
import { RECORD_BATCH_ROWS } from '../../../src/limits.ts';
import {
  encodePartialAggregates,
  type PartialAggregates,
  PartialAggregatesMerger,
} from '../../../src/pipeline/worker-pool/partial-aggregates.ts';
import { encodeStatistics } from '../../../src/statistics/daily-statistics.ts';
import { keyedWindows } from '../../../src/statistics/keyed-windows.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../../src/statistics/window-accumulator.ts';
import type { WindowDelta } from '../../../src/store/contract.ts';
import { dateOfDay } from '../../../src/window/day.ts';
import { compareUtf8 } from '../../../src/window/key.ts';
import { windowSpans } from '../../../src/window/window-spans.ts';
import { UTC } from '../../../src/window/zone.ts';
import { deltasOf, type Request } from '../../support/batches.ts';
import { ONLY_DAYS } from '../../support/kept-windows.ts';
import { check } from '../../support/property.ts';
import { anyDuration, batchOf } from '../../support/requests.ts';

const accumulator = new WindowAccumulator(windowSpans(UTC, false), newKernel(MIN_STATE_BYTES));
const merger = new PartialAggregatesMerger();
const DAY_MS = 86_400_000;

const request: fc.Arbitrary<Request> = fc
  .record({
    customerId: fc.constantFrom('a', 'b', 'cust_1', 'é', '\uffff', '😀'),
    day: fc.integer({ min: -2, max: 2 }),
    status: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 599 })),
    durationUs: anyDuration,
    timeMs: fc.integer({ min: 0, max: DAY_MS - 1 }),
  })
  .map(({ day, timeMs, ...rest }) => ({ ...rest, date: dateOfDay(day), eventMs: day * DAY_MS + timeMs }));

/** As a thread hands it over that has counted these. */
function partialAggregatesOf(requests: readonly Request[]): PartialAggregates {
  accumulator.clear();
  const ids = [...new Set(requests.map(({ customerId }) => customerId))].sort(compareUtf8);
  for (let i = 0; i < requests.length; i += RECORD_BATCH_ROWS) {
    const part = requests.slice(i, i + RECORD_BATCH_ROWS);
    const customers = part.map(({ customerId }) => ids.indexOf(customerId));
    accumulator.add(
      batchOf(
        part.map(({ eventMs, ...rest }) => ({ ...rest, eventTimeMs: eventMs })),
        customers,
      ),
    );
  }
  return encodePartialAggregates(
    (function* () {
      for (const { key, windows } of keyedWindows(
        accumulator,
        { customerId: (customer) => ids[customer] },
        ONLY_DAYS,
        UTC,
      ))
        for (const total of accumulator.totals(windows))
          yield { key, ...accumulator.eventTimes(windows), total };
    })(),
  );
}

function asText(deltas: Iterable<WindowDelta>): string[] {
  return Array.from(
    deltas,
    ({ key, statistics }) =>
      `${key.values.join(' ')} ${Buffer.from(encodeStatistics(statistics)).toString('hex')}`,
  );
}

describe('merging partials', () => {
  it('gives what counting all at once gives, in key order', () => {
    check(
      fc.property(fc.array(fc.array(request, { maxLength: 40 }), { maxLength: 6 }), (parts) => {
        const merged = asText(merger.merge(parts.map(partialAggregatesOf)));
        expect(merged).toEqual(asText(deltasOf(parts.flat())));
      }),
    );
  });

  it('takes more windows than there is room for in one piece', () => {
    const requests = Array.from({ length: 20_000 }, (_, i): Request => {
      const day = i % 5_000;
      const eventMs = day * DAY_MS + i;
      return {
        customerId: `c${i % 3}`,
        date: dateOfDay(day),
        status: 200,
        durationUs: 7_000 * i + 1,
        eventMs,
      };
    });
    const partialAggregates = partialAggregatesOf(requests);
    expect(partialAggregates.length).toBeGreaterThan(1);
    expect(asText(merger.merge([partialAggregates, partialAggregates]))).toEqual(
      asText(deltasOf([...requests, ...requests])),
    );
  });

  it('can be done again', () => {
    const partials = [partialAggregatesOf(fc.sample(request, { numRuns: 50, seed: 1 }))];
    expect(asText(merger.merge(partials))).toEqual(asText(merger.merge(partials)));
  });
});
