/** Schemas of what is told of hours, days, weeks, months and ranges. */

import { type TProperties, type TSchema, Type } from 'typebox';
import { MAX_ENDPOINT_CHARACTERS, MAX_SHARES_UNDER } from '../../../limits.ts';
import { SHARE_BOUNDS_PATTERN } from '../../../statistics/share-bounds.ts';
import { SPAN_GRANULARITIES, type SpanGranularity } from '../../../window/calendar.ts';
import { daySchema } from '../../validation.ts';

export const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

/** A number, or null. (TypeBox would make `anyOf` of it, which is hard to read.) */
export const nullable = (description: string, example: number, bounds: object = {}) =>
  Type.Unsafe<number | null>({ type: ['number', 'null'], ...bounds, description, examples: [example] });

const percentage = (description: string, example: number) =>
  nullable(`${description} Percent.`, example, { minimum: 0, maximum: 100 });

const seconds = (description: string, example: number) =>
  nullable(`${description} Seconds. Null where no request has a duration.`, example, { minimum: 0 });

export const orNull = (schema: TSchema, description: string, example: unknown) =>
  Type.Unsafe({ anyOf: [schema, { type: 'null' }], description, examples: [example] });

/** The numbers of some days together, in the order of `summaryOf`. */
export const NUMBERS = {
  requests: count('All requests.', 125),
  success_requests: count('Requests with a status of 200 to 299.', 118),
  failed_requests: count('Requests with any other status.', 7),
  error_requests: count('The counted requests with one of the `FAILED_STATUSES`.', 1),
  counted_requests: count('All requests but those with one of the `IGNORED_STATUSES`.', 125),
  availability_percentage: percentage(
    '(`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts.',
    99.2,
  ),
  success_percentage: percentage('Successes over all requests. Null where there are none.', 94.4),
  uptime_percentage: percentage(
    'The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration.',
    95.2,
  ),
  duration_mean: seconds('The sum of the durations over the number of requests that have one.', 0.412),
  duration_min: seconds('The shortest duration.', 0.012),
  duration_p50: seconds('The median duration, by nearest rank.', 0.316),
  duration_p90: seconds('The 90th percentile, by nearest rank.', 0.8),
  duration_p95: seconds('The 95th percentile, by nearest rank.', 1.1),
  duration_p99: seconds('The 99th percentile, by nearest rank.', 1.551),
  duration_p999: seconds('The 99.9th percentile, by nearest rank.', 2.2),
  duration_max: seconds('The longest duration.', 2.3),
  duration_precision: Type.Unsafe<5 | 4 | null>({
    type: ['integer', 'null'],
    enum: [5, 4, null],
    description:
      'Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.',
    examples: [null],
  }),
};

export const RELIABILITY = {
  state: Type.Unsafe<'open' | 'final' | 'revised'>({
    type: 'string',
    enum: ['open', 'final', 'revised'],
    description:
      'How far the numbers can be relied on. `open`: more may come to one of the days. `final`: all logs have passed the end of the last day. `revised`: final, and changed by late events.',
    examples: ['final'],
  }),
  state_since: Type.String({
    format: 'date-time',
    description:
      'Since when: when the first day began, when the last one became final, or when a day was revised last. RFC 3339 in UTC.',
    examples: ['2024-11-01T01:00:07.000Z'],
  }),
  revision: count('Late events that were merged into the days.', 0),
};

export const CUSTOMER_NAME = Type.Optional(
  Type.String({
    description: 'The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.',
    examples: ['Acme Corporation'],
  }),
);

export const CUSTOMER_OR_ALL = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description: 'The customer; null: all customers together.',
  examples: ['cust_40'],
});

export const SpanStatsSchema = Type.Object(
  {
    customer_id: CUSTOMER_OR_ALL,
    span: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}Z)?$',
      description:
        'The name of the span: the first day of the day, week or month, or the instant at which the hour begins.',
      examples: ['2024-10-01'],
    }),
    from: daySchema(
      'The first day that is counted. It differs from `span` where the range cuts a span.',
      '2024-10-01',
    ),
    to: daySchema('The last day that is counted.', '2024-10-31'),
    ...NUMBERS,
    ...RELIABILITY,
    customer_name: CUSTOMER_NAME,
  },
  {
    $id: 'SpanStats',
    description:
      'How the API treated one customer, or all together, in one hour, on one day, in one week or one month. `docs/definitions.md` defines each number.',
  },
);

