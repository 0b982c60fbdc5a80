import type { Row } from '../api/forms.ts';
import { CHANGE_COLUMNS, type DayChangesFound, flatChange, readDayChanges } from '../api/provenance.ts';
import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { MAX_PAGE_ITEMS } from '../limits.ts';
import { printableCsvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { type Column, fittingTable, terminalWidth } from './cli/fitting-table.ts';
import { assertOneForm } from './cli/forms.ts';
import { allPages } from './cli/pages.ts';
import { rangeAsked } from './cli/range-asked.ts';
import { jsonOf, reportInfo } from './cli/report.ts';
import { provenanceParts } from './day-sources.ts';
import { openStoreToRead } from './stores/open.ts';

interface HistoryOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

type Found = Omit<DayChangesFound, 'next'>;
type Change = Found['rows'][number];
type Numbers = NonNullable<Change['before']>;

/** `daymark history`. */
export async function history(
  customer: string,
  settings: Settings,
  options: HistoryOptions,
): Promise<number> {
  assertOneForm(options);
  checkDays(options.from, options.to);
  const { head, rows } = await readAll(customer, settings, options);
  if (options.json) console.log(jsonOf({ ...head, changes: rows }));
  else if (options.csv) process.stdout.write(printableCsvOf<Row>(rows.map(flatChange), CHANGE_COLUMNS));
  else if (rows.length > 0) console.log(fittingTable(rows, COLUMNS, terminalWidth()));
  if (!options.json && !options.csv)
    reportInfo(`${counted(rows.length, 'change')} of final days, from ${head.from} to ${head.to}`);
  return 0;
}

async function readAll(customerId: string, settings: Settings, options: HistoryOptions): Promise<Found> {
  const parts = provenanceParts(settings);
  const store = await openStoreToRead(settings);
  try {
    const range = await rangeAsked(store, options);
    return await allPages((place) =>
      readDayChanges(store, { customerId, ...range, place, limit: MAX_PAGE_ITEMS }, parts),
    );
  } finally {
    await store.close();
  }
}

const COLUMNS: readonly Column<Change>[] = [
  { header: 'day', rank: 0, cell: ({ date }) => date },
  { header: 'change', rank: 3, cell: ({ number, change_count: count }) => `${number} of ${count}` },
  { header: 'changed', rank: 2, cell: ({ changed }) => changed?.replace(/\.\d+Z$/, 'Z') ?? '-' },
  { header: 'cause', rank: 4, cell: ({ cause }) => cause },
  change('requests', 0, ({ requests }) => grouped(requests)),
  change('failed', 6, ({ failed_requests: failed }) => grouped(failed)),
  change('errors', 5, ({ error_requests: errors }) => grouped(errors)),
  change('availability %', 1, ({ availability_percentage: share }) => share?.toFixed(4) ?? '-'),
  change('p99 s', 7, ({ duration_p99: p99 }) => String(p99 ?? '-')),
  { header: 'files', rank: 8, cell: filesOf },
];

/** The number before and after a change. */
function change(header: string, rank: number, numberOf: (numbers: Numbers) => string): Column<Change> {
  const text = (numbers: Numbers | null) => (numbers === null ? '-' : numberOf(numbers));
  return { header, rank, cell: ({ before, after }) => `${text(before)} → ${text(after)}` };
}

function filesOf({ cause, sources, source_count: count }: Change): string {
  if (cause === 'rebuild') return 'all';
  const [first] = sources;
  if (!first) return '-';
  return count === 1 ? first.name : `${first.name} and ${grouped(count - 1)} more`;
}
