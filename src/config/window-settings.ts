/** The settings that say which windows are kept, how long, and how their availability is computed. */

import { DEFAULT_TARGET_PERCENT } from '../limits.ts';
import { DEFAULT_FAILED_STATUSES } from '../statistics/availability.ts';
import { define } from './setting-definition.ts';

export const WINDOW_SETTINGS = define({
  RETENTION_DAYS: {
    group: 'days',
    kind: 'integer',
    default: 0,
    unit: 'days',
    min: 0,
    max: 36_500,
    placeholder: 'days',
    summary: 'how many days to keep; 0: all',
    meaning:
      'How many days to keep: today and this many days before it, by the system time and in `TIME_ZONE`. 0: all days are kept. `ingest` and `up` delete older days for good: when they start, every hour while they follow, and when they end. Before that they print the days and the number of rows. You must confirm the number once for each database: on a terminal daymark asks; elsewhere set `CONFIRM_RETENTION_DAYS`. Until then `RETENTION_DAYS` has no effect, and a warning says so.',
    example: '400',
  },
  CONFIRM_RETENTION_DAYS: {
    group: 'days',
    kind: 'integer',
    default: undefined,
    unit: 'days',
    min: 1,
    max: 36_500,
    placeholder: 'days',
    summary: 'confirm that RETENTION_DAYS may delete',
    meaning:
      'Confirms that `RETENTION_DAYS` may delete days if it keeps at least this many. Set both to the same number. The database remembers the number, so you need this only once. A smaller `RETENTION_DAYS` must be confirmed again.',
    example: '400',
  },
  HOURS: {
    group: 'days',
    kind: 'choice',
    choices: ['on', 'off'],
    default: 'on',
    placeholder: 'switch',
    summary: 'keep hours beside days',
    meaning:
      'Whether the hours of each customer are kept beside the days. They are hours of `TIME_ZONE`. Days that were read without them have none; `rebuild` adds them.',
    example: 'off',
  },
  HOURS_RETENTION_DAYS: {
    group: 'days',
    kind: 'integer',
    default: 62,
    unit: 'days',
    min: 0,
    max: 36_500,
    placeholder: 'days',
    summary: 'of how many days to keep hours; 0: all',
    meaning:
      'Of how many days to keep hours: the last day that has requests, but today at the latest, and this many days before it. 0: the hours of all days are kept. Days stay. `ingest` and `up` delete older hours at the moments at which `RETENTION_DAYS` deletes days.',
    example: '14',
  },
  ALL_CUSTOMERS: {
    group: 'days',
    kind: 'choice',
    choices: ['on', 'off'],
    default: 'on',
    placeholder: 'switch',
    summary: 'keep the numbers of all customers together',
    meaning:
      'Whether the days and hours of all customers together are kept, beside those of each customer. Days that were read without them have none; `rebuild` adds them.',
    example: 'off',
  },
  ENDPOINTS: {
    group: 'days',
    kind: 'text',
    default: 'auto',
    placeholder: 'auto|off|file',
    summary: 'keep the days of each endpoint',
    meaning:
      'Whether the days of each endpoint (method and path template) of each customer are kept, and how templates are made. `auto`: daymark replaces identifiers in paths by `{id}`. A file: an OpenAPI document (3.x, YAML or JSON), or a list of templates, one a line. `off`: no endpoints. Logs without a path have none. Days that were read without them have none; `rebuild` adds them. `docs/endpoints.md` explains it.',
    example: './openapi.yaml',
  },
  FAILED_STATUSES: {
    group: 'days',
    kind: 'statuses',
    default: DEFAULT_FAILED_STATUSES,
    placeholder: 'statuses',
    summary: 'statuses that lower the availability',
    meaning:
      'The statuses that count as your failures in `availability_percentage`: codes and ranges, separated by commas. `0` stands for requests without a response. It applies when days are served, to all days, so you can change it at any time. `docs/definitions.md` explains it.',
    example: '0,429,500-599',
  },
  IGNORED_STATUSES: {
    group: 'days',
    kind: 'statuses',
    default: undefined,
    placeholder: 'statuses',
    summary: 'statuses left out of the availability',
    meaning:
      'The statuses of requests that do not count in `availability_percentage` at all, such as those of clients that went away: codes and ranges, separated by commas. They win over `FAILED_STATUSES`. It applies when days are served, to all days. Unset: all requests count.',
    example: '401,403,499',
  },
  TARGET_PERCENT: {
    group: 'days',
    kind: 'percentage',
    default: DEFAULT_TARGET_PERCENT,
    unit: '%',
    placeholder: 'percent',
    summary: 'the availability that you aim at',
    meaning:
      'The availability that customers may expect. The page colours days by it: within the target, below it, or so far below that one day used up what may fail in 30 days. It changes no number. `docs/page.md` has the rule.',
    example: '99.95',
  },
});
