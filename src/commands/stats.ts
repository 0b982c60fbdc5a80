import { DAY_FIELDS, dayOf } from '../api/answers.ts';
import { NO_NAMES } from '../api/customer-names.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_DAYS_PER_ANSWER } from '../limits.ts';
import { printable } from '../printable.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import type { ServedWindow } from '../store/contract.ts';
import { customerDays, spanOf } from '../window/key.ts';
import { printableCsvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { jsonOf, reportInfo, reportProblem, table } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface StatsOptions {
  readonly from: string;
  readonly to?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark stats`. */
export async function stats(asked: string, settings: Settings, options: StatsOptions): Promise<number> {
  const { from, to, json, csv } = options;
  checkDays(from, to);
  if (json && csv) throw new DaymarkError('WRONG_USAGE', 'Give either --json or --csv, not both.');
  const customers = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  const customerId = customers.idOf(asked);
  const name = customers.nameOf(customerId);
  const rows = await read({ customerId, from, ...(to === undefined ? {} : { to }) }, settings);
  const availability = availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES);
  const days = rows.map((row) => ({ ...dayOf(row, availability, name), date: spanOf(row.key) }));
  if (json) console.log(jsonOf(days));
  else if (csv)
    process.stdout.write(
      printableCsvOf<Record<string, unknown>>(days, settings.CUSTOMERS_FILE ? DAY_FIELDS : COLUMNS),
    );
  else if (days.length > 0)
    console.log((name === undefined ? '' : `${customerId}: ${printable(name)}\n`) + asTable(days));
  else reportInfo(`customer ${customerId} has no requests from ${from} on`);
  return 0;
}

type Day = ReturnType<typeof dayOf> & { readonly date: string };

const COLUMNS = DAY_FIELDS.filter((field) => field !== 'customer_name');

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

/** It has the digits of the percentiles only if some are not exact. */
function asTable(days: readonly Day[]): string {
  const numbers = ['date', 'success', 'failed', 'mean s', 'p50 s', 'p99 s', 'uptime %', 'success %'];
  const header = [...numbers, 'state', 'since', 'revision', 'availability %', 'errors', 'counted'];
  const cells = days.map((day) => [
    day.date,
    grouped(day.success_requests),
    grouped(day.failed_requests),
    day.duration_mean?.toFixed(6) ?? '-',
    String(day.duration_p50 ?? '-'),
    String(day.duration_p99 ?? '-'),
    day.uptime_percentage?.toFixed(4) ?? '-',
    day.success_percentage.toFixed(4),
    day.state,
    day.state_since,
    grouped(day.revision),
    day.availability_percentage?.toFixed(4) ?? '-',
    grouped(day.error_requests),
    grouped(day.counted_requests),
  ]);
  if (days.every((day) => day.duration_precision === null)) return table([header, ...cells]);
  const digits = days.map((day) => day.duration_precision ?? 'exact');
  return table([[...header, 'digits'], ...cells.map((row, i) => [...row, String(digits[i])])]);
}
