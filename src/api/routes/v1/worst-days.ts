/** The worst day of each customer. */

import { Type } from 'typebox';
import { MAX_WORST_DAYS_RANGE } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import { FormatSchema, formOf } from '../../forms.ts';
import { CustomerIdSchema, checkQueryEscapes, daySchema } from '../../validation.ts';
import type { WorstDayAnswers } from '../../worst-days/worst-day-answers.ts';
import { flatWorstDay, WORST_DAY_COLUMNS } from '../../worst-days/worst-days.ts';
import { checkRange } from './customers.ts';
import { READ_ERRORS, rankingLimitOf, rankingLimitSchema } from './parameters.ts';
import { CUSTOMER_NAME, count, exampleOf, NUMBERS, STATUS_CLASSES } from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';

/** Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

const FROM = daySchema('The first day of the range.', '2024-09-23');
const TO = daySchema('The last day of the range; it is included.', '2024-09-29');

const QUERY = Type.Object(
  {
    from: FROM,
    to: TO,
    min_requests: Type.Optional(
      Type.String({
        pattern: '^[1-9]\\d{0,8}$',
        description:
          'Only days with at least so many requests: one failure of a customer with two requests says little. Without it: 1.',
        examples: ['20'],
      }),
    ),
    limit: Type.Optional(rankingLimitSchema('Customers of the answer')),
    format: FormatSchema,
  },
  { additionalProperties: false },
);

const WorstDaySchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    date: daySchema('Its worst day.', '2024-09-25'),
    ...NUMBERS,
    status_classes: STATUS_CLASSES,
    customer_name: CUSTOMER_NAME,
  },
  { $id: 'WorstDay', description: 'How the API treated one customer on its worst day of a range.' },
);

const WorstDaysSchema = Type.Object(
  {
    from: FROM,
    to: TO,
    min_requests: count('Days with fewer requests do not count.', 20),
    customers: Type.Array(Type.Ref('WorstDay#'), {
      description:
        'By availability, the lowest first. Customers whose worst days have the same one come in the order of their ids. A customer of whom no request counts for the availability is not among them.',
      examples: [[]],
    }),
  },
  { $id: 'WorstDays', description: 'The customers with the worst days.' },
);

const EXAMPLE_ROW = exampleOf(WorstDaySchema.properties);

const RESPONSES = taggedResponses(
  {
    description: 'The customers with the worst days, each with the numbers of its worst day.',
    content: listContent({
      schema: Type.Ref('WorstDays#'),
      example: { ...exampleOf(WorstDaysSchema.properties), customers: [EXAMPLE_ROW] },
      ...{ rows: [EXAMPLE_ROW], cells: [flatWorstDay(EXAMPLE_ROW)], columns: WORST_DAY_COLUMNS },
    }),
  },
  [...READ_ERRORS, 'RANGE_TOO_LARGE', 'ANSWER_TOO_SLOW'],
);

/** `GET /v1/worst-days`. */
export function addWorstDaysRoute(api: Api, answers: WorstDayAnswers): void {
  api.addSchema(WorstDaySchema);
  api.addSchema(WorstDaysSchema);
  api.get(
    '/v1/worst-days',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'listWorstDays',
        summary: 'The customers with the worst days',
        description: `The worst day of a customer is the \`worst_day\` of its summary. A range has at most ${MAX_WORST_DAYS_RANGE} days.`,
        tags: ['Statistics'],
        querystring: QUERY,
        response: RESPONSES,
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { from, to, min_requests: least, limit, format } = request.query;
      const form = formOf(request, reply, format);
      checkRange({ from, to });
      const minRequests = least === undefined ? 1 : Number(least);
      const most = rankingLimitOf(limit);
      const answer = await answers.find({ from, to, minRequests, limit: most, form });
      return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), answer);
    },
  );
}
