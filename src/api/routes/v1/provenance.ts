/** Which logs the numbers of a day rest on, and what was changed of final days. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import { MAX_DAY_CHANGE_SOURCES, MAX_DAY_CHANGES_KEPT } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { type Form, FormatSchema, formOf } from '../../forms.ts';
import { sendPage } from '../../lists.ts';
import { decodeCursor } from '../../page-cursor.ts';
import {
  CHANGE_COLUMNS,
  CHANGES,
  changesPage,
  DAY_SOURCE_COLUMNS,
  DAY_SOURCES_LIST,
  daySourcesPage,
  flatChange,
  type ProvenanceParts,
} from '../../provenance.ts';
import type { StatsReader } from '../../stats-reader.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes, daySchema } from '../../validation.ts';
import { checkRange } from './customers.ts';
import { CursorSchema, LimitSchema, limitOf, NextCursorSchema, READ_ERRORS } from './parameters.ts';
import { CUSTOMER_NAME, count, exampleOf, NUMBERS, orNull, StatusRequests } from './range-schemas.ts';
import { listContent, taggedResponses } from './responses.ts';
import { SourceNameOfHostSchema, StateSchema } from './sources.ts';

const DATE = daySchema('The day.', '2024-10-02');
const FROM = daySchema('The first day of the range.', '2024-10-01');
const TO = daySchema('The last day of the range; it is included.', '2024-10-31');

const strict = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

const PAGE = {
  limit: Type.Optional(LimitSchema),
  cursor: Type.Optional(CursorSchema),
  format: FormatSchema,
};

/** Where lines of a day stand in a log. */
const LINES = {
  lines: count(
    'Its lines of this day that count, of all customers. Lines that were rejected, dropped or left out are not among them.',
    9_996,
  ),
  from_offset: count('The position of the first of these lines. Lines of other days may follow.', 0),
  from_at: Type.String({ description: 'That position in words.', examples: ['byte 0'] }),
  to_offset: count('The position behind the last of them.', 615_234),
  to_at: Type.String({ description: 'That position in words.', examples: ['byte 615,234'] }),
};

const SOURCE = {
  id: Type.String({
    description: 'The id of the log, as in `/v1/sources`.',
    examples: ['0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11'],
  }),
  name: Type.String({
    description: 'The path of the file. A rotation changes it.',
    examples: ['/logs/api.log'],
  }),
};

