import { DaymarkError, isTransient } from '../../errors.ts';
import { MIN_RETRY_MS, OUTAGE_REPORT_INTERVAL_MS } from '../../limits.ts';
import type { OutageEvents } from '../types.ts';
import { backoffMs } from './backoff.ts';

/** How outages are waited out. */
export interface OutageParts {
  readonly events: OutageEvents;
  /** How long to wait for one of them to end; infinite: for ever. */
  readonly retryForMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits; rejects when the signal comes. */
  readonly delay: (delayMs: number, signal: AbortSignal) => Promise<unknown>;
}

/** The run is to stop while it waits for the database. */
export class StoppedInOutage extends Error {
  /** What it waits for. */
  override readonly cause: DaymarkError;

  constructor(cause: DaymarkError) {
    super('stopped while waiting for the database', { cause });
    this.cause = cause;
  }
}

/** For `catch`: a stop is no error. */
export function undefinedIfStopped(error: unknown): undefined {
  if (error instanceof StoppedInOutage) return undefined;
  throw error;
}

interface Outage {
  readonly beganMs: number;
  tries: number;
  reportedMs: number;
  reportedCode: string;
}

/**
 * Tries again where an error of the store passes by itself. The waits between two tries grow, and are uneven, so that many
 * processes do not come back to a database all at once.
 */
export class Outages {
  readonly #parts: OutageParts;
  #outage: Outage | undefined;

  constructor(parts: OutageParts) {
    this.#parts = parts;
  }

  /**
   * Repeats `work` while it fails with a transient error.
   * @param hasAsked whether the work got an answer of the store. Only an answer ends an outage.
   * @throws {StoppedInOutage} where the run is to stop meanwhile; the last error where it is not transient, or where the
   * outage lasts for too long.
   */
  async retry<T>(work: () => Promise<T>, hasAsked: (result: T) => boolean = () => true): Promise<T> {
    for (;;) {
      const triedMs = this.#parts.now();
      try {
        const result = await work();
        if (hasAsked(result)) this.#end();
        return result;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await this.#wait(error, triedMs);
      }
    }
  }

  /** @param triedMs when the failed try began. The time that it took counts as waiting. */
  async #wait(error: DaymarkError, triedMs: number): Promise<void> {
    const { signal, retryForMs, now } = this.#parts;
    if (signal.aborted) throw new StoppedInOutage(error);
    const nowMs = now();
    this.#outage ??= { beganMs: nowMs, tries: 0, reportedMs: Number.NEGATIVE_INFINITY, reportedCode: '' };
    const leftMs = retryForMs - (nowMs - this.#outage.beganMs);
    if (leftMs <= 0) throw error;
    const restMs = backoffMs(this.#outage.tries++, this.#parts.random()) - (nowMs - triedMs);
    const retryInMs = Math.min(Math.max(MIN_RETRY_MS / 2, restMs), leftMs);
    this.#report(this.#outage, error, nowMs, retryInMs);
    await this.#parts.delay(retryInMs, signal).catch(() => {
      throw new StoppedInOutage(error);
    });
  }

  #report(outage: Outage, error: DaymarkError, nowMs: number, retryInMs: number): void {
    if (outage.reportedCode === error.code && nowMs - outage.reportedMs < OUTAGE_REPORT_INTERVAL_MS) return;
    outage.reportedMs = nowMs;
    outage.reportedCode = error.code;
    this.#parts.events.waiting({ error, sinceMs: nowMs - outage.beganMs, retryInMs });
  }

  #end(): void {
    if (!this.#outage) return;
    const afterMs = this.#parts.now() - this.#outage.beganMs;
    this.#outage = undefined;
    this.#parts.events.recovered(afterMs);
  }
}

/** The error of a run that was stopped with a batch that is not stored. */
export function notStored({ cause }: StoppedInOutage): DaymarkError {
  const detail = `Stopped while waiting for the database: what was read since the last commit is not stored, and the next run reads it again. ${cause.message}`;
  return new DaymarkError(cause.code, detail, { cause });
}
