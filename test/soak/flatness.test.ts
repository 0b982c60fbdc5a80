import { describe, expect, it } from 'vitest';
import { type Moment, tableOf, unevenIn } from './flatness.ts';
import type { MeasureName } from './measures.ts';

/** @param valueAt by how much of the time has passed. */
function momentsOf(
  measure: MeasureName,
  valueAt: (progress: number) => number,
  isInPeaceAt: (progress: number) => boolean = () => true,
): Moment[] {
  return Array.from({ length: 60 }, (_, i) => i / 60).map((progress) => ({
    progress,
    isInPeace: isInPeaceAt(progress),
    samples: [{ subject: 'serve', measure, value: valueAt(progress) }],
  }));
}

const slope = (from: number, to: number) => (progress: number) => from + progress * (to - from);

describe('The verdict of the soak', () => {
  it.each([
    ['resident memory', slope(200, 300), 'serve: resident memory went from 223 to 282 MB'],
    ['used heap', slope(60, 120), 'serve: used heap went from 74 to 109 MB'],
    ['descriptors', slope(30, 90), 'serve: descriptors went from 44 to 79'],
    ['threads', (progress: number) => (progress < 0.6 ? 12 : 13), 'serve: threads went from 12 to 13'],
    ['latency p99', slope(50, 500), 'serve: latency p99 went from 140 to 380 ms'],
    ['lag of reading', slope(0, 60), 'serve: lag of reading went from 12 to 44 s'],
  ] as const)('names %s that grows', (measure, valueAt, words) => {
    expect(unevenIn(momentsOf(measure, valueAt))).toEqual([words]);
  });

  it.each(['resident memory', 'used heap', 'descriptors', 'latency p50', 'live logs'] as const)(
    'is content with %s that only warms up',
    (measure) => {
      expect(unevenIn(momentsOf(measure, (progress) => (progress < 1 / 6 ? 5 : 50)))).toEqual([]);
    },
  );

  it('is content with latencies that other programs make long now and then', () => {
    expect(unevenIn(momentsOf('latency p50', (progress) => ((progress * 60) % 3 < 1 ? 9 : 900)))).toEqual([]);
  });

  it('leaves out what is slow because the database is away, and memory is judged nevertheless', () => {
    const isInPeace = (progress: number) => progress < 0.7 || progress > 0.9;
    const whenAway = (progress: number) => (isInPeace(progress) ? 1 : 999);
    expect(unevenIn(momentsOf('latency p99', whenAway, isInPeace))).toEqual([]);
    expect(unevenIn(momentsOf('resident memory', whenAway, isInPeace))).toHaveLength(1);
  });

  it('does not take what was not sampled for flat', () => {
    const never = momentsOf(
      'latency p99',
      () => 1,
      () => false,
    );
    const late = momentsOf('descriptors', () => 1).filter(({ progress }) => progress > 0.5);
    expect(unevenIn([...never, ...late])).toEqual(['serve: descriptors was not sampled']);
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
