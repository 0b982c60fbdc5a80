import { setTimeout as delay } from 'node:timers/promises';
import { METRICS_STORE_WAIT_MS } from '../limits.ts';
import type { MetricOf } from '../metrics/definitions.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { StoreStatus } from '../store/contract.ts';
import type { StatsReader } from './stats-reader.ts';
import type { StoredStatus } from './status.ts';

type MeasuredStore = Pick<StatsReader, 'sizeBytes' | 'product'>;

const OF_STORE = [
  ...(['daymark_store_size_bytes', 'daymark_store_lines', 'daymark_store_late_lines'] as const),
  ...(['daymark_store_partitions', 'daymark_store_last_commit_timestamp_seconds'] as const),
  'daymark_store_last_event_timestamp_seconds',
] satisfies MetricOf<'gauge'>[];

/** Asks the store for its numbers with each scrape. One that is away takes the scrape no longer than METRICS_STORE_WAIT_MS. */
export function measureStore(store: MeasuredStore, stored: StoredStatus, metrics: Metrics): void {
  metrics.onScrape(async () => {
    const answer = await inTime(Promise.all([stored.read(), store.sizeBytes()]));
    metrics.gauge('daymark_store_up').set(answer ? 1 : 0);
    for (const name of OF_STORE) metrics.gauge(name).reset();
    if (answer) show(metrics, store.product, ...answer);
  });
}

/** @returns undefined where it fails, or takes too long. */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const late = delay(METRICS_STORE_WAIT_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } catch {
    // What went wrong is for those who ask for numbers. `/health/ready` has its code.
    return undefined;
  } finally {
    stop.abort();
  }
}

function show(metrics: Metrics, database: StatsReader['product'], status: StoreStatus, bytes: number): void {
  metrics.gauge('daymark_store_size_bytes').set({ database }, bytes);
  metrics.gauge('daymark_store_late_lines').set({ database }, status.late);
  for (const outcome of ['accepted', 'rejected', 'dropped', 'excluded'] as const)
    metrics.gauge('daymark_store_lines').set({ outcome }, status[outcome]);
  for (const [state, logs] of Object.entries(status.partitions))
    metrics.gauge('daymark_store_partitions').set({ state }, logs);
  const { movedMs, lastEventMs } = status;
  if (movedMs !== null)
    metrics.gauge('daymark_store_last_commit_timestamp_seconds').set({ database }, movedMs / 1000);
  if (lastEventMs !== null)
    metrics.gauge('daymark_store_last_event_timestamp_seconds').set({ database }, lastEventMs / 1000);
}
