import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NotOtlp, otlpLines } from '../../../src/log-format/otlp/otlp-lines.ts';
import { exportOf, recordOf } from '../../support/push-client.ts';

const SETTINGS = {
  records: 'attributes',
  customerAttribute: 'customer.id',
  durationAttribute: 'http.server.request.duration',
} as const;

const linesOf = (request: unknown, settings: object = {}): string[] => [
  ...otlpLines(JSON.stringify(request), { ...SETTINGS, ...settings }),
];
const fieldsOf = (request: unknown, settings = {}) =>
  linesOf(request, settings).map((line) => JSON.parse(line) as unknown);

const any = (value: object) => exportOf([{ timeUnixNano: '1', ...value }]);
const attribute = (key: string, value: object) => ({ key, value });
const customer = (...values: object[]) =>
  any({ attributes: values.map((value) => attribute('customer.id', value)) });

describe('a log record of OpenTelemetry', () => {
  test('is a line with the fields of the semantic conventions', () => {
    const request = {
      eventTimeMs: 1_727_845_846_000,
      customerId: 'cust_40',
      status: 200,
      durationUs: 316_000,
    };
    expect(fieldsOf(exportOf([recordOf(request)]))).toEqual([
      {
        ...{ timestamp: '1727845846000000000', customer_id: 'cust_40', status: 200, duration: 0.316 },
        ...{ request_path: '/api/v1/resource1', method: 'GET' },
      },
    ]);
  });

  test('may have the older names of attributes, and the newer ones count', () => {
    const old = [
      attribute('http.status_code', { intValue: '500' }),
      attribute('http.target', { stringValue: '/old?x=1' }),
      attribute('http.method', { stringValue: 'POST' }),
    ];
    expect(fieldsOf(any({ attributes: old }))).toMatchObject([
      { status: 500, request_path: '/old?x=1', method: 'POST' },
    ]);
    const both = [...old, attribute('http.response.status_code', { intValue: 200 })];
    expect(fieldsOf(any({ attributes: both }))).toMatchObject([{ status: 200 }]);
  });

  test('takes what it does not say itself from its body, its scope and its resource', () => {
    const of = (stringValue: string) => [attribute('customer.id', { stringValue })];
    const body = (stringValue: string) => ({ kvlistValue: { values: of(stringValue) } });
    const request = (record: object) => ({
      resourceLogs: [
        {
          resource: { attributes: of('resource') },
          scopeLogs: [
            { scope: { attributes: of('scope') }, logRecords: [record] },
            { scope: null, logRecords: [{}] },
          ],
        },
      ],
    });
    const customers = (record: object) =>
      fieldsOf(request(record)).map((fields) => (fields as { customer_id: string }).customer_id);
    expect(customers({})).toEqual(['scope', 'resource']);
    expect(customers({ body: body('body') })).toEqual(['body', 'resource']);
    expect(customers({ body: body('body'), attributes: of('record') })).toEqual(['record', 'resource']);
  });

  test('has attributes inside of objects, by their path', () => {
    const inner = { kvlistValue: { values: [attribute('id', { stringValue: 'cust_1' })] } };
    expect(fieldsOf(any({ attributes: [attribute('customer', inner)] }))).toMatchObject([
      { customer_id: 'cust_1' },
    ]);
  });

  test('has a customer that is a text or a whole number, and none where a list names two', () => {
    expect(fieldsOf(customer({ stringValue: '40' }))).toMatchObject([{ customer_id: '40' }]);
    expect(fieldsOf(customer({ intValue: '40' }))).toMatchObject([{ customer_id: '40' }]);
    expect(fieldsOf(customer({ intValue: '9007199254740993' }))).toMatchObject([
      { customer_id: '9007199254740993' },
    ]);
    const none = [{ doubleValue: 1.5 }, { boolValue: true }, { arrayValue: { values: [] } }, {}];
    for (const value of none) expect(fieldsOf(customer(value))).toEqual([{ timestamp: '1' }]);
    expect(fieldsOf(customer({ stringValue: 'a' }, { stringValue: 'b' }))).toEqual([{ timestamp: '1' }]);
    expect(fieldsOf(customer({ stringValue: 'a' }, { stringValue: 'a' }))).toMatchObject([
      { customer_id: 'a' },
    ]);
  });

  test('happened when it says, or else when the collector saw it', () => {
    const time = (record: object) =>
      fieldsOf(exportOf([record])).map((fields) => (fields as { timestamp?: string }).timestamp);
    expect(time({ timeUnixNano: '5', observedTimeUnixNano: '7' })).toEqual(['5']);
    expect(time({ timeUnixNano: '0', observedTimeUnixNano: '7' })).toEqual(['7']);
    expect(time({ timeUnixNano: 1_727_845_846_000_000_000, observedTimeUnixNano: '7' })).toEqual([
      '1727845846000000000',
    ]);
    expect(time({ timeUnixNano: 'yesterday' })).toEqual([undefined]);
  });

  test('is a line of a log where its body is one, and no line where that has several', () => {
    const body = (value: object) => linesOf(any({ body: value }), { records: 'body' });
    const line = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316';
    expect(body({ stringValue: line })).toEqual([line]);
    expect(body({ stringValue: `${line}\n` })).toEqual([line]);
    expect(body({ stringValue: `${line}\n${line}` })).toEqual([JSON.stringify(`${line}\n${line}`)]);
    expect(body({ kvlistValue: { values: [] } })).toEqual(['null']);
    expect(body({})).toEqual(['null']);
  });

  test('may have the names of protobuf', () => {
    const record = { time_unix_nano: '5', attributes: [attribute('customer.id', { string_value: 'a' })] };
    const request = { resource_logs: [{ scope_logs: [{ log_records: [record] }] }] };
    expect(fieldsOf(request)).toEqual([{ timestamp: '5', customer_id: 'a' }]);
  });

  test('is always one line, whatever is in it', () => {
    const any = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.record({ stringValue: fc.string({ unit: 'binary' }) }),
        fc.record({ intValue: fc.oneof(fc.integer(), fc.string()) }),
        fc.record({ doubleValue: fc.oneof(fc.double(), fc.string()) }),
        fc.record({ kvlistValue: fc.record({ values: fc.array(tie('attribute')) }) }),
        fc.constant(null),
      ),
      attribute: fc.record({
        key: fc.oneof(fc.constantFrom('customer.id', 'url.path', 'customer', 'id'), fc.string()),
        value: tie('value'),
      }),
    }));
    const record = fc.record({ body: any.value, attributes: fc.array(any.attribute) }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(record), fc.constantFrom('attributes', 'body'), (records, part) => {
        const lines = linesOf(exportOf(records as object[]), { records: part });
        expect(lines).toHaveLength(records.length);
        for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

test.each([
  ['', 'no JSON'],
  ['[]', 'no object'],
  ['{"resourceLogs":{}}', 'no list'],
  ['{"resourceLogs":[3]}', 'no object'],
  ['{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"value":{}}]}]}]}]}', '`key`'],
])('%j is no request of OTLP', (text, why) => {
  const read = () => [...otlpLines(text, SETTINGS)];
  expect(read).toThrow(NotOtlp);
  expect(read).toThrow(why);
});

test('a request without records has no lines', () => {
  for (const request of [
    {},
    { resourceLogs: null },
    { resourceLogs: [{}] },
    { resourceLogs: [{ scopeLogs: [] }] },
  ])
    expect(linesOf(request)).toEqual([]);
});
