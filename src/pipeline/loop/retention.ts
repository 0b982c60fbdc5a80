import { RETENTION_INTERVAL_MS } from '../../limits.ts';
import type { Store } from '../../store/contract.ts';
import { oldestKeptDate } from '../../window/retention.ts';
import type { PipelineEvents, PipelineSettings } from '../types.ts';
import { type Outages, undefinedIfStopped } from './outages.ts';

export interface RetentionParts {
  readonly store: Pick<Store, 'daysBefore' | 'deleteDaysBefore' | 'lastEventMs' | 'deleteHoursBefore'>;
  readonly settings: Pick<PipelineSettings, 'eventTime' | 'dayZone' | 'hoursRetentionDays'>;
  readonly events: Pick<PipelineEvents, 'deletes'>;
  readonly outages: Outages;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly systemTimeMs: () => number;
}

/** Deletes days and hours that are too old to be kept: when a run begins, every hour, and when it ends. Reports the days. */
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
    const { settings, signal, now } = this.#parts;
    this.#dueMs = now() + RETENTION_INTERVAL_MS;
    const { hoursRetentionDays } = settings;
    const { retentionDays } = settings.eventTime;
    // A run that is to stop deletes nothing and does not ask the store.
    if (retentionDays > 0 && !signal.aborted) await this.#deleteDays(retentionDays).catch(undefinedIfStopped);
    if (hoursRetentionDays > 0 && !signal.aborted)
      await this.#deleteHours(hoursRetentionDays).catch(undefinedIfStopped);
  }

  async #deleteDays(retentionDays: number): Promise<void> {
    const { store, settings, events, outages, signal, systemTimeMs } = this.#parts;
    const oldest = oldestKeptDate(systemTimeMs(), retentionDays, settings.dayZone);
    const old = await outages.retry(() => store.daysBefore(oldest));
    if (old.days > 0) events.deletes({ ...old, retentionDays });
    await outages.retry(() => store.deleteDaysBefore(oldest, signal));
  }

  /** Counts from the last event on, so that a log of long ago has its hours; but a wrong clock deletes nothing. */
  async #deleteHours(retentionDays: number): Promise<void> {
    const { store, settings, outages, signal, systemTimeMs } = this.#parts;
    const lastMs = await outages.retry(() => store.lastEventMs());
    if (lastMs === null) return;
    const oldest = oldestKeptDate(Math.min(lastMs, systemTimeMs()), retentionDays, settings.dayZone);
    await outages.retry(() => store.deleteHoursBefore(oldest, signal));
  }
}
