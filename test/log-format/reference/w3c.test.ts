import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../../src/limits.ts';
import { referenceParser } from '../../../src/log-format/reference/reference-parser.ts';
import { read } from '../../support/reading.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const FORMAT = 'w3c timestamp=date+time customer_id=cs-username status=sc-status duration=time-taken:ms?';
const FIELDS = '#Fields: date time cs-username c-ip sc-status time-taken';

/** What the reference parser says of each line, one after the other. */
function readAll(lines: readonly string[], format = FORMAT, customerId?: string) {
  const parser = referenceParser(scanSettings(format, customerId));
  parser.startPartition(new Uint8Array());
  return lines.map((line) => inShort(read(parser, Buffer.from(line))));
}

function inShort(said: ReturnType<typeof read>): unknown {
  if (typeof said === 'string') return said;
  const { customerId, status, durationUs } = said;
  return [customerId, status, durationUs];
}

const readLast = (...lines: string[]) => readAll(lines).at(-1);

describe('a line of a W3C extended log', () => {
  it('has the columns that the last #Fields line above it names', () => {
    expect(
      readAll([
        '#Version: 1.0',
        FIELDS,
        '2024-10-02 05:10:46 bob 192.0.2.1 200 316',
        '#Fields: time sc-status date time-taken cs-username',
        '05:10:46 404 2024-10-02 200 ann',
        '#fields:\tdate\ttime\tsc-status\tcs-username\t',
        '2024-10-02 05:10:46 500 bob',
      ]),
    ).toEqual([
      'header_line',
      'header_line',
      ['bob', 200, 316_000],
      'header_line',
      ['ann', 404, 200_000],
      'header_line',
      ['bob', 500, -1],
    ]);
  });

  it('is rejected where no #Fields line stands above it', () => {
    const line = '2024-10-02 05:10:46 bob 192.0.2.1 200 316';
    expect(readAll([line, '#Software: IIS', line, FIELDS, line])).toEqual([
      'unknown_columns',
      'header_line',
      'unknown_columns',
      'header_line',
      ['bob', 200, 316_000],
    ]);
  });

  it.each([
    ['lacks the time', '#Fields: date cs-username c-ip sc-status time-taken'],
    ['lacks the status', '#Fields: date time cs-username c-ip time-taken'],
    ['lacks the customer', '#Fields: date time c-ip sc-status time-taken'],
    ['names the customer twice', `${FIELDS} cs-username`],
    ['names nothing', '#Fields:'],
    ['is too long to be read', `${FIELDS} ${'x'.repeat(MAX_LINE_BYTES)}`],
  ])('is rejected under a header that %s, and not read by the one before', (_, header) => {
    const line = '2024-10-02 05:10:46 bob 192.0.2.1 200 316';
    expect(readLast(FIELDS, line, header, line)).toBe('unknown_columns');
  });

  it('may be long without a change of the columns', () => {
    const line = '2024-10-02 05:10:46 bob 192.0.2.1 200 316';
    expect(readLast(FIELDS, 'x'.repeat(MAX_LINE_BYTES + 1), line)).toEqual(['bob', 200, 316_000]);
  });

  it('may lack a column that is named twice but not needed', () => {
    expect(readLast(`${FIELDS} x-a x-a`, '2024-10-02 05:10:46 bob ::1 200 316 - -')).toEqual([
      'bob',
      200,
      316_000,
    ]);
  });

  it('may lack a customer whose column may be absent', () => {
    const format = FORMAT.replace('cs-username', 'cs-username?');
    expect(readAll(['#Fields: date time sc-status', '2024-10-02 05:10:46 200'], format).at(-1)).toBe(
      'missing_customer_id',
    );
  });

  it('must have the path in which the customer is', () => {
    const format = 'w3c timestamp=date+time request_path=cs-uri-stem? status=sc-status';
    const lines = ['#Fields: date time sc-status', '2024-10-02 05:10:46 200'];
    expect(readAll(lines, format, '/{customer_id}').at(-1)).toBe('unknown_columns');
  });

  it.each([
    ['2024-10-02 05:10:46 bob 192.0.2.1 200', 'malformed_line'],
    ['2024-10-02 05:10:46 bob 192.0.2.1 200 316 x', 'malformed_line'],
    ['2024-10-02  05:10:46 bob 192.0.2.1 200 316', 'malformed_line'],
    ['2024-10-02 05:10:46 - 192.0.2.1 200 316', 'missing_customer_id'],
    ['2024-10-02 - bob 192.0.2.1 200 316', 'invalid_timestamp'],
    ['- 05:10:46 bob 192.0.2.1 200 316', 'invalid_timestamp'],
    ['2024-10-02 25:10:46 bob 192.0.2.1 200 316', 'invalid_timestamp'],
    ['2024-10-02 05:10:46 bob 192.0.2.1 - 316', 'invalid_status'],
    ['2024-10-02 05:10:46 bob 192.0.2.1 200 x', 'invalid_duration'],
    ['2024-10-02 05:10:46\tbob 192.0.2.1 200 316', 'malformed_line'],
  ])('%s is rejected: %s', (line, reason) => {
    expect(readLast(FIELDS, line)).toBe(reason);
  });

  it.each([
    ['2024-10-02\t05:10:46\tbob\t192.0.2.1\t200\t316', 'bob'],
    ['2024-10-02\t05:10:46\tAnn Smith\t192.0.2.1\t200\t316', 'Ann Smith'],
    ['2024-10-02 05:10:46 "Ann ""A"" Smith" 192.0.2.1 200 316', 'Ann "A" Smith'],
    ['"2024-10-02" "05:10:46" bob "a b" "200" "316"', 'bob'],
    ['2024-10-02 05:10:46 CONTOSO\\Ann+Smith 192.0.2.1 200 316', 'CONTOSO\\Ann+Smith'],
    ['2024-10-02 05:10:46 "bob 192.0.2.1 200 316  ', '"bob'],
    ['2024-10-02\t05:10:46\tZoë\t\t200\t316', 'Zoë'],
  ])('%j is a record of %s', (line, customer) => {
    expect(readLast(FIELDS, line)).toEqual([customer, 200, 316_000]);
  });

  it('may have no duration', () => {
    expect(readLast(FIELDS, '2024-10-02 05:10:46 bob 192.0.2.1 200 -')).toEqual(['bob', 200, -1]);
  });

  it('has the columns of the format where no header stands above it, and may have more', () => {
    const format = `${FORMAT.replace('?', '')} columns="date time cs-username sc-status time-taken x-more"`;
    expect(
      readAll(
        [
          '2024-10-02 05:10:46 bob 200 316',
          '2024-10-02\t05:10:46\tbob\t200\t316\t-\t-\t-',
          '2024-10-02 05:10:46 bob 200',
          '#Fields: date time sc-status cs-username time-taken',
          '2024-10-02 05:10:46 bob 200 316',
          '2024-10-02 05:10:46 200 bob 316',
          '2024-10-02 05:10:46 200 bob 316 -',
        ],
        format,
      ),
    ).toEqual([
      ['bob', 200, 316_000],
      ['bob', 200, 316_000],
      'malformed_line',
      'header_line',
      'invalid_status',
      ['bob', 200, 316_000],
      'malformed_line',
    ]);
  });
});
