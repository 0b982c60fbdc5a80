import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../src/limits.ts';
import { writtenLine } from '../support/log-lines.ts';
import { check } from '../support/property.ts';
import { scan, scanByReference } from '../support/scanning.ts';

const GOOD = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316';

/** The kernel and the reference parser must agree, so each case runs on both. */
function reasonOf(line: string | Uint8Array): string | undefined {
  const bytes = typeof line === 'string' ? Buffer.from(line) : line;
  const withEnd = Buffer.concat([bytes, Buffer.from('\n')]);
  const [byScanner, byReference] = [scan(withEnd), scanByReference(withEnd)];
  expect(byScanner.rejections).toEqual(byReference.rejections);
  expect(byScanner.records).toEqual(byReference.records);
  expect(byScanner.lines).toBe(1);
  return byScanner.rejections[0]?.reason;
}

describe('a line of the default format', () => {
  it('reads as its record', () => {
    expect(scan(Buffer.from(`${GOOD}\n`)).records).toEqual([
      {
        eventTimeMs: Date.UTC(2024, 9, 2, 5, 10, 46),
        customerId: 'cust_40',
        status: 400,
        durationUs: 316_000,
      },
    ]);
  });

  it('reads as the record that it was written from', () => {
    check(
      fc.property(writtenLine, ({ record, text }) => {
        expect(scan(Buffer.from(`${text}\n`)).records).toEqual([record]);
        expect(scanByReference(Buffer.from(text)).records).toEqual([record]);
      }),
      3000,
    );
  });

  it.each([
    ['the first second of a day', '2024-10-02 00:00:00'],
    ['the last second of a day', '2024-10-02 23:59:59'],
    ['a leap day', '2024-02-29 12:00:00'],
    ['a leap day of a 400th year', '2000-02-29 12:00:00'],
    ['the year 1', '0001-01-01 00:00:00'],
    ['a day before 1970', '1969-12-31 23:59:59'],
    ['the first day of 2100', '2100-01-01 00:00:00'],
    ['the year 9999', '9999-12-31 23:59:59'],
  ])('may be of %s', (_, time) => {
    expect(reasonOf(GOOD.replace('2024-10-02 05:10:46', time))).toBeUndefined();
  });

  it.each([
    ['', 'empty_line'],
    ['\r', 'empty_line'],
    ['hello', 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2023-02-29'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2100-02-29'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2024-00-02'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2024-13-02'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2024-10-00'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2024-04-31'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '0000-01-01'), 'invalid_timestamp'],
    [GOOD.replace('2024-10-02', '2024/10/02'), 'invalid_timestamp'],
    [GOOD.replace('05:10:46', '24:00:00'), 'invalid_timestamp'],
    [GOOD.replace('05:10:46', '05:60:46'), 'invalid_timestamp'],
    [GOOD.replace('05:10:46', '23:59:61'), 'invalid_timestamp'],
    [GOOD.replace('05:10:46', '05:59:60'), 'invalid_timestamp'],
    [GOOD.replace('05:10:46', '5:10:46'), 'invalid_timestamp'],
    [GOOD.replace('02 05', '02T05'), 'invalid_timestamp'],
    [`\ufeff${GOOD}`, 'invalid_timestamp'],
    [`${'\0'.repeat(11)}${GOOD.slice(11)}`, 'invalid_timestamp'],
    [`${GOOD.slice(0, 10)}x${GOOD.slice(11)}`, 'invalid_timestamp'],
    [`${GOOD.slice(0, 19)}x${GOOD.slice(20)}`, 'invalid_timestamp'],
    [GOOD.replace('2024', '２０２４'), 'invalid_timestamp'],
    [GOOD.replace('cust_40', ''), 'missing_customer_id'],
    [GOOD.replace('cust_40', 'a\tb'), 'invalid_customer_id'],
    [GOOD.replace('cust_40', 'a\u0000b'), 'invalid_customer_id'],
    [GOOD.replace('cust_40', 'a\u007fb'), 'invalid_customer_id'],
    [GOOD.replace('cust_40', 'a\u0085b'), 'invalid_customer_id'],
    [GOOD.replace('cust_40', 'x'.repeat(256)), 'invalid_customer_id'],
    [GOOD.replace('cust_40', 'é'.repeat(128)), 'invalid_customer_id'],
    [GOOD.replace('/api/v1/resource1', ''), 'invalid_request_path'],
    [GOOD.replace('/api/v1/resource1', '/a\tb'), 'invalid_request_path'],
    ['2024-10-02 05:10:46 cust_40', 'invalid_request_path'],
    ['2024-10-02 05:10:46 cust_40 /api', 'invalid_status'],
    [GOOD.replace('400', '-'), 'invalid_status'],
    [GOOD.replace('400', '00'), 'invalid_status'],
    [GOOD.replace('400', '0000'), 'invalid_status'],
    [GOOD.replace('400', '-10'), 'invalid_status'],
    [GOOD.replace('400', '-2'), 'invalid_status'],
    [GOOD.replace('400', '099'), 'invalid_status'],
    [GOOD.replace('400', '600'), 'invalid_status'],
    [GOOD.replace('400', '0400'), 'invalid_status'],
    [GOOD.replace('400', '40'), 'invalid_status'],
    [GOOD.replace('400', '4O0'), 'invalid_status'],
    [GOOD.replace('400 ', '400'), 'invalid_status'],
    [GOOD.replace(' 0.316', ''), 'invalid_duration'],
    [GOOD.replace('0.316', ''), 'invalid_duration'],
    [GOOD.replace('0.316', '-0.316'), 'invalid_duration'],
    [GOOD.replace('0.316', '+0.316'), 'invalid_duration'],
    [GOOD.replace('0.316', '.316'), 'invalid_duration'],
    [GOOD.replace('0.316', '0.'), 'invalid_duration'],
    [GOOD.replace('0.316', '0,316'), 'invalid_duration'],
    [GOOD.replace('0.316', '1e-3'), 'invalid_duration'],
    [GOOD.replace('0.316', 'NaN'), 'invalid_duration'],
    [GOOD.replace('0.316', 'inf'), 'invalid_duration'],
    [GOOD.replace('0.316', '0x10'), 'invalid_duration'],
    [GOOD.replace('0.316', '0.3.16'), 'invalid_duration'],
    [GOOD.replace('0.316', '86401'), 'invalid_duration'],
    [GOOD.replace('0.316', '86400.000001'), 'invalid_duration'],
    [GOOD.replace('0.316', '86400.0000001'), 'invalid_duration'],
    // From 2^63 µs on a signed number would be negative.
    [GOOD.replace('0.316', '9223372036855'), 'invalid_duration'],
    [GOOD.replace('0.316', '9999999999999'), 'invalid_duration'],
    [GOOD.replace('0.316', '9'.repeat(400)), 'invalid_duration'],
    [`${GOOD} `, 'extra_field'],
    [`${GOOD} x`, 'extra_field'],
    [`${GOOD.replace('0.316', '86400')} x`, 'extra_field'],
    [`${GOOD}\r\r`, 'invalid_duration'],
    [GOOD.replace('/api/v1/resource1', `/${'x'.repeat(MAX_LINE_BYTES)}`), 'line_too_long'],
  ])('%j is rejected: %s', (line, reason) => {
    expect(reasonOf(line)).toBe(reason);
  });

  it('may not hold an id that is not UTF-8', () => {
    const bytes = Buffer.from(GOOD);
    bytes[20] = 0xff;
    expect(reasonOf(bytes)).toBe('invalid_customer_id');
  });

  it('may not begin with bytes that an empty table would take for a date', () => {
    const bytes = Buffer.from(GOOD);
    for (const byte of [0x00, 0xff]) expect(reasonOf(bytes.fill(byte, 0, 11))).toBe('invalid_timestamp');
  });

  it.each([
    ['0', 0],
    ['2', 2_000_000],
    ['0.1', 100_000],
    ['00000012.5', 12_500_000],
    ['0.000001', 1],
    ['0.0000004', 0],
    ['0.0000005', 1],
    ['0.1234565', 123_457],
    ['0.99999999', 1_000_000],
    ['86400', 86_400_000_000],
    ['86400.000000', 86_400_000_000],
    ['86400.0000000', 86_400_000_000],
    ['86399.9999999', 86_400_000_000],
    ['9.999', 9_999_000],
  ])('a duration of %s s is %d µs', (text, durationUs) => {
    const line = Buffer.from(`${GOOD.replace('0.316', text)}\n`);
    expect(scan(line).records.map((record) => record.durationUs)).toEqual([durationUs]);
    expect(scanByReference(line).records.map((record) => record.durationUs)).toEqual([durationUs]);
  });

  it('of exactly the longest length is read, and of one byte more is rejected, with LF and with CR LF', () => {
    const path = (bytes: number) => GOOD.replace('/api/v1/resource1', '/'.repeat(bytes - GOOD.length + 17));
    for (const end of ['\n', '\r\n']) {
      expect(scan(Buffer.from(path(MAX_LINE_BYTES) + end)).records).toHaveLength(1);
      expect(scan(Buffer.from(path(MAX_LINE_BYTES + 1) + end)).rejections[0]?.reason).toBe('line_too_long');
    }
  });
});
