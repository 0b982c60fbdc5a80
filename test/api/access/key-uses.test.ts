import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeyUses } from '../../../src/api/access/key-uses.ts';
import { DaymarkError } from '../../../src/errors.ts';
import {
  KEY_USE_DELAY_MS,
  KEY_USE_INTERVAL_MS,
  KEY_USE_RETRY_MS,
  MAX_CACHED_KEYS,
  MAX_KEY_USES_A_WRITE,
} from '../../../src/limits.ts';
import type { ApiKeyUse } from '../../../src/store/api-keys.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store of uses. While it is busy, it notes nothing. @param failure what it says then. */
function setUp(failure = new Error('busy')) {
  const tries: (readonly ApiKeyUse[])[] = [];
  const written: (readonly ApiKeyUse[])[] = [];
  const state = { isBusy: false };
  const noteUses = async (uses: readonly ApiKeyUse[]) => {
    tries.push(uses);
    if (state.isBusy) throw failure;
    written.push(uses);
  };
  const uses = new KeyUses({ noteUses });
  const use = (id: string) => uses.note({ id, lastUsedMs: null }, Date.now());
  const ids = () => written.flat().map(({ id }) => id);
  return { tries, written, state, uses, use, ids };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `key ${i}`);

test('the uses of many keys are all written, a bounded number at a time, those first that wait longest', async () => {
  const { written, use, ids } = setUp();
  const used = names(2 * MAX_KEY_USES_A_WRITE + 1);
  for (const id of used) use(id);
  await vi.advanceTimersByTimeAsync(KEY_USE_DELAY_MS);
  expect(ids()).toEqual(used);
  expect(Math.max(...written.map(({ length }) => length))).toBe(MAX_KEY_USES_A_WRITE);
});

test('uses are written once an hour, because each write makes kept answers start anew', async () => {
  const { written, use, ids } = setUp();
  use('a');
  await vi.advanceTimersByTimeAsync(KEY_USE_DELAY_MS);
  expect(ids()).toEqual(['a']);
  use('b');
  await vi.advanceTimersByTimeAsync(KEY_USE_INTERVAL_MS - 1);
  expect(ids()).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(ids()).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(2 * KEY_USE_INTERVAL_MS);
  expect(written.length).toBe(2);
  expect(KEY_USE_INTERVAL_MS).toBe(3_600_000);
});

test('what could not be written is tried again soon', async () => {
  const { state, use, ids } = setUp();
  state.isBusy = true;
  use('a');
  await vi.advanceTimersByTimeAsync(KEY_USE_DELAY_MS);
  state.isBusy = false;
  await vi.advanceTimersByTimeAsync(KEY_USE_RETRY_MS);
  expect(ids()).toEqual(['a']);
});

test('what the database forbids is tried once an hour, so that its log does not fill with errors', async () => {
  const { tries, state, use, ids } = setUp(new DaymarkError('STORE_REFUSED', 'permission denied'));
  state.isBusy = true;
  use('a');
  await vi.advanceTimersByTimeAsync(KEY_USE_DELAY_MS + KEY_USE_INTERVAL_MS - 1);
  expect(tries.length).toBe(1);
  state.isBusy = false;
  await vi.advanceTimersByTimeAsync(1);
  expect(ids()).toEqual(['a']);
});

test('a bounded number of keys waits to be written', async () => {
  const { use, ids } = setUp();
  for (const id of names(MAX_CACHED_KEYS + 1)) use(id);
  await vi.advanceTimersByTimeAsync(KEY_USE_DELAY_MS);
  expect(ids().length).toBe(MAX_CACHED_KEYS);
});
