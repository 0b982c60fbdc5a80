/** The customers of a range of days: searched, ranked, in pages. */

import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { grouped } from '../../../counted.ts';
import { DaymarkError } from '../../../errors.ts';
import { MAX_CUSTOMER_ID_BYTES, MAX_STRIP_DAYS, MAX_STRIP_DAYS_PER_ANSWER } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import type { CustomerNames } from '../../customer-names.ts';
import { FormatSchema, formOf } from '../../forms.ts';
import { sendPage } from '../../lists.ts';
import type { CustomerRankings } from '../../ranking/customer-rankings.ts';
import { flatCustomer, RANKING_COLUMNS, rankingAnswer, STRIP_COLUMN } from '../../ranking/ranking-answer.ts';
import { SORT_NAMES, type Sort } from '../../ranking/sort-names.ts';
import { CustomerIdSchema, checkQueryEscapes, daySchema } from '../../validation.ts';
import { RANKING_PAGE, READ_ERRORS, rankingLimitOf } from './parameters.ts';
import {
  CUSTOMER_NAME,
  EndpointSchema,
  exampleOf,
  NUMBERS,
  nullable,
  orNull,
  STATUS_CLASSES,
} from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';

const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const SortSchema = Type.Unsafe<Sort>({
  type: 'string',
  enum: SORT_NAMES,
  description:
    'The number to sort by. Customers for whom it is null come last, and those with equal numbers in the order of their ids. Without it: `customer_id`, the fastest. To sort by `uptime_percentage` or a duration, daymark merges the durations of all customers, which takes many times as long as the others.',
  examples: ['availability_percentage'],
});

const OrderSchema = Type.Unsafe<'asc' | 'desc'>({
  type: 'string',
  enum: ['asc', 'desc'],
  description:
    'Ascending or descending. Without it: ascending for `customer_id`, `availability_change` and the percentages, so that the worst come first, and descending for all others.',
  examples: ['asc'],
});

const searchSchema = (description: string, example: string) =>
  Type.String({
    minLength: 1,
    maxLength: MAX_CUSTOMER_ID_BYTES,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    description,
    examples: [example],
  });

const QUERY = Type.Object(
  {
    from: FROM,
    to: TO,
    endpoint: Type.Optional(EndpointSchema),
    prefix: Type.Optional(searchSchema('Only customers whose id begins with this.', 'cust_')),
    search: Type.Optional(
      searchSchema(
        'Only customers whose id or name contains this, in upper or lower case, or of whom it is an alias.',
        'acme',
      ),
    ),
    sort: Type.Optional(SortSchema),
    order: Type.Optional(OrderSchema),
    ...RANKING_PAGE,
    strip_days: Type.Optional(
      Type.String({
        pattern: '^([1-9]|[1-8]\\d|90)$',
        description: `With it, each customer brings along its last days, up to the last one of the range: 1 to ${MAX_STRIP_DAYS} of them. \`limit\` times \`strip_days\` is at most ${grouped(MAX_STRIP_DAYS_PER_ANSWER)}.`,
        examples: ['30'],
      }),
    ),
    format: FormatSchema,
  },
  { additionalProperties: false },
);

const StripDaySchema = Type.Object(
  {
    date: daySchema('The day.', '2024-10-31'),
    requests: NUMBERS.requests,
    error_requests: NUMBERS.error_requests,
    counted_requests: NUMBERS.counted_requests,
    availability_percentage: NUMBERS.availability_percentage,
  },
  { $id: 'StripDay', description: 'A day of a customer, in short.' },
);

const RankedCustomerSchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    ...NUMBERS,
    requests_change: nullable(
      'The requests less those of the preceding range. Null where that range begins before the year 1.',
      12,
    ),
    availability_change: nullable(
      'The availability less that of the preceding range, in percentage points. Null where one of them is null.',
      -0.4,
      { minimum: -100, maximum: 100 },
    ),
    status_classes: STATUS_CLASSES,
    days: Type.Optional(
      Type.Array(Type.Ref('StripDay#'), {
        description:
          'Its last days with requests, ascending. Absent without `strip_days`. In CSV and Parquet, a cell of JSON.',
        examples: [[]],
      }),
    ),
    customer_name: CUSTOMER_NAME,
  },
  {
    $id: 'RankedCustomer',
    description:
      'How the API treated one customer over a range of days. `docs/definitions.md` defines each number.',
  },
);