const DaySourceSchema = Type.Object(
  {
    ...SOURCE,
    state: StateSchema,
    fingerprint: Type.String({
      description: 'By what the log is recognised: a fingerprint of its first bytes, at most 1 KiB.',
      examples: ['sha256:1024:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
    ...LINES,
    source_name: SourceNameOfHostSchema,
  },
  { $id: 'DaySource', description: 'A log, and its lines of one day.' },
);

const DaySourcesSchema = Type.Object(
  {
    customer_id: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The customer; null: all customers together.',
      examples: ['cust_40'],
    }),
    customer_name: CUSTOMER_NAME,
    date: DATE,
    requests: count(
      "The customer's requests of the day: their lines are among those of the logs. Without a customer: all requests.",
      125,
    ),
    lines: count('All lines of the day that count, in all logs, of all customers.', 9_996),
    unknown_lines: count(
      'Further lines of the day of which the log is not known: an older daymark read them. `daymark rebuild` finds out. Where it is not 0, the list may lack logs.',
      0,
    ),
    sources: Type.Array(Type.Ref('DaySource#'), {
      description: 'The logs that have lines of the day, by id.',
      examples: [[]],
    }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'DaySources', description: 'A page of the logs that the numbers of a day rest on.' },
);

const DAY_NUMBERS = {
  requests: NUMBERS.requests,
  success_requests: NUMBERS.success_requests,
  failed_requests: NUMBERS.failed_requests,
  error_requests: NUMBERS.error_requests,
  counted_requests: NUMBERS.counted_requests,
  availability_percentage: NUMBERS.availability_percentage,
  success_percentage: NUMBERS.success_percentage,
  uptime_percentage: NUMBERS.uptime_percentage,
  duration_mean: NUMBERS.duration_mean,
  duration_p50: NUMBERS.duration_p50,
  duration_p99: NUMBERS.duration_p99,
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
};

const DAY_NUMBERS_EXAMPLE = exampleOf(DAY_NUMBERS);

const ChangeSchema = Type.Object(
  {
    date: DATE,
    number: Type.Integer({
      minimum: 1,
      description: 'The changes of a day are numbered from 1 on.',
      examples: [1],
    }),
    change_count: Type.Integer({
      minimum: 1,
      description: `How many changes of the day there were. Only the last ${MAX_DAY_CHANGES_KEPT} are kept.`,
      examples: [1],
    }),
    changed: Type.String({
      format: 'date-time',
      description: 'When it was stored. RFC 3339 in UTC.',
      examples: ['2024-10-09T08:00:01.000Z'],
    }),
    cause: Type.Unsafe<'late' | 'rebuild'>({
      type: 'string',
      enum: ['late', 'rebuild'],
      description: '`late`: late lines were added. `rebuild`: `daymark rebuild` computed the day anew.',
      examples: ['late'],
    }),
    before: orNull(
      Type.Object(DAY_NUMBERS),
      'The numbers before the change. Null where the customer had no request of the day.',
      DAY_NUMBERS_EXAMPLE,
    ),
    after: orNull(
      Type.Object(DAY_NUMBERS),
      'The numbers after it. Null where the customer has no request of the day any more.',
      DAY_NUMBERS_EXAMPLE,
    ),
    source_count: count(
      'How many logs gave lines of this day with the change. 0 for a rebuild, which reads all.',
      1,
    ),
    sources: Type.Array(Type.Object({ ...SOURCE, ...LINES }), {
      description: `The first ${MAX_DAY_CHANGE_SOURCES} of these logs, under the names that they had then, and their lines of this day with the change.`,
      examples: [
        [
          {
            ...exampleOf(SOURCE),
            lines: 3,
            from_offset: 615_234,
            from_at: 'byte 615,234',
            to_offset: 615_420,
            to_at: 'byte 615,420',
          },
        ],
      ],
    }),
  },
  { $id: 'DayChange', description: 'A change of a day of a customer that was final.' },
);

const ChangesSchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    customer_name: CUSTOMER_NAME,
    from: FROM,
    to: TO,
    changes: Type.Array(Type.Ref('DayChange#'), { description: 'By day and number.', examples: [[]] }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'DayChanges', description: 'A page of the changes of final days of a customer.' },
);

const ERRORS = [...READ_ERRORS, 'CUSTOMER_UNKNOWN'] as const;

const EXAMPLE_SOURCE = exampleOf(DaySourceSchema.properties);
const EXAMPLE_CHANGE = exampleOf(ChangeSchema.properties);

const FOR_OPERATORS =
  'For operators: it names files, and counts the lines of all customers in them. Do not hand it to a customer.';

const SOURCES = {
  tags: ['Operation'],
  response: taggedResponses(
    {
      description: 'A page of the logs that have lines of the day. Empty where there are none.',
      content: listContent({
        schema: Type.Ref('DaySources#'),
        example: { ...exampleOf(DaySourcesSchema.properties), sources: [EXAMPLE_SOURCE] },
        ...{ rows: [EXAMPLE_SOURCE], columns: DAY_SOURCE_COLUMNS },
      }),
      isPaged: true,
    },
    ERRORS,
  ),
};

const HISTORY = {
  tags: ['Operation'],
  response: taggedResponses(
    {
      description: 'A page of changes. Empty where nothing was changed after the days were final.',
      content: listContent({
        schema: Type.Ref('DayChanges#'),
        example: { ...exampleOf(ChangesSchema.properties), changes: [EXAMPLE_CHANGE] },
        ...{ rows: [EXAMPLE_CHANGE], cells: [flatChange(EXAMPLE_CHANGE)], columns: CHANGE_COLUMNS },
      }),
      isPaged: true,
    },
    ERRORS,
  ),
};

type Store = Pick<StatsReader, 'readSnapshot'>;

/** Adds the routes, each with the customer in the path and in the query. */
export function addProvenanceRoutes(api: Api, store: Store, parts: ProvenanceParts): void {
  api.addSchema(DaySourceSchema);
  api.addSchema(DaySourcesSchema);
  api.addSchema(ChangeSchema);
  api.addSchema(ChangesSchema);
  addSourceRoutes(api, store, parts);
  addHistoryRoutes(api, store, parts);
}

function addSourceRoutes(api: Api, store: Store, parts: ProvenanceParts): void {
  api.get(
    '/v1/customers/:customer_id/sources',
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'listCustomerDaySources', summary: 'The logs that a day of a customer rests on' },
        description: `All logs with lines of the day: those of the customer are among them. ${FOR_OPERATORS}`,
        params: strict({ customer_id: CustomerIdSchema }),
        querystring: strict({ date: DATE, ...PAGE }),
        ...SOURCES,
      },
    },
    (request, reply) => sendSources(store, parts, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/v1/day-sources',
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'listDaySources', summary: 'The logs that a day rests on' },
        description: `All logs with lines of the day. With a customer in the query, also its requests: for the customer ids \`.\` and \`..\`, which cannot stand in a path. ${FOR_OPERATORS}`,
        querystring: strict({ customer_id: Type.Optional(CustomerIdSchema), date: DATE, ...PAGE }),
        ...SOURCES,
      },
    },
    (request, reply) => sendSources(store, parts, request.query.customer_id, request.query, request, reply),
  );
}

