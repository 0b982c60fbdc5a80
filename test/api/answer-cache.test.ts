import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, AnswerCache } from '../../src/api/answer-cache.ts';

const answer = (body: string): Answer => ({ body, etag: `"${body.length}"` });
const answerOfBytes = (bytes: number) => answer('a'.repeat(bytes));

test('gives what was put under the current version, and nothing of any other', () => {
  const cache = new AnswerCache(10_000, 10_000);
  cache.get('key', 'v1');
  cache.put('key', 'v1', answer('one'));
  expect(cache.get('key', 'v1')?.body).toBe('one');
  expect(cache.get('key', 'v2')).toBeUndefined();
  cache.put('key', 'v1', answer('late'));
  expect(cache.get('key', 'v2')).toBeUndefined();
  expect(cache.get('key', 'v1')).toBeUndefined();
});

test('a new version frees what was kept under the old one', () => {
  const cache = new AnswerCache(10_000, 10_000);
  cache.get('key', 'v1');
  cache.put('key', 'v1', answerOfBytes(1000));
  expect(cache.bytes).toBeGreaterThan(1000);
  cache.get('other', 'v2');
  expect(cache.bytes).toBe(0);
});

test('an answer that is too large is not kept, and pushes nothing out', () => {
  const cache = new AnswerCache(10_000, 2_000);
  cache.get('small', 'v1');
  cache.put('small', 'v1', answerOfBytes(100));
  cache.put('large', 'v1', answerOfBytes(2_000));
  expect(cache.get('large', 'v1')).toBeUndefined();
  expect(cache.get('small', 'v1')).toBeDefined();
});

test('text beyond ASCII counts twice', () => {
  const [ascii, other] = [new AnswerCache(10_000, 10_000), new AnswerCache(10_000, 10_000)];
  for (const cache of [ascii, other]) cache.get('key', 'v1');
  ascii.put('key', 'v1', answer('a'.repeat(1000)));
  other.put('key', 'v1', answer('ж'.repeat(1000)));
  expect(other.bytes - ascii.bytes).toBe(1000);
});

test('never goes over its bound, and what it keeps is what was used last', () => {
  const maxBytes = 4_000;
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    putBytes: fc.option(fc.integer({ min: 0, max: 1_500 }), { nil: undefined, freq: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new AnswerCache(maxBytes, maxBytes);
      cache.get('', 'v');
      /** Bodies that were ever put, in the order of their last use. */
      const used = new Map<string, Answer['body']>();
      for (const { key, putBytes } of steps) {
        const body = putBytes === undefined ? cache.get(key, 'v')?.body : 'a'.repeat(putBytes);
        if (putBytes !== undefined) cache.put(key, 'v', answerOfBytes(putBytes));
        else if (body !== undefined) expect(body).toBe(used.get(key));
        if (body === undefined) continue;
        used.delete(key);
        used.set(key, body);
        expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
      }
      const kept = [...used.keys()].map((key) => cache.get(key, 'v') !== undefined);
      expect(kept).toEqual(kept.toSorted((a, b) => Number(a) - Number(b)));
      expect(kept.at(-1) ?? true).toBe(true);
    }),
    { numRuns: 500 },
  );
});
