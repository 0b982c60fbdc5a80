import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { Pipeline } from '../../pipeline/loop/pipeline.ts';
import { encodeReadingSettings } from '../../pipeline/loop/reading-settings.ts';
import { type Rebuilt, rebuild } from '../../pipeline/rebuild/rebuild.ts';
import type { EventTimeSettings, PipelineEvents, Summary } from '../../pipeline/types.ts';
import { BoundedSource } from '../../source/bounded-source.ts';
import { FilesSource } from '../../source/files/files-source.ts';
import { pathError } from '../../source/path-error.ts';
import type { Store } from '../../store/contract.ts';
import { openScratchStore } from '../../store/sqlite/scratch.ts';
import { FIRST_DATE } from '../../window/day.ts';
import type { DayRange } from '../../window/kind.ts';
import { oldestKeptDate } from '../../window/retention.ts';
import type { ZoneTable } from '../../window/types.ts';
import { eventTimeSettings } from '../cli/event-time.ts';
import { fewAccepted } from '../ingesting/few-accepted.ts';
import { OF_THIS_PROCESS, pipelineSettings } from '../ingesting/ingest-job.ts';
import { filesSettings } from '../ingesting/open-source.ts';
import { inputOutagesOf, outagesOf } from '../ingesting/report-outages.ts';
import { scanSettingsOf } from '../ingesting/scan-settings.ts';
import { zoneTableOf } from '../ingesting/zones.ts';
import { openStoreToRead, openStoreToWrite } from '../stores/open.ts';
import { withConfirmedRetention } from '../stores/retention-consent.ts';

/** What to rebuild. */
export interface RebuildJob {
  /** Where the logs are. Empty: `LOGS_SOURCE_DIR`. */
  readonly paths: readonly string[];
  /** True: they are also looked for where they were when they were read. */
  readonly alsoKnown: boolean;
  readonly settings: Settings;
  readonly range: DayRange;
  readonly isWithoutMissing: boolean;
  readonly isDryRun: boolean;
}

/** These stop a rebuild: the format is not that of the log, or a log is away for a while, not missing. */
const FATAL: ReadonlySet<string> = new Set(['MOSTLY_REJECTED', 'HEADER_MISSING', 'SOURCE_UNAVAILABLE']);

/** A log is away. Other commands try again by themselves; a rebuild does not. */
class LogAway extends DaymarkError {
  override get definition() {
    const advice =
      'Nothing was changed. Start the rebuild again when the log can be read. Check the disk or the network file system. If too many files are open, raise the limit (`ulimit -n`).';
    return { ...super.definition, advice };
  }
}

/** Rebuilds the store of the settings. */
export async function runRebuild(
  job: RebuildJob,
  events: Pick<PipelineEvents, 'progress' | 'problem'>,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const live = await openLive(job.settings, signal);
  try {
    const { DATA_DIR, DATABASE_URL } = job.settings;
    const scratch = await openScratchStore(DATA_DIR, DATABASE_URL !== undefined);
    try {
      return await rebuildWith(job, live, scratch.store, events, signal);
    } finally {
      await scratch.dispose();
    }
  } finally {
    await live.close();
  }
}

/** Checks its schema before anything is created. */
async function openLive(settings: Settings, signal: AbortSignal): Promise<Store> {
  const readable = await openStoreToRead(settings);
  try {
    await readable.checkTimeZone(settings.TIME_ZONE);
  } finally {
    await readable.close();
  }
  return openStoreToWrite(settings, signal);
}

