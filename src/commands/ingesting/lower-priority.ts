import { constants, getPriority, setPriority } from 'node:os';
import { INGEST_PRIORITY_STEPS } from '../../limits.ts';

/**
 * Lets what answers people go first where processors are few: the API, or a service on the same machine. It holds for this thread
 * and those that it starts. Only Linux has priorities of threads. Elsewhere it would hold for the API, too, so nothing happens.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + INGEST_PRIORITY_STEPS));
  } catch {
    // A sandbox may forbid it. Then it takes turns as before.
  }
}
