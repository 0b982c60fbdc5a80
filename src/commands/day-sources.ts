import { NO_NAMES } from '../api/customer-names.ts';
import {
  DAY_SOURCE_COLUMNS,
  type DaySources,
  type ProvenanceParts,
  readDaySources,
} from '../api/provenance.ts';
import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { MAX_PAGE_ITEMS } from '../limits.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import { printableCsvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { INPUT_WORDS } from './cli/input-words.ts';
import { allPages } from './cli/pages.ts';
import { jsonOf, reportInfo, reportProblem, table } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface DaySourcesOptions {
  readonly date: string;
  readonly customer?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

type Found = Omit<DaySources, 'next'>;

/** `daymark sources --date`. */
export async function daySources(settings: Settings, options: DaySourcesOptions): Promise<number> {
  checkDays(options.date, options.date);
  const found = await readAll(settings, options);
  if (options.json) console.log(jsonOf({ ...found.head, sources: found.rows }));
  else if (options.csv)
    process.stdout.write(printableCsvOf<Readonly<Record<string, unknown>>>(found.rows, DAY_SOURCE_COLUMNS));
  else if (found.rows.length > 0) console.log(asText(found));
  if (!options.json && !options.csv) reportInfo(inShort(found));
  return 0;
}

/** The parts of answers that the settings give. */
export function provenanceParts(settings: Settings): ProvenanceParts {
  return {
    words: INPUT_WORDS,
    customers: customerNamesOf(settings, reportProblem) ?? NO_NAMES,
    definition: availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES),
  };
}

async function readAll(
  settings: Settings,
  { date, customer: customerId }: DaySourcesOptions,
): Promise<Found> {
  const parts = provenanceParts(settings);
  const store = await openStoreToRead(settings);
  try {
    return await allPages((from) =>
      readDaySources(store, { customerId, date, from, limit: MAX_PAGE_ITEMS }, parts),
    );
  } finally {
    await store.close();
  }
}

function asText({ rows }: Found): string {
  const header = ['file', 'state', 'lines', 'from', 'to'];
  const isNamed = rows.some(({ source_name }) => source_name !== null);
  return table([
    isNamed ? [...header, 'source name'] : header,
    ...rows.map(({ name, state, lines, from_at, to_at, source_name }) => [
      ...[name, state, grouped(lines), from_at, to_at],
      ...(isNamed ? [source_name ?? '-'] : []),
    ]),
  ]);
}

function inShort({ head, rows }: Found): string {
  const { customer_id, date, requests, lines, unknown_lines: unknown } = head;
  const all = `${counted(lines, 'line')} of ${date} in ${counted(rows.length, 'file')}`;
  const ofCustomer =
    customer_id === null ? '' : `; ${grouped(requests)} of them are requests of ${customer_id}`;
  if (unknown === 0) return all + ofCustomer;
  return `${all}${ofCustomer}; the files of ${counted(unknown, 'line')} are not known (read by an older daymark): \`daymark rebuild\` finds them out`;
}
