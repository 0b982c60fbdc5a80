/** The parameters of requests, their rules, and the messages for parameters that break them. */

import type { FastifyError, FastifySchemaValidationError } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError } from '../errors.ts';
import {
  MAX_CUSTOMER_ID_BYTES,
  MAX_ENDPOINT_CHARACTERS,
  MAX_LINK_AGE_MS,
  MAX_LINK_NAME_CHARACTERS,
  MAX_PAGE_ITEMS,
  MAX_REASONS,
  MAX_SHARES_UNDER,
  MAX_SOURCE_CHARACTERS,
  MAX_STRIP_DAYS,
  MIN_LINK_AGE_S,
} from '../limits.ts';

/** Fastify checks requests as they are: it converts, drops and fills in nothing. */
export const AJV_OPTIONS = { coerceTypes: false, removeAdditional: false, useDefaults: false } as const;

/** A customer id. JSON Schema cannot bound bytes, so {@link checkCustomerId} does. */
export const CustomerIdSchema = Type.String({
  minLength: 1,
  maxLength: MAX_CUSTOMER_ID_BYTES,
  // Ids in logs have no control characters either. PostgreSQL accepts no NUL.
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: `The customer id as it stands in the log: 1 to ${MAX_CUSTOMER_ID_BYTES} bytes of UTF-8.`,
  examples: ['cust_40'],
});

/** A day of the calendar. The format checks the lengths of months and leap years. There is no year 0. */
export function daySchema(description: string, example: string) {
  const pattern = '^(?!0000)\\d{4}-\\d{2}-\\d{2}$';
  return Type.String({ format: 'date', pattern, description, examples: [example] });
}

const ID_RULE = `The customer id has 1 to ${MAX_CUSTOMER_ID_BYTES} bytes of UTF-8 and no control character.`;

/** @throws {DaymarkError} INVALID_REQUEST if the id has too many bytes. */
export function checkCustomerId(customerId: string): void {
  if (Buffer.byteLength(customerId) > MAX_CUSTOMER_ID_BYTES)
    throw new DaymarkError('INVALID_REQUEST', ID_RULE);
}

/**
 * Rejects malformed escapes in a query, which Fastify would keep as plain text.
 * @throws {DaymarkError} BAD_REQUEST
 */
export function checkQueryEscapes(url: string): void {
  try {
    decodeURIComponent(url.slice(url.indexOf('?')));
  } catch {
    throw new DaymarkError('BAD_REQUEST', 'The query is not percent-encoded UTF-8.');
  }
}

/** @param error an error of Fastify's validation. @returns the message for the client. */
export function describeInvalid(error: FastifyError): string {
  const [first] = error.validation ?? [];
  if (first?.keyword === 'maxLength' && ruleOf(first.instancePath.slice(1)) === ID_RULE)
    return `The customer id is too long. ${ID_RULE}`;
  if (error.validationContext === 'body') return describeInvalidBody(first);
  if (first === undefined || error.validationContext === 'params') return ID_RULE;
  return describeInvalidParameter(first);
}

/** A body is an object of JSON, with members of the same names as parameters. */
function describeInvalidBody(fault: FastifySchemaValidationError | undefined): string {
  if (fault === undefined || fault.instancePath === '') {
    const { missingProperty, additionalProperty } = fault?.params ?? {};
    if (missingProperty !== undefined)
      return `\`${missingProperty}\` is missing. ${ruleOf(String(missingProperty))}`;
    if (additionalProperty !== undefined) return `\`${additionalProperty}\` is not a member of this object.`;
    return 'The body must be an object of JSON, and `Content-Type` must be `application/json`.';
  }
  const name = fault.instancePath.slice(1);
  return `\`${name}\` is malformed. ${ruleOf(name)}`;
}

function describeInvalidParameter({ keyword, params, instancePath }: FastifySchemaValidationError): string {
  if (keyword === 'required')
    return `\`${params.missingProperty}\` is missing. ${ruleOf(String(params.missingProperty))}`;
  if (keyword === 'additionalProperties')
    return `\`${params.additionalProperty}\` is not a parameter of this resource.`;
  const name = instancePath.slice(1);
  if (keyword === 'type') return `\`${name}\` is given more than once. ${ruleOf(name)}`;
  return `\`${name}\` is malformed. ${ruleOf(name)}`;
}

const HOUR_RULE = 'Give an instant in UTC as YYYY-MM-DDThh:mm:ssZ.';

const TEXT_RULE = `Give 1 to ${MAX_CUSTOMER_ID_BYTES} characters without control characters.`;

/** How to write a parameter; those that are not here are days. */
const RULES: Readonly<Record<string, string>> = {
  customer_id: ID_RULE,
  format: 'Give `json`, `csv`, `ndjson` or `parquet`.',
  granularity: 'Give `hour`, `day`, `week` or `month`.',
  endpoint: `Give a method and a path template, such as \`GET /orders/{id}\`, of up to ${MAX_ENDPOINT_CHARACTERS} characters of ASCII.`,
  from_hour: HOUR_RULE,
  to_hour: HOUR_RULE,
  fill: 'Give `true` or `false`.',
  limit: `Give a whole number from 1 to ${MAX_PAGE_ITEMS}.`,
  strip_days: `Give a whole number from 1 to ${MAX_STRIP_DAYS}.`,
  min_requests: 'Give a whole number from 1 to 999999999.',
  cursor: 'Give the `next_cursor` of an answer as it is.',
  state: 'Give `live`, `finished` or `retired`.',
  source: `Give an id, a path, or the end of a path, without control characters, of 1 to ${MAX_SOURCE_CHARACTERS} characters.`,
  reason: `Give up to ${MAX_REASONS} reasons of \`docs/rejections.md\`, separated by commas.`,
  prefix: TEXT_RULE,
  search: TEXT_RULE,
  sort: 'Give one of the numbers that `/docs` lists for it.',
  order: 'Give `asc` or `desc`.',
  name: `Give up to ${MAX_LINK_NAME_CHARACTERS} characters without control characters.`,
  kind: 'Give `page` or `embed`.',
  expires_in_s: `Give a whole number of seconds from ${MIN_LINK_AGE_S} to ${MAX_LINK_AGE_MS / 1000}.`,
  share_under: `Give up to ${MAX_SHARES_UNDER} times in seconds, separated by commas, such as \`0.5,1\`.`,
};

function ruleOf(name: string): string {
  return RULES[name] ?? 'Give a day of the calendar as YYYY-MM-DD.';
}
