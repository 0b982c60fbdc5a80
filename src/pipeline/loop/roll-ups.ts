import {
  LEAST_ROLLED_UP_CUSTOMERS,
  RETENTION_INTERVAL_MS,
  ROLL_UP_RESTS,
  ROLLED_UP_DAYS,
} from '../../limits.ts';
import type { Store } from '../../store/contract.ts';
import { CUSTOMER_DAYS } from '../../window/kind.ts';
import { oldestKeptDate } from '../../window/retention.ts';
import type { PipelineSettings } from '../types.ts';
import { type Outages, undefinedIfStopped } from './outages.ts';

interface RollUpParts {
  readonly store: Pick<Store, 'rollUp' | 'readSnapshot' | 'lastEventMs'>;
  readonly settings: Pick<PipelineSettings, 'dayZone'>;
  readonly outages: Outages;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly systemTimeMs: () => number;
}

/** Has roll-ups built while there is nothing to read, and when a run ends. */
export class RollUpTurns {
  readonly #parts: RollUpParts;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RollUpParts) {
    this.#parts = parts;
  }

  /**
   * Builds one, so that new lines do not wait for long. The last day is left out: its next line would undo it. Late lines of
   * the day before undo it, too, so a build is followed by a rest that is several times as long.
   */
  async buildOneIfDue(): Promise<void> {
    const { now } = this.#parts;
    const beganMs = now();
    if (beganMs < this.#dueMs) return;
    const built = await this.#build(1, 1);
    const endedMs = now();
    const restMs = built === 0 ? RETENTION_INTERVAL_MS : ROLL_UP_RESTS * (endedMs - beganMs);
    this.#dueMs = endedMs + restMs;
  }

  /** Builds all that are missing. */
  async buildAll(): Promise<void> {
    await this.#build(0, Number.POSITIVE_INFINITY);
  }

  async #build(leftOutDays: number, limit: number): Promise<number> {
    const { outages, signal } = this.#parts;
    if (signal.aborted) return 0;
    const built = await outages.retry(() => this.#tryToBuild(leftOutDays, limit)).catch(undefinedIfStopped);
    return built ?? 0;
  }

  /** Counts from the last event on, but a wrong clock makes no roll-ups of days to come. */
  async #tryToBuild(leftOutDays: number, limit: number): Promise<number> {
    const { store, settings, signal, systemTimeMs } = this.#parts;
    const ids = await store.readSnapshot((snapshot) =>
      snapshot.subjectsFrom(CUSTOMER_DAYS, '', LEAST_ROLLED_UP_CUSTOMERS),
    );
    if (ids.length < LEAST_ROLLED_UP_CUSTOMERS) return 0;
    const lastMs = await store.lastEventMs();
    if (lastMs === null) return 0;
    const dateBefore = (days: number) =>
      oldestKeptDate(Math.min(lastMs, systemTimeMs()), days, settings.dayZone);
    return store.rollUp({ from: dateBefore(ROLLED_UP_DAYS), to: dateBefore(leftOutDays) }, limit, signal);
  }
}
