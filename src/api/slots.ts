import { DaymarkError } from '../errors.ts';

/** Lets so many do something at once. The others wait, in the order in which they came. */
export class Slots {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when it is the caller's turn. @throws {DaymarkError} OVERLOADED where that takes longer. */
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

  /** To be called once for each turn. */
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
