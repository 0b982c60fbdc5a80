import { describe, expect, it } from 'vitest';
import type { DurationUnit, Escapes, PatternFormat, TimestampKind } from '../../../src/log-format/format.ts';
import { CUSTOMER_ID, may, must, SKIP, STATUS } from '../../support/log-formats.ts';
import { readerOf } from '../../support/reading.ts';

const clf = must({ role: 'timestamp', kind: 'clf' });
const pattern = (escapes: Escapes, ...elements: PatternFormat['elements']): PatternFormat => ({
  layout: 'pattern',
  escapes,
  isOpenEnded: false,
  elements,
});

/** nginx's and Apache's combined format, with the user as the customer, and with the time of the upstreams. */
const COMBINED = pattern(
  'backslash',
  ...[SKIP, ' - ', may({ role: 'customer_id' }), ' [', clf, '] "', must({ role: 'request' }), '" ', STATUS],
  ...[' ', SKIP, ' "', SKIP, '" "', SKIP, '" ', may({ role: 'duration', unit: 's', isList: true })],
);
const LINE =
  '2001:db8::1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326 "-" "Mozilla/4.08 [en] (Win98; I)" 0.5';
const RECORD = {
  eventTimeMs: Date.parse('2000-10-10T20:55:36Z'),
  customerId: 'frank',
  status: 200,
  durationUs: 500_000,
};
const read = readerOf(COMBINED);

