/** How tests wait for something that will come. `eventually.ts` has the same bound. */

import { setTimeout as delay } from 'node:timers/promises';

/** Nothing that a test waits for takes as long, also on a slow machine that other programs keep busy. */
export const WAIT_BOUND_MS = 120_000;
/** From one question to the next, at least. */
export const WAIT_INTERVAL_MS = 10;

export interface UntilOptions {
  /** Throws where the condition cannot become true any more: the program that is to make it true has ended. */
  readonly assertPossible?: () => void;
  /** Says how far it came, for the error. */
  readonly describe?: () => string;
}

/** Asks again and again until the answer is true. @throws where it is not true within the bound. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  { assertPossible = () => undefined, describe = () => String(isTrue) }: UntilOptions = {},
): Promise<void> {
  const deadlineMs = performance.now() + WAIT_BOUND_MS;
  const ask = withPauses(isTrue);
  while (!(await ask())) {
    assertPossible();
    if (performance.now() > deadlineMs) throw new Error(`not true within ${WAIT_BOUND_MS} ms: ${describe()}`);
    await delay(WAIT_INTERVAL_MS);
  }
}

/**
 * Before it asks again, it waits as long as the last question took. Some questions start a process or read whole tables: asked
 * without a pause, they would keep the program that they wait for from its work.
 */
export function withPauses<T>(ask: () => T | Promise<T>): () => Promise<T> {
  let tookMs = 0;
  return async () => {
    if (tookMs > WAIT_INTERVAL_MS) await delay(tookMs - WAIT_INTERVAL_MS);
    const beganMs = performance.now();
    try {
      return await ask();
    } finally {
      tookMs = performance.now() - beganMs;
    }
  };
}