const RankingSchema = Type.Object(
  {
    from: FROM,
    to: TO,
    preceding: orNull(
      Type.Object({
        from: daySchema('The first day of it.', '2024-08-31'),
        to: daySchema('The last day of it.', '2024-09-30'),
      }),
      'The preceding range with as many days, with which the changes compare. Null if it would begin before the year 1.',
      { from: '2024-08-31', to: '2024-09-30' },
    ),
    endpoint: Type.Optional(
      Type.String({
        description: 'The endpoint that was asked for. Absent: all.',
        examples: ['GET /orders/{id}'],
      }),
    ),
    sort: SortSchema,
    order: OrderSchema,
    customers: Type.Array(Type.Ref('RankedCustomer#'), {
      description: 'The customers with requests in the range, in the order that was asked for.',
      examples: [[]],
    }),
    next_cursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The `cursor` of the next page. Null where this is the last one.',
      examples: ['WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0'],
    }),
  },
  { $id: 'CustomerRanking', description: 'A page of customers.' },
);

const { days: _, ...EXAMPLE_ROW } = exampleOf(RankedCustomerSchema.properties);

const RESPONSES = taggedResponses(
  {
    description: 'A page of the customers with requests in the range.',
    content: listContent({
      schema: Type.Ref('CustomerRanking#'),
      example: { ...exampleOf(RankingSchema.properties), customers: [EXAMPLE_ROW] },
      ...{ rows: [EXAMPLE_ROW], cells: [flatCustomer(EXAMPLE_ROW)], columns: RANKING_COLUMNS },
    }),
    isPaged: true,
  },
  [...READ_ERRORS, 'RANGE_TOO_LARGE', 'ANSWER_TOO_SLOW'],
);

const DESCRIPTION = [
  'Pages stay right while rows change: a page begins behind the last customer of the page before, by the number and the id',
  'that it had there. So a customer whose number does not change is on one page, and on no other. One whose number changes',
  'between two pages may be on both, or on none.',
].join(' ');

/** `GET /v1/customers`. */
export function addCustomersRoute(api: Api, rankings: CustomerRankings, customers: CustomerNames): void {
  api.addSchema(StripDaySchema);
  api.addSchema(RankedCustomerSchema);
  api.addSchema(RankingSchema);
  api.get(
    '/v1/customers',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'rankCustomers',
        summary: 'Customers, searched and ranked',
        description: DESCRIPTION,
        tags: ['Statistics'],
        querystring: QUERY,
        response: RESPONSES,
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { limit, sort = 'customer_id', strip_days: days, format, ...asked } = request.query;
      const form = formOf(request, reply, format);
      checkRange(asked);
      if (asked.prefix !== undefined && asked.search !== undefined)
        throw new DaymarkError('INVALID_REQUEST', 'Give either `prefix` or `search`, not both.');
      const ranking = {
        ...{ ...asked, sort, limit: rankingLimitOf(limit) },
        stripDays: days === undefined ? undefined : Number(days),
      };
      const gone = goneSignal(reply);
      try {
        const {
          customers: rows,
          next_cursor: next,
          ...head
        } = await rankingAnswer(rankings, ranking, customers, gone);
        const columns = days === undefined ? RANKING_COLUMNS : [...RANKING_COLUMNS, STRIP_COLUMN];
        const list = { head, name: 'customers', rows, cellsOf: flatCustomer, columns, next };
        return await sendPage(request, reply, form, list);
      } catch (error) {
        // Nobody waits for an answer any more.
        if (gone.aborted) return reply.hijack();
        throw error;
      }
    },
  );
}

/** @throws {DaymarkError} INVALID_REQUEST */
export function checkRange({ from, to }: { readonly from: string; readonly to: string }): void {
  if (to < from) throw new DaymarkError('INVALID_REQUEST', '`to` is before `from`.');
}

/** Aborts when the client has gone. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
