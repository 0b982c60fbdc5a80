import { setImmediate } from 'node:timers/promises';
import { DaymarkError } from '../errors.ts';
import { FAILURE_HOLD_MS } from '../limits.ts';
import type { Store } from '../store/contract.ts';

/**
 * Tells requests the store's data version at the cost of one question for all that arrive together.
 *
 * A request must not use a version that was read before the request arrived: whoever has seen a commit succeed
 * and then asks must see it. So nobody ever gets an older reading; everybody waits for the next one to begin.
 * Requests of one poll phase of the event loop meet here and share that next reading, because it begins only in
 * the check phase (`setImmediate`) that follows, when all of them are there. Where reading takes time
 * (PostgreSQL), those that arrive meanwhile share the one after it. One reading is under way at a time.
 *
 * Asking SQLite for each request by itself (`PRAGMA data_version`) costs about 10 µs, as much as the rest of an
 * answer; with 25 busy connections about 20 requests share a reading.
 *
 * A failure that passes by itself is shared, too: with those that wait for the reading after it, and for a moment with those that come then.
 * A database that does not answer is found out by waiting, and else each of them would wait anew.
 */
export class VersionGate {
  readonly #store: Pick<Store, 'dataVersion'>;
  readonly #now: () => number;
  #next: Promise<string> | undefined;
  #underWay: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: DaymarkError; readonly heldUntilMs: number } | undefined;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(store: Pick<Store, 'dataVersion'>, now = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  /** @returns a version whose reading begins after this call. */
  nextVersion(): Promise<string> {
    const failure = this.#heldFailure();
    if (failure) return Promise.reject(failure);
    this.#next ??= this.#readNext();
    return this.#next;
  }

  async #readNext(): Promise<string> {
    try {
      await this.#underWay;
      const failure = this.#heldFailure();
      if (failure) throw failure;
      await setImmediate();
    } finally {
      // From here to the question nothing may be awaited: whoever comes later must not join this reading.
      this.#next = undefined;
    }
    const reading = this.#store.dataVersion();
    this.#underWay = reading.then(
      () => {
        this.#failure = undefined;
      },
      (error) => {
        const isOutage = error instanceof DaymarkError && error.isTransient;
        if (isOutage) this.#failure = { error, heldUntilMs: this.#now() + FAILURE_HOLD_MS };
      },
    );
    return reading;
  }

  #heldFailure(): DaymarkError | undefined {
    return this.#failure && this.#now() < this.#failure.heldUntilMs ? this.#failure.error : undefined;
  }
}
