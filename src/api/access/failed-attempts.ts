import { FAILED_ATTEMPTS_WINDOW_MS, MAX_FAILED_ADDRESSES, MAX_FAILED_ATTEMPTS } from '../../limits.ts';
import { networkOf } from '../client-address.ts';

interface Failures {
  readonly sinceMs: number;
  count: number;
}

/** Counts credentials that were refused, by the address that sent them. */
export class FailedAttempts {
  /** By address, the oldest window first. */
  readonly #byAddress = new Map<string, Failures>();
  readonly #now: () => number;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** @returns how many milliseconds an address has to wait; 0: it may try. */
  waitMs(address: string): number {
    const failures = this.#current(networkOf(address));
    if (failures === undefined || failures.count < MAX_FAILED_ATTEMPTS) return 0;
    return failures.sinceMs + FAILED_ATTEMPTS_WINDOW_MS - this.#now();
  }

  note(address: string): void {
    const network = networkOf(address);
    const failures = this.#current(network);
    if (failures) failures.count++;
    else this.#begin(network);
  }

  #current(network: string): Failures | undefined {
    const failures = this.#byAddress.get(network);
    if (!failures || this.#now() - failures.sinceMs < FAILED_ATTEMPTS_WINDOW_MS) return failures;
    this.#byAddress.delete(network);
    return undefined;
  }

  #begin(network: string): void {
    for (const oldest of this.#byAddress.keys()) {
      if (this.#byAddress.size < MAX_FAILED_ADDRESSES) break;
      this.#byAddress.delete(oldest);
    }
    this.#byAddress.set(network, { sinceMs: this.#now(), count: 1 });
  }
}
