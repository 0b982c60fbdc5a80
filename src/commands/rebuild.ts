import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import type { Progress } from '../pipeline/types.ts';
import { checkDays } from './cli/days.ts';
import { ProgressBar } from './cli/progress-bar.ts';
import { jsonOf, reportInfo, reportWarning } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { rebuiltAsJson, rebuiltAsText } from './rebuilding/rebuild-report.ts';
import { runRebuild } from './rebuilding/rebuild-run.ts';

interface RebuildOptions {
  readonly from?: string;
  readonly to?: string;
  readonly withoutMissing: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `daymark rebuild`. @returns 1 if it was stopped, or if no line was accepted, or too few. */
export async function rebuildDays(
  paths: string[],
  given: Settings,
  { from, to, withoutMissing, dryRun, json }: RebuildOptions,
): Promise<number> {
  checkDays(from, to);
  if (paths.includes('-'))
    throw new DaymarkError('WRONG_USAGE', 'rebuild reads files. Standard input cannot be read again.');
  const settings = await withFormatFile(given);
  const job = {
    ...{ paths, settings, range: { from, to }, isWithoutMissing: withoutMissing, isDryRun: dryRun },
    alsoKnown: paths.length === 0,
  };
  const bar = new ProgressBar();
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  try {
    let exitCode = 0;
    const events = {
      progress: (progress: Progress) => bar.update(progress),
      problem: (error: DaymarkError) => {
        reportWarning(error);
        if (error.code === 'NOTHING_ACCEPTED' || error.code === 'FEW_ACCEPTED') exitCode = 1;
      },
    };
    const rebuilt = await runRebuild(job, events, stop.signal);
    bar.stop();
    console.log(json ? jsonOf(rebuiltAsJson(rebuilt, dryRun)) : rebuiltAsText(rebuilt, dryRun));
    return exitCode;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    reportInfo('stopped; nothing was changed');
    return 1;
  } finally {
    bar.stop();
    release();
  }
}
