import { execFileSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { add, addLate, addLogs, SUCCESS } from './requests.ts';
import { emptyStore, sendRaw, serve } from './support.ts';

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Record<string, { value: unknown }>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly (Media & {
    name: string;
    in: string;
    required: boolean;
    description: string;
  })[];
  readonly responses: Record<string, Response>;
}

interface Response {
  readonly description: string;
  readonly headers?: Record<string, object>;
  readonly content?: Record<string, Media>;
  /** It stands among the components, then, and has nothing else. */
  readonly $ref?: string;
}

interface Document {
  readonly info: { readonly version: string; readonly license: object };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, { properties: Record<string, object> }>;
    readonly responses: Record<string, Response>;
  };
}

/** The response of an operation, found by its reference if it has one. */
function responseOf({ components }: Document, { responses }: Operation, status: number): Response {
  const { $ref, ...own } = responses[status] ?? { description: 'undeclared' };
  return $ref === undefined ? own : (components.responses[$ref.split('/').at(-1) ?? ''] ?? own);
}

async function documentOf(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document;
}

/** Checks against schemas of the document, as any client of it would: references are resolved in the document. */
function validatorOf(document: Document) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false });
  (ajvFormats as unknown as typeof ajvFormats.default)(ajv);
  ajv.addVocabulary([
    ...['example', 'components', 'paths', 'openapi', 'info', 'tags', 'servers', 'x-extensible-enum'],
  ]);
  ajv.addSchema({ ...document, $id: 'document' });
  return (schema: object, value: unknown) => {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    const validate = ajv.compile(absolute);
    return validate(value) ? [] : validate.errors;
  };
}

const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

test('the document describes every resource, and is valid OpenAPI 3.1', async () => {
  const document = await documentOf(await serve({ store: await emptyStore(), version: '1.2.3' }));
  const validator = new Validator();
  expect(await validator.validate({ ...document })).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(document.info.version).toBe('1.2.3');
  const operations = operationsOf(document);
  expect(operations.map(({ name }) => name)).toEqual([
    'get /customers/{customer_id}/stats',
    'get /stats',
    'get /v1/customers/{customer_id}/stats',
    'get /v1/stats',
    'get /v1/customers/{customer_id}/summary',
    'get /v1/summary',
    'get /v1/hours-summary',
    'get /v1/customers',
    'get /v1/customers/{customer_id}',
    'get /v1/customer',
    'get /v1/new-customers',
    'get /v1/silent-customers',
    'get /v1/worst-days',
    'get /v1/customers/{customer_id}/endpoints',
    'get /v1/endpoints',
    'get /v1/statuses',
    'get /health/live',
    'get /health/ready',
    'get /v1/sources',
    'get /v1/customers/{customer_id}/sources',
    'get /v1/day-sources',
    'get /v1/customers/{customer_id}/history',
    'get /v1/history',
    'get /v1/rejected',
    'get /v1/status',
    'get /v1/about',
    'get /v1/customers/{customer_id}/badge.svg',
    'get /v1/customers/{customer_id}/badge.json',
    'get /v1/events',
    'get /v1/session',
    'post /v1/session',
    'delete /v1/session',
    'get /v1/links',
    'post /v1/links',
    'delete /v1/links/{id}',
    'get /metrics',
    'post /v1/ingest',
    'post /v1/logs',
  ]);
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, operation } of operations) {
    const inPath = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{.*?\}/g) ?? []);
    for (const parameter of inPath) expect(parameter.required).toBe(true);
    for (const part of [...(operation.parameters ?? []), ...Object.values(operation.responses)]) {
      expect(part.description).not.toBe('');
    }
  }
});

test('every field has a description and an example that is valid', async () => {
  const document = await documentOf(await serve({ store: await emptyStore() }));
  const validate = validatorOf(document);
  for (const { properties } of Object.values(document.components.schemas)) {
    for (const [name, schema] of Object.entries(properties)) {
      const { description, examples } = schema as { description: string; examples: unknown[] };
      expect([name, description]).toEqual([name, expect.stringMatching(/\w/)]);
      expect([name, validate(schema, examples[0])]).toEqual([name, []]);
    }
  }
  for (const { name, operation } of operationsOf(document)) {
    for (const { schema, example } of operation.parameters ?? [])
      expect(validate(schema, example)).toEqual([]);
    for (const { content = {} } of Object.values(operation.responses)) {
      for (const { schema, examples = {} } of Object.values(content)) {
        for (const { value } of Object.values(examples))
          expect([name, validate(schema, value)]).toEqual([name, []]);
      }
    }
  }
});

