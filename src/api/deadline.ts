import { DaymarkError } from '../errors.ts';

/** @returns a function that throws ANSWER_TOO_SLOW after some time. */
export function deadline(timeoutMs: number, detail: string): () => void {
  const deadlineMs = performance.now() + timeoutMs;
  return () => {
    if (performance.now() > deadlineMs) throw new DaymarkError('ANSWER_TOO_SLOW', detail);
  };
}