describe('a line of the combined format', () => {
  it.each([
    ['of an IPv6 address', LINE],
    ['with quotes in the user agent', LINE.replace('Mozilla', 'a \\" 500 \\"')],
    ['with a backslash at the end of the user agent', LINE.replace('I)', 'I)\\\\')],
    ['with a request that is none', LINE.replace('GET /a HTTP/1.0', '\\x16\\x03\\x01')],
    ['with an empty user agent', LINE.replace(/"Moz.*"/, '""')],
    ['with an escaped id', LINE.replace('frank', '\\x66r\\x61nk')],
  ])('%s is a record', (_, line) => {
    expect(read(line)).toEqual(RECORD);
  });

  it.each([
    ['0.5, 0.25 : 0.125', 875_000],
    ['-, 0.5', 500_000],
    ['0.5,-', 500_000],
    ['-', -1],
    ['-, -', -1],
    ['-1', -1],
    ['', -1],
    ['0.0000004, 0.0000001', 1],
  ])('with the times %j took %d µs', (times, durationUs) => {
    expect(read(LINE.replace(/0\.5$/, times))).toEqual({ ...RECORD, durationUs });
  });

  it.each(['0', '000', '-1'])('with the status %s had no response', (status) => {
    expect(read(LINE.replace('" 200', `" ${status}`))).toEqual({ ...RECORD, status: 0 });
  });

  it.each([
    [LINE.replace('frank', '-'), 'missing_customer_id'],
    [LINE.replace('frank', ''), 'missing_customer_id'],
    [LINE.replace('frank', 'a\\x00'), 'invalid_customer_id'],
    [LINE.replace('frank', '\\xff'), 'invalid_customer_id'],
    [LINE.replace('Oct', 'oct'), 'invalid_timestamp'],
    [LINE.replace('-0700', '-2400'), 'invalid_timestamp'],
    [LINE.replace('-0700', '+0060'), 'invalid_timestamp'],
    [LINE.replace('13:55:36', '13:55:60'), 'invalid_timestamp'],
    [LINE.replace('" 200', '" 2000'), 'invalid_status'],
    [LINE.replace('" 200', '" -'), 'invalid_status'],
    [LINE.replace('" 200', '" 00'), 'invalid_status'],
    [LINE.replace('" 200', '" 0000'), 'invalid_status'],
    [LINE.replace('" 200', '" -10'), 'invalid_status'],
    [LINE.replace('" 200', '" -2'), 'invalid_status'],
    [LINE.replace('" 200', '" --'), 'invalid_status'],
    [LINE.replace('" 200', '" 0200'), 'invalid_status'],
    [LINE.replace(/" 0\.5$/, ''), 'invalid_duration'],
    [LINE.replace('0.5', '-0.5'), 'invalid_duration'],
    [LINE.replace('0.5', '86400, 0.0000001'), 'invalid_duration'],
    [LINE.replace('0.5', '0.5,'), 'invalid_duration'],
    [`${LINE} x`, 'extra_field'],
    [`${LINE}x`, 'invalid_duration'],
    ['GET', 'invalid_customer_id'],
  ])('%s is rejected: %s', (line, reason) => {
    expect(read(line)).toBe(reason);
  });

  it('may go on where its format is open', () => {
    expect(readerOf({ ...COMBINED, isOpenEnded: true })(`${LINE}, and more`)).toEqual(RECORD);
  });
});

describe('an unfinished line', () => {
  it('lacks the text behind its last field', () => {
    const line = pattern(
      'none',
      must({ role: 'timestamp', kind: 'datetime' }),
      ' ',
      CUSTOMER_ID,
      ' ',
      STATUS,
      ' "',
      SKIP,
      '"',
    );
    const whole = '2024-10-02 05:10:46 a 200 "x"';
    expect(readerOf(line)(whole)).toMatchObject({ status: 200 });
    expect(readerOf(line)(whole.slice(0, -1))).toBe('malformed_line');
    expect(readerOf(line)(`${whole}x`)).toBe('malformed_line');
    expect(readerOf(pattern('none', '<', ...line.elements))(whole)).toBe('malformed_line');
  });
});

describe('a time', () => {
  const timeOf = (kind: TimestampKind, text: string): string => {
    const line = pattern('none', must({ role: 'timestamp', kind }), '|', CUSTOMER_ID, '|', STATUS);
    const verdict = readerOf(line)(`${text}|a|200`);
    return typeof verdict === 'string' ? verdict : new Date(verdict.eventTimeMs).toISOString();
  };

  it.each<[TimestampKind, string, string]>([
    ['iso8601', '2024-10-02T05:10:46', '2024-10-02T05:10:46.000Z'],
    ['iso8601', '2024-10-02 05:10:46,9999Z', '2024-10-02T05:10:46.999Z'],
    ['iso8601', '2024-10-02t05:10:46.1+02', '2024-10-02T03:10:46.100Z'],
    ['iso8601', '2024-10-02\t05:10:46-0930', '2024-10-02T14:40:46.000Z'],
    ['iso8601', '1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['iso8601', '0001-01-01T23:59:00+23:59', '0001-01-01T00:00:00.000Z'],
    ['clf', '02/Oct/2024:05:10:46', '2024-10-02T05:10:46.000Z'],
    ['clf', '02/Oct/2024:05:10:46.1239 +0200', '2024-10-02T03:10:46.123Z'],
    ['epoch_s', '1727845846.1239', '2024-10-02T05:10:46.123Z'],
    ['epoch_ms', '1727845846123.9', '2024-10-02T05:10:46.123Z'],
    ['epoch_us', '1727845846123999', '2024-10-02T05:10:46.123Z'],
    ['epoch_ns', '1727845846123999999', '2024-10-02T05:10:46.123Z'],
    ['epoch_s', '253402300799.999', '9999-12-31T23:59:59.999Z'],
  ])('%s: %s is %s', (kind, text, time) => {
    expect(timeOf(kind, text)).toBe(time);
  });

  it.each<[TimestampKind, string]>([
    ['iso8601', '2024-10-02T05:10'],
    ['iso8601', '2024-10-02T05:10:46+24:00'],
    ['iso8601', '2024-10-02T05:10:46.'],
    ['iso8601', '0001-01-01T00:00:00+00:01'],
    ['iso8601', '9999-12-31T23:59:59-00:01'],
    ['clf', '31/Apr/2024:05:10:46 +0200'],
    ['clf', '02/Oct/2024 05:10:46'],
    ['epoch_s', '253402300800'],
    ['epoch_s', '-1'],
    ['epoch_s', '1e9'],
    ['datetime', '2024-10-02 05:10:46.5'],
  ])('%s: %s is none', (kind, text) => {
    expect(timeOf(kind, text)).toBe('invalid_timestamp');
  });
});

describe('a duration', () => {
  it.each<[DurationUnit, string, number]>([
    ['s', '0.0000005', 1],
    ['ms', '12.3456', 12_346],
    ['us', '0.4999999', 0],
    ['ns', '1500', 2],
    ['ns', '1499', 1],
  ])('in %s: %s is %d µs', (unit, text, durationUs) => {
    const time = must({ role: 'timestamp', kind: 'epoch_s' });
    const duration = must({ role: 'duration', unit, unitSuffix: 'ms' });
    const readLine = readerOf(pattern('none', time, ' ', CUSTOMER_ID, ' ', STATUS, ' ', duration));
    expect(readLine(`1 a 200 ${text}ms`)).toMatchObject({ durationUs });
    expect(readLine(`1 a 200 ${text}`)).toBe('invalid_duration');
    expect(readLine('1 a 200 -')).toBe('invalid_duration');
  });
});

describe('a time without an offset', () => {
  it('is one of the zone of the log', () => {
    const format = pattern(
      'none',
      must({ role: 'timestamp', kind: 'iso8601' }),
      ' ',
      CUSTOMER_ID,
      ' ',
      STATUS,
    );
    const logZone = {
      name: 'Etc/GMT-2',
      fromMs: new Float64Array([-Infinity]),
      offsetMs: new Float64Array([7_200_000]),
    };
    const readLine = readerOf(format, { logZone });
    expect(readLine('1970-01-01T02:00:00.5 a 200')).toMatchObject({ eventTimeMs: 500 });
    expect(readLine('1970-01-01T02:00:00.5Z a 200')).toMatchObject({ eventTimeMs: 7_200_500 });
  });
});
