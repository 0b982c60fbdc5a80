/** Hours, days, weeks and months of a customer or of all together, and the summary of a range. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { DaymarkError } from '../../../errors.ts';
import { shareBoundsUs } from '../../../statistics/share-bounds.ts';
import { isRestricted } from '../../access/reader.ts';
import type { Answer } from '../../answer-cache.ts';
import type { Api } from '../../api.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import { assertJsonAccepted, type Form, FormatSchema, formOf } from '../../forms.ts';
import type { RangeAnswers, SpansOfCustomer } from '../../range-answers.ts';
import { SPAN_FIELDS } from '../../range-statistics.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes, daySchema } from '../../validation.ts';
import { READ_ERRORS } from './parameters.ts';
import {
  CustomerSummarySchema,
  EndpointSchema,
  exampleOf,
  FillSchema,
  GranularitySchema,
  ShareUnderSchema,
  SpanStatsSchema,
} from './range-schemas.ts';
import { jsonContent, listContent, taggedResponses } from './responses.ts';

/** Headers of every answer. Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const STATS_QUERY = {
  from: FROM,
  to: Type.Optional(
    daySchema('The last day of the range; it is included. Without it: the last with requests.', '2024-10-31'),
  ),
  granularity: Type.Optional(GranularitySchema),
  endpoint: Type.Optional(EndpointSchema),
  fill: Type.Optional(FillSchema),
  format: FormatSchema,
};

const SUMMARY_QUERY = {
  from: FROM,
  to: TO,
  endpoint: Type.Optional(EndpointSchema),
  share_under: Type.Optional(ShareUnderSchema),
};

const IN_PATH = Type.Object({ customer_id: CustomerIdSchema });

const strict = <Properties extends Record<string, TSchema>>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const CODES = [...READ_ERRORS, 'CUSTOMER_UNKNOWN', 'HOURS_UNKNOWN', 'RANGE_TOO_LARGE'] as const;
const SUMMARY_CODES = [...CODES, 'ANSWER_TOO_SLOW'] as const;
/** The errors where all customers together can be asked for. */
const CODES_OF_ALL = [...CODES, 'ALL_CUSTOMERS_UNKNOWN'] as const;

const EXAMPLE_ROW = exampleOf(SpanStatsSchema.properties);

const SPANS = {
  description:
    'The spans with requests, ascending; with `fill=true`, all of them. A week or month that the range cuts has the numbers of its part in the range.',
  content: listContent({
    schema: Type.Array(Type.Ref('SpanStats#')),
    ...{ example: [EXAMPLE_ROW], rows: [EXAMPLE_ROW], columns: SPAN_FIELDS },
  }),
};

const SUMMARY = {
  description:
    'The numbers of all requests of the range together, and of the preceding range of equal length.',
  content: jsonContent(Type.Ref('CustomerSummary#'), exampleOf(CustomerSummarySchema.properties)),
};

const IN_QUERY =
  'Or those of the customer in the query: for forms, and for the customer ids `.` and `..`, which cannot stand in a path.';

const OF_CUSTOMER = { tags: ['Statistics'], params: IN_PATH };
const OF_ALL = { tags: ['Statistics'], description: IN_QUERY };
const CUSTOMER_ASKED = { customer_id: Type.Optional(CustomerIdSchema) };

/**
 * Adds the routes: of a customer in the path, and of all customers together.
 * @param everyoneMinCustomers how many must have requests on each day before one of them is told of all together. 0: never.
 */
export function addRangeRoutes(api: Api, answers: RangeAnswers, everyoneMinCustomers: number): void {
  api.addSchema(SpanStatsSchema);
  api.addSchema(CustomerSummarySchema);
  addStatsRoutes(api, answers);
  addSummaryRoutes(api, { answers, everyoneMinCustomers });
}

