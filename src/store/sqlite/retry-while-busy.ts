import { setTimeout } from 'node:timers/promises';
import { DaymarkError } from '../../errors.ts';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';

const BUSY_RETRY_MS = 20;

/** Tries again while another process writes. Nothing else in this thread waits meanwhile. @throws what `work` throws. */
export async function retryWhileBusy(
  work: () => Promise<void>,
  forMs = STORE_BUSY_TIMEOUT_MS,
): Promise<void> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DaymarkError) || error.code !== 'STORE_BUSY') throw error;
      if (performance.now() >= deadline) throw error;
    }
    await setTimeout(BUSY_RETRY_MS);
  }
}
