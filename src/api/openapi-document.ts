/** What the OpenAPI document says of all operations alike: headers, the errors that any request can meet, number formats. */

import type { OpenAPIV3_1 } from 'openapi-types';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.ts';

type Document = OpenAPIV3_1.Document;
type Operation = OpenAPIV3_1.OperationObject;
type Response = OpenAPIV3_1.ResponseObject;
type Header = OpenAPIV3_1.HeaderObject;

const text = (description: string): Header => ({ description, schema: { type: 'string' } });
const integer = (description: string): Header => ({
  description,
  schema: { type: 'integer', format: 'int64', minimum: 0 },
});

const ALWAYS = {
  'X-Content-Type-Options': text('`nosniff`: the media type is as declared.'),
  'Cache-Control': text(
    '`no-cache`: a kept copy must be revalidated before it is used. `no-store`: keep no copy.',
  ),
  Vary: text('The request headers on which the answer depends.'),
  'X-Request-Id': text(
    'The id of the request in the logs: the one that the request had, if it was plain and short.',
  ),
};

const BY_RATE_LIMIT = {
  'X-RateLimit-Limit': integer(
    'Requests that a client may send in a minute: a key, or without one an address, or a /64 network of IPv6. Only with a rate limit.',
  ),
  'X-RateLimit-Remaining': integer('How many of them are left. Only with a rate limit.'),
  'X-RateLimit-Reset': integer('In how many seconds the count starts anew. Only with a rate limit.'),
};

const BY_CORS = {
  'Access-Control-Allow-Origin': text(
    'The origin that may read the answer in a browser. Only if `CORS_ORIGINS` is set.',
  ),
  'Access-Control-Expose-Headers': text('The headers that a page may read. Only if `CORS_ORIGINS` is set.'),
};

const ENCODED = {
  'Content-Encoding': text('`gzip`, `br` or `zstd`, where `Accept-Encoding` allows it and it saves bytes.'),
};

const TAGGED = { ETag: text('The tag of the answer that is current.') };
const RETRY = { 'Retry-After': integer('Seconds to wait.') };
const CHALLENGED = { 'WWW-Authenticate': text('`Bearer`, and what was wrong with the key that was sent.') };
const ALLOWED = { Allow: text('The methods that the resource takes.') };

/** All headers that operations refer to. */
const HEADERS: Readonly<Record<string, Header>> = {
  ...{ ...ALWAYS, ...BY_RATE_LIMIT, ...BY_CORS, ...ENCODED, ...TAGGED, ...RETRY, ...ALLOWED, ...CHALLENGED },
};

/** Errors that are the same for every operation, by status. A route that declares a status itself keeps its own words. */
const COMMON: readonly { readonly status: number; readonly code: ErrorCode; readonly when: string }[] = [
  { status: 400, code: 'BAD_REQUEST', when: 'The request is not well-formed HTTP/1.1.' },
  { status: 401, code: 'UNAUTHENTICATED', when: 'The request has no valid key.' },
  { status: 403, code: 'FORBIDDEN', when: 'The key reads other resources, and not this one.' },
  { status: 404, code: 'CUSTOMER_UNKNOWN', when: 'The key does not read this customer, if there is one.' },
  { status: 405, code: 'METHOD_NOT_ALLOWED', when: 'The resource does not take the method.' },
  { status: 406, code: 'NOT_ACCEPTABLE', when: 'The client accepts no form that the server has.' },
  { status: 408, code: 'BAD_REQUEST', when: 'The request came too slowly.' },
  { status: 413, code: 'BAD_REQUEST', when: 'The request has a body that is too long.' },
  { status: 417, code: 'BAD_REQUEST', when: 'The server cannot do what `Expect` asks for.' },
  {
    status: 429,
    code: 'RATE_LIMITED',
    when: 'The client has sent too many requests, or too many keys that are not valid.',
  },
  { status: 431, code: 'BAD_REQUEST', when: 'The request line and headers are too long.' },
  { status: 500, code: 'INTERNAL', when: 'The server has a bug.' },
  { status: 501, code: 'METHOD_NOT_ALLOWED', when: 'HTTP does not know the method.' },
  { status: 503, code: 'OVERLOADED', when: 'The server or its database cannot answer now.' },
];

/** Those that only a server with keys answers with. */
const OF_KEYS: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * @param document what the routes say of themselves.
 * @returns the document in which each operation also declares what is the same for all.
 */
export function completeDocument(document: Document): Document {
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item ?? {}).map(([method, operation]) => [
        method,
        completeOperation(operation as Operation),
      ]),
    ),
  ]);
  const responses = Object.fromEntries(COMMON.map((common) => [nameOf(common.status), responseOf(common)]));
  return withNumberFormats({
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, headers: HEADERS, responses },
  });
}

/** A body that Fastify is not to check, and headers. */
interface OwnRequest {
  readonly 'x-daymark-request'?: Pick<Operation, 'parameters' | 'requestBody'>;
}

function completeOperation(given: Operation): Operation {
  const { 'x-daymark-request': request, ...operation } = given as Operation & OwnRequest;
  const parameters = [...(operation.parameters ?? []), ...(request?.parameters ?? [])];
  return {
    ...withResponses(operation),
    ...(request && { ...request, parameters }),
  };
}

function withResponses(operation: Operation): Operation {
  const own = Object.entries(operation.responses ?? {}).map(([status, response]) => [
    status,
    withHeaders(Number(status), response as Response),
  ]);
  const common = COMMON.filter(({ status }) => isPossible(status, operation)).map(({ status }) => [
    status,
    { $ref: `#/components/responses/${nameOf(status)}` },
  ]);
  return { ...operation, responses: { ...Object.fromEntries(common), ...Object.fromEntries(own) } };
}

function isPossible(status: number, operation: Operation & { 'x-daymark-access'?: unknown }): boolean {
  if (status === 404 && operation['x-daymark-access'] !== 'customer') return false;
  return !OF_KEYS.has(status) || (operation.security?.length ?? 0) > 0;
}

function withHeaders(status: number, response: Response): Response {
  return { ...response, headers: { ...headersOf(status), ...response.headers } };
}

function headersOf(status: number) {
  const names = Object.keys({
    ...{ ...ALWAYS, ...BY_RATE_LIMIT, ...BY_CORS },
    ...(status === 200 ? ENCODED : {}),
    ...(status === 304 ? TAGGED : {}),
    ...(status === 429 || status === 503 ? RETRY : {}),
    ...(status === 405 ? ALLOWED : {}),
    ...(status === 401 ? CHALLENGED : {}),
  });
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function responseOf({ status, code, when }: (typeof COMMON)[number]): Response {
  const value = { ...problemOf(code, ERRORS[code].advice), status };
  const schema = { $ref: '#/components/schemas/Problem' };
  return withHeaders(status, {
    description: when,
    content: { [PROBLEM_MEDIA_TYPE]: { schema, examples: { [code]: { value } } } },
  });
}

const nameOf = (status: number): string => `Error${status}`;

/** Generators of clients choose a type of their language by `format`. A count can exceed 32 bits. */
function withNumberFormats<T>(part: T): T {
  if (Array.isArray(part)) return part.map(withNumberFormats) as T;
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    // What stands in an example is data, not a schema.
    /^examples?$/.test(key) ? value : withNumberFormats(value),
  ]);
  return { ...formatOf(part), ...Object.fromEntries(entries) };
}

function formatOf({ type }: { type?: unknown }): { format?: string } {
  const types = [type].flat();
  if (types.includes('integer')) return { format: 'int64' };
  return types.includes('number') ? { format: 'double' } : {};
}
