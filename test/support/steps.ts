/** A pipeline that follows files in this process, one look at a time, by a clock of the test's. */

import type { DaymarkError } from '../../src/errors.ts';
import type { Pipeline } from '../../src/pipeline/loop/pipeline.ts';
import type { Summary } from '../../src/pipeline/types.ts';
import type { Source } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { pipelineOf } from './pipeline.ts';

export interface Stepped {
  /** Looks once, reads what is there, and rests again. */
  step(): Promise<void>;
  /** Ends it, as a signal does. */
  stop(): Promise<Summary>;
}

export interface SteppedSettings {
  readonly paths: readonly string[];
  readonly store: Store;
  /** A clock that never jumps. */
  readonly nowMs: () => number;
  /** The system time, in ms since 1970, where it is another clock. */
  readonly systemMs?: () => number;
  readonly lastLineWaitMs?: number;
  readonly isFollowing?: boolean;
  /** Is told the code of every problem. */
  readonly problem?: (code: string, message: string) => void;
}

function pipelineFor(
  { store, nowMs, systemMs = nowMs, isFollowing = true, problem = () => undefined }: SteppedSettings,
  source: Source,
  signal: AbortSignal,
  pause: () => Promise<void>,
): Pipeline {
  const events = { problem: ({ code, message }: DaymarkError) => problem(code, message) };
  return pipelineOf({ source, store, signal, pause, systemTimeMs: systemMs, isFollowing, events });
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
  const pipeline = pipelineFor(settings, source, stop.signal, pause);
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
  return await pipelineFor({ ...settings, isFollowing: false }, source, never, async () => undefined).run();
}
