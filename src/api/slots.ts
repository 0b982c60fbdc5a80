import { DaymarkError } from '../errors.ts';

/** A semaphore: `count` callers may hold a slot at once. The others wait in order of arrival. */
export class Slots {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when the caller holds a slot. @throws {DaymarkError} OVERLOADED if that takes longer than `waitMs`. */
  take(waitMs: number): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(begin);
      reject(new DaymarkError('OVERLOADED', `No turn came for ${waitMs} ms.`));
    }, waitMs);
    this.#waiting.add(begin);
    return promise;
  }

  /** Call this once for each slot that you took. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