function addStatsRoutes(api: Api, answers: RangeAnswers): void {
  api.get(
    '/v1/customers/:customer_id/stats',
    {
      config: { access: 'customer' },
      schema: {
        ...{
          operationId: 'getCustomerSpans',
          summary: 'A customer by hour, day, week or month',
          ...OF_CUSTOMER,
        },
        description: 'Merged from the requests of each span, never an average of the days.',
        querystring: strict(STATS_QUERY),
        response: taggedResponses(SPANS, CODES),
      },
    },
    (request, reply) => sendSpans(answers, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/v1/stats',
    {
      config: { access: 'customer' },
      schema: {
        ...{
          operationId: 'getSpans',
          summary: 'All customers together by hour, day, week or month',
          ...OF_ALL,
        },
        querystring: strict({ ...CUSTOMER_ASKED, ...STATS_QUERY }),
        response: taggedResponses(SPANS, CODES_OF_ALL),
      },
    },
    (request, reply) => sendSpans(answers, request.query.customer_id, request.query, request, reply),
  );
}

interface SummarySources {
  readonly answers: RangeAnswers;
  readonly everyoneMinCustomers: number;
}

function addSummaryRoutes(api: Api, sources: SummarySources): void {
  api.get(
    '/v1/customers/:customer_id/summary',
    {
      config: { access: 'customer' },
      schema: {
        ...{ operationId: 'getCustomerSummary', ...OF_CUSTOMER },
        summary: 'A range of days of a customer, beside the preceding one',
        description: 'Merged from all requests of the range, never an average of its days.',
        querystring: strict(SUMMARY_QUERY),
        response: taggedResponses(SUMMARY, SUMMARY_CODES),
      },
    },
    (request, reply) => sendSummary(sources, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/v1/summary',
    {
      config: { access: 'customer' },
      schema: {
        ...{ operationId: 'getSummary', ...OF_ALL },
        summary: 'A range of days of all customers together, beside the preceding one',
        querystring: strict({ ...CUSTOMER_ASKED, ...SUMMARY_QUERY }),
        response: taggedResponses(SUMMARY, [...SUMMARY_CODES, 'ALL_CUSTOMERS_UNKNOWN']),
      },
    },
    (request, reply) => sendSummary(sources, request.query.customer_id, request.query, request, reply),
  );
}

interface SpansQuery extends Pick<SpansOfCustomer, 'from'> {
  readonly to?: string;
  readonly endpoint?: string;
  readonly granularity?: SpansOfCustomer['granularity'];
  readonly fill?: 'true' | 'false';
  readonly format?: Form;
}

async function sendSpans(
  answers: RangeAnswers,
  customerId: string | undefined,
  { from, to, granularity = 'day', endpoint, fill, format }: SpansQuery,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const form = formOf(request, reply, format);
  check(customerId, from, to, request);
  if (granularity === 'hour' && endpoint !== undefined)
    throw new DaymarkError('INVALID_REQUEST', 'Endpoints have no hours: give another `granularity`.');
  const asked = { customerId, from, to, granularity, endpoint, isFilled: fill === 'true', form };
  return send(await answers.spans(asked, request.reader?.id), request, reply);
}

interface SummaryQuery {
  readonly from: string;
  readonly to: string;
  readonly endpoint?: string;
  readonly share_under?: string;
}

async function sendSummary(
  { answers, everyoneMinCustomers }: SummarySources,
  customerId: string | undefined,
  { from, to, endpoint, share_under: list }: SummaryQuery,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  assertJsonAccepted(request, reply);
  check(customerId, from, to, request);
  const sharesUnderUs = (list !== undefined && shareBoundsUs(list)) || [];
  const everyoneMin = isRestricted(request.reader) ? everyoneMinCustomers : undefined;
  const asked = { customerId, from, to, endpoint, sharesUnderUs, everyoneMin };
  return send(await answers.summary(asked, request.reader?.id), request, reply);
}

function check(
  customerId: string | undefined,
  from: string,
  to: string | undefined,
  request: FastifyRequest,
): void {
  checkQueryEscapes(request.url);
  if (customerId !== undefined) checkCustomerId(customerId);
  if (to !== undefined && to < from) throw new DaymarkError('INVALID_REQUEST', '`to` is before `from`.');
}

function send(answer: Answer, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), answer);
}
