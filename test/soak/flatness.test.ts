import { describe, expect, it } from 'vitest';
import { type Moment, tableOf, verdictOf } from './flatness.ts';
import type { MeasureName } from './measures.ts';

/** @param valueAt by how much of the time has passed. */
function momentsOf(
  measure: MeasureName,
  valueAt: (progress: number) => number,
  {
    isInPeace = () => true,
    isCalm = () => true,
  }: Partial<Record<'isInPeace' | 'isCalm', (progress: number) => boolean>> = {},
): Moment[] {
  return Array.from({ length: 60 }, (_, i) => i / 60).map((progress) => ({
    progress,
    ...{ isInPeace: isInPeace(progress), isCalm: isCalm(progress) },
    samples: [{ subject: 'serve', measure, value: valueAt(progress) }],
  }));
}

const slope = (from: number, to: number) => (progress: number) => from + progress * (to - from);

const FLAT = { uneven: [], unjudged: [] };

describe('The verdict of the soak', () => {
  it.each([
    ['resident memory', slope(200, 300), 'serve: resident memory went from 223 to 282 MB'],
    ['used heap', slope(60, 120), 'serve: used heap went from 74 to 109 MB'],
    ['descriptors', slope(30, 90), 'serve: descriptors went from 44 to 79'],
    ['threads', (progress: number) => (progress < 0.6 ? 12 : 13), 'serve: threads went from 12 to 13'],
    ['latency p99', slope(50, 500), 'serve: latency p99 went from 155 to 418 ms'],
    ['lag of reading', slope(0, 60), 'serve: lag of reading went from 14 to 49 s'],
  ] as const)('names %s that grows', (measure, valueAt, words) => {
    expect(verdictOf(momentsOf(measure, valueAt))).toEqual({ uneven: [words], unjudged: [] });
  });

  it.each(['resident memory', 'used heap', 'descriptors', 'latency p50', 'live logs'] as const)(
    'is content with %s that only warms up',
    (measure) => {
      expect(verdictOf(momentsOf(measure, (progress) => (progress < 1 / 6 ? 5 : 50)))).toEqual(FLAT);
    },
  );

  it('is content with latencies that other programs make long, and judges the calm moments', () => {
    const isCalm = (progress: number) => (progress * 60) % 3 < 1;
    const whenBusy = (progress: number) => (isCalm(progress) ? 9 : 900 * progress);
    expect(verdictOf(momentsOf('latency p50', whenBusy, { isCalm }))).toEqual(FLAT);
    const growing = verdictOf(momentsOf('latency p50', slope(50, 500), { isCalm }));
    expect(growing.uneven).toHaveLength(1);
    expect(verdictOf(momentsOf('used heap', whenBusy, { isCalm })).uneven).toHaveLength(1);
  });

  it('does not judge latencies of a machine that is never calm', () => {
    const moments = momentsOf('latency p50', slope(50, 500), { isCalm: (progress) => progress < 0.5 });
    expect(verdictOf(moments)).toEqual({ uneven: [], unjudged: ['serve: latency p50'] });
  });

  it('leaves out what is slow because the database is away, and memory is judged nevertheless', () => {
    const isInPeace = (progress: number) => progress < 0.7 || progress > 0.9;
    const whenAway = (progress: number) => (isInPeace(progress) ? 1 : 999);
    expect(verdictOf(momentsOf('latency p99', whenAway, { isInPeace }))).toEqual(FLAT);
    expect(verdictOf(momentsOf('resident memory', whenAway, { isInPeace })).uneven).toHaveLength(1);
  });

  it('does not take what was not sampled for flat', () => {
    const late = momentsOf('descriptors', () => 1).filter(({ progress }) => progress > 0.5);
    const never = momentsOf('database connections', () => 1, { isInPeace: () => false });
    expect(verdictOf([...late, ...never]).uneven).toEqual([
      'serve: descriptors was not sampled',
      'serve: database connections was not sampled',
    ]);
  });

  it('stands below a table of medians and greatest values', () => {
    expect(tableOf(momentsOf('latency p50', (progress) => Math.floor(progress * 6) * 1000))).toBe(
      [
        '| program | measure | sixth 1 | sixth 2 | sixth 3 | sixth 4 | sixth 5 | sixth 6 |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        '| serve | latency p50, ms | 0 (0) | 1,000 (1,000) | 2,000 (2,000) | 3,000 (3,000) | 4,000 (4,000) | 5,000 (5,000) |',
      ].join('\n'),
    );
  });
});