function addHistoryRoutes(api: Api, store: Store, parts: ProvenanceParts): void {
  api.get(
    '/v1/customers/:customer_id/history',
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'listCustomerChanges', summary: 'What was changed of final days of a customer' },
        description: `Changes by late lines and by \`daymark rebuild\`, after a day was final. Days are final only with a \`WAIT_FOR_SYSTEM_DURATION\`. ${FOR_OPERATORS}`,
        params: strict({ customer_id: CustomerIdSchema }),
        querystring: strict({ from: FROM, to: TO, ...PAGE }),
        ...HISTORY,
      },
    },
    (request, reply) => sendHistory(store, parts, request.params.customer_id, request.query, request, reply),
  );
  api.get(
    '/v1/history',
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'listChanges', summary: 'What was changed of final days of a customer' },
        description: `For forms, and for the customer ids \`.\` and \`..\`, which cannot stand in a path. ${FOR_OPERATORS}`,
        querystring: strict({ customer_id: CustomerIdSchema, from: FROM, to: TO, ...PAGE }),
        ...HISTORY,
      },
    },
    (request, reply) => sendHistory(store, parts, request.query.customer_id, request.query, request, reply),
  );
}

interface PageQuery {
  readonly limit?: string;
  readonly cursor?: string;
  readonly format?: Form;
}

async function sendSources(
  store: Store,
  parts: ProvenanceParts,
  customerId: string | undefined,
  { date, limit, cursor, format }: PageQuery & { readonly date: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = check(customerId, format, request, reply);
  const from = decodeCursor(DAY_SOURCES_LIST, cursor);
  const page = await daySourcesPage(store, { customerId, date, from, limit: limitOf(limit) }, parts);
  return sendPage(request, reply, form, page);
}

async function sendHistory(
  store: Store,
  parts: ProvenanceParts,
  customerId: string,
  { from, to, limit, cursor, format }: PageQuery & { readonly from: string; readonly to: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = check(customerId, format, request, reply);
  checkRange({ from, to });
  const place = decodeCursor(CHANGES, cursor);
  const page = await changesPage(store, { customerId, from, to, place, limit: limitOf(limit) }, parts);
  return sendPage(request, reply, form, page);
}

function check(
  customerId: string | undefined,
  format: Form | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Form {
  checkQueryEscapes(request.url);
  if (customerId !== undefined) checkCustomerId(customerId);
  return formOf(request, reply, format);
}
