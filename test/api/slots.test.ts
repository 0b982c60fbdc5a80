import { expect, test } from 'vitest';
import { Slots } from '../../src/api/slots.ts';

const HOUR_MS = 3_600_000;

test('so many have their turn at once, and the others in the order in which they came', async () => {
  const slots = new Slots(2, 'merging');
  const begun: number[] = [];
  const take = (i: number) => slots.take(HOUR_MS).then(() => begun.push(i));
  await Promise.all([take(0), take(1)]);
  const [third, fourth] = [take(2), take(3)];
  slots.release();
  await third;
  expect(begun).toEqual([0, 1, 2]);
  slots.release();
  await fourth;
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('who waits too long is told, and takes no turn', async () => {
  const slots = new Slots(1, 'merging');
  await slots.take(0);
  await expect(slots.take(1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  slots.release();
  await slots.take(0);
});
