/** The commands that rank customers and endpoints. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENDPOINT_SORTS } from '../../api/endpoints/endpoint-sorts.ts';
import { SORT_NAMES } from '../../api/ranking/sort-names.ts';
import { MAX_RANKING_PAGE } from '../../limits.ts';
import { addSettingOptions, type Done, settingsOf } from './options.ts';
import { AVAILABILITY, CUSTOMERS, STORE } from './setting-groups.ts';
import { wholeNumber } from './whole-number.ts';

export function addEndpoints(program: Command, done: Done): void {
  const command = program
    .command('endpoints')
    .summary('rank the endpoints of some days')
    .description(
      'Prints the endpoints (method and path template) of a customer in a range of days, or of all customers together, sorted by any of their numbers.',
    )
    .argument('[customer]', 'the id of a customer, or an alias (default: all customers together)')
    .option('--from <date>', 'the first day, YYYY-MM-DD (default: 29 days before the last)')
    .option('--to <date>', 'the last day, YYYY-MM-DD (default: today)')
    .addOption(
      new Option('--sort <number>', 'the number to sort by').choices(ENDPOINT_SORTS).default('requests'),
    )
    .addOption(
      new Option('--order <order>', 'the order (default: the worst first, or the most)').choices([
        'asc',
        'desc',
      ]),
    )
    .option('--limit <number>', 'how many endpoints to print at most', rankingLimit, 20)
    .option('--json', 'print JSON, like the API', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (customer, options) =>
      done(await (await import('../endpoints.ts')).endpoints(customer, settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

export function addCustomers(program: Command, done: Done): void {
  const command = program
    .command('customers')
    .summary('rank the customers of some days')
    .description(
      'Prints the customers with requests in a range of days, sorted by any of their numbers, and how they changed since as many days before.',
    )
    .option('--from <date>', 'the first day, YYYY-MM-DD (default: 29 days before the last)')
    .option('--to <date>', 'the last day, YYYY-MM-DD (default: today)')
    .addOption(new Option('--sort <number>', 'the number to sort by').choices(SORT_NAMES).default('requests'))
    .addOption(
      new Option('--order <order>', 'the order (default: the worst first, or the most)').choices([
        'asc',
        'desc',
      ]),
    )
    .option('--search <text>', 'only customers whose id or name contains this')
    .option('--endpoint <endpoint>', 'only requests of this endpoint, such as "GET /orders/{id}"')
    .option('--limit <number>', 'how many customers to print at most', rankingLimit, 20)
    .option('--json', 'print JSON, like the API', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../customers.ts')).customers(settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

export function addWorstDays(program: Command, done: Done): void {
  const command = program
    .command('worst-days')
    .summary('print the customers with the worst days')
    .description(
      'Prints the customers with the worst days of a range, by availability, each with the numbers of its worst day.',
    )
    .requiredOption('--from <date>', 'the first day, YYYY-MM-DD')
    .requiredOption('--to <date>', 'the last day, YYYY-MM-DD')
    .option('--min-requests <number>', 'only days with at least so many requests', wholeNumber, 1)
    .option('--limit <number>', 'how many customers to print at most', rankingLimit, 20)
    .option('--json', 'print JSON, like the API', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../worst-days.ts')).printWorstDays(settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

function rankingLimit(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) > 0 && Number(text) <= MAX_RANKING_PAGE) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_RANKING_PAGE}.`);
}
