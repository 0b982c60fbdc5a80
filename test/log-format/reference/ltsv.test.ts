import { describe, expect, it } from 'vitest';
import { referenceParser } from '../../../src/log-format/reference/reference-parser.ts';
import { read } from '../../support/reading.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const FORMAT = 'ltsv timestamp=time:clf customer_id=user status=status duration=reqtime:s?';
const LINE = 'time:02/Oct/2024:07:10:46 +0200\thost:192.0.2.9\tuser:cust 1\tstatus:200\treqtime:0.316';
const RECORD = {
  eventTimeMs: Date.parse('2024-10-02T05:10:46Z'),
  customerId: 'cust 1',
  status: 200,
  durationUs: 316_000,
};

const readLine = (line: string) => read(referenceParser(scanSettings(FORMAT)), Buffer.from(line));

describe('a line of LTSV', () => {
  it.each([
    LINE,
    LINE.split('\t').reverse().join('\t'),
    `${LINE}\tua:Mozilla/5.0 (X11; Linux): "x"\tempty:\t`,
    LINE.replace('02/Oct/2024:07:10:46 +0200', '[02/Oct/2024:07:10:46 +0200]'),
    LINE.replace('user:', 'user:other\tuser:'),
    LINE.replace('cust 1', 'cust\\x201'),
  ])('%j is a record', (line) => {
    expect(readLine(line)).toEqual(RECORD);
  });

  it.each([
    [LINE.replace('user:cust 1\t', ''), 'missing_customer_id'],
    [LINE.replace('cust 1', ''), 'missing_customer_id'],
    [LINE.replace('cust 1', '-'), 'missing_customer_id'],
    [LINE.replace('\thost', '\t\thost').replace('status:200', 'status'), 'malformed_line'],
    [LINE.replace('status:200\t', ''), 'invalid_status'],
    [LINE.replaceAll('\t', ' '), 'invalid_timestamp'],
    [`web-1  | ${LINE}`, 'malformed_line'],
    [`2024-10-02T05:10:46Z stdout F ${LINE}`, 'invalid_timestamp'],
    [LINE.replace('0.316', 'x'), 'invalid_duration'],
  ])('%j is rejected: %s', (line, reason) => {
    expect(readLine(line)).toBe(reason);
  });

  it('may have no duration', () => {
    for (const value of ['', '\treqtime:', '\treqtime:-'])
      expect(readLine(LINE.replace('\treqtime:0.316', value))).toEqual({ ...RECORD, durationUs: -1 });
  });
});
