import { NO_NAMES } from '../api/customer-names.ts';
import { assertShort } from '../api/ranking/ranking-answer.ts';
import { flatWorstDay, WORST_DAY_COLUMNS, type WorstDays, worstDays } from '../api/worst-days/worst-days.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { MAX_WORST_DAYS_RANGE } from '../limits.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import { printableCsvOf } from './cli/csv.ts';
import { worstDaysTable } from './cli/customer-tables.ts';
import { checkDays } from './cli/days.ts';
import { terminalWidth } from './cli/fitting-table.ts';
import { assertOneForm } from './cli/forms.ts';
import { jsonOf, reportInfo, reportProblem } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface WorstDaysOptions {
  readonly from: string;
  readonly to: string;
  readonly minRequests: number;
  readonly limit: number;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark worst-days`. */
export async function printWorstDays(settings: Settings, options: WorstDaysOptions): Promise<number> {
  assertOneForm(options);
  checkDays(options.from, options.to);
  assertShort(options, MAX_WORST_DAYS_RANGE);
  const found = await read(settings, options);
  if (options.json) console.log(jsonOf(found));
  else if (options.csv) process.stdout.write(asCsv(found, settings.CUSTOMERS_FILE !== undefined));
  else if (found.customers.length > 0) console.log(worstDaysTable(found, terminalWidth()));
  if (!options.json && !options.csv) reportInfo(inShort(found));
  return 0;
}

async function read(settings: Settings, options: WorstDaysOptions): Promise<WorstDays> {
  const basis = {
    definition: availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES),
    names: customerNamesOf(settings, reportProblem) ?? NO_NAMES,
    assertGoesOn: () => undefined,
  };
  const store = await openStoreToRead(settings);
  try {
    return await store.readSnapshot((snapshot) => worstDays(snapshot, options, basis));
  } finally {
    await store.close();
  }
}

function inShort({ from, to, min_requests: least, customers }: WorstDays): string {
  const days = least === 1 ? '' : `, of days with at least ${grouped(least)} requests`;
  if (customers.length === 0) return `no customer has requests from ${from} to ${to}${days}`;
  return `the worst days of ${grouped(customers.length)} shown, from ${from} to ${to}${days}`;
}

function asCsv({ customers }: WorstDays, hasNames: boolean): string {
  const columns = WORST_DAY_COLUMNS.filter((column) => hasNames || column !== 'customer_name');
  return printableCsvOf<Record<string, unknown>>(customers.map(flatWorstDay), columns);
}
