import { dayOf } from '../api/answers.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_DAYS_PER_ANSWER } from '../limits.ts';
import { STATISTICS_COLUMNS } from '../statistics/columns.ts';
import type { ServedWindow } from '../store/contract.ts';
import { customerDays, spanOf } from '../window/key.ts';
import { CUSTOMER_DAYS } from '../window/kind.ts';
import { csvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { jsonOf, reportInfo, table } from './cli/report.ts';
import { openStoreToRead } from './stores/open.ts';

interface StatsOptions {
  readonly from: string;
  readonly to?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark stats`. */
export async function stats(customerId: string, settings: Settings, options: StatsOptions): Promise<number> {
  const { from, to, json, csv } = options;
  checkDays(from, to);
  if (json && csv) throw new DaymarkError('WRONG_USAGE', 'Give either --json or --csv, not both.');
  const rows = await read({ customerId, from, ...(to === undefined ? {} : { to }) }, settings);
  if (json) console.log(jsonOf(rows.map(dayOf)));
  else if (csv)
    process.stdout.write(
      csvOf(
        rows.map((row): Record<string, unknown> => dayOf(row)),
        COLUMNS,
      ),
    );
  else if (rows.length > 0) console.log(asTable(rows));
  else reportInfo(`customer ${customerId} has no requests from ${from} on`);
  return 0;
}

const COLUMNS = [...CUSTOMER_DAYS.columns, ...STATISTICS_COLUMNS, 'state', 'state_since', 'revision'];

async function read(
  { customerId, ...days }: { customerId: string; from: string; to?: string },
  settings: Settings,
): Promise<readonly ServedWindow[]> {
  const store = await openStoreToRead(settings);
  try {
    const rows = await store.windows({
      ...customerDays(customerId),
      ...days,
      limit: MAX_DAYS_PER_ANSWER + 1,
    });
    if (rows.length <= MAX_DAYS_PER_ANSWER) return rows;
    const detail = `There are more than ${grouped(MAX_DAYS_PER_ANSWER)} days from ${days.from} on.`;
    throw new DaymarkError('RANGE_TOO_LARGE', detail);
  } finally {
    await store.close();
  }
}

function asTable(rows: readonly ServedWindow[]): string {
  const numbers = ['date', 'success', 'failed', 'mean s', 'p50 s', 'p99 s', 'uptime %', 'success %'];
  const header = [...numbers, 'state', 'since', 'revision'];
  const cells = rows.map((row) => [
    spanOf(row.key),
    grouped(row.success_requests),
    grouped(row.failed_requests),
    row.duration_mean?.toFixed(6) ?? '-',
    String(row.duration_p50 ?? '-'),
    String(row.duration_p99 ?? '-'),
    row.uptime_percentage?.toFixed(4) ?? '-',
    row.success_percentage.toFixed(4),
    ...stateCells(row),
  ]);
  return table([header, ...cells]);
}

function stateCells(row: ServedWindow): string[] {
  const { state, state_since: since, revision } = dayOf(row);
  return [state, since, grouped(revision)];
}
