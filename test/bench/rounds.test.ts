import { expect, test } from 'vitest';
import { formatRatios, inTurn, median } from '../../bench/support/rounds.ts';

test('the median is the value in the middle, or the mean of the two there', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 4])).toBe(3);
});

test('contenders take turns', async () => {
  const seen: string[] = [];
  const contender = (name: string) => async () => seen.push(name);
  expect(await inTurn({ a: contender('a'), b: contender('b') }, 2)).toEqual({ a: [1, 3], b: [2, 4] });
  expect(seen).toEqual(['a', 'b', 'a', 'b']);
});

test('a contender may run in the first round only', async () => {
  const contender = (name: string) => async () => name;
  const results = await inTurn({ a: contender('a'), b: contender('b') }, 3, ['b']);
  expect(results).toEqual({ a: ['a', 'a', 'a'], b: ['b'] });
  expect(formatRatios([20], [10, 10, 40])).toBe('2.00 (2.00)');
});

test('a ratio is that of the medians, followed by those of the rounds', () => {
  expect(formatRatios([30, 20, 10], [10, 10, 10])).toBe('2.00 (3.00 2.00 1.00)');
});
