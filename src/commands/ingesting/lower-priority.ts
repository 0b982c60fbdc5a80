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
 * The same for a process that only reads logs. Linux knows priorities of threads only, so each thread of the runtime is told, too:
 * those of V8 collect garbage and compile, and took a fifth as long as the threads that read (2026-11-30).
 */
export function lowerProcessPriority(): void {
  if (process.platform === 'linux') lower(ownThreads());
  else lower([CALLER]);
}

/** The thread that asks. Where threads have no priority of their own, its process. */
const CALLER = 0;

function lower(threads: readonly number[]): void {
  try {
    const priority = Math.min(constants.priority.PRIORITY_LOW, getPriority() + INGEST_PRIORITY_STEPS);
    for (const thread of threads) setPriority(thread, priority);
  } catch {
    // A sandbox may forbid it, and a thread may just have ended. Then the rest takes turns as before.
  }
}

function ownThreads(): number[] {
  return readdirSync('/proc/self/task').map(Number);
}
