import { NO_NAMES } from '../api/customer-names.ts';
import { type EndpointSort, usualEndpointOrder } from '../api/endpoints/endpoint-sorts.ts';
import {
  ENDPOINT_COLUMNS,
  type EndpointStatistics,
  endpointStatistics,
  flatEndpoint,
} from '../api/endpoints/endpoint-statistics.ts';
import { assertKnownCustomer, customerShown } from '../api/known-customer.ts';
import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import { printableCsvOf } from './cli/csv.ts';
import { checkDays } from './cli/days.ts';
import { endpointTable } from './cli/endpoint-tables.ts';
import { terminalWidth } from './cli/fitting-table.ts';
import { assertOneForm } from './cli/forms.ts';
import { rangeAsked } from './cli/range-asked.ts';
import { jsonOf, reportInfo, reportProblem } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';

interface EndpointsOptions {
  readonly from?: string;
  readonly to?: string;
  readonly sort: EndpointSort;
  readonly order?: 'asc' | 'desc';
  readonly limit: number;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark endpoints`. @param customer undefined: all customers together. */
export async function endpoints(
  customer: string | undefined,
  settings: Settings,
  options: EndpointsOptions,
): Promise<number> {
  assertOneForm(options);
  checkDays(options.from, options.to);
  const found = await read(customer, settings, options);
  if (options.json) console.log(jsonOf(found));
  else if (options.csv)
    process.stdout.write(printableCsvOf(found.endpoints.map(flatEndpoint), ENDPOINT_COLUMNS));
  else if (found.endpoints.length > 0) console.log(endpointTable(found, terminalWidth()));
  if (!options.json && !options.csv) reportInfo(inShort(found));
  return 0;
}

async function read(
  customer: string | undefined,
  settings: Settings,
  options: EndpointsOptions,
): Promise<EndpointStatistics> {
  const names = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  const shown = customerShown(names, customer);
  const { sort, order = usualEndpointOrder(sort), limit } = options;
  const definition = availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES);
  const store = await openStoreToRead(settings);
  try {
    const range = await rangeAsked(store, options);
    return await store.readSnapshot(async (snapshot) => {
      await assertKnownCustomer(snapshot, shown);
      return endpointStatistics(snapshot, { ...shown, ...range, sort, order, limit, definition });
    });
  } finally {
    await store.close();
  }
}

function inShort(found: EndpointStatistics): string {
  const { from, to, requests, unknown_requests: unknown, endpoints: rows, endpoint_count: count } = found;
  const shown =
    requests === 0
      ? `no requests from ${from} to ${to}`
      : `${grouped(rows.length)} of ${counted(count, 'endpoint')} shown, from ${from} to ${to}`;
  if (unknown === 0) return shown;
  return `${shown}; the endpoints of ${counted(unknown, 'request')} are not known (read by an older daymark, with ENDPOINTS=off, or without a path): \`daymark rebuild\` adds them`;
}
