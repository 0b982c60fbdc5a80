/** A pipeline in the test's own thread. */

import { startThread } from '../../src/commands/ingesting/threads.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { InputOutages } from '../../src/pipeline/loop/input-outages.ts';
import { Pipeline, type PipelineParts } from '../../src/pipeline/loop/pipeline.ts';
import type { ReadingSettings } from '../../src/pipeline/loop/reading-settings.ts';
import type { EventTimeSettings, PipelineEvents } from '../../src/pipeline/types.ts';
import { openByteReader } from '../../src/source/byte-reader.ts';
import { MIN_STATE_BYTES } from '../../src/statistics/window-accumulator.ts';
import type { KeptWindows } from '../../src/window/kind.ts';
import { UTC } from '../../src/window/zone.ts';
import { ALL_KINDS } from './kept-windows.ts';
import { patientOutages } from './outages.ts';
import { scanSettings } from './scan-settings.ts';

export interface TestPipeline
  extends Pick<
    PipelineParts,
    'source' | 'store' | 'signal' | 'pause' | 'systemTimeMs' | 'firstPoll' | 'leases'
  > {
  readonly isFollowing: boolean;
  /** What is not given is not bounded. */
  readonly eventTime?: Partial<EventTimeSettings>;
  readonly events?: Partial<PipelineEvents>;
  readonly now?: () => number;
  readonly readingSettings?: ReadingSettings;
  readonly batchLines?: number;
  readonly host?: string;
  readonly sourceName?: string;
  readonly batchWindows?: number;
  /** All kinds unless it is given. */
  readonly kept?: KeptWindows;
  /** How lines are understood: as lines of the default format, without endpoints, unless it is given. */
  readonly scan?: ScanSettings;
  /** How long inputs that are away are waited for; for ever unless set. */
  readonly inputRetryMs?: number;
  readonly startMergeThread?: PipelineParts['startMergeThread'];
}

const SCAN = scanSettings('default');
/** No bounds on event times. */
const ON_TIME: EventTimeSettings = {
  waitMs: Infinity,
  isDroppingLate: false,
  maxAgeMs: Infinity,
  maxAheadMs: Infinity,
  retentionDays: 0,
};
const UNHEARD: PipelineEvents = {
  committed: () => undefined,
  progress: () => undefined,
  caughtUp: () => undefined,
  deletes: () => undefined,
  leases: () => undefined,
  problem: () => undefined,
  waiting: () => undefined,
  recovered: () => undefined,
  inputWaiting: () => undefined,
  inputRecovered: () => undefined,
};

/** Without a clock given, it stands still: batches end with what there is to read. */
export function pipelineOf({
  isFollowing,
  eventTime,
  events,
  readingSettings = { meaning: '', lines: {}, bounds: {} },
  now = () => 0,
  batchLines = 1e6,
  batchWindows,
  kept = ALL_KINDS,
  scan = SCAN,
  host = 'host-a',
  sourceName = '',
  inputRetryMs = Number.POSITIVE_INFINITY,
  startMergeThread = () => startThread('merge-thread', undefined),
  ...parts
}: TestPipeline): Pipeline {
  const heard = { ...UNHEARD, ...events };
  return new Pipeline({
    ...parts,
    scan,
    settings: {
      ...{ dayZone: UTC, host, sourceName, kept },
      hoursRetentionDays: 0,
      readingSettings,
      eventTime: { ...ON_TIME, ...eventTime },
      batchLines,
      windowStateBytes: MIN_STATE_BYTES,
      ...(batchWindows === undefined ? {} : { batchWindows }),
      workers: 1,
      maxRejectedPercent: 100,
      isFollowing,
    },
    events: heard,
    outages: patientOutages(parts.signal),
    inputs: new InputOutages({ events: heard, retryForMs: inputRetryMs, now, random: () => 0 }),
    now,
    openLocation: openByteReader,
    startScanThread: () => {
      throw new Error('no threads here');
    },
    startMergeThread,
  });
}
