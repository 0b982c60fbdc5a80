import type { DaymarkError } from '../../errors.ts';
import type { Rebuilt } from '../../pipeline/rebuild/rebuild.ts';
import type { PipelineEvents } from '../../pipeline/types.ts';
import { reportInfo, reportWarning } from '../cli/report.ts';
import { onStopSignal } from '../cli/signals.ts';
import { type RebuildJob, runRebuild } from './rebuild-run.ts';

/** What a rebuild did, and 1 as the exit code where no line was accepted, or too few. */
export interface RebuildOutcome {
  readonly rebuilt: Rebuilt;
  readonly exitCode: number;
}

/**
 * Rebuilds until a signal stops it. Warnings go to standard error.
 * @returns undefined where it was stopped. Then nothing has changed.
 * @throws {DaymarkError} as {@link runRebuild}.
 */
export async function rebuildUntilStopped(
  job: RebuildJob,
  progress: PipelineEvents['progress'],
): Promise<RebuildOutcome | undefined> {
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  let exitCode = 0;
  const problem = (error: DaymarkError): void => {
    reportWarning(error);
    if (error.code === 'NOTHING_ACCEPTED' || error.code === 'FEW_ACCEPTED') exitCode = 1;
  };
  try {
    const rebuilt = await runRebuild(job, { progress, problem }, stop.signal);
    return { rebuilt, exitCode };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    reportInfo('stopped; nothing was changed');
    return undefined;
  } finally {
    release();
  }
}