export const StatusRequests = Type.Object({
  status: Type.Integer({ minimum: 0, maximum: 599, description: 'The status; 0: no response.' }),
  requests: count('Requests with it.', 118),
});

const ShareUnder = Type.Object({
  seconds: Type.Number({ minimum: 0, description: 'The time that was asked for.' }),
  requests: count('Requests whose duration is less.', 118),
  percentage: percentage('Their share of the requests that have a duration.', 94.4),
});

const RankedDay = Type.Object({
  date: daySchema('The day.', '2024-10-02'),
  requests: NUMBERS.requests,
  availability_percentage: NUMBERS.availability_percentage,
  duration_p99: NUMBERS.duration_p99,
});

const RankedHour = Type.Object({
  hour: Type.String({ format: 'date-time', description: 'The instant at which it begins.' }),
  requests: NUMBERS.requests,
  availability_percentage: NUMBERS.availability_percentage,
  duration_p99: NUMBERS.duration_p99,
});

const SHARES_UNDER = Type.Array(ShareUnder, {
  description: 'For each of the times in `share_under`, in their order. Empty where there are none.',
  examples: [[{ seconds: 0.5, requests: 100, percentage: 80 }]],
});

const { duration_precision: _, ...CHANGING } = NUMBERS;

/** The same fields with a sign. */
const CHANGES = Object.fromEntries(
  Object.keys(CHANGING).map((name) => [
    name,
    nullable('The number of the range, less that of the preceding range.', 1),
  ]),
) as TProperties;

export const STATUS_CLASSES = Type.Object(
  {
    no_response: count('Requests without a response.', 0),
    '1xx': count('Requests with a status of 100 to 199.', 0),
    '2xx': count('Requests with a status of 200 to 299.', 118),
    '3xx': count('Requests with a status of 300 to 399.', 0),
    '4xx': count('Requests with a status of 400 to 499.', 6),
    '5xx': count('Requests with a status of 500 to 599.', 1),
  },
  {
    description: 'Requests by class of status.',
    examples: [{ no_response: 0, '1xx': 0, '2xx': 118, '3xx': 0, '4xx': 6, '5xx': 1 }],
  },
);

/** An example of an object: every field with its own first example. */
export function exampleOf(properties: TProperties): Record<string, unknown> {
  const firstOf = (schema: object) => (schema as { readonly examples: readonly unknown[] }).examples[0];
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, firstOf(schema)]));
}

const EVERYONE = {
  days_with_requests: count('The days of the range with at least one request of any customer.', 31),
  availability_percentage: NUMBERS.availability_percentage,
  success_percentage: NUMBERS.success_percentage,
  uptime_percentage: NUMBERS.uptime_percentage,
  duration_mean: NUMBERS.duration_mean,
  duration_p50: NUMBERS.duration_p50,
  duration_p90: NUMBERS.duration_p90,
  duration_p95: NUMBERS.duration_p95,
  duration_p99: NUMBERS.duration_p99,
  duration_p999: NUMBERS.duration_p999,
  duration_precision: Type.Unsafe<5 | 4 | 2 | null>({
    type: ['integer', 'null'],
    enum: [5, 4, 2, null],
    description:
      'Null where all durations are exact. Otherwise they are exact to this many significant digits: 2 for the key of a customer.',
    examples: [null],
  }),
  shares_under: Type.Array(Type.Pick(ShareUnder, ['seconds', 'percentage']), {
    description: 'For each of the times in `share_under`. Empty for the key of a customer.',
    examples: [[{ seconds: 0.5, percentage: 80 }]],
  }),
};

const EXAMPLE_DAY = { date: '2024-10-02', requests: 125, availability_percentage: 99.2, duration_p99: 1.551 };
const EXAMPLE_HOUR = {
  hour: '2024-10-02T05:00:00Z',
  requests: 12,
  availability_percentage: 99.2,
  duration_p99: 1.551,
};

