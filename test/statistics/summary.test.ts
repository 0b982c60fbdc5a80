import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availabilityDefinition } from '../../src/statistics/availability.ts';
import { encodeStatistics, mergeStatistics } from '../../src/statistics/daily-statistics.ts';
import { compareQuality, sharesUnder, statusClasses, summaryOf } from '../../src/statistics/summary.ts';
import { statisticsOf } from '../api/requests.ts';
import { keptAt } from '../support/histogram.ts';
import { check } from '../support/property.ts';
import { naiveClasses, naiveShare, naiveSummary } from '../support/summary-oracle.ts';

const status = fc.oneof(
  fc.constantFrom(0, 100, 199, 200, 204, 299, 300, 404, 429, 499, 500, 599),
  fc.integer({ min: 100, max: 599 }),
);
const durationUs = fc.oneof(
  fc.constant(-1),
  fc.nat(3).map((ms) => 1000 * ms),
  fc.nat(3_600_000).map((ms) => 1000 * ms),
  fc.nat(5000),
  fc.nat(86_400_000_000),
);
const request = fc.record({ status, durationUs });
const parts = fc.array(fc.array(request, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 });

describe('a summary of merged windows', () => {
  it('has the numbers of all requests together, whatever windows they were in', () => {
    const contract = availabilityDefinition('0,429,500-599', '499,401');
    const naive = {
      isFailed: (code: number) => code === 0 || code === 429 || code >= 500,
      isIgnored: (code: number) => code === 499 || code === 401,
    };
    check(
      fc.property(parts, (windows) => {
        const merged = mergeStatistics(windows.map((each) => encodeStatistics(statisticsOf(each, 0))));
        expect(summaryOf(merged, availabilityDefinition())).toEqual(naiveSummary(windows.flat()));
        expect(summaryOf(merged, contract)).toEqual(naiveSummary(windows.flat(), naive));
        expect(statusClasses(merged.statuses)).toEqual(naiveClasses(windows.flat()));
      }),
    );
  });

  it('counts the share of the requests that took less than so many seconds, and not exactly as many', () => {
    const bound = fc.oneof(fc.constantFrom(0, 1000, 1001, 2000, 3_600_000_000), fc.nat(86_400_000_000));
    check(
      fc.property(parts, fc.array(bound, { maxLength: 5 }), (windows, boundsUs) => {
        const merged = mergeStatistics(windows.map((each) => statisticsOf(each, 0)));
        expect(sharesUnder(merged, boundsUs)).toEqual(
          boundsUs.map((us) => naiveShare(windows.flat(), us / 1e6)),
        );
      }),
    );
    const exactly = statisticsOf(
      [499_999, 500_000, 500_001].map((us) => ({ status: 200, durationUs: us })),
      0,
    );
    expect(sharesUnder(exactly, [500_000])).toEqual([{ seconds: 0.5, requests: 1, percentage: 100 / 3 }]);
  });

  it('says nothing that is not known where there was no request', () => {
    expect(summaryOf(undefined, availabilityDefinition())).toEqual(naiveSummary([]));
    expect(sharesUnder(undefined, [500_000])).toEqual([{ seconds: 0.5, requests: 0, percentage: null }]);
    expect(statusClasses([])).toEqual(naiveClasses([]));
  });

  it('has the 99.9th percentile by nearest rank', () => {
    for (const [count, rank] of [
      [1, 1],
      [999, 999],
      [1000, 999],
      [1001, 1000],
      [2000, 1998],
      [3003, 3000],
    ]) {
      const requests = Array.from({ length: count }, (_, i) => ({ status: 200, durationUs: i + 1 }));
      expect(summaryOf(statisticsOf(requests, 0), availabilityDefinition()).duration_p999).toBe(rank / 1e6);
    }
  });

  it('says to how many digits its durations are exact, the longest included', () => {
    // The 99th percentile lies below 0.1 s, where five digits keep every microsecond, and the longest does not.
    const many = Array.from({ length: 8_200 }, (_, i) => ({ status: 200, durationUs: 10_001 + 2 * i }));
    const requests = [...many, { status: 200, durationUs: 7_654_321 }];
    const summary = summaryOf(statisticsOf(requests, 0), availabilityDefinition());
    expect(summary.duration_max).toBe(keptAt(1, 7_654_321) / 1e6);
    expect(summary.duration_precision).toBe(5);
    expect(summaryOf(statisticsOf(many, 0), availabilityDefinition()).duration_precision).toBeNull();
  });
});

describe('the order of quality', () => {
  it('is by availability, then by the 99th percentile; what has no durations comes last', () => {
    const of = (availability_percentage: number, duration_p99: number | null) => ({
      availability_percentage,
      duration_p99,
    });
    const ordered = [of(100, 0.2), of(100, 1), of(100, null), of(99, 0.1), of(0, 3)];
    expect([...ordered].reverse().sort(compareQuality)).toEqual(ordered);
    expect(compareQuality(of(100, null), of(100, null))).toBe(0);
  });
});
