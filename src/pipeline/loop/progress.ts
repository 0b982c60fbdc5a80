import { PROGRESS_INTERVAL_MS } from '../../limits.ts';
import type { Progress } from '../types.ts';

/** Counts what was read, and reports it now and then. */
export class ProgressReporter {
  readonly #send: (progress: Progress) => void;
  readonly #now: () => number;
  #reportedMs = 0;
  #bytesTotal: number | undefined = 0;
  #bytesRead = 0;
  #linesRead = 0;

  constructor(send: (progress: Progress) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  /** Begins a scan cycle. @param sizes of what there is to read; undefined where nobody can know. */
  expect(sizes: readonly (number | undefined)[]): void {
    this.#bytesTotal = sizes.includes(undefined)
      ? undefined
      : this.#bytesRead + sizes.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
  }

  add(bytes: number, lines: number): void {
    this.#bytesRead += bytes;
    this.#linesRead += lines;
  }

  get isDue(): boolean {
    return this.#now() - this.#reportedMs >= PROGRESS_INTERVAL_MS;
  }

  report(): void {
    this.#reportedMs = this.#now();
    this.#send({ bytesRead: this.#bytesRead, bytesTotal: this.#bytesTotal, linesRead: this.#linesRead });
  }
}
