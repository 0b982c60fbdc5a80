import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import type { Rebuilt } from '../../pipeline/rebuild/rebuild.ts';
import { reportInfo, reportWarning } from '../cli/report.ts';
import { onStopSignal } from '../cli/signals.ts';
import { rebuiltAsJson, rebuiltAsText } from '../rebuilding/rebuild-report.ts';
import { runRebuild } from '../rebuilding/rebuild-run.ts';

/** What `ingest --again` says of the lines that it read again. */
export interface ReadAgain {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: readonly string[];
  /** 1 where the settings hardly fit the logs. */
  readonly exitCode: number;
}

/**
 * Reads what was read before with the present settings, and replaces the days: a rebuild. What stands behind that in the logs is
 * left to the run.
 * @param paths where logs are that have moved. The others are looked for where they were.
 * @returns undefined where the user stopped it. Then nothing has changed.
 * @throws {DaymarkError} as `rebuild`.
 */
export async function readAgain(
  paths: readonly string[],
  settings: Settings,
): Promise<ReadAgain | undefined> {
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  try {
    let exitCode = 0;
    const problem = (error: DaymarkError): void => {
      reportWarning(error);
      if (error.code === 'NOTHING_ACCEPTED' || error.code === 'FEW_ACCEPTED') exitCode = 1;
    };
    const rebuilt = await rebuildAll(paths, settings, problem, stop.signal);
    if (!rebuilt) return { json: {}, text: [], exitCode };
    return {
      exitCode,
      json: { again: rebuiltAsJson(rebuilt, false) },
      text: ['read again', rebuiltAsText(rebuilt, false), ''],
    };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    reportInfo('stopped; nothing was changed');
    return undefined;
  } finally {
    release();
  }
}

/** @returns undefined where nothing was read yet. */
async function rebuildAll(
  paths: readonly string[],
  settings: Settings,
  problem: (error: DaymarkError) => void,
  signal: AbortSignal,
): Promise<Rebuilt | undefined> {
  const job = { paths, settings, range: {}, alsoKnown: true, isWithoutMissing: false, isDryRun: false };
  try {
    return await runRebuild(job, { progress: () => undefined, problem }, signal);
  } catch (error) {
    if (error instanceof DaymarkError && error.code === 'SCHEMA_MISSING') return undefined;
    throw error;
  }
}
