import { expect, test } from 'vitest';
import { Random, splitmix64 } from '../../src/sample-log/random.ts';

test('gives the numbers of the authors’ own C programs', () => {
  const random = new Random([1, 2, 3, 4]);
  expect(Array.from({ length: 10 }, () => random.next())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
  expect(splitmix64(1234567n, 3)).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
});

test('gives every number below a bound, about as often as the others', () => {
  const random = Random.fromSeed(7);
  const counts = new Array<number>(28).fill(0);
  for (let i = 0; i < 280_000; i++) counts[random.below(28)]! += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(600);
});

test('stays below the bound where the number drawn is the greatest there is', () => {
  class Greatest extends Random {
    override next(): number {
      return 0xffff_ffff;
    }
  }
  const random = new Greatest([1, 1, 1, 1]);
  for (const bound of [1, 2, 28, 1901, 86_400, 2 ** 21]) expect(random.below(bound)).toBe(bound - 1);
});
