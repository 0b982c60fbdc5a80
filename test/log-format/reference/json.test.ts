import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldElement, JsonFormat } from '../../../src/log-format/format.ts';
import { CUSTOMER_ID, may, must, STATUS } from '../../support/log-formats.ts';
import { check } from '../../support/property.ts';
import { readerOf } from '../../support/reading.ts';
import type { ScannedRecord } from '../../support/scanning.ts';

const at = (element: FieldElement, ...path: string[]) => ({ ...element, path });

const FORMAT: JsonFormat = {
  layout: 'json',
  escapes: 'json',
  fields: [
    at(must({ role: 'duration', unit: 's' }), 'duration'),
    at(STATUS, 'status'),
    at(may({ role: 'request_path' }), 'request', 'uri'),
    at(CUSTOMER_ID, 'request', 'headers', 'X-Id', '0'),
    at(must({ role: 'timestamp', kind: 'epoch_s' }), 'ts'),
  ],
};
const read = readerOf(FORMAT);

const CADDY = {
  ts: 1_646_861_401.524,
  request: { uri: '/a', headers: { 'X-Id': ['cust_1'] } },
  duration: 0.000929675,
  status: 200,
};
const RECORD = { eventTimeMs: 1_646_861_401_524, customerId: 'cust_1', status: 200, durationUs: 930 };
const LINE = JSON.stringify(CADDY);

/** The line with one member replaced by raw text. */
const withMember = (name: string, raw: string): string =>
  `{${Object.entries({ ...CADDY, [name]: undefined })
    .map(([key, value]) => `"${key}":${key === name ? raw : JSON.stringify(value)}`)
    .join(',')}}`;
const withId = (raw: string): string => withMember('request', `{"headers":{"X-Id":${raw}}}`);

