/** The form of an OpenAPI 3.1 document, as far as ours goes: a key that stands where it may not is an error. */

const object = (properties: Record<string, object>, ...required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const mapOf = (values: object, names = {}) => ({
  type: 'object',
  additionalProperties: values,
  propertyNames: names,
});
const text = { type: 'string', minLength: 1 };

const schema = { type: 'object', minProperties: 1 };

const mediaType = object(
  { schema, example: {}, examples: mapOf(object({ summary: text, description: text, value: {} }, 'value')) },
  'schema',
);

const parameter = object(
  {
    name: text,
    in: { enum: ['path', 'query', 'header', 'cookie'] },
    description: text,
    required: { type: 'boolean' },
    schema,
    example: {},
  },
  'name',
  'in',
  'schema',
);

const response = object(
  {
    description: text,
    headers: mapOf(object({ description: text, schema }, 'schema')),
    content: mapOf(mediaType, { pattern: '^[a-z]+/[a-z+]+$' }),
  },
  'description',
);

const operation = object(
  {
    operationId: text,
    summary: text,
    description: text,
    tags: { type: 'array', items: text },
    parameters: { type: 'array', items: parameter, uniqueItems: true },
    responses: mapOf(response, { pattern: '^[1-5][0-9]{2}$' }),
  },
  'operationId',
  'summary',
  'responses',
);

/** A JSON Schema. */
export const OPENAPI_FORM = object(
  {
    openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
    info: object({ title: text, version: text, description: text }, 'title', 'version'),
    tags: { type: 'array', items: object({ name: text, description: text }, 'name') },
    paths: mapOf(object({ get: operation }, 'get'), { pattern: '^/' }),
    components: object({ schemas: mapOf(schema, { pattern: '^[a-zA-Z0-9._-]+$' }) }),
  },
  'openapi',
  'info',
  'paths',
);
