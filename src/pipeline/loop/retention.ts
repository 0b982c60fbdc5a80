import { RETENTION_INTERVAL_MS } from '../../limits.ts';
import type { Store } from '../../store/contract.ts';
import { oldestKeptDate } from '../../window/retention.ts';
import type { PipelineEvents, PipelineSettings } from '../types.ts';
import { type Outages, undefinedIfStopped } from './outages.ts';

export interface RetentionParts {
  readonly store: Pick<Store, 'daysBefore' | 'deleteDaysBefore'>;
  readonly settings: Pick<PipelineSettings, 'eventTime' | 'dayZone'>;
  readonly events: Pick<PipelineEvents, 'deletes'>;
  readonly outages: Outages;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly systemTimeMs: () => number;
}

/** Deletes days that are too old to be kept: when a run begins, every hour, and when it ends. Reports what it deletes. */
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
    const { settings, signal, now, systemTimeMs } = this.#parts;
    this.#dueMs = now() + RETENTION_INTERVAL_MS;
    const { retentionDays } = settings.eventTime;
    // A run that is to stop deletes nothing and does not ask the store.
    if (retentionDays === 0 || signal.aborted) return;
    const oldest = oldestKeptDate(systemTimeMs(), retentionDays, settings.dayZone);
    await this.#deleteBefore(oldest, retentionDays).catch(undefinedIfStopped);
  }

  async #deleteBefore(oldest: string, retentionDays: number): Promise<void> {
    const { store, events, outages, signal } = this.#parts;
    const old = await outages.retry(() => store.daysBefore(oldest));
    if (old.days > 0) events.deletes({ ...old, retentionDays });
    await outages.retry(() => store.deleteDaysBefore(oldest, signal));
  }
}
