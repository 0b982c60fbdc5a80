import { writeFileSync } from 'node:fs';
import { DaymarkError, messageOf } from '../../errors.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../limits.ts';

/**
 * Touches a file now, and then when called, at most once in HEARTBEAT_INTERVAL_MS. So a health check can tell a live run
 * from a stuck one.
 * @param file undefined: no file.
 * @throws {DaymarkError} CANNOT_WRITE, only at once. Later a failure is silent: the old file time shows it.
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
      // An error every second would help nobody.
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
