/** The endpoints of a range of days. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import type { Api } from '../../api.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import type { EndpointAnswers } from '../../endpoints/endpoint-answers.ts';
import { ENDPOINT_SORTS, type EndpointSort, usualEndpointOrder } from '../../endpoints/endpoint-sorts.ts';
import { ENDPOINT_COLUMNS, flatEndpoint } from '../../endpoints/endpoint-statistics.ts';
import { type Form, FormatSchema, formOf } from '../../forms.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes, daySchema } from '../../validation.ts';
import { checkRange } from './customers.ts';
import { READ_ERRORS, rankingLimitOf, rankingLimitSchema } from './parameters.ts';
import {
  CUSTOMER_NAME,
  count,
  exampleOf,
  NUMBERS,
  RELIABILITY,
  STATUS_CLASSES,
  StatusRequests,
} from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';

const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const SortSchema = Type.Unsafe<EndpointSort>({
  type: 'string',
  enum: ENDPOINT_SORTS,
  description:
    'The number to sort by. Endpoints for which it is null come last, and those with equal numbers in the order of their texts. Without it: `requests`.',
  examples: ['availability_percentage'],
});

const OrderSchema = Type.Unsafe<'asc' | 'desc'>({
  type: 'string',
  enum: ['asc', 'desc'],
  description:
    'Ascending or descending. Without it: ascending for `endpoint` and the percentages, so that the worst come first, and descending for all others.',
  examples: ['asc'],
});

const QUERY = {
  from: FROM,
  to: TO,
  sort: Type.Optional(SortSchema),
  order: Type.Optional(OrderSchema),
  limit: Type.Optional(rankingLimitSchema('Endpoints of the answer')),
  format: FormatSchema,
};

/** Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

const strict = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

const EndpointSchema = Type.Object(
  {
    endpoint: Type.String({
      description:
        'Method and path template. `(not found)`: requests that were answered 404. `(other)`: those without a path, or that fit no template.',
      examples: ['GET /orders/{id}'],
    }),
    method: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The method. Null where the log has none, and for `(not found)` and `(other)`.',
      examples: ['GET'],
    }),
    path: Type.String({ description: 'The path template.', examples: ['/orders/{id}'] }),
    ...NUMBERS,
    statuses: Type.Array(StatusRequests, {
      description: 'Requests by status, ascending.',
      examples: [
        [
          { status: 200, requests: 118 },
          { status: 404, requests: 6 },
          { status: 503, requests: 1 },
        ],
      ],
    }),
    status_classes: STATUS_CLASSES,
  },
  {
    $id: 'EndpointStats',
    description: 'How the API treated the requests of one endpoint over a range of days.',
  },
);

const EndpointsSchema = Type.Object(
  {
    customer_id: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The customer; null: all customers together.',
      examples: ['cust_40'],
    }),
    customer_name: CUSTOMER_NAME,
    from: FROM,
    to: TO,
    requests: count('All requests of the range.', 125),
    unknown_requests: count(
      'Those of them whose endpoint is not known: they were read by an older daymark, while `ENDPOINTS` was off, or from a log without a path. `daymark rebuild` adds them.',
      0,
    ),
    ...RELIABILITY,
    sort: SortSchema,
    order: OrderSchema,
    endpoint_count: count('How many endpoints there are in the range, beyond `limit`, too.', 1),
    endpoints: Type.Array(Type.Ref('EndpointStats#'), {
      description: 'The endpoints with requests, in the order that was asked for.',
      examples: [[]],
    }),
  },
  { $id: 'Endpoints', description: 'The endpoints of a range of days.' },
);

const EXAMPLE_ROW = exampleOf(EndpointSchema.properties);

const RESPONSES = taggedResponses(
  {
    description:
      'The endpoints with requests in the range, each with the numbers of all its requests together.',
    content: listContent({
      schema: Type.Ref('Endpoints#'),
      example: { ...exampleOf(EndpointsSchema.properties), endpoints: [EXAMPLE_ROW] },
      ...{ rows: [EXAMPLE_ROW], cells: [flatEndpoint(EXAMPLE_ROW)], columns: ENDPOINT_COLUMNS },
    }),
  },
  [...READ_ERRORS, 'CUSTOMER_UNKNOWN', 'RANGE_TOO_LARGE'],
);

const COMMON = { tags: ['Statistics'], response: RESPONSES };

/** `GET /v1/customers/{customer_id}/endpoints` and `GET /v1/endpoints`. */
export function addEndpointRoutes(api: Api, answers: EndpointAnswers): void {
  api.addSchema(EndpointSchema);
  api.addSchema(EndpointsSchema);
  api.get(
    '/v1/customers/:customer_id/endpoints',
    {
      config: { access: 'customer' },
      schema: {
        ...{ operationId: 'getCustomerEndpoints', summary: 'The endpoints of a customer', ...COMMON },
        description: 'Merged from all requests of each endpoint in the range, never an average of its days.',
        params: strict({ customer_id: CustomerIdSchema }),
        querystring: strict(QUERY),
      },
    },
    (request, reply) => send(answers, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/v1/endpoints',
    {
      config: { access: 'customer' },
      schema: {
        ...{ operationId: 'getEndpoints', summary: 'The endpoints of all customers together', ...COMMON },
        description:
          'Or those of the customer in the query: for the customer ids `.` and `..`, which cannot stand in a path.',
        querystring: strict({ customer_id: Type.Optional(CustomerIdSchema), ...QUERY }),
      },
    },
    (request, reply) => send(answers, request.query.customer_id, request.query, request, reply),
  );
}

interface Query {
  readonly from: string;
  readonly to: string;
  readonly sort?: EndpointSort;
  readonly order?: 'asc' | 'desc';
  readonly limit?: string;
  readonly format?: Form;
}

async function send(
  answers: EndpointAnswers,
  customerId: string | undefined,
  { from, to, sort = 'requests', order = usualEndpointOrder(sort), limit, format }: Query,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  checkQueryEscapes(request.url);
  const form = formOf(request, reply, format);
  checkRange({ from, to });
  if (customerId !== undefined) checkCustomerId(customerId);
  const most = rankingLimitOf(limit);
  const asked = { customerId, from, to, sort, order, limit: most, form };
  const answer = await answers.find(asked, request.reader?.id);
  return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), answer);
}
