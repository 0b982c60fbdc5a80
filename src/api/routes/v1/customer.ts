/** Who a customer is: its name, its aliases, since when and until when it has requests. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MAX_ALIASES_PER_ANSWER } from '../../../limits.ts';
import type { StoreSnapshot } from '../../../store/contract.ts';
import type { Api } from '../../api.ts';
import { etagOf, sendUnlessCurrent } from '../../conditional.ts';
import type { CustomerNames } from '../../customer-names.ts';
import { assertJsonAccepted } from '../../forms.ts';
import { assertKnownCustomer, type CustomerShown, customerShown } from '../../known-customer.ts';
import { MERGING_BOUNDS, SnapshotAnswers, type SnapshotReader } from '../../snapshot-answers.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes } from '../../validation.ts';
import { READ_ERRORS } from './parameters.ts';
import { CUSTOMER_NAME, count, exampleOf } from './range-schemas.ts';
import { jsonContent, taggedResponses } from './responses.ts';

/** Clients revalidate each time, and get 304 if their copy is current. */
const HEADERS = {
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'content-type': 'application/json; charset=utf-8',
};

const dayOrNull = (description: string, example: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date', description, examples: [example] });

const CustomerSchema = Type.Object(
  {
    customer_id: CustomerIdSchema,
    customer_name: CUSTOMER_NAME,
    aliases: Type.Array(Type.String(), {
      maxItems: MAX_ALIASES_PER_ANSWER,
      description: `The ids that stand for it in logs, from the \`CUSTOMERS_FILE\`, in the order of the file: the first ${MAX_ALIASES_PER_ANSWER} of them. A link is not told them: they may be keys.`,
      examples: [['key-7f3a', '192.0.2.1']],
    }),
    alias_count: count('How many aliases it has.', 2),
    first_date: dayOrNull('Its first day with requests. Null where it has none.', '2024-08-19'),
    last_date: dayOrNull('Its last day with requests.', '2024-10-02'),
  },
  { $id: 'Customer', description: 'Who a customer is.' },
);

const RESPONSES = taggedResponses(
  {
    description: 'The customer.',
    content: jsonContent(Type.Ref('Customer#'), exampleOf(CustomerSchema.properties)),
  },
  [...READ_ERRORS, 'CUSTOMER_UNKNOWN'],
);

const ASKED = Type.Object({ customer_id: CustomerIdSchema }, { additionalProperties: false });

interface CustomerSources {
  readonly answers: SnapshotAnswers;
  readonly names: CustomerNames;
}

/** `GET /v1/customers/{customer_id}` and `GET /v1/customer`. */
export function addCustomerRoutes(api: Api, store: SnapshotReader, names: CustomerNames): void {
  const sources = { answers: new SnapshotAnswers(store, MERGING_BOUNDS), names };
  api.addSchema(CustomerSchema);
  const common = { tags: ['Statistics'], response: RESPONSES };
  api.get(
    '/v1/customers/:customer_id',
    {
      config: { access: 'customer' },
      schema: {
        ...{
          operationId: 'getCustomer',
          summary: 'The name, the aliases and the days of a customer',
          ...common,
        },
        params: ASKED,
        querystring: Type.Object({}, { additionalProperties: false }),
      },
    },
    (request, reply) => send(sources, request.params.customer_id, request, reply),
  );
  api.get(
    '/v1/customer',
    {
      config: { access: 'customer' },
      schema: {
        ...{ operationId: 'getCustomerInQuery', summary: 'The same, with the id in the query', ...common },
        description: 'For the customer ids `.` and `..`, which cannot stand in a path.',
        querystring: ASKED,
      },
    },
    (request, reply) => send(sources, request.query.customer_id, request, reply),
  );
}

async function send(
  { answers, names }: CustomerSources,
  asked: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  checkQueryEscapes(request.url);
  assertJsonAccepted(request, reply);
  checkCustomerId(asked);
  const shown = customerShown(names, asked);
  const key = JSON.stringify([shown.customerId, shown.name]);
  const { body: days } = await answers.find(key, (snapshot) => daysOf(snapshot, shown), request.reader?.id);
  // They may be keys of the customer, and a link is passed on.
  const aliases = request.reader?.isByLink ? [] : (names.aliasesOf?.(shown.customerId as string) ?? []);
  const body = JSON.stringify({
    customer_id: shown.customerId,
    ...(shown.name === undefined ? {} : { customer_name: shown.name }),
    aliases: aliases.slice(0, MAX_ALIASES_PER_ANSWER),
    alias_count: aliases.length,
    ...(JSON.parse(String(days)) as object),
  });
  return sendUnlessCurrent(request, reply.headers(HEADERS), { body, etag: etagOf(body) });
}

async function daysOf(snapshot: StoreSnapshot, shown: CustomerShown): Promise<string> {
  await assertKnownCustomer(snapshot, shown);
  let days: object = { first_date: null, last_date: null };
  for await (const [range] of snapshot.customers.dayRanges([shown.customerId as string]))
    if (range) days = { first_date: range.first, last_date: range.last };
  return JSON.stringify(days);
}
