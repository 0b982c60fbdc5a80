import fc from 'fast-check';
import { newKernel } from '../../src/kernel/kernel.ts';
import { MAX_DURATION_US, RECORD_BATCH_ROWS } from '../../src/limits.ts';
import type { RecordBatch } from '../../src/log-format/types.ts';
import { copyOf } from '../../src/statistics/histogram.ts';
import type { DailyStatistics } from '../../src/statistics/types.ts';
import { WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import type { WindowSpans } from '../../src/window/window-spans.ts';
import type { Request } from './oracle.ts';

/** Durations of up to four significant digits, from 0 to 24 hours. */
export const fourDigitDuration = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 7 }))
  .map(([digits, exponent]) => digits * 10 ** exponent)
  .filter((durationUs) => durationUs <= MAX_DURATION_US);

/** As logs have them that write milliseconds. */
export const millisecondsToAnHour = fc.integer({ min: 0, max: 3_600_000 }).map((ms) => ms * 1_000);

/** Any duration. */
export const anyDuration = fc.oneof(fourDigitDuration, fc.integer({ min: 0, max: MAX_DURATION_US }));

/** What a record says where its line says no duration. */
export const NO_DURATION = -1;

/** Requests of one window: all with a duration, some, or none. */
export function requestsOf(durationUs: fc.Arbitrary<number>, maxLength = 300): fc.Arbitrary<Request[]> {
  const none = fc.constant(NO_DURATION);
  return fc.oneof(
    { weight: 4, arbitrary: allWith(durationUs, maxLength) },
    { weight: 4, arbitrary: allWith(fc.oneof(durationUs, none), maxLength) },
    { weight: 1, arbitrary: allWith(none, maxLength) },
  );
}

function allWith(durationUs: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Request[]> {
  return fc.array(
    fc.record({
      eventTimeMs: fc.integer({ min: 0, max: 86_399 }).map((second) => 1_727_827_200_000 + second * 1000),
      customerId: fc.constant('cust_1'),
      status: fc.oneof(fc.constantFrom(0, 200, 404, 500), fc.integer({ min: 100, max: 599 })),
      durationUs,
    }),
    { minLength: 1, maxLength },
  );
}

/** A record batch of these requests, all of one customer. At most RECORD_BATCH_ROWS. */
export function batchOf(requests: readonly Request[], customers: readonly number[] = []): RecordBatch {
  if (requests.length > RECORD_BATCH_ROWS) throw new Error('too many for a batch');
  return {
    rows: requests.length,
    eventTimeMs: Float64Array.from(requests, ({ eventTimeMs }) => eventTimeMs),
    customer: Int32Array.from(requests, (_, i) => customers[i] ?? 0),
    status: Int32Array.from(requests, ({ status }) => status),
    durationUs: Float64Array.from(requests, ({ durationUs }) => durationUs),
    lineBegin: Float64Array.from(requests, (_, i) => i),
    lineEnd: Float64Array.from(requests, (_, i) => i + 1),
  };
}

/** Whatever their times: all are of day 0. */
const oneDay: WindowSpans = {
  isHourly: false,
  at: (timeMs) => ({ fromMs: timeMs, toMs: timeMs + 1, offsetMs: -timeMs, parity: 0 }),
};

const accumulator = new WindowAccumulator(oneDay, newKernel(16 * 1024 * 1024));

/** The statistics of requests, all of one window. */
export function statisticsOf(requests: readonly Request[]): DailyStatistics {
  accumulator.clear();
  accumulator.add(batchOf(requests));
  const { histogram, ...rest } = accumulator.statistics([0]);
  // Copied: it holds only until the next window is counted.
  return { ...rest, histogram: copyOf(histogram) };
}
