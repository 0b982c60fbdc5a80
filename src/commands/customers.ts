import { NO_NAMES } from '../api/customer-names.ts';
import { CustomerRankings } from '../api/ranking/customer-rankings.ts';
import {
  flatCustomer,
  RANKING_COLUMNS,
  type RankingAnswer,
  rankingAnswer,
} from '../api/ranking/ranking-answer.ts';
import type { Sort } from '../api/ranking/sort-names.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import type { Store } from '../store/contract.ts';
import { dateOfDay, dayAt, dayOfDate, FIRST_DAY } from '../window/day.ts';
import { UTC } from '../window/zone.ts';
import { printableCsvOf } from './cli/csv.ts';
import { rankingTable } from './cli/customer-tables.ts';
import { checkDays } from './cli/days.ts';
import { terminalWidth } from './cli/fitting-table.ts';
import { jsonOf, reportInfo, reportProblem } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

/** How many days are shown unless the user says from which one on. */
const USUAL_DAYS = 30;

interface CustomersOptions {
  readonly from?: string;
  readonly to?: string;
  readonly sort: Sort;
  readonly order?: 'asc' | 'desc';
  readonly search?: string;
  readonly limit: number;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark customers`. */
export async function customers(settings: Settings, options: CustomersOptions): Promise<number> {
  if (options.json && options.csv)
    throw new DaymarkError('WRONG_USAGE', 'Give either --json or --csv, not both.');
  checkDays(options.from, options.to);
  const ranking = await read(settings, options);
  if (options.json) console.log(jsonOf(ranking));
  else if (options.csv) process.stdout.write(asCsv(ranking, settings.CUSTOMERS_FILE !== undefined));
  else if (ranking.customers.length > 0) console.log(rankingTable(ranking, terminalWidth()));
  if (!options.csv && !options.json) reportInfo(inShort(ranking));
  return 0;
}

async function read(settings: Settings, options: CustomersOptions): Promise<RankingAnswer> {
  const names = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  const store = await openStoreToRead(settings);
  try {
    const to = options.to ?? (await today(store));
    const from = options.from ?? dateOfDay(Math.max(FIRST_DAY, dayOfDate(to) - USUAL_DAYS + 1));
    checkDays(from, to);
    const availability = availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES);
    const rankings = new CustomerRankings(store, availability, Number.POSITIVE_INFINITY);
    const { sort, order, search, limit } = options;
    return await rankingAnswer(rankings, { from, to, sort, order, search, limit }, names);
  } finally {
    await store.close();
  }
}

/** The day that it is in the time zone of the store. */
async function today(store: Store): Promise<string> {
  const zone = await store.readSnapshot((snapshot) => snapshot.zone());
  return dateOfDay(dayAt(zone ?? UTC, Date.now()));
}

function inShort({ from, to, customers: shown, next_cursor: next }: RankingAnswer): string {
  if (shown.length === 0) return `no such customer has requests from ${from} to ${to}`;
  const more = next === null ? '' : '; there are more, see --limit';
  return `${grouped(shown.length)} shown, from ${from} to ${to}${more}`;
}

function asCsv({ customers: rows }: RankingAnswer, hasNames: boolean): string {
  const columns = RANKING_COLUMNS.filter((column) => hasNames || column !== 'customer_name');
  return printableCsvOf<Record<string, unknown>>(rows.map(flatCustomer), columns);
}
