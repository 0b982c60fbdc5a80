/** Requests by day and status. */

import { Type } from 'typebox';
import { MAX_DAYS_IN_ONE_PIECE } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import { FormatSchema, formOf } from '../../forms.ts';
import { STATUS_COLUMNS, type StatusAnswers, statusCells } from '../../status-answers.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes, daySchema } from '../../validation.ts';
import { checkRange } from './customers.ts';
import { READ_ERRORS } from './parameters.ts';
import { count, StatusRequests } from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';

/** Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const EXAMPLE_DAY = {
  date: '2024-10-02',
  requests: 125,
  statuses: [
    { status: 200, requests: 118 },
    { status: 404, requests: 6 },
    { status: 503, requests: 1 },
  ],
};

const StatusesSchema = Type.Object(
  {
    from: FROM,
    to: TO,
    customer_id: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The customer; null: all customers together.',
      examples: ['cust_40'],
    }),
    days: Type.Array(
      Type.Object({
        date: daySchema('The day.', '2024-10-02'),
        requests: count('All requests of the day.', 125),
        statuses: Type.Array(StatusRequests, { description: 'Requests by status, ascending.' }),
      }),
      { description: 'The days with requests, ascending.', examples: [[EXAMPLE_DAY]] },
    ),
  },
  { $id: 'Statuses', description: 'How many requests were answered with which status, by day.' },
);

const EXAMPLE = { from: '2024-10-01', to: '2024-10-31', customer_id: 'cust_40', days: [EXAMPLE_DAY] };

const RESPONSES = taggedResponses(
  {
    description:
      'The days with requests, each with its requests by status. CSV has a row for each day and status.',
    content: listContent({
      schema: Type.Ref('Statuses#'),
      ...{ example: EXAMPLE, rows: [EXAMPLE_DAY], cells: statusCells(EXAMPLE_DAY), columns: STATUS_COLUMNS },
    }),
  },
  [...READ_ERRORS, 'CUSTOMER_UNKNOWN', 'RANGE_TOO_LARGE', 'ANSWER_TOO_SLOW'],
);

/** `GET /v1/statuses`. */
export function addStatusesRoute(api: Api, answers: StatusAnswers): void {
  api.addSchema(StatusesSchema);
  api.get(
    '/v1/statuses',
    {
      config: { access: 'customer' },
      schema: {
        operationId: 'getStatuses',
        summary: 'Requests by day and status',
        description: `Of a customer, or of all together. A range has at most ${MAX_DAYS_IN_ONE_PIECE} days.`,
        tags: ['Statistics'],
        querystring: Type.Object(
          { from: FROM, to: TO, customer_id: Type.Optional(CustomerIdSchema), format: FormatSchema },
          { additionalProperties: false },
        ),
        response: RESPONSES,
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { customer_id: customerId, format, ...range } = request.query;
      const form = formOf(request, reply, format);
      checkRange(range);
      if (customerId !== undefined) checkCustomerId(customerId);
      const answer = await answers.find({ ...range, customerId, form }, request.reader?.id);
      return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), answer);
    },
  );
}
