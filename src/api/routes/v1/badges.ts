/** Badges of the customers that were opted in to be shown: everybody may read them. */

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BADGE_DAYS, BADGE_MAX_AGE_S } from '../../../limits.ts';
import { unknownCustomer } from '../../access/unknown-customer.ts';
import type { Api } from '../../api.ts';
import { badgeJson, badgeSvg } from '../../badge.ts';
import type { BadgeAnswers } from '../../badge-answers.ts';
import { sendUnlessCurrent } from '../../conditional.ts';
import type { CustomerNames } from '../../customer-names.ts';
import { assertJsonAccepted } from '../../forms.ts';
import { CustomerIdSchema, checkCustomerId } from '../../validation.ts';
import { READ_ERRORS } from './parameters.ts';
import { jsonContent, taggedResponses } from './responses.ts';

const BadgeSchema = Type.Object(
  {
    schemaVersion: Type.Integer({
      minimum: 1,
      maximum: 1,
      description: 'The version of this form, which shields.io defined.',
      examples: [1],
    }),
    label: Type.String({
      description: 'What the number is.',
      examples: [`availability, ${BADGE_DAYS} days`],
    }),
    message: Type.String({
      description:
        'The availability, rounded down. Or that there were no requests, or fewer than 100: too few to judge.',
      examples: ['99.95%'],
    }),
    color: Type.String({
      pattern: '^[0-9a-f]{6}$',
      description: 'By `TARGET_PERCENT`, as the page judges a day. Hexadecimal digits.',
      examples: ['0b6b63'],
    }),
  },
  { $id: 'Badge', description: 'A badge as shields.io takes it.' },
);

const EXAMPLE = {
  ...{ schemaVersion: 1, label: `availability, ${BADGE_DAYS} days`, message: '99.95%', color: '0b6b63' },
};

const DESCRIPTION = [
  `The availability of the last ${BADGE_DAYS} days. They end today, or on the last day that logs reach if that is longer ago than`,
  'yesterday. Only customers that have `public` in the file of `CUSTOMERS_FILE` have a badge. Any other one is answered like one that',
  'does not exist.',
].join(' ');

const PARAMS = Type.Object({ customer_id: CustomerIdSchema });
const QUERY = Type.Object({}, { additionalProperties: false });
const CODES = [...READ_ERRORS, 'CUSTOMER_UNKNOWN'] as const;

const HEADERS = {
  'cache-control': `public, max-age=${BADGE_MAX_AGE_S}`,
  'x-content-type-options': 'nosniff',
  // Pictures of other servers may be shown only if these say so, on pages that ask for isolation.
  'cross-origin-resource-policy': 'cross-origin',
};

const SVG_TYPE = 'image/svg+xml';
const SVG_CONTENT = {
  [SVG_TYPE]: {
    schema: { type: 'string', description: 'A picture, 20 pixels high, without script, style and links.' },
    examples: {
      usual: { value: badgeSvg(EXAMPLE, `cust_40: ${EXAMPLE.label} to 2024-10-31: ${EXAMPLE.message}`) },
    },
  },
};

/** Opened by itself, a picture is a document. It loads nothing and runs nothing. */
const SVG_HEADERS = {
  ...HEADERS,
  'content-type': `${SVG_TYPE}; charset=utf-8`,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
};
const JSON_HEADERS = { ...HEADERS, 'content-type': 'application/json; charset=utf-8' };

/** `GET /v1/customers/{customer_id}/badge.svg` and `/badge.json`. They need no key. */
export function addBadgeRoutes(api: Api, answers: BadgeAnswers, customers: CustomerNames): void {
  api.addSchema(BadgeSchema);
  const common = { description: DESCRIPTION, tags: ['Statistics'], params: PARAMS, querystring: QUERY };
  api.get(
    '/v1/customers/:customer_id/badge.svg',
    {
      config: { access: 'public' },
      schema: {
        ...{ operationId: 'getBadge', summary: 'The badge of a customer, as a picture', ...common },
        response: taggedResponses({ description: 'The badge.', content: SVG_CONTENT }, CODES),
      },
    },
    async (request, reply) => {
      const { asked, customerId } = publicCustomer(request, customers);
      const answer = await answers.find(customerId, ['svg', asked], (badge, { to }) =>
        badgeSvg(badge, `${asked}: ${badge.label} to ${to}: ${badge.message}`),
      );
      return sendUnlessCurrent(request, reply.headers(SVG_HEADERS), answer);
    },
  );
  api.get(
    '/v1/customers/:customer_id/badge.json',
    {
      config: { access: 'public' },
      schema: {
        ...{ operationId: 'getBadgeData', summary: 'The badge of a customer, for shields.io', ...common },
        response: taggedResponses(
          { description: 'The badge.', content: jsonContent(Type.Ref('Badge#'), EXAMPLE) },
          CODES,
        ),
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const { customerId } = publicCustomer(request, customers);
      const answer = await answers.find(customerId, ['json'], badgeJson);
      return sendUnlessCurrent(request, reply.headers(JSON_HEADERS), answer);
    },
  );
}

/** @returns the customer as it was asked for, and its id. @throws {DaymarkError} CUSTOMER_UNKNOWN; INVALID_REQUEST. */
function publicCustomer(
  { params }: FastifyRequest<{ Params: { customer_id: string } }>,
  customers: CustomerNames,
) {
  const asked = params.customer_id;
  checkCustomerId(asked);
  const customerId = customers.idOf(asked);
  if (customers.isPublic(customerId)) return { asked, customerId };
  throw unknownCustomer({ params, query: {} });
}
