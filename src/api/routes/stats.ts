/** The days of a customer. */

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError } from '../../errors.ts';
import type { Answers, DaysAsked } from '../answers.ts';
import type { Api } from '../api.ts';
import { isCurrent, sendUnlessCurrent } from '../conditional.ts';
import { resetConnection } from '../connections.ts';
import { encodedStream, encodingOf } from '../encoding.ts';
import { type Form, FormatSchema, formOf, rowsContent } from '../forms.ts';
import { addVary } from '../negotiation.ts';
import { problemResponses } from '../problem.ts';
import type { StreamedAnswers } from '../streamed-answers.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes, daySchema } from '../validation.ts';

/** A number that is null for a day without durations. (TypeBox would make `anyOf` of it, which is hard to read.) */
const ofDurations = (description: string, example: number, bounds: { minimum: 0; maximum?: 100 }) =>
  Type.Unsafe<number | null>({
    type: ['number', 'null'],
    ...bounds,
    description: `${description} Null where no request of the day has a duration.`,
    examples: [example],
  });

const seconds = (description: string, example: number) =>
  ofDurations(`${description} Seconds.`, example, { minimum: 0 });

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

/** One day of one customer. The fields have the order of the answer. */
export const DailyStatsSchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    date: daySchema('The day, in the time zone that `TIME_ZONE` sets: UTC, unless it was set.', '2024-10-02'),
    success_requests: count('Requests with a status of 200 to 299.', 118),
    failed_requests: count('Requests with any other status.', 7),
    duration_mean: seconds('The sum of the durations over the number of requests that have one.', 0.412),
    duration_p50: seconds('The median duration, by nearest rank.', 0.316),
    duration_p99: seconds('The 99th percentile of the durations, by nearest rank.', 1.551),
    uptime_percentage: ofDurations(
      'The share of the time spent on the customer’s requests that was spent on successes; 0 where no time was spent. Percent.',
      95.2,
      { minimum: 0, maximum: 100 },
    ),
    success_percentage: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'Successes over all requests. Percent.',
      examples: [94.4],
    }),
    state: Type.Unsafe<'open' | 'final' | 'revised'>({
      type: 'string',
      enum: ['open', 'final', 'revised'],
      description:
        'How far the numbers can be relied on. `open`: more may come, always so without `WAIT_FOR_SYSTEM_DURATION`. `final`: all logs have passed the end of the day. `revised`: the day is final, and changed by late events.',
      examples: ['final'],
    }),
    state_since: Type.String({
      format: 'date-time',
      description:
        'Since when it is in this state, RFC 3339 in UTC: when the day began, when it became final, or when it was revised last.',
      examples: ['2024-10-03T01:00:07.000Z'],
    }),
    revision: count('Late events that were merged into the day.', 0),
    availability_percentage: Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: 0,
      maximum: 100,
      description:
        'Availability as contracts mean it: (`counted_requests` − `error_requests`) over `counted_requests`. Percent. Null where no request counts.',
      examples: [99.2],
    }),
    error_requests: count(
      'The counted requests with one of the `FAILED_STATUSES`: by default those without a response, and those with 500 to 599.',
      1,
    ),
    counted_requests: count('All requests but those with one of the `IGNORED_STATUSES`.', 125),
    duration_precision: Type.Unsafe<5 | 4 | null>({
      type: ['integer', 'null'],
      enum: [5, 4, null],
      description:
        'Null where `duration_p50` and `duration_p99` are exact, as nearly always. Otherwise they are exact to this many significant digits.',
      examples: [null],
    }),
    customer_name: Type.Optional(
      Type.String({
        description:
          'The customer’s name for people, from the file that `CUSTOMERS_FILE` names. Absent where it has none.',
        examples: ['Acme Corporation'],
      }),
    ),
  },
  {
    $id: 'DailyStats',
    description: 'How the API treated one customer on one day. `docs/definitions.md` defines each number.',
  },
);

/** Headers of every answer. Clients revalidate each time, and get 304 if their copy is current. */
const ANSWER_HEADERS = {
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
};

const Days = {
  from: daySchema('The first day of the answer.', '2024-10-01'),
  to: Type.Optional(
    daySchema('The last day of the answer; without it the last that there is.', '2024-10-31'),
  ),
  format: FormatSchema,
};

