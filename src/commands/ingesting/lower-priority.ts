import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { INGEST_PRIORITY_STEPS } from '../../limits.ts';

/**
 * Lets what answers people go first where processors are few: the API, or a service on the same machine. It holds for this thread
 * and those that it starts. Only Linux has priorities of threads. Elsewhere it would hold for the API, too, so nothing happens.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return;
  lower([CALLER]);
}

/**
 * The same for a process that only reads logs, wherever it runs. Call it once. Linux knows priorities of threads only, so each thread
 * of the runtime is told, too: those of V8 collect garbage and compile, and took a fifth as long as the threads that read (2026-11-30).
 */
export function lowerProcessPriority(): void {
  lower(process.platform === 'linux' ? ownThreads() : [CALLER]);
}

/** The thread that asks. Where threads have no priority of their own, its process. */
const CALLER = 0;

function lower(threads: readonly number[]): void {
  const usual = getPriority();
  for (const thread of threads) {
    try {
      setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, usual + INGEST_PRIORITY_STEPS));
    } catch {
      // A sandbox may forbid it, and a thread may just have ended.
    }
  }
}

function ownThreads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    // A sandbox may have no such folder. Then it holds for this thread and those that it starts.
    return [CALLER];
  }
}