export const CustomerSummarySchema = Type.Object(
  {
    customer_id: CUSTOMER_OR_ALL,
    customer_name: CUSTOMER_NAME,
    endpoint: Type.Optional(
      Type.String({
        description: 'The endpoint that was asked for. Absent: all.',
        examples: ['GET /orders/{id}'],
      }),
    ),
    from: daySchema('The first day of the range.', '2024-10-01'),
    to: daySchema('The last day of the range.', '2024-10-31'),
    days_with_requests: count('The days of the range with at least one request.', 30),
    ...NUMBERS,
    shares_under: SHARES_UNDER,
    statuses: Type.Array(StatusRequests, {
      description: 'Requests by status, ascending.',
      examples: [[{ status: 200, requests: 118 }]],
    }),
    status_classes: STATUS_CLASSES,
    best_day: orNull(
      RankedDay,
      'The day with the highest availability; of those, the one with the lowest `duration_p99`; of those, the first. Null where no request counts for the availability.',
      EXAMPLE_DAY,
    ),
    worst_day: orNull(
      RankedDay,
      'The day with the lowest availability; of those, the one with the highest `duration_p99`, and one without durations before all others; of those, the first.',
      EXAMPLE_DAY,
    ),
    best_hour: orNull(
      RankedHour,
      'The best hour, in the order of `best_day`. Null where the hours of a day are not known: see `HOURS`.',
      EXAMPLE_HOUR,
    ),
    worst_hour: orNull(RankedHour, 'The worst hour, in the order of `worst_day`.', EXAMPLE_HOUR),
    ...RELIABILITY,
    preceding: orNull(
      Type.Object({
        from: daySchema('The first day of it.', '2024-08-31'),
        to: daySchema('The last day of it.', '2024-09-30'),
        ...NUMBERS,
        shares_under: SHARES_UNDER,
      }),
      'The preceding range with as many days. Null if it would begin before the year 1, or if all customers together are not known for it.',
      { from: '2024-08-31', to: '2024-09-30', ...exampleOf(NUMBERS), shares_under: [] },
    ),
    change: orNull(
      Type.Object(CHANGES),
      'The numbers of the range less those of the preceding range, in the same units. Null where one of the two is null.',
      Object.fromEntries(Object.keys(CHANGES).map((name) => [name, 0])),
    ),
    everyone: orNull(
      Type.Object(EVERYONE),
      'All customers together, in the same range: was it only this one? Without the numbers of requests, but an exact percentage can tell these, too. So the key of a customer gets percentages to one decimal and durations to two significant digits. Null where all customers together are asked for, where daymark has not kept them for each of these days (see `ALL_CUSTOMERS`), and for the key of a customer where too few customers have requests on one of these days to hide each other (see `EVERYONE_MIN_CUSTOMERS`).',
      exampleOf(EVERYONE),
    ),
  },
  {
    $id: 'CustomerSummary',
    description:
      'How the API treated one customer, or all together, over a range of days. `docs/definitions.md` defines each number.',
  },
);

export const GranularitySchema = Type.Unsafe<SpanGranularity>({
  type: 'string',
  enum: [...SPAN_GRANULARITIES],
  description:
    'What one row covers: an hour, a day, a week from Monday to Sunday, or a month. Without it: a day.',
  examples: ['month'],
});

export const EndpointSchema = Type.String({
  minLength: 1,
  maxLength: MAX_ENDPOINT_CHARACTERS,
  pattern: '^[ -~]+$',
  description:
    'Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.',
  examples: ['GET /orders/{id}'],
});

export const FillSchema = Type.Unsafe<'true' | 'false'>({
  type: 'string',
  enum: ['true', 'false'],
  description:
    'With `true`, spans without requests have rows, too: zero requests, and null for what is not known.',
  examples: ['true'],
});

export const ShareUnderSchema = Type.String({
  pattern: SHARE_BOUNDS_PATTERN,
  maxLength: 13 * MAX_SHARES_UNDER,
  description: `Up to ${MAX_SHARES_UNDER} times in seconds, separated by commas. The answer tells the share of the requests that took less than each.`,
  examples: ['0.5,1'],
});
