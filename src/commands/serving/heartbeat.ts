import { writeFileSync } from 'node:fs';
import { DaymarkError, messageOf } from '../../errors.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../limits.ts';

/**
 * Touches a file, now and at most once in HEARTBEAT_INTERVAL_MS when it is called, so that a health check can tell a run
 * that goes on from one that is stuck.
 * @param file undefined: none.
 * @throws {DaymarkError} CANNOT_WRITE, at once. Later it stays silent: the file grows old, and that says it.
 */
export function heartbeat(file: string | undefined, now: () => number): () => void {
  if (file === undefined) return () => undefined;
  touch(file);
  let touchedMs = now();
  return () => {
    if (now() - touchedMs < HEARTBEAT_INTERVAL_MS) return;
    touchedMs = now();
    try {
      touch(file);
    } catch {
      // Nobody reads an error that would come every second.
    }
  };
}

function touch(file: string): void {
  try {
    writeFileSync(file, '');
  } catch (error) {
    throw new DaymarkError('CANNOT_WRITE', `${file}: ${messageOf(error)}.`, { cause: error });
  }
}
