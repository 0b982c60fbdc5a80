/** A pipeline that follows files in this process, one look at a time, by a clock of the test's. */

import { Pipeline } from '../../src/pipeline/pipeline.ts';
import type { Summary } from '../../src/pipeline/types.ts';
import { openByteReader } from '../../src/source/byte-reader.ts';
import type { Source } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { MIN_STATE_BYTES } from '../../src/statistics/window-accumulator.ts';
import type { Store } from '../../src/store/contract.ts';
import { patientOutages } from './outages.ts';
import { scanSettings, UTC } from './scan-settings.ts';

export interface Stepped {
  /** Looks once, reads what is there, and rests again. */
  step(): Promise<void>;
  /** Ends it, as a signal does. */
  stop(): Promise<Summary>;
}

export interface SteppedSettings {
  readonly paths: readonly string[];
  readonly store: Store;
  readonly nowMs: () => number;
  readonly lastLineWaitMs?: number;
  readonly isFollowing?: boolean;
  /** Is told the code of every problem. */
  readonly problem?: (code: string, message: string) => void;
}

const SCAN = scanSettings('default');
/** No bounds on event times. */
const ON_TIME = {
  waitMs: Infinity,
  isDroppingLate: false,
  maxAgeMs: Infinity,
  maxAheadMs: Infinity,
  retentionDays: 0,
};

function pipelineOf(
  { store, nowMs, isFollowing = true, problem = () => undefined }: SteppedSettings,
  source: Source,
  signal: AbortSignal,
  pause: () => Promise<void>,
): Pipeline {
  return new Pipeline({
    source,
    store,
    scan: SCAN,
    settings: {
      dayZone: UTC,
      eventTime: ON_TIME,
      batchLines: 1e6,
      windowStateBytes: MIN_STATE_BYTES,
      workers: 1,
      maxRejectedPercent: 100,
      isFollowing,
    },
    events: {
      progress: () => undefined,
      caughtUp: () => undefined,
      problem: ({ code, message }) => problem(code, message),
      waiting: () => undefined,
      recovered: () => undefined,
    },
    outages: patientOutages(signal),
    signal,
    now: () => 0,
    systemTimeMs: nowMs,
    pause,
    openReader: openByteReader,
    startScanThread: () => {
      throw new Error('no threads here');
    },
  });
}

/** Begins to follow; nothing was looked at yet. */
export function follow(settings: SteppedSettings): Stepped {
  const { paths, nowMs, lastLineWaitMs = 0 } = settings;
  const source = new FilesSource(paths, { isFollowing: true, lastLineWaitMs, nowMs });
  const stop = new AbortController();
  let goOn: () => void = () => undefined;
  let rested = Promise.withResolvers<void>();
  const pause = () =>
    new Promise<void>((resolve) => {
      goOn = resolve;
      rested.resolve();
    });
  const pipeline = pipelineOf(settings, source, stop.signal, pause);
  let run: Promise<Summary> | undefined;
  return {
    step: async () => {
      rested = Promise.withResolvers();
      if (run) goOn();
      else run = pipeline.run();
      await Promise.race([rested.promise, run]);
    },
    stop: async () => {
      stop.abort();
      goOn();
      const summary = await (run ?? pipeline.run());
      source.close();
      return summary;
    },
  };
}

/** Reads what is there, once. */
export async function readOnce(
  settings: SteppedSettings,
  source: Source = new FilesSource(settings.paths),
): Promise<Summary> {
  const never = new AbortController().signal;
  return await pipelineOf({ ...settings, isFollowing: false }, source, never, async () => undefined).run();
}
