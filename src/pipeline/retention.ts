import { RETENTION_INTERVAL_MS } from '../limits.ts';
import type { Store } from '../store/contract.ts';
import { oldestKeptDate } from '../window/retention.ts';
import { type Outages, undefinedIfStopped } from './outage.ts';
import type { PipelineSettings } from './types.ts';

export interface RetentionParts {
  readonly store: Pick<Store, 'deleteDaysBefore'>;
  readonly settings: Pick<PipelineSettings, 'eventTime' | 'dayZone'>;
  readonly outages: Outages;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly systemTimeMs: () => number;
}

/** Deletes days that are too old to be kept: when a run begins, every hour, and when it ends. */
export class Retention {
  readonly #parts: RetentionParts;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  async deleteIfDue(): Promise<void> {
    if (this.#parts.now() >= this.#dueMs) await this.delete();
  }

  async delete(): Promise<void> {
    const { store, settings, outages, signal, now, systemTimeMs } = this.#parts;
    this.#dueMs = now() + RETENTION_INTERVAL_MS;
    const { retentionDays } = settings.eventTime;
    // A run that is to stop deletes nothing, and asks nothing.
    if (retentionDays === 0 || signal.aborted) return;
    const oldest = oldestKeptDate(systemTimeMs(), retentionDays, settings.dayZone);
    await outages.outlast(() => store.deleteDaysBefore(oldest, signal)).catch(undefinedIfStopped);
  }
}
