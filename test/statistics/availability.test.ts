import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityDefinition, availabilityOf } from '../../src/statistics/availability.ts';
import {
  encodeStatistics,
  mergeStatistics,
  STATE_HEAD_BYTES,
  stateHeadOf,
} from '../../src/statistics/daily-statistics.ts';
import { parseStatuses, statusesText } from '../../src/statuses.ts';
import { histogramOf } from '../support/histogram.ts';
import type { Request } from '../support/oracle.ts';
import { check } from '../support/property.ts';
import { anyDuration, requestsOf, statisticsOf } from '../support/requests.ts';

type Range = readonly [from: number, to: number];

const code = fc.oneof(fc.constantFrom(0, 200, 404, 500), fc.integer({ min: 100, max: 599 }));
const range = fc.tuple(code, code).map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)]);
const ranges = fc.array(
  fc.oneof(
    code.map((one): Range => [one, one]),
    range,
  ),
  { minLength: 1, maxLength: 4 },
);

const textOf = (list: readonly Range[], separator: string) =>
  list.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(separator);
const isIn = (list: readonly Range[], status: number) =>
  list.some(([from, to]) => from <= status && status <= to);

/** The naive way: look at each request. */
function naive(requests: readonly Request[], failed: readonly Range[], ignored: readonly Range[]) {
  let [counted, errors] = [0, 0];
  for (const { status } of requests) {
    if (isIn(ignored, status)) continue;
    counted++;
    if (isIn(failed, status)) errors++;
  }
  return {
    availabilityPercentage: counted === 0 ? null : (100 * (counted - errors)) / counted,
    errorRequests: errors,
    countedRequests: counted,
  };
}

/** @param statuses one request each. */
function availabilityAt(statuses: readonly number[], failed?: string, ignored?: string) {
  const totals = statuses.map((status) => ({ status, requests: 1, durationUs: 0n }));
  return availabilityOf(totals, availabilityDefinition(failed, ignored));
}

describe('availability', () => {
  it('is what looking at each request gives, for any lists of statuses', () => {
    check(
      fc.property(
        requestsOf(anyDuration, 60),
        ranges,
        fc.option(ranges, { nil: undefined }),
        fc.constantFrom(',', ', ', ' ,'),
        (requests, failed, ignored, separator) => {
          const definition = availabilityDefinition(
            textOf(failed, separator),
            ignored && textOf(ignored, separator),
          );
          const expected = naive(requests, failed, ignored ?? []);
          expect(availabilityOf(statisticsOf(requests).statuses, definition)).toEqual(expected);
        },
      ),
      1000,
    );
  });

  it('counts no response and 500 to 599 as failures, unless told otherwise', () => {
    const statuses = [0, 100, 200, 301, 404, 429, 499, 500, 503, 599];
    expect(availabilityAt(statuses)).toEqual({
      availabilityPercentage: 60,
      errorRequests: 4,
      countedRequests: 10,
    });
  });

  it('leaves ignored statuses out, also those that are failures', () => {
    expect(availabilityAt([0, 200, 404, 500], '0,500-599', '0,404')).toEqual({
      availabilityPercentage: 50,
      errorRequests: 1,
      countedRequests: 2,
    });
  });

  it('is unknown where no request counts', () => {
    expect(availabilityAt([404, 404], '500', '400-499')).toEqual({
      availabilityPercentage: null,
      errorRequests: 0,
      countedRequests: 0,
    });
  });
});

describe('a list of statuses', () => {
  it('is written as it is read, with ranges', () => {
    expect(statusesText(new Set([502, 500, 501, 0, 429, 430]))).toBe('0, 429, 430, 500-502');
    expect(statusesText(new Set())).toBe('');
    const anyStatus = fc.constantFrom(0, 100, 101, 102, 200, 404, 429, 500, 501, 502, 503, 599);
    check(
      fc.property(fc.uniqueArray(anyStatus, { minLength: 1 }), (statuses) => {
        const read = parseStatuses(statusesText(new Set(statuses)));
        expect([...(read ?? [])].sort()).toEqual([...statuses].sort());
      }),
    );
  });

  it.each([
    ['0', [0]],
    ['000', [0]],
    ['500-502', [500, 501, 502]],
    ['599 , 0, 100-101,100', [0, 100, 101, 599]],
    ['0-101', [0, 100, 101]],
  ])('%j is read', (text, statuses) => {
    expect([...(parseStatuses(text) ?? [])].sort((a, b) => a - b)).toEqual(statuses);
  });

  it.each([
    '',
    ',',
    '500,',
    '5xx',
    '500-',
    '-500',
    '-1',
    '502-500',
    '99',
    '600',
    '500-600',
    '0500',
    '5e2',
    '4 04',
    '0x1f4',
    'none',
  ])('%j is refused', (text) => {
    expect(parseStatuses(text)).toBeUndefined();
  });
});

describe('the beginning of a state', () => {
  it('has the statuses of the window', () => {
    check(
      fc.property(requestsOf(anyDuration), (requests) => {
        const { statuses } = statisticsOf(requests);
        const state = encodeStatistics(statisticsOf(requests));
        expect(stateHeadOf(state).statuses).toEqual(statuses);
        expect(stateHeadOf(state.subarray(0, STATE_HEAD_BYTES.most)).statuses).toEqual(statuses);
      }),
    );
  });

  it('is long enough for every status, and for sums of any size', () => {
    const times = { firstEventMs: -62_135_596_800_000, lastEventMs: 253_402_300_799_999 };
    const statuses = [0, ...Array.from({ length: 500 }, (_, i) => 100 + i)].map((status) => ({
      status,
      requests: Number.MAX_SAFE_INTEGER - 600,
      durationUs: 2n ** 126n,
    }));
    const histogram = histogramOf([5]);
    const state = encodeStatistics({ statuses, histogram, ...times });
    expect(state.length).toBeGreaterThan(10_000);
    expect(stateHeadOf(state.subarray(0, STATE_HEAD_BYTES.most)).statuses).toEqual(statuses);
  });

  it('is refused where it was cut off among the statuses, or is none', () => {
    const state = encodeStatistics(
      mergeStatistics([200, 404, 500].map((status) => statisticsOf([{ ...REQUEST, status }]))),
    );
    const refused = expect.objectContaining({ code: 'STORE_CORRUPT' });
    const lengthOfHead = state.length - 3;
    for (let bytes = 0; bytes < lengthOfHead; bytes++)
      expect(() => stateHeadOf(state.subarray(0, bytes))).toThrow(refused);
    expect(() => stateHeadOf(Uint8Array.of(9, ...state.subarray(1)))).toThrow(refused);
  });
});

const REQUEST: Request = { eventTimeMs: 0, customerId: 'c', status: 200, durationUs: 0 };