const RESPONSES: Record<number, object> = {
  200: {
    description:
      'The days on which the customer made requests, ascending. Empty where there are none, or no such customer.',
    headers: {
      ETag: {
        type: 'string',
        description:
          'Send it as `If-None-Match` to be told of a change only. An answer of more than 1,500 days has none.',
      },
    },
    content: rowsContent({
      schema: Type.Array(Type.Ref('DailyStats#')),
      csv: 'customer_id,date,success_requests,failed_requests,…\ncust_40,2024-10-02,118,7,…\n',
      ndjson: '{"customer_id":"cust_40","date":"2024-10-02","success_requests":118,…}\n',
    }),
  },
  304: { description: 'Nothing has changed since the answer with this ETag.', type: 'null' },
  ...problemResponses(
    'BAD_REQUEST',
    'INVALID_REQUEST',
    'RANGE_TOO_LARGE',
    'RATE_LIMITED',
    'INTERNAL',
    'STORE_UNREACHABLE',
    'STORE_REFUSED',
    'STORE_BUSY',
    'STORE_FAILED',
    'SCHEMA_MISSING',
    'OVERLOADED',
  ),
};

type DaysQuery = Omit<DaysAsked, 'customerId' | 'form'> & { readonly format?: Form };

interface AnswerSources {
  readonly answers: Answers;
  /** For answers that are too long for `answers`. */
  readonly streamed: StreamedAnswers;
}

/**
 * `GET /customers/{customer_id}/stats` and `GET /stats?customer_id=`. The second exists for two reasons: URL libraries drop
 * the customers `.` and `..` from a path, even percent-encoded, and a plain HTML form can only fill in a query.
 */
export function addStatsRoutes(api: Api, sources: AnswerSources): void {
  api.get(
    '/customers/:customer_id/stats',
    {
      config: { access: 'customer' },
      schema: {
        operationId: 'getCustomerStats',
        summary: 'Daily statistics of a customer',
        description:
          'The customer id is percent-encoded UTF-8; a `/` in it is sent as `%2F`. An alias of the `CUSTOMERS_FILE` stands for its customer.',
        tags: ['Statistics'],
        params: Type.Object({ customer_id: CustomerIdSchema }),
        querystring: Type.Object(Days, { additionalProperties: false }),
        response: RESPONSES,
      },
    },
    (request, reply) => answer(sources, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/stats',
    {
      config: { access: 'customer' },
      schema: {
        operationId: 'getStats',
        summary: 'The same, with the customer in the query',
        description: 'For forms, and for the customer ids `.` and `..`, which cannot stand in a path.',
        tags: ['Statistics'],
        querystring: Type.Object({ customer_id: CustomerIdSchema, ...Days }, { additionalProperties: false }),
        response: RESPONSES,
      },
    },
    (request, reply) => {
      checkQueryEscapes(request.url);
      const { customer_id: customerId, ...days } = request.query;
      return answer(sources, customerId, days, request, reply);
    },
  );
}

async function answer(
  { answers, streamed }: AnswerSources,
  customerId: string,
  { format, ...days }: DaysQuery,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const asked = { customerId, ...days, form: formOf(request, reply, format) };
  checkCustomerId(customerId);
  if (asked.to !== undefined && asked.to < asked.from) {
    throw new DaymarkError('INVALID_REQUEST', '`to` is before `from`.');
  }
  const found = await answers.find(asked, request.reader?.id);
  if (found) return sendUnlessCurrent(request, reply.headers(ANSWER_HEADERS), found);
  const encoding = encodingOf(request);
  addVary(reply, 'Accept-Encoding');
  return sendStreamed(await streamed.open(asked), encoding, request, reply.headers(ANSWER_HEADERS));
}

/** Sends an answer without an entity tag: the tag would need the whole body first. */
function sendStreamed(
  body: Readable,
  encoding: ReturnType<typeof encodingOf>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isKept = isCurrent(request.headers['if-none-match'], undefined);
  if (isKept || request.method === 'HEAD') {
    body.destroy();
    return isKept ? reply.code(304).send() : reply.send(encodedStream(reply, Readable.from([]), encoding));
  }
  // For HTTP/1.0, the end of the connection ends the answer. A reset tells the client that it is incomplete.
  body.once('error', () => resetConnection(request.raw.socket));
  return reply.send(encodedStream(reply, body, encoding));
}
