/**
 * Loaded into a server before its own code (`--import`). It measures the longest time for which the event loop was held since the
 * last SIGUSR2, and writes it to standard error when the process ends.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** The monitor's own pause between two looks, which it counts as delay. */
const RESOLUTION_MS = 1;

if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  process.on('SIGUSR2', () => delays.reset());
  process.on('exit', () => {
    const heldMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
    process.stderr.write(`event loop held for ${heldMs.toFixed(1)} ms at most\n`);
  });
}
