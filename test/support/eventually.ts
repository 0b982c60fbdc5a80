import { expect } from 'vitest';
import { WAIT_BOUND_MS, WAIT_INTERVAL_MS, withPauses } from './until.ts';

/** Asks again and again until the answer is as expected: `await eventually(ask).toBe(3)`. */
export function eventually<T>(ask: () => T | Promise<T>, intervalMs = WAIT_INTERVAL_MS) {
  return expect.poll(withPauses(ask), { timeout: WAIT_BOUND_MS, interval: intervalMs });
}
