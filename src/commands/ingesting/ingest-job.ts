import { randomInt, randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_SOURCE_NAME_BYTES, RETRY_FOR_S } from '../../limits.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { undefinedIfStopped } from '../../pipeline/loop/outages.ts';
import { firstPoll } from '../../pipeline/loop/partition-discovery.ts';
import { Pipeline, type PipelineParts } from '../../pipeline/loop/pipeline.ts';
import { Tally } from '../../pipeline/loop/tally.ts';
import type { PipelineEvents, PipelineSettings, Summary } from '../../pipeline/types.ts';
import { openByteReader } from '../../source/byte-reader.ts';
import type { Source } from '../../source/contract.ts';
import type { Checkpoint } from '../../store/contract.ts';
import type { KeptWindows } from '../../window/kind.ts';
import { eventTimeSettings } from '../cli/event-time.ts';
import { heartbeat } from '../serving/heartbeat.ts';
import { SampleNotice } from '../serving/sample-notice.ts';
import { openStoreToWrite } from '../stores/open.ts';
import { withConfirmedRetention } from '../stores/retention-consent.ts';
import { withSource } from './open-source.ts';
import { readingSettingsOf } from './reading-settings.ts';
import { inputOutagesOf, outagesOf } from './report-outages.ts';
import { scanSettingsOf } from './scan-settings.ts';
import { runWithTables } from './table-changes.ts';
import { startThread } from './threads.ts';
import { zoneTableOf } from './zones.ts';

/** What to ingest. */
export interface IngestJob {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly isFollowing: boolean;
}

/** Runs the pipeline with its own store and source, in the thread of the caller. */
export function runIngest(job: IngestJob, events: PipelineEvents, signal: AbortSignal): Promise<Summary> {
  const { paths, settings, isFollowing } = job;
  return withSource(paths, settings, isFollowing, (source) => ingestFrom(source, job, events, signal));
}

async function ingestFrom(
  source: Source,
  { settings, isFollowing }: IngestJob,
  events: PipelineEvents,
  signal: AbortSignal,
): Promise<Summary> {
  sourceNameOf(settings);
  const scan = await scanSettingsOf(settings);
  const beat = heartbeat(settings.ALIVE_FILE, OF_THIS_PROCESS.now);
  const pause = (ms: number, stop: AbortSignal): Promise<void> => {
    beat();
    return delay(ms, undefined, { signal: stop }).catch(() => undefined);
  };
  const inputs = inputOutagesOf(settings, isFollowing, events);
  // Before the store is opened: an input that cannot be read must not leave an empty database behind.
  const poll = isFollowing
    ? undefined
    : await firstPoll({ source, scan, inputs, pause, signal, ...OF_THIS_PROCESS });
  if (signal.aborted) return { ...new Tally().summary, isComplete: false };
  const retryForS = isFollowing ? Number.POSITIVE_INFINITY : RETRY_FOR_S;
  const outages = outagesOf(settings, retryForS, events, signal, beat);
  const store = await outages.retry(() => openStoreToWrite(settings, signal)).catch(undefinedIfStopped);
  if (!store) return { ...new Tally().summary, isComplete: false };
  try {
    const dayZone = await zoneTableOf(settings.TIME_ZONE);
    const sample = new SampleNotice(store.checkpoints);
    const retained = await outages
      .retry(() => withConfirmedRetention(store, settings, events.problem))
      .catch(undefinedIfStopped);
    if (!retained) return { ...new Tally().summary, isComplete: false };
    const parts = {
      ...{ source, store, firstPoll: poll, outages, inputs, pause, tally: new Tally() },
      events: onceCaughtUp({
        ...events,
        progress: (progress) => {
          beat();
          events.progress(progress);
        },
      }),
      recognised: async (checkpoints: readonly Checkpoint[]) => {
        const notice = await sample.look(checkpoints);
        if (notice) events.problem(notice);
      },
      leases: {
        name: settings.SOURCE_NAME ?? `${hostname()}:${process.pid}`,
        leaseMs: settings.LEASE_SECONDS * 1000,
        newId: randomUUID,
        delay: (ms: number, stop: AbortSignal) => delay(ms, undefined, { signal: stop, ref: false }),
      },
      ...OF_THIS_PROCESS,
    };
    const run = (scan: ScanSettings, stop: AbortSignal) => {
      const pipeline = { ...pipelineSettings(retained, scan, isFollowing), dayZone };
      return new Pipeline({ ...parts, scan, settings: pipeline, signal: stop }).run();
    };
    return isFollowing
      ? await runWithTables(settings, scan, events.problem, signal, run)
      : await run(scan, signal);
  } finally {
    await store.close();
  }
}

