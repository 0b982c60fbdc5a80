import type { DaymarkError } from '../../errors.ts';
import { MIN_RETRY_MS } from '../../limits.ts';
import type { InputEvents } from '../types.ts';
import { backoffMs } from './backoff.ts';

export interface InputOutageParts {
  readonly events: InputEvents;
  /** How long an input is waited for. Infinite: until it can be read again. */
  readonly retryForMs: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Where an input failed: a poll reported it, or reading it broke off. */
export type FailedIn = 'poll' | 'read';

interface InputOutage {
  /** Of its last failure. */
  failedIn: FailedIn;
  readonly beganMs: number;
  tries: number;
  retryAtMs: number;
}

/**
 * The inputs that cannot be read at the moment: each is left alone until its next try, while the others are read. Inputs
 * are known by their names.
 */
export class InputOutages {
  readonly #parts: InputOutageParts;
  /** Grows with the inputs that are away, as the list of files itself does. */
  readonly #outages = new Map<string, InputOutage>();
  readonly #givenUp = new Set<string>();

  constructor(parts: InputOutageParts) {
    this.#parts = parts;
  }

  /** Notes that an input failed. @returns false where it is not waited for any longer: the error stands. */
  failed(input: string, error: DaymarkError, failedIn: FailedIn): boolean {
    if (this.#givenUp.has(input)) return false;
    const { events, retryForMs, now, random } = this.#parts;
    const nowMs = now();
    const known = this.#outages.get(input);
    const outage = known ?? { failedIn, beganMs: nowMs, tries: 0, retryAtMs: 0 };
    const leftMs = outage.beganMs + retryForMs - nowMs;
    if (leftMs <= 0) {
      this.#outages.delete(input);
      this.#givenUp.add(input);
      return false;
    }
    const retryInMs = Math.min(backoffMs(outage.tries++, random()), leftMs);
    outage.failedIn = failedIn;
    outage.retryAtMs = nowMs + retryInMs;
    this.#outages.set(input, outage);
    if (!known) events.inputWaiting({ input, error, retryInMs });
    return true;
  }

  /** True where an input is not to be read now. */
  isAway(input: string): boolean {
    const outage = this.#outages.get(input);
    return this.#givenUp.has(input) || (outage !== undefined && this.#parts.now() < outage.retryAtMs);
  }

  /** True where inputs are waited for. */
  get isWaiting(): boolean {
    return this.#outages.size > 0;
  }

  /** True where this input is waited for. */
  isWaitingFor(input: string): boolean {
    return this.#outages.has(input);
  }

  /** True where a try is due. */
  get isDue(): boolean {
    return this.#retriesInMs.some((ms) => ms <= 0);
  }

  /**
   * How long until the next try that is not due yet, never 0. A try that is due is left to the next poll: it may be of an
   * input that polls do not find any more, and polls must not follow each other without a pause.
   */
  get waitMs(): number {
    const laterMs = this.#retriesInMs.filter((ms) => ms > 0);
    return laterMs.length > 0 ? Math.min(...laterMs) : MIN_RETRY_MS;
  }

  get #retriesInMs(): readonly number[] {
    const nowMs = this.#parts.now();
    return Array.from(this.#outages.values(), ({ retryAtMs }) => retryAtMs - nowMs);
  }

  /** Ends the outages of inputs that are well again. */
  endWhere(isWell: (input: string, failedIn: FailedIn) => boolean): void {
    const { events, now } = this.#parts;
    for (const [input, { beganMs, failedIn }] of this.#outages) {
      if (!isWell(input, failedIn)) continue;
      this.#outages.delete(input);
      events.inputRecovered({ input, afterMs: now() - beganMs });
    }
  }
}
