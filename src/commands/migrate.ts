import type { Settings } from '../config/settings.ts';
import { RETRY_FOR_S } from '../limits.ts';
import { reportInfo } from './cli/report.ts';
import { outagesOf, REPORT_OUTAGES } from './ingesting/report-outages.ts';
import { migrateStore } from './stores/open.ts';

/** `daymark migrate`. */
export async function migrate(settings: Settings): Promise<number> {
  // No stop signal: a migration is one transaction, so killing the process rolls it back.
  const never = new AbortController().signal;
  const outages = outagesOf(settings, RETRY_FOR_S, REPORT_OUTAGES, never);
  const { description, applied } = await outages.retry(() => migrateStore(settings));
  const what = applied.length === 0 ? 'already up to date' : `applied ${applied.join(', ')}`;
  reportInfo(`${description}: ${what}`);
  return 0;
}
