import { describe, expect, it } from 'vitest';
import type { DelimitedFormat, FieldElement, LogfmtFormat } from '../../../src/log-format/format.ts';
import { referenceParser } from '../../../src/log-format/reference/reference-parser.ts';
import { CUSTOMER_ID, may, must, STATUS } from '../../support/log-formats.ts';
import { read, readerOf, settingsOf } from '../../support/reading.ts';

const TIME = must({ role: 'timestamp', kind: 'iso8601' });
const DURATION = may({ role: 'duration', unit: 'ms', unitSuffix: 'ms' });
const RECORD = {
  eventTimeMs: Date.parse('2024-10-02T05:10:46Z'),
  customerId: 'cust 1',
  status: 200,
  durationUs: 8000,
};

describe('a line of logfmt', () => {
  const key = (element: FieldElement, name: string) => ({ ...element, key: name });
  const format: LogfmtFormat = {
    layout: 'logfmt',
    escapes: 'json',
    fields: [key(TIME, 'at'), key(CUSTOMER_ID, 'user'), key(STATUS, 'status'), key(DURATION, 'service')],
  };
  const readLine = readerOf(format);
  const LINE = 'at=2024-10-02T05:10:46Z method=GET user="cust 1" service=8ms status=200';

  it.each([
    LINE,
    `  ${LINE}\t `,
    LINE.replace('cust 1', 'cust\\u00201'),
    LINE.replace('method=GET', 'msg="a \\" status=500" flag user=no = ==x "y z"'),
    LINE.replace('200', '"200"'),
  ])('%s is a record', (line) => {
    expect(readLine(line)).toEqual(RECORD);
  });

  it.each([
    [LINE.replace('cust 1"', 'cust 1'), 'malformed_line'],
    [LINE.replace('cust 1"', 'cust 1"x'), 'malformed_line'],
    [LINE.replace('GET', '"GET\\"'), 'malformed_line'],
    [LINE.replace('"cust 1"', ''), 'missing_customer_id'],
    [LINE.replace('"cust 1"', '""'), 'missing_customer_id'],
    [`${LINE} user`, 'missing_customer_id'],
    [LINE.replace('cust', '\\x41'), 'invalid_customer_id'],
    [LINE.replace('at=', 'ta='), 'invalid_timestamp'],
    [LINE.replace('8ms', '8'), 'invalid_duration'],
  ])('%s is rejected: %s', (line, reason) => {
    expect(readLine(line)).toBe(reason);
  });

  it('may have no duration', () => {
    for (const service of ['', 'service=', 'service=-', 'service', 'service="-"'])
      expect(readLine(LINE.replace('service=8ms', service))).toEqual({ ...RECORD, durationUs: -1 });
  });
});

describe('a line of CSV', () => {
  const column = (element: FieldElement, name: string) => ({ ...element, column: name });
  const format: DelimitedFormat = {
    layout: 'delimited',
    delimiter: ',',
    escapes: 'none',
    fields: [
      column(TIME, 'time'),
      column(CUSTOMER_ID, 'user, "é"'),
      column(STATUS, 'status'),
      column(DURATION, 'ms'),
    ],
  };
  const HEADER = 'other,"user, ""é""",time,ms,status';

  function readBehind(head: string, line: string): unknown {
    const parser = referenceParser(settingsOf(format));
    parser.startPartition(Buffer.from(head));
    return read(parser, Buffer.from(line));
  }

  it.each([HEADER, `\ufeff${HEADER}\r\n1,2,3,4,5`, `${HEADER}\n`])(
    'behind the names %j is a record',
    (head) => {
      expect(readBehind(head, ',cust 1,2024-10-02T05:10:46Z,8ms,200')).toEqual(RECORD);
      expect(readBehind(head, '"a,""b""",cust 1,"2024-10-02T05:10:46Z",8ms,"200"')).toEqual(RECORD);
    },
  );

  it.each([
    [',cust 1,2024-10-02T05:10:46Z,8ms', 'malformed_line'],
    [',cust 1,2024-10-02T05:10:46Z,8ms,200,', 'malformed_line'],
    ['"a"b,cust 1,2024-10-02T05:10:46Z,8ms,200', 'malformed_line'],
    ['"a,cust 1,2024-10-02T05:10:46Z,8ms,200', 'malformed_line'],
    [',,2024-10-02T05:10:46Z,8ms,200', 'missing_customer_id'],
    [',"a""b",,8ms,200', 'invalid_timestamp'],
    [',a,2024-10-02T05:10:46Z,8ms,', 'invalid_status'],
  ])('%s is rejected: %s', (line, reason) => {
    expect(readBehind(HEADER, line)).toBe(reason);
  });

  it('takes the last of columns with one name', () => {
    expect(readBehind(`ms,${HEADER}`, 'x,,cust 1,2024-10-02T05:10:46Z,8ms,200')).toEqual(RECORD);
  });

  it.each(['', 'other,time,ms', `"${HEADER}`])(
    'cannot be read behind %j, which names too few columns',
    (head) => {
      expect(() => readBehind(head, '')).toThrow(
        expect.objectContaining({ code: 'HEADER_MISSING', message: expect.stringContaining('"status"') }),
      );
    },
  );
});
