import { expect } from 'vitest';

/** Longer than anything that a test waits for takes on a slow machine; a test that fails takes as long. */
const BOUND_MS = 60_000;

/** Asks again and again, within a bound, until the answer can be expected: `await eventually(ask).toBe(3)`. */
export function eventually<T>(ask: () => T | Promise<T>, timeoutMs = BOUND_MS) {
  return expect.poll(ask, { timeout: timeoutMs, interval: 50 });
}