describe('a line of JSON', () => {
  it.each([
    ['as Caddy writes it', LINE],
    ['with spaces everywhere', JSON.stringify(CADDY, null, '\t').replaceAll('\n', ' ')],
    ['with spaces around it', ` \t${LINE} \r`],
    ['with the id in an array of the array', LINE.replace('["cust_1"]', '[ ["cust_1"] , "x"]')],
    [
      'with escapes in values and keys',
      LINE.replace('cust_1', '\\u0063ust\\u005f1').replace('ts', '\\u0074s'),
    ],
    ['with other objects before', LINE.replace('{', '{"a":{"status":500,"b":[{"}":"]\\""}]},')],
    ['with a number without sense where nobody looks', LINE.replace('{', '{"a":NaN,"b":-,')],
    ['with an earlier value under the same key', LINE.replace('{', '{"status":500,"request":{"uri":7},')],
    ['with numbers as texts', LINE.replace('200', '"200"').replace('0.000929675', '"0.000929675"')],
    ['with an array for a number', LINE.replace('200', '[200,500]')],
  ])('%s is a record', (_, line) => {
    expect(read(line)).toEqual(RECORD);
  });

  it.each([
    ['x', 'malformed_line'],
    ['[]', 'malformed_line'],
    ['"a"', 'malformed_line'],
    [`${LINE}x`, 'malformed_line'],
    [`${LINE}{}`, 'malformed_line'],
    [`\ufeff${LINE}`, 'malformed_line'],
    [LINE.slice(0, -1), 'malformed_line'],
    [LINE.replace('}', ''), 'malformed_line'],
    [LINE.replace('200', '200,'), 'malformed_line'],
    [LINE.replace('200', ''), 'malformed_line'],
    [LINE.replace('"status":', '"status"'), 'malformed_line'],
    [LINE.replace('"status"', 'status'), 'malformed_line'],
    [LINE.replace(',"duration"', '"duration"'), 'malformed_line'],
    [LINE.replace('cust_1"', 'cust_1\\"'), 'malformed_line'],
    ['{}', 'invalid_timestamp'],
    [withMember('ts', 'null'), 'invalid_timestamp'],
    [withMember('ts', '{"a":1}'), 'invalid_timestamp'],
    [withMember('ts', '-1'), 'invalid_timestamp'],
    [withMember('ts', '1e300'), 'invalid_timestamp'],
    [withMember('request', '{}'), 'missing_customer_id'],
    [withMember('request', 'null'), 'missing_customer_id'],
    [withMember('request', '7'), 'missing_customer_id'],
    [withId('[]'), 'missing_customer_id'],
    [withId('[""]'), 'missing_customer_id'],
    [withId('[null]'), 'missing_customer_id'],
    [withId('[{}]'), 'invalid_customer_id'],
    [withId('["\\ud83d"]'), 'invalid_customer_id'],
    [withId('["\\udE00\\ud83d"]'), 'invalid_customer_id'],
    [withId('["\\x41"]'), 'invalid_customer_id'],
    [withId('["\\u12"]'), 'invalid_customer_id'],
    [withId('["a\\u0085b"]'), 'invalid_customer_id'],
    [withId('["a\\nb"]'), 'invalid_customer_id'],
    [withId('[abc]'), 'invalid_customer_id'],
    [withMember('status', '2e2'), 'invalid_status'],
    [withMember('status', '099'), 'invalid_status'],
    [withMember('status', '-0'), 'invalid_status'],
    [withMember('status', '0.0'), 'invalid_status'],
    [withMember('status', '-2'), 'invalid_status'],
    [withMember('status', '"-"'), 'invalid_status'],
    [withMember('status', 'null'), 'invalid_status'],
    [withMember('status', 'true'), 'invalid_status'],
    [withMember('duration', '-0.1'), 'invalid_duration'],
    [withMember('duration', '-1'), 'invalid_duration'],
    [withMember('duration', '"1e-3"'), 'invalid_duration'],
    [withMember('duration', '86401'), 'invalid_duration'],
    [withMember('duration', '1e99999999999'), 'invalid_duration'],
    [withMember('duration', 'null'), 'invalid_duration'],
  ])('%s is rejected: %s', (line, reason) => {
    expect(read(line)).toBe(reason);
  });

  it.each([
    ['9.3e-05', 93],
    ['9.25e-05', 93],
    ['9.2499999999999999999999e-05', 92],
    ['5e-7', 1],
    ['4.99E-7', 0],
    ['1.2E+1', 12_000_000],
    ['0.0864e6', 86_400_000_000],
    ['1e-400', 0],
    ['0e5000', 0],
  ])('with a duration of %s s has one of %d µs', (text, durationUs) => {
    expect(read(withMember('duration', text))).toMatchObject({ durationUs });
  });

  it.each([
    ['"\\ud83d\\ude00\\/\\"\\\\é"', '😀/"\\é'],
    ['42', '42'],
    ['1.50', '1.50'],
    ['true', 'true'],
    ['"-"', '-'],
  ])('with the id %s is of the customer %s', (raw, customerId) => {
    expect(read(withId(`[${raw}]`))).toMatchObject({ customerId });
  });

  it.each(['0', '-1', '"0"', '"000"', '"-1"'])('with the status %s had no response', (status) => {
    expect(read(withMember('status', status))).toMatchObject({ status: 0 });
  });

  it('reads as JSON.parse reads it', () => {
    const key = fc.constantFrom('ts', 'status', 'duration', 'request', 'uri', 'headers', 'X-Id', '0', 'é"\\');
    const leaf = fc.oneof(
      fc.constantFrom(
        200,
        404,
        1,
        0,
        -1,
        '000',
        '200',
        'cust_1',
        '',
        '-',
        null,
        true,
        '1646861401',
        0.25,
        1e-7,
        '\ud83d',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, leaf, tie('object'), fc.array(tie('value'), { maxLength: 3 })),
      object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
    }));
    const object = fc.dictionary(key, value, { maxKeys: 8 });
    const mixed = fc.tuple(object, fc.boolean(), fc.boolean()).map(([others, isWhole, isFirst]) => {
      if (!isWhole) return others;
      return isFirst ? { ...CADDY, ...others } : { ...others, ...CADDY };
    });
    check(
      fc.property(mixed, fc.constantFrom('', ' '), (record, indent) => {
        const line = JSON.stringify(record, null, indent).replaceAll('\n', ' ');
        expect([line, read(line)]).toEqual([line, readByJsonParse(line)]);
      }),
      5000,
    );
  });
});

/** The same by JSON.parse, for numbers that it prints as they were written. */
function readByJsonParse(line: string): ScannedRecord | string {
  const root: unknown = JSON.parse(line);
  const leaf = (...path: string[]): string | undefined => {
    let value = path.reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner ? Object.getOwnPropertyDescriptor(inner, key)?.value : '',
      root,
    );
    if (Array.isArray(value)) value = Array.isArray(value[0]) ? {} : value[0];
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? undefined : String(value);
  };
  const time = leaf('ts') ?? '';
  if (!/^\d+(\.\d+)?(e-\d+)?$/.test(time)) return 'invalid_timestamp';
  const id = leaf('request', 'headers', 'X-Id', '0');
  if (id === '') return 'missing_customer_id';
  if (id === undefined || !id.isWellFormed() || /\p{Cc}/u.test(id)) return 'invalid_customer_id';
  if (leaf('request', 'uri') === undefined) return 'invalid_request_path';
  const status = leaf('status') ?? '';
  if (!/^([1-5]\d\d|000|0|-1)$/.test(status)) return 'invalid_status';
  const duration = leaf('duration') ?? '';
  if (!/^\d+(\.\d+)?(e-\d+)?$/.test(duration) || Number(duration) > 86_400) return 'invalid_duration';
  return {
    eventTimeMs: Math.floor(Number(time) * 1000),
    customerId: id,
    status: Math.max(0, Number(status)),
    durationUs: Math.round(Number(duration) * 1e6),
  };
}