/** A pipeline that goes on with another table of customers catches up again, which is no news. */
function onceCaughtUp(events: PipelineEvents): PipelineEvents {
  let hasCaughtUp = false;
  return {
    ...events,
    caughtUp: (summary) => {
      if (!hasCaughtUp) events.caughtUp(summary);
      hasCaughtUp = true;
    },
  };
}

/** What a pipeline takes from its process. */
export const OF_THIS_PROCESS = {
  now: () => performance.now(),
  systemTimeMs: () => Date.now(),
  openLocation: openByteReader,
  startScanThread: (data) => startThread('scan-thread', data),
  startMergeThread: () => startThread('merge-thread', undefined),
} satisfies Partial<PipelineParts>;

/** So many processes can commit what they have of all customers without waiting for each other. */
const SHARDS = 16;

/** The embedded store has one writer at a time, so one shard does. Elsewhere each process chooses one by chance. */
function keptWindowsOf({ HOURS, ALL_CUSTOMERS, DATABASE_URL }: Settings): KeptWindows {
  const shard = DATABASE_URL === undefined ? 0 : randomInt(SHARDS);
  return {
    hasHours: HOURS === 'on',
    hasAll: ALL_CUSTOMERS === 'on',
    shard: String(shard).padStart(2, '0'),
  };
}

/** @throws {DaymarkError} INVALID_SETTING. */
function sourceNameOf({ SOURCE_NAME: name = '' }: Settings): string {
  if (Buffer.byteLength(name) <= MAX_SOURCE_NAME_BYTES && !/[\p{Cc}\p{Cs}]/u.test(name)) return name;
  const detail = `SOURCE_NAME is ${JSON.stringify(name)}, but must have at most ${MAX_SOURCE_NAME_BYTES} bytes, without control characters.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/**
 * One processor is left to what answers people, and where there are more than two, to the thread that commits. On two processors, two
 * workers took 2.40 s for 20 million lines with all kinds of windows, and one took 2.72 s; days alone lose more, 3.63 s against 6.17 s
 * for 200 million lines. While `serve` answered 1,000 requests a second beside it, both took 4.5 s with all kinds, and the 99th
 * percentile of answers was up to 2.8 times that of the server alone with one, and up to 8.1 times with two (2026-11-30).
 */
function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** The settings of a pipeline. */
export function pipelineSettings(
  settings: Settings,
  scan: ScanSettings,
  isFollowing: boolean,
): Omit<PipelineSettings, 'dayZone'> {
  return {
    host: hostname(),
    sourceName: sourceNameOf(settings),
    batchLines: settings.BATCH_LINES,
    windowStateBytes: settings.WINDOW_STATE_BYTES,
    workers: settings.WORKERS ?? defaultWorkers(),
    maxRejectedPercent: settings.MAX_REJECTED_PERCENT,
    isFollowing,
    kept: keptWindowsOf(settings),
    hoursRetentionDays: settings.HOURS_RETENTION_DAYS,
    eventTime: eventTimeSettings(settings),
    readingSettings: readingSettingsOf(settings, scan),
  };
}
