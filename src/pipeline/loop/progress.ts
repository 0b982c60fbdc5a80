import { PROGRESS_INTERVAL_MS } from '../../limits.ts';
import type { Progress } from '../types.ts';

/** Keeps count of what was read, and tells it now and then. */
export class ProgressTeller {
  readonly #tell: (progress: Progress) => void;
  readonly #now: () => number;
  #toldMs = 0;
  #bytesTotal: number | undefined = 0;
  #bytesRead = 0;
  #linesRead = 0;

  constructor(tell: (progress: Progress) => void, now: () => number) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Begins a pass. @param sizes of what there is to read; undefined where nobody can know. */
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
    return this.#now() - this.#toldMs >= PROGRESS_INTERVAL_MS;
  }

  tell(): void {
    this.#toldMs = this.#now();
    this.#tell({ bytesRead: this.#bytesRead, bytesTotal: this.#bytesTotal, linesRead: this.#linesRead });
  }
}
