import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { rebuiltAsJson, rebuiltAsText } from '../rebuilding/rebuild-report.ts';
import { rebuildUntilStopped } from '../rebuilding/stoppable-rebuild.ts';
import { NOT_AGAIN, type ReadAgain } from './not-again.ts';

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
  const job = { paths, settings, range: {}, alsoKnown: true, isWithoutMissing: false, isDryRun: false };
  try {
    const outcome = await rebuildUntilStopped(job, () => undefined);
    if (!outcome) return undefined;
    const { rebuilt, exitCode } = outcome;
    const text = ['read again', rebuiltAsText(rebuilt, false), ''];
    return { json: { again: rebuiltAsJson(rebuilt, false) }, text, exitCode };
  } catch (error) {
    // Nothing was read yet.
    if (error instanceof DaymarkError && error.code === 'SCHEMA_MISSING') return NOT_AGAIN;
    throw error;
  }
}
