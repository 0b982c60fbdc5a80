/** The numbers of some hours, such as the last 24. */

import { Type } from 'typebox';
import { DaymarkError } from '../../../errors.ts';
import { MAX_SUMMARY_HOURS } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import { assertJsonAccepted } from '../../forms.ts';
import type { RangeAnswers } from '../../range-answers.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes } from '../../validation.ts';
import { READ_ERRORS } from './parameters.ts';
import {
  CUSTOMER_NAME,
  CUSTOMER_OR_ALL,
  CustomerSummarySchema,
  count,
  exampleOf,
  NUMBERS,
  orNull,
  RELIABILITY,
} from './range-schemas.ts';
import { jsonContent, taggedResponses } from './responses.ts';

/** Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

const hourSchema = (description: string, example: string) =>
  Type.String({
    format: 'date-time',
    pattern: '^(?!0000)\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$',
    description,
    examples: [example],
  });

const FROM = hourSchema('Hours that begin then or later are counted. RFC 3339, UTC.', '2024-10-01T06:00:00Z');
const TO = hourSchema('Hours that begin then or before are counted. RFC 3339, UTC.', '2024-10-02T05:00:00Z');

const { properties } = CustomerSummarySchema;

const HoursSummarySchema = Type.Object(
  {
    customer_id: CUSTOMER_OR_ALL,
    customer_name: CUSTOMER_NAME,
    from_hour: FROM,
    to_hour: TO,
    hours_with_requests: count('The hours of the range with at least one request.', 24),
    ...NUMBERS,
    statuses: properties.statuses,
    status_classes: properties.status_classes,
    ...RELIABILITY,
    preceding: orNull(
      Type.Object({ from_hour: FROM, to_hour: TO, ...NUMBERS }),
      'As much time before it. Null where its hours are not known.',
      { from_hour: '2024-09-30T06:00:00Z', to_hour: '2024-10-01T05:59:59Z', ...exampleOf(NUMBERS) },
    ),
    change: properties.change,
  },
  {
    $id: 'HoursSummary',
    description:
      'How the API treated one customer, or all together, over some hours. `docs/definitions.md` defines each number.',
  },
);

/** `GET /v1/hours-summary`. */
export function addHoursSummaryRoute(api: Api, answers: RangeAnswers): void {
  api.addSchema(HoursSummarySchema);
  api.get(
    '/v1/hours-summary',
    {
      config: { access: 'customer' },
      schema: {
        operationId: 'getHoursSummary',
        summary: 'Some hours of a customer or of all together, beside the time before',
        description: `Merged from all requests of the hours, up to ${MAX_SUMMARY_HOURS} of them. Hours are those of the clock in the time zone of the store, each counted by when it begins.`,
        tags: ['Statistics'],
        querystring: Type.Object(
          { customer_id: Type.Optional(CustomerIdSchema), from_hour: FROM, to_hour: TO },
          { additionalProperties: false },
        ),
        response: taggedResponses(
          {
            description: 'The numbers of all requests of the hours together.',
            content: jsonContent(Type.Ref('HoursSummary#'), exampleOf(HoursSummarySchema.properties)),
          },
          [...READ_ERRORS, 'CUSTOMER_UNKNOWN', 'HOURS_UNKNOWN', 'ALL_CUSTOMERS_UNKNOWN', 'RANGE_TOO_LARGE'],
        ),
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      assertJsonAccepted(request, reply);
      const { customer_id: customerId, from_hour: from, to_hour: to } = request.query;
      if (customerId !== undefined) checkCustomerId(customerId);
      if (to < from) throw new DaymarkError('INVALID_REQUEST', '`to_hour` is before `from_hour`.');
      const answer = await answers.hours({ customerId, from, to }, request.reader?.id);
      return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), answer);
    },
  );
}