test('counts have 64 bits, other numbers are doubles, and codes may be added', async () => {
  const { components, info, servers } = await documentOf(await serve({ store: await emptyStore() }));
  const { DailyStats, Problem } = components.schemas;
  expect(DailyStats.properties.failed_requests).toMatchObject({ type: 'integer', format: 'int64' });
  expect(DailyStats.properties.success_percentage).toMatchObject({ type: 'number', format: 'double' });
  expect(DailyStats.properties.duration_p99).toMatchObject({ type: ['number', 'null'], format: 'double' });
  expect(Problem.properties.code).not.toHaveProperty('enum');
  expect(Problem.properties.code).toMatchObject({
    'x-extensible-enum': expect.arrayContaining(['INVALID_REQUEST', 'NOT_ACCEPTABLE']),
  });
  expect([info.license, servers[0]?.url]).toEqual([{ name: 'MIT', identifier: 'MIT' }, '/']);
});

/** Headers of HTTP itself, and the one that OpenAPI has another word for. */
const OF_HTTP = ['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'];

const V1_RANGE = 'from=2024-10-01&to=2024-10-31';

/** Routes under `/v1`, each with a request. Lists have a page behind the first one. */
const V1: readonly string[][] = [
  ['/v1/customers/{customer_id}/stats', `/v1/customers/cust_1/stats?${V1_RANGE}`],
  ['/v1/customers/{customer_id}/summary', `/v1/customers/cust_1/summary?${V1_RANGE}`],
  ['/v1/customers', `/v1/customers?${V1_RANGE}&limit=1`],
  ['/v1/statuses', `/v1/statuses?${V1_RANGE}`],
  ['/v1/sources', '/v1/sources?limit=1'],
  ['/v1/rejected', '/v1/rejected?limit=1'],
  ['/v1/customers/{customer_id}/sources', '/v1/customers/cust_1/sources?date=2024-10-02&limit=1'],
  ['/v1/day-sources', '/v1/day-sources?date=2024-10-02&limit=1'],
  ['/v1/customers/{customer_id}/history', `/v1/customers/cust_1/history?${V1_RANGE}&limit=1`],
  ['/v1/history', `/v1/history?customer_id=cust_1&${V1_RANGE}&limit=1`],
  ['/v1/status', '/v1/status'],
  ['/v1/about', '/v1/about'],
  ['/v1/session', '/v1/session'],
];

test('every status and every header that occurs is declared for each operation', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  await add(store, 'cust_2', { '2024-10-02': [SUCCESS] });
  await addLogs(store, 'a', 'b');
  await addLate(store, 'cust_1', '2024-10-02', ['a', 'b']);
  await addLate(store, 'cust_1', '2024-10-03', []);
  const url = await serve({ store, rateLimitPerMinute: 60, corsOrigins: ['*'] });
  const document = await documentOf(url);
  const stats = ['/customers/{customer_id}/stats', '/customers/cust_1/stats?from=2024-10-01'];
  const inQuery = ['/stats', '/stats?customer_id=cust_1&from=2024-10-01'];
  const live = ['/health/live', '/health/live'];
  const tag = (await fetch(url + stats[1])).headers.get('etag') ?? '';
  const sent: [string[], number, string][] = [
    [stats, 200, ''],
    [stats, 200, 'Accept-Encoding: gzip;q=1, identity;q=0\r\n'],
    [stats, 304, `If-None-Match: ${tag}\r\n`],
    [stats, 406, 'Accept: image/png\r\n'],
    [inQuery, 406, 'Accept-Encoding: identity;q=0\r\n'],
    [[stats[0], '/customers/cust_1/stats?from=x'], 422, ''],
    [[stats[0], '/customers/%FF/stats?from=2024-10-01'], 400, ''],
    [live, 200, ''],
    [live, 413, `Content-Length: ${1e6}\r\n`],
    [live, 417, 'Expect: nothing\r\n'],
    [live, 431, `X-Long: ${'a'.repeat(20_000)}\r\n`],
    [['/health/ready', '/health/ready'], 200, ''],
    ...V1.map(([route, path]): [string[], number, string] => [[route, path], 200, '']),
    ...V1.map(([route, path]): [string[], number, string] => [[route, path], 406, 'Accept: image/png\r\n']),
    [V1[2], 304, 'If-None-Match: *\r\n'],
    [['/v1/stats', '/v1/stats?customer_id=nobody&from=2024-10-01'], 404, ''],
    ...Array.from({ length: 60 }, (): [string[], number, string] => [inQuery, 0, '']),
    [stats, 429, ''],
  ];
  for (const [[route, path], expected, headers] of sent) {
    for (const method of expected === 200 ? ['GET', 'POST', 'NONE'] : ['GET']) {
      const message = `${method} ${path} HTTP/1.1\r\nHost: test\r\n${headers}Connection: close\r\n\r\n`;
      const answer = await sendRaw(url, message);
      if (method === 'GET' && expected !== 0)
        expect([path, headers, answer.status]).toEqual([path, headers, expected]);
      const { description, headers: declared = {} } = responseOf(
        document,
        document.paths[route].get,
        answer.status,
      );
      expect([path, answer.status, description]).not.toEqual([path, answer.status, 'undeclared']);
      const names = Object.keys(declared).map((name) => name.toLowerCase());
      expect([...names, ...OF_HTTP]).toEqual(expect.arrayContaining(Object.keys(answer.headers)));
    }
  }
});

