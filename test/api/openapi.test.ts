import { execFileSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { add, addLogs, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

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
  readonly responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { properties: Record<string, object> }> };
}

async function documentOf(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document;
}

/** Checks against schemas of the document, as any client of it would: references are resolved in the document. */
function validatorOf(document: Document) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false });
  (ajvFormats as unknown as typeof ajvFormats.default)(ajv);
  ajv.addVocabulary(['example', 'components', 'paths', 'openapi', 'info', 'tags']);
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
    'get /v1/customers',
    'get /v1/customers/{customer_id}/endpoints',
    'get /v1/endpoints',
    'get /v1/statuses',
    'get /health/live',
    'get /health/ready',
    'get /v1/sources',
    'get /v1/rejected',
    'get /v1/status',
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

test('what is answered is what the document says', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS], '2024-10-03': [{ status: 500, durationUs: 12 }] });
  await add(store, 'untimed', { '2024-10-02': [{ status: 200, durationUs: -1 }] });
  await addLogs(store, 'a', 'b');
  const url = await serve({ store });
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
    ['/v1/status', '/v1/status'],
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
