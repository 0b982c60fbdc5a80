import { expect, test } from 'vitest';
import { BoundedCache } from '../../../src/api/access/bounded-cache.ts';
import type { Reader } from '../../../src/api/access/reader.ts';
import { MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES, MAX_KEY_CUSTOMERS } from '../../../src/limits.ts';

const readerOf = (customers: readonly string[]): Reader => ({
  ...{ id: 'r', role: 'customer', customers, expiresMs: null },
});

test('what is known of credentials with many long ids is bounded in bytes', () => {
  const cache = new BoundedCache(MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES);
  const customers = Array.from({ length: MAX_KEY_CUSTOMERS }, (_, i) => String(i).padStart(255, '0'));
  const most = MAX_CACHED_READERS_BYTES / (MAX_KEY_CUSTOMERS * 255);
  for (let i = 0; i < 1000; i++) cache.keep(String(i), { reader: readerOf(customers) });
  expect(cache.size).toBeLessThan(most);
  expect(cache.size).toBeGreaterThan(most / 4);
  expect(cache.get('999')).toBeDefined();
  expect(cache.get('0')).toBeUndefined();
});

test('what is kept again counts once, and what is too large is not kept', () => {
  const cache = new BoundedCache(10, 1_000);
  for (let i = 0; i < 5; i++) cache.keep('a', { reader: readerOf([]) });
  cache.keep('b', { reader: undefined });
  expect([cache.size, cache.get('a'), cache.get('b')]).toEqual([
    2,
    { reader: readerOf([]) },
    { reader: undefined },
  ]);
  cache.keep('c', { reader: readerOf(['x'.repeat(1_000)]) });
  expect([cache.size, cache.get('c')]).toEqual([2, undefined]);
  cache.keep('d', { reader: undefined });
  expect([cache.size, cache.get('a')]).toEqual([2, undefined]);
});

test('what is over is dropped when more is kept', () => {
  const cache = new BoundedCache<{ reader: undefined; untilMs: number }>(10, 100_000);
  for (const untilMs of [1, 2, 5]) cache.keep(String(untilMs), { reader: undefined, untilMs });
  cache.keep('9', { reader: undefined, untilMs: 9 }, ({ untilMs }) => untilMs <= 2);
  expect([cache.size, cache.get('1'), cache.get('5')]).toEqual([
    2,
    undefined,
    { reader: undefined, untilMs: 5 },
  ]);
});
