import { FAILED_ATTEMPTS_WINDOW_MS, MAX_FAILED_ATTEMPTS } from '../../limits.ts';
import { networkOf } from '../client-address.ts';
import type { ClientLimit, LimitBounds, Use } from '../limits/client-limit.ts';

/** How many credentials that are not valid an address may send. */
export const FAILED_ATTEMPTS: LimitBounds = { max: MAX_FAILED_ATTEMPTS, windowMs: FAILED_ATTEMPTS_WINDOW_MS };

/** Counts credentials that were refused, by the address that sent them. */
export class FailedAttempts {
  readonly #limit: ClientLimit;

  constructor(limit: ClientLimit) {
    this.#limit = limit;
  }

  /** @returns how many milliseconds an address has to wait, as far as is known here; 0: it may try. */
  waitMs(address: string): number {
    return this.#limit.waitMs(networkOf(address));
  }

  /** Counts one. It is not allowed where there were too many before. */
  note(address: string): Use | Promise<Use> {
    return this.#limit.use(networkOf(address));
  }
}