async function rebuildWith(
  job: RebuildJob,
  live: Store,
  scratch: Store,
  events: Pick<PipelineEvents, 'progress' | 'problem'>,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const { settings, range, isWithoutMissing, isDryRun } = job;
  const dayZone = await zoneTableOf(settings.TIME_ZONE);
  const bounds = new Map<string, number>();
  const problems: DaymarkError[] = [];
  const files = new FilesSource(await pathsToRead(job, live), filesSettings(settings));
  const source = new BoundedSource(files, bounds);
  const scan = await scanSettingsOf(settings);
  const ordinary = pipelineSettings(settings, scan, false);
  const pipeline = new Pipeline({
    source,
    store: scratch,
    scan,
    settings: { ...ordinary, dayZone, workers: 1, eventTime: anyAge(settings), hoursRetentionDays: 0 },
    events: {
      ...NOBODY_WAITS,
      progress: events.progress,
      caughtUp: () => undefined,
      deletes: () => undefined,
      leases: () => undefined,
      problem: (error) => {
        problems.push(error);
        if (!FATAL.has(error.code)) events.problem(error);
      },
    },
    // If a log cannot be read, nothing is changed, and you can start the rebuild again.
    inputs: inputOutagesOf({ ...settings, SOURCE_RETRY_SECONDS: 0 }, false, NOBODY_WAITS),
    // The scratch store is on this machine's disk. If it fails, the rebuild fails.
    outages: outagesOf({ ...settings, STORE_RETRY_SECONDS: 0 }, 0, NOBODY_WAITS, signal),
    signal,
    pause: async () => undefined,
    ...OF_THIS_PROCESS,
  });
  let summary: Summary | undefined;
  const read = async () => {
    try {
      summary = await pipeline.run();
      const fatal = problems.find(({ code }) => FATAL.has(code));
      if (fatal) throw fatal;
    } catch (error) {
      const isAway = error instanceof DaymarkError && error.code === 'SOURCE_UNAVAILABLE';
      throw isAway ? new LogAway(error.code, error.message, { cause: error }) : error;
    }
  };
  try {
    const retained = await withConfirmedRetention(live, settings, events.problem, !isDryRun);
    const rebuilt = await rebuild({
      ...{ live, scratch, bounds, read, isWithoutMissing, isDryRun, dayZone, signal },
      range: keptRange(range, retained, dayZone),
      systemTimeMs: OF_THIS_PROCESS.systemTimeMs,
      readingSettings: encodeReadingSettings(ordinary.readingSettings),
      isWhole: range.from === undefined && range.to === undefined,
    });
    const few = summary && fewAccepted(summary, settings, givenPaths(job));
    if (few) events.problem(few);
    return rebuilt;
  } finally {
    source.close();
  }
}

const NOBODY_WAITS = {
  ...{ waiting: () => undefined, recovered: () => undefined, committed: () => undefined },
  ...{ inputWaiting: () => undefined, inputRecovered: () => undefined },
};

/** MAX_EVENT_AGE held on the day when a line was first read, not today. */
function anyAge(settings: Settings): EventTimeSettings {
  return { ...eventTimeSettings(settings), maxAgeMs: Number.POSITIVE_INFINITY, retentionDays: 0 };
}

/** Only files can be read again, whatever else the settings name. */
function givenPaths({ paths, settings }: RebuildJob): readonly string[] {
  return paths.length > 0 ? paths : [settings.LOGS_SOURCE_DIR];
}

async function pathsToRead(job: RebuildJob, live: Store): Promise<readonly string[]> {
  const given = givenPaths(job);
  if (!job.alsoKnown) return given;
  const names = (await live.checkpoints.all()).map(({ name }) => name);
  return [...given, ...names.filter((name) => isAbsolute(name) && mayBeThere(name))];
}

/** False where a path is gone. A path that is only away is read all the same, so that the rebuild stops. */
function mayBeThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return pathError(path, error).isTransient;
  }
}

/** Days that are too old to be kept do not come back. */
function keptRange(
  { from = FIRST_DATE, to }: DayRange,
  { RETENTION_DAYS: days }: Settings,
  zone: ZoneTable,
): DayRange {
  const oldest = days === 0 ? from : oldestKeptDate(Date.now(), days, zone);
  return { from: from < oldest ? oldest : from, to };
}
