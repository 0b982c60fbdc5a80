/** New customers, and silent ones. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import { DaymarkError } from '../../../errors.ts';
import type { Activity } from '../../activity/activity.ts';
import { ACTIVITY_COLUMNS, type ActivityAnswers } from '../../activity/activity-answers.ts';
import type { Api } from '../../api.ts';
import { type Form, FormatSchema, formOf } from '../../forms.ts';
import { sendPage } from '../../lists.ts';
import { CustomerIdSchema, checkQueryEscapes, daySchema } from '../../validation.ts';
import { checkRange } from './customers.ts';
import { NextCursorSchema, RANKING_PAGE, READ_ERRORS, rankingLimitOf } from './parameters.ts';
import { CUSTOMER_NAME, count, exampleOf, NUMBERS, orNull } from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';

const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const QUERY = {
  from: FROM,
  to: TO,
  ...RANKING_PAGE,
  format: FormatSchema,
};

const SINCE = Type.Optional(
  daySchema(
    'The first of the days before the range in which the customer had requests. Without it: as many days as the range has. So a range of the last week, with the first day of the month, finds who had requests in this month, and none in its last week.',
    '2024-09-01',
  ),
);

const strict = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

const ActiveCustomerSchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    first_date: daySchema('The first of the days that are counted.', '2024-10-07'),
    last_date: daySchema('The last of the days that are counted.', '2024-10-31'),
    days_with_requests: count('The number of the days that are counted.', 25),
    requests: NUMBERS.requests,
    success_requests: NUMBERS.success_requests,
    failed_requests: NUMBERS.failed_requests,
    error_requests: NUMBERS.error_requests,
    counted_requests: NUMBERS.counted_requests,
    availability_percentage: NUMBERS.availability_percentage,
    success_percentage: NUMBERS.success_percentage,
    customer_name: CUSTOMER_NAME,
  },
  {
    $id: 'ActiveCustomer',
    description:
      'A customer that is new or silent. The numbers are of the range for new ones, and of the days before it for silent ones.',
  },
);

const ActivitySchema = Type.Object(
  {
    from: FROM,
    to: TO,
    preceding: orNull(
      Type.Object({
        from: daySchema('The first day of them.', '2024-08-31'),
        to: daySchema('The last day of them.', '2024-09-30'),
      }),
      'The days before the range. Null if they would begin before the year 1.',
      { from: '2024-08-31', to: '2024-09-30' },
    ),
    customer_count: count('How many there are, on all pages.', 1),
    customers: Type.Array(Type.Ref('ActiveCustomer#'), {
      description: 'Those with the most requests first, and equal ones in the order of their ids.',
      examples: [[]],
    }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'CustomerActivity', description: 'A page of new or silent customers.' },
);

const EXAMPLE_ROW = exampleOf(ActiveCustomerSchema.properties);

const responsesOf = (description: string) =>
  taggedResponses(
    {
      description,
      content: listContent({
        schema: Type.Ref('CustomerActivity#'),
        example: { ...exampleOf(ActivitySchema.properties), customers: [EXAMPLE_ROW] },
        ...{ rows: [EXAMPLE_ROW], columns: ACTIVITY_COLUMNS },
      }),
      isPaged: true,
    },
    [...READ_ERRORS, 'RANGE_TOO_LARGE', 'ANSWER_TOO_SLOW'],
  );

/** `GET /v1/new-customers` and `GET /v1/silent-customers`. */
export function addActivityRoutes(api: Api, answers: ActivityAnswers): void {
  api.addSchema(ActiveCustomerSchema);
  api.addSchema(ActivitySchema);
  api.get(
    '/v1/new-customers',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'listNewCustomers',
        summary: 'Customers whose first request is in the range',
        description:
          'Days that were deleted (`RETENTION_DAYS`) do not count: a customer whose earlier days are all gone is new.',
        tags: ['Statistics'],
        querystring: strict(QUERY),
        response: responsesOf('A page of the customers without a request before the range.'),
      },
    },
    (request, reply) => send(answers, 'new', request.query, request, reply),
  );
  api.get(
    '/v1/silent-customers',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'listSilentCustomers',
        summary: 'Customers with requests before the range, and none in it',
        description:
          'The numbers of each are those of the days before the range, when it still sent requests.',
        tags: ['Statistics'],
        querystring: strict({ since: SINCE, ...QUERY }),
        response: responsesOf('A page of the customers without a request in the range.'),
      },
    },
    (request, reply) => send(answers, 'silent', request.query, request, reply),
  );
}

interface Query {
  readonly from: string;
  readonly to: string;
  readonly since?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly format?: Form;
}

async function send(
  answers: ActivityAnswers,
  activity: Activity,
  { from, to, since, limit, cursor, format }: Query,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  checkQueryEscapes(request.url);
  const form = formOf(request, reply, format);
  checkRange({ from, to });
  if (since !== undefined && since >= from)
    throw new DaymarkError('INVALID_REQUEST', '`since` is not before `from`.');
  const most = rankingLimitOf(limit);
  const asked = { activity, from, to, since, limit: most, cursor };
  return sendPage(request, reply, form, await answers.page(asked, request.reader?.id));
}
