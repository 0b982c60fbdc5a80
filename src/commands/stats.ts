import { DAY_FIELDS, dayOf } from '../api/answers.ts';
import { NO_NAMES } from '../api/customer-names.ts';
import { assertKnownCustomer, type CustomerShown, customerShown } from '../api/known-customer.ts';
import { rangeTooLarge } from '../api/merged-spans.ts';
import { rangeSummary, type SpanRow, spanRows } from '../api/range-statistics.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_DAYS_PER_ANSWER, MAX_SHARES_UNDER } from '../limits.ts';
import { printable } from '../printable.ts';
import { type AvailabilityDefinition, availabilityDefinition } from '../statistics/availability.ts';
import { shareBoundsUs } from '../statistics/share-bounds.ts';
import type { ServedWindow, StoreSnapshot } from '../store/contract.ts';
import type { SpanGranularity } from '../window/calendar.ts';
import { customerDays, spanOf } from '../window/key.ts';
import { printableCsvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { terminalWidth } from './cli/fitting-table.ts';
import { assertOneForm } from './cli/forms.ts';
import { SUMMARY_COLUMNS, spanColumns, spansTable, summaryRows, summaryText } from './cli/range-tables.ts';
import { jsonOf, reportInfo, reportProblem, table } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface StatsOptions {
  readonly from: string;
  readonly to?: string;
  readonly granularity?: SpanGranularity;
  readonly fill: boolean;
  readonly summary: boolean;
  readonly shareUnder?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark stats`. @param asked a customer or an alias; undefined: all customers together. */
export async function stats(
  asked: string | undefined,
  settings: Settings,
  options: StatsOptions,
): Promise<number> {
  const { from, to } = options;
  checkDays(from, to);
  assertOneForm(options);
  checkOptions(options);
  const customers = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  const customer = customerShown(customers, asked);
  const { customerId, name } = customer;
  if (options.summary) await printSummary(customer, settings, options);
  else if (customerId === undefined || options.granularity || options.fill)
    await printSpans(customer, settings, options);
  else await printDays({ customerId, name }, settings, options);
  return 0;
}

function checkOptions({ granularity, fill, summary, shareUnder, to }: StatsOptions): void {
  const wrong = (detail: string) => new DaymarkError('WRONG_USAGE', detail);
  if (summary && (granularity || fill)) throw wrong('Give either --summary or --granularity, not both.');
  if (summary && to === undefined) throw wrong('Give the last day, --to, with --summary.');
  if (shareUnder === undefined) return;
  if (!summary) throw wrong('Give --share-under only with --summary.');
  if (shareBoundsUs(shareUnder)) return;
  const detail = `--share-under is ${JSON.stringify(shareUnder)}, but must be up to ${MAX_SHARES_UNDER} times in seconds: 0.5,1.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** The days as they are stored, as `/customers/{customer_id}/stats` answers them. */
async function printDays(
  { customerId, name }: CustomerShown & { readonly customerId: string },
  settings: Settings,
  { from, to, json, csv }: StatsOptions,
): Promise<void> {
  const rows = await read({ customerId, from, ...(to === undefined ? {} : { to }) }, settings);
  const definition = definitionOf(settings);
  const days = rows.map((row) => ({ ...dayOf(row, definition, name), date: spanOf(row.key) }));
  if (json) console.log(jsonOf(days));
  else if (csv) printCsv(days, settings.CUSTOMERS_FILE ? DAY_FIELDS : COLUMNS);
  else if (days.length > 0)
    console.log((name === undefined ? '' : `${customerId}: ${printable(name)}\n`) + asTable(days));
  else reportInfo(`customer ${customerId} has no requests from ${from} on`);
}

/** Hours, days, weeks or months, as `/v1/customers/{customer_id}/stats` and `/v1/stats` answer them. */
async function printSpans(
  customer: CustomerShown,
  settings: Settings,
  { from, to, granularity = 'day', fill: isFilled, json, csv }: StatsOptions,
): Promise<void> {
  const asked = { ...customer, from, to, granularity, isFilled, definition: definitionOf(settings) };
  const rows = await readSnapshot(customer, settings, async (snapshot) => {
    const found: SpanRow[] = [];
    for await (const row of spanRows(snapshot, asked)) {
      if (found.push(row) > MAX_DAYS_PER_ANSWER) throw rangeTooLarge(MAX_DAYS_PER_ANSWER, 'spans');
    }
    return found;
  });
  if (json) console.log(jsonOf(rows));
  else if (csv) printCsv(rows, spanColumns(settings.CUSTOMERS_FILE !== undefined));
  else if (rows.length > 0) console.log(titleOf(customer) + spansTable(rows, terminalWidth()));
  else reportInfo(`${nameOf(customer)} no requests from ${from} on`);
}

/** As `/v1/customers/{customer_id}/summary` and `/v1/summary` answer it. */
async function printSummary(
  customer: CustomerShown,
  settings: Settings,
  { from, to = from, shareUnder, json, csv }: StatsOptions,
): Promise<void> {
  const sharesUnderUs = (shareUnder !== undefined && shareBoundsUs(shareUnder)) || [];
  const asked = {
    ...customer,
    from,
    to,
    sharesUnderUs,
    definition: definitionOf(settings),
  };
  const summary = await readSnapshot(customer, settings, (snapshot) => rangeSummary(snapshot, asked));
  if (json) console.log(jsonOf(summary));
  else if (csv) printCsv(summaryRows(summary), SUMMARY_COLUMNS);
  else console.log(titleOf(customer) + summaryText(summary));
}

/** Reads what is known of a customer, or of all together. @throws {DaymarkError} CUSTOMER_UNKNOWN; STORE_*. */
async function readSnapshot<T>(
  customer: CustomerShown,
  settings: Settings,
  read: (snapshot: StoreSnapshot) => Promise<T>,
): Promise<T> {
  const store = await openStoreToRead(settings);
  try {
    return await store.readSnapshot(async (snapshot) => {
      await assertKnownCustomer(snapshot, customer);
      return read(snapshot);
    });
  } finally {
    await store.close();
  }
}

function nameOf({ customerId }: CustomerShown): string {
  return customerId === undefined ? 'all customers together have' : `customer ${customerId} has`;
}

function titleOf({ customerId, name }: CustomerShown): string {
  if (customerId === undefined) return 'all customers together\n';
  return `${printable(customerId)}${name === undefined ? '' : `: ${printable(name)}`}\n`;
}

function definitionOf(settings: Settings): AvailabilityDefinition {
  return availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES);
}

function printCsv(rows: readonly object[], columns: readonly string[]): void {
  process.stdout.write(printableCsvOf<Record<string, unknown>>(rows as Record<string, unknown>[], columns));
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