test('errors that any request can meet are declared for every operation', async () => {
  const document = await documentOf(await serve({ store: await emptyStore() }));
  for (const { name, operation } of operationsOf(document)) {
    for (const status of [400, 405, 406, 408, 413, 417, 429, 431, 500, 501, 503]) {
      const { content = {}, headers = {} } = responseOf(document, operation, status);
      expect([name, status, Object.keys(content)]).toEqual([name, status, ['application/problem+json']]);
      const expected = { 405: ['Allow'], 429: ['Retry-After'], 503: ['Retry-After'] }[status] ?? [];
      expect(Object.keys(headers)).toEqual(expect.arrayContaining(expected));
    }
  }
});

test('what is answered is what the document says', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS], '2024-10-03': [{ status: 500, durationUs: 12 }] });
  await add(store, 'untimed', { '2024-10-02': [{ status: 200, durationUs: -1 }] });
  await addLogs(store, 'a', 'b');
  await addLate(store, 'cust_1', '2024-10-02', ['a', 'b']);
  await addLate(store, 'cust_1', '2024-10-03', []);
  await store.links.add(
    {
      ...{ id: '0123456789abcdef', customer: 'cust_1', kind: 'page', name: 'Acme', createdBy: 'key 1' },
      ...{ createdMs: 1, expiresMs: 2 },
    },
    { forgetBeforeMs: { page: 0, embed: 0 }, most: 9 },
  );
  const customers = { ...NO_NAMES, isPublic: (id: string) => id === 'cust_1' };
  const url = await serve({ store, customers });
  const document = await documentOf(url);
  const validate = validatorOf(document);
  const strict = JSON.parse(
    JSON.stringify(document).replaceAll('"type":"object"', '"type":"object","additionalProperties":false'),
  );
  const validateStrictly = validatorOf(strict);
  for (const [path, route] of [
    ['/customers/cust_1/stats?from=2024-10-01', '/customers/{customer_id}/stats'],
    ['/customers/untimed/stats?from=2024-10-01', '/customers/{customer_id}/stats'],
    ['/customers/cust_1/stats?from=2025-10-01', '/customers/{customer_id}/stats'],
    ['/customers/cust_1/stats', '/customers/{customer_id}/stats'],
    ['/customers/%FF/stats', '/customers/{customer_id}/stats'],
    ['/stats?customer_id=cust_1&from=2024-10-01', '/stats'],
    ['/v1/customers/cust_1/stats?from=2024-10-01', '/v1/customers/{customer_id}/stats'],
    ['/v1/stats?customer_id=untimed&from=2024-10-01&to=2024-10-09&fill=true', '/v1/stats'],
    ['/v1/customers/cust_1/summary?from=2024-10-03&to=2024-10-03', '/v1/customers/{customer_id}/summary'],
    ['/v1/summary?customer_id=untimed&from=2024-10-02&to=2024-10-02&share_under=0.5,1', '/v1/summary'],
    ['/v1/summary?customer_id=untimed&from=2023-10-02&to=2023-10-02&share_under=1', '/v1/summary'],
    ['/v1/summary?customer_id=cust_1&from=0001-01-01&to=0001-01-02', '/v1/summary'],
    ['/v1/stats?from=2024-10-01', '/v1/stats'],
    ['/v1/stats?from=2024-10-04&fill=true&to=2024-10-05', '/v1/stats'],
    ['/v1/summary?from=2024-10-01&to=2024-10-03', '/v1/summary'],
    ['/v1/summary?from=2024-10-04&to=2024-10-05', '/v1/summary'],
    ['/v1/worst-days?from=2024-10-01&to=2024-10-09', '/v1/worst-days'],
    ['/v1/worst-days?from=2024-10-01&to=2024-10-09&min_requests=9&limit=1', '/v1/worst-days'],
    ['/v1/worst-days?from=2024-10-01&to=2024-12-09', '/v1/worst-days'],
    ['/v1/customers/nobody/stats?from=2024-10-01', '/v1/customers/{customer_id}/stats'],
    ['/v1/customers/nobody/summary', '/v1/customers/{customer_id}/summary'],
    ['/v1/customers?from=2024-10-01&to=2024-10-09&limit=1', '/v1/customers'],
    ['/v1/customers?from=2024-10-01&to=2024-10-09&sort=duration_p99', '/v1/customers'],
    ['/v1/customers?from=0001-01-01&to=0001-01-02', '/v1/customers'],
    ['/v1/customers?from=2024-10-01&to=2024-10-09&cursor=a', '/v1/customers'],
    ['/v1/statuses?from=2024-10-01&to=2024-10-09', '/v1/statuses'],
    ['/v1/statuses?from=2024-10-01&to=2024-10-09&customer_id=untimed', '/v1/statuses'],
    ['/v1/statuses?from=2024-10-01&to=2024-10-09&customer_id=nobody', '/v1/statuses'],
    ['/health/live', '/health/live'],
    ['/health/ready', '/health/ready'],
    ['/v1/sources', '/v1/sources'],
    ['/v1/sources?limit=1', '/v1/sources'],
    ['/v1/sources?limit=0', '/v1/sources'],
    ['/v1/rejected', '/v1/rejected'],
    ['/v1/rejected?source=nothing', '/v1/rejected'],
    ['/v1/customers/cust_1/sources?date=2024-10-02', '/v1/customers/{customer_id}/sources'],
    ['/v1/customers/nobody/sources?date=2024-10-02', '/v1/customers/{customer_id}/sources'],
    ['/v1/customers/cust_1/sources', '/v1/customers/{customer_id}/sources'],
    ['/v1/day-sources?date=2024-10-02&limit=1', '/v1/day-sources'],
    ['/v1/customers/cust_1/history?from=2024-10-01&to=2024-10-09', '/v1/customers/{customer_id}/history'],
    ['/v1/history?customer_id=cust_1&from=2024-10-01&to=2024-10-09&limit=1', '/v1/history'],
    ['/v1/history?customer_id=nobody&from=2024-10-01&to=2024-10-09', '/v1/history'],
    ['/v1/status', '/v1/status'],
    ['/v1/about', '/v1/about'],
    ['/v1/session', '/v1/session'],
    ['/v1/customers/cust_1/badge.json', '/v1/customers/{customer_id}/badge.json'],
    ['/v1/customers/nobody/badge.json', '/v1/customers/{customer_id}/badge.json'],
    ['/v1/links', '/v1/links'],
    ['/v1/links?limit=0', '/v1/links'],
  ]) {
    const answer = await fetch(url + path);
    const [type] = (answer.headers.get('content-type') ?? '').split(';');
    const media = document.paths[route].get.responses[answer.status].content?.[type];
    const body = await answer.json();
    expect([path, validate(media?.schema ?? {}, body)]).toEqual([path, []]);
    expect([path, media !== undefined, validateStrictly(media?.schema ?? {}, body)]).toEqual([
      path,
      true,
      [],
    ]);
  }
});

test('the document in docs/ is the one that is served', () => {
  execFileSync('node', ['scripts/openapi.ts', '--check'], { stdio: 'pipe' });
});

test('an app is built without asking the store anything', async () => {
  const store = await emptyStore();
  await store.close();
  await (await buildApp({ store })).close();
});
