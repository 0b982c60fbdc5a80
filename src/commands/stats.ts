import { dayOf } from '../api/answers.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_DAYS_PER_ANSWER } from '../limits.ts';
import type { DailyStatsRow } from '../store/contract.ts';
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
  else if (csv) process.stdout.write(csvOf(rows.map(dayOf), COLUMNS));
  else if (rows.length > 0) console.log(asTable(rows));
  else reportInfo(`customer ${customerId} has no requests from ${from} on`);
  return 0;
}

const COLUMNS: readonly (keyof ReturnType<typeof dayOf>)[] = [
  'customer_id',
  'date',
  'success_requests',
  'failed_requests',
  'duration_mean',
  'duration_p50',
  'duration_p99',
  'uptime_percentage',
  'success_percentage',
  'state',
  'state_since',
  'revision',
];

async function read(
  query: { customerId: string; from: string; to?: string },
  settings: Settings,
): Promise<readonly DailyStatsRow[]> {
  const store = await openStoreToRead(settings);
  try {
    const rows = await store.dailyStats({ ...query, limit: MAX_DAYS_PER_ANSWER + 1 });
    if (rows.length <= MAX_DAYS_PER_ANSWER) return rows;
    const detail = `There are more than ${grouped(MAX_DAYS_PER_ANSWER)} days from ${query.from} on.`;
    throw new DaymarkError('RANGE_TOO_LARGE', detail);
  } finally {
    await store.close();
  }
}

function asTable(rows: readonly DailyStatsRow[]): string {
  const numbers = ['date', 'success', 'failed', 'mean s', 'p50 s', 'p99 s', 'uptime %', 'success %'];
  const header = [...numbers, 'state', 'since', 'revision'];
  const cells = rows.map((row) => [
    row.date,
    grouped(row.successRequests),
    grouped(row.failedRequests),
    row.durationMeanS?.toFixed(6) ?? '-',
    String(row.durationP50S ?? '-'),
    String(row.durationP99S ?? '-'),
    row.uptimePercentage?.toFixed(4) ?? '-',
    row.successPercentage.toFixed(4),
    ...stateCells(row),
  ]);
  return table([header, ...cells]);
}

function stateCells(row: DailyStatsRow): string[] {
  const { state, state_since: since, revision } = dayOf(row);
  return [state, since, grouped(revision)];
}
