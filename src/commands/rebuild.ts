import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import { checkDays } from './cli/days.ts';
import { ProgressBar } from './cli/progress-bar.ts';
import { jsonOf } from './cli/report.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { rebuiltAsJson, rebuiltAsText } from './rebuilding/rebuild-report.ts';
import { rebuildUntilStopped } from './rebuilding/stoppable-rebuild.ts';

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
  try {
    const outcome = await rebuildUntilStopped(job, (progress) => bar.update(progress));
    bar.stop();
    if (!outcome) return 1;
    const { rebuilt, exitCode } = outcome;
    console.log(json ? jsonOf(rebuiltAsJson(rebuilt, dryRun)) : rebuiltAsText(rebuilt, dryRun));
    return exitCode;
  } finally {
    bar.stop();
  }
}
