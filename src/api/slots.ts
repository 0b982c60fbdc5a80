import { DaymarkError } from '../errors.ts';

/** What requests wait for. */
export type Queue = 'merging' | 'ranking' | 'streaming' | 'encoding';

const waitingByQueue: Record<Queue, number> = { merging: 0, ranking: 0, streaming: 0, encoding: 0 };

/** How many requests of this process wait for their turn now. */
export function waitingRequests(): Readonly<Record<Queue, number>> {
  return waitingByQueue;
}

/** A semaphore: `count` callers may hold a slot at once. The others wait in order of arrival. */
export class Slots {
  readonly #waiting = new Set<() => void>();
  readonly #queue: Queue;
  #free: number;

  /** @param queue under which those that wait are counted. */
  constructor(count: number, queue: Queue) {
    this.#free = count;
    this.#queue = queue;
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
      waitingByQueue[this.#queue]--;
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(begin);
      waitingByQueue[this.#queue]--;
      reject(new DaymarkError('OVERLOADED', `No turn came for ${waitMs} ms.`));
    }, waitMs);
    this.#waiting.add(begin);
    waitingByQueue[this.#queue]++;
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
