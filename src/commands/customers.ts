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
import { availabilityDefinition } from '../statistics/availability.ts';
import { printableCsvOf } from './cli/csv.ts';
import { rankingTable } from './cli/customer-tables.ts';
import { checkDays } from './cli/days.ts';
import { terminalWidth } from './cli/fitting-table.ts';
import { assertOneForm } from './cli/forms.ts';
import { rangeAsked } from './cli/range-asked.ts';
import { jsonOf, reportInfo, reportProblem } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface CustomersOptions {
  readonly from?: string;
  readonly to?: string;
  readonly sort: Sort;
  readonly order?: 'asc' | 'desc';
  readonly search?: string;
  readonly endpoint?: string;
  readonly limit: number;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark customers`. */
export async function customers(settings: Settings, options: CustomersOptions): Promise<number> {
  assertOneForm(options);
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
    const range = await rangeAsked(store, options);
    const availability = availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES);
    const rankings = new CustomerRankings(store, availability, Number.POSITIVE_INFINITY);
    const { sort, order, search, endpoint, limit } = options;
    return await rankingAnswer(rankings, { ...range, sort, order, search, endpoint, limit }, names);
  } finally {
    await store.close();
  }
}

function inShort({ from, to, endpoint, customers: shown, next_cursor: next }: RankingAnswer): string {
  const what = endpoint === undefined ? 'requests' : `requests of ${endpoint}`;
  if (shown.length === 0) return `no such customer has ${what} from ${from} to ${to}`;
  const more = next === null ? '' : '; there are more, see --limit';
  return `${grouped(shown.length)} shown, from ${from} to ${to}${more}`;
}

function asCsv({ customers: rows }: RankingAnswer, hasNames: boolean): string {
  const columns = RANKING_COLUMNS.filter((column) => hasNames || column !== 'customer_name');
  return printableCsvOf<Record<string, unknown>>(rows.map(flatCustomer), columns);
}
