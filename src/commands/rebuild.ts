import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import type { DayChange, DayTotals } from '../pipeline/rebuild/day-changes.ts';
import type { MissingLog, Rebuilt } from '../pipeline/rebuild/rebuild.ts';
import type { Progress } from '../pipeline/types.ts';
import { checkDays } from './cli/days.ts';
import { ProgressBar } from './cli/progress-bar.ts';
import { jsonOf, reportInfo, reportWarning, table } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { runRebuild } from './rebuilding/rebuild-run.ts';

/** Days in the table; `--json` has them all. */
const MAX_DAYS_IN_TABLE = 40;

interface RebuildOptions {
  readonly from?: string;
  readonly to?: string;
  readonly withoutMissing: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `daymark rebuild`. @returns 1 if it was stopped, or if no line was accepted. */
export async function rebuildDays(
  paths: string[],
  given: Settings,
  { from, to, withoutMissing, dryRun, json }: RebuildOptions,
): Promise<number> {
  checkDays(from, to);
  if (paths.includes('-'))
    throw new DaymarkError('WRONG_USAGE', 'rebuild reads files. Standard input cannot be read again.');
  const settings = await withFormatFile(given);
  const job = { paths, settings, range: { from, to }, isWithoutMissing: withoutMissing, isDryRun: dryRun };
  const bar = new ProgressBar();
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  try {
    let exitCode = 0;
    const events = {
      progress: (progress: Progress) => bar.update(progress),
      problem: (error: DaymarkError) => {
        reportWarning(error);
        if (error.code === 'NOTHING_ACCEPTED') exitCode = 1;
      },
    };
    const rebuilt = await runRebuild(job, events, stop.signal);
    bar.stop();
    console.log(json ? jsonOf(asJson(rebuilt, dryRun)) : asText(rebuilt, dryRun));
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

type Kind = 'changed' | 'added' | 'removed' | 'unchanged';

function kindOf({ before, after, rows }: DayChange): Kind {
  if (before.customers === 0) return 'added';
  if (after.customers === 0) return 'removed';
  return rows.changed + rows.added + rows.removed > 0 ? 'changed' : 'unchanged';
}

/** How many days are of each kind. */
function countKinds(days: readonly DayChange[]): Record<Kind, number> {
  const counts = { changed: 0, added: 0, removed: 0, unchanged: 0 };
  for (const day of days) counts[kindOf(day)]++;
  return counts;
}

function asJson({ days, rows, missing }: Rebuilt, isDryRun: boolean): Record<string, unknown> {
  return {
    is_dry_run: isDryRun,
    days: countKinds(days),
    rows,
    missing: missing.map(missingAsJson),
    changed_days: days
      .filter((day) => kindOf(day) !== 'unchanged')
      .map((day) => ({
        date: day.date,
        kind: kindOf(day),
        before: totalsAsJson(day.before),
        after: totalsAsJson(day.after),
        rows: day.rows,
      })),
  };
}

function missingAsJson({ name, bytes, bytesRead, accepted, from, to }: MissingLog) {
  return { name, bytes, bytes_read: bytesRead, accepted, first_day: from, last_day: to };
}

function totalsAsJson({ customers, successRequests, failedRequests }: DayTotals) {
  return { customers, success_requests: successRequests, failed_requests: failedRequests };
}

function asText(rebuilt: Rebuilt, isDryRun: boolean): string {
  const { days, rows, missing } = rebuilt;
  const { changed, added, removed, unchanged } = countKinds(days);
  const counts = `${grouped(changed)} changed, ${grouped(added)} added, ${grouped(removed)} removed, ${grouped(unchanged)} as before`;
  const text = [
    `${isDryRun ? 'days that would be rebuilt' : 'days'}: ${counts}`,
    `rows of customers: ${grouped(rows.changed)} changed, ${grouped(rows.added)} added, ${grouped(rows.removed)} removed, ${grouped(rows.unchanged)} as before`,
  ];
  if (missing.length > 0) text.push(lost(missing));
  const others = days.filter((day) => kindOf(day) !== 'unchanged');
  if (others.length > 0) text.push(daysTable(others.slice(0, MAX_DAYS_IN_TABLE)));
  const more = others.length - MAX_DAYS_IN_TABLE;
  if (more > 0) text.push(`and ${counted(more, 'more day')}; --json prints all of them`);
  return text.join('\n');
}

function lost(missing: readonly MissingLog[]): string {
  const lines = missing.reduce((sum, { accepted }) => sum + accepted, 0);
  return `left out: ${counted(missing.length, 'log')} that ${missing.length === 1 ? 'is' : 'are'} gone or incomplete, with ${counted(lines, 'accepted line')}`;
}

function daysTable(days: readonly DayChange[]): string {
  const header = ['day', 'is', 'customers', '', 'success', '', 'failed', ''];
  return table([
    header,
    ...days.map((day) => [
      day.date,
      kindOf(day),
      ...beforeAndAfter(day, 'customers'),
      ...beforeAndAfter(day, 'successRequests'),
      ...beforeAndAfter(day, 'failedRequests'),
    ]),
  ]);
}

function beforeAndAfter({ before, after }: DayChange, column: keyof DayTotals): string[] {
  return [grouped(before[column]), `→ ${grouped(after[column])}`];
}
