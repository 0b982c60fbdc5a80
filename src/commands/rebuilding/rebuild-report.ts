/** Says what a rebuild changed. */

import { counted, grouped } from '../../counted.ts';
import type { DayChange, DayTotals } from '../../pipeline/rebuild/day-changes.ts';
import type { MissingLog, Rebuilt } from '../../pipeline/rebuild/rebuild.ts';
import { table } from '../cli/report.ts';

/** Days in the table; `--json` has them all. */
const MAX_DAYS_IN_TABLE = 40;

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

/** What a rebuild changed, for `--json`. */
export function rebuiltAsJson({ days, rows, missing }: Rebuilt, isDryRun: boolean): Record<string, unknown> {
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

/** What a rebuild changed, for people: the days that differ, up to {@link MAX_DAYS_IN_TABLE}. */
export function rebuiltAsText(rebuilt: Rebuilt, isDryRun: boolean): string {
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
