import { availableParallelism } from 'node:os';
import type { Settings } from '../config/settings.ts';
import { refuseNamed } from '../pipeline/admission.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineEvents, PipelineSettings, Summary } from '../pipeline/types.ts';
import { openByteReader } from '../source/byte-reader.ts';
import { openSource, openStore } from './open.ts';
import { scanSettingsOf } from './scan-settings.ts';
import { startThread } from './threads.ts';
import { zoneTableOf } from './zones.ts';

/** What to ingest. */
export interface IngestJob {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly isFollowing: boolean;
}

/** Runs the pipeline over a store and a source of its own, in whichever thread it is called. */
export async function runIngest(
  { paths, settings, isFollowing }: IngestJob,
  events: PipelineEvents,
  signal: AbortSignal,
): Promise<Summary> {
  const scan = await scanSettingsOf(settings);
  const source = openSource(paths, settings);
  // Before the store is even opened: what cannot be read shall not leave an empty database behind.
  if (!isFollowing) await refuseNamed(source, scan);
  const store = await openStore(settings, false);
  try {
    await store.migrate();
    await store.checkTimeZone(settings.TIME_ZONE);
    const dayZone = await zoneTableOf(settings.TIME_ZONE);
    const pipeline = new Pipeline({
      source,
      store,
      scan,
      settings: { ...pipelineSettings(settings, isFollowing), dayZone },
      events,
      signal,
      now: () => performance.now(),
      systemTimeMs: () => Date.now(),
      openReader: openByteReader,
      startScanThread: (data) => startThread('scan-thread', data),
    });
    return await pipeline.run();
  } finally {
    await store.close();
  }
}

/** What the settings say of a pipeline. */
export function pipelineSettings(
  settings: Settings,
  isFollowing: boolean,
): Omit<PipelineSettings, 'dayZone'> {
  return {
    batchLines: settings.BATCH_LINES,
    windowStateBytes: settings.WINDOW_STATE_BYTES,
    workers: settings.WORKERS ?? availableParallelism(),
    maxRejectedPercent: settings.MAX_REJECTED_PERCENT,
    retentionDays: settings.RETENTION_DAYS,
    isFollowing,
  };
}
