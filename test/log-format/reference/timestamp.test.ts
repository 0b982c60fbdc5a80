import { describe, expect, it } from 'vitest';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
import { readerOf } from '../../support/reading.ts';
import { tableOf } from '../../support/zones.ts';

/** The time that a kind or a form reads, or why there is none. */
function timeOf(kind: string, text: string, zone = 'UTC'): string {
  const { unresolved } = parseLogFormat(`{timestamp:${kind}}|{customer_id}|{status}`);
  const verdict = readerOf(unresolved, { logZone: tableOf(zone) })(`${text}|a|200`);
  return typeof verdict === 'string' ? verdict : new Date(verdict.eventTimeMs).toISOString();
}

describe('a time', () => {
  it.each([
    ['slashes', '2021/03/12 22:49:12', '2021-03-12T22:49:12.000Z'],
    ['slashes', '2021/03/12 08:57:48.541', '2021-03-12T08:57:48.541Z'],
    ['slashes', '2021/03/12 08:57:48.541999', '2021-03-12T08:57:48.541Z'],
    ['rfc1123', 'Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['rfc1123', 'Sun, 06 Nov 1994 08:49:37 UTC', '1994-11-06T08:49:37.000Z'],
    ['rfc2822', 'Sun, 06 Nov 1994 08:49:37 +0000', '1994-11-06T08:49:37.000Z'],
    ['rfc2822', '6 Nov 1994 08:49:37 -0930', '1994-11-06T18:19:37.000Z'],
    ['rfc2822', 'Sun, 6 Nov 1994 08:49 GMT', '1994-11-06T08:49:00.000Z'],
    ['ctime', 'Sun Mar 13 22:49:12 2016', '2016-03-13T22:49:12.000Z'],
    ['ctime', 'Tue Jan  5 10:09:01 2021', '2021-01-05T10:09:01.000Z'],
    ['ctime', 'Tue Jan 05 10:09:01.654321 2021', '2021-01-05T10:09:01.654Z'],
    ['%d/%b/%Y %H:%M:%S', '10/Feb/2012 16:42:07', '2012-02-10T16:42:07.000Z'],
    ['%B - %d, %Y:%H:%M:%S', 'February - 10, 2012:16:42:07', '2012-02-10T16:42:07.000Z'],
    ['%Y/%m/%d - %H:%M:%S', '2015/09/22 - 09:46:45', '2015-09-22T09:46:45.000Z'],
    ['%d-%b-%y %I.%M.%S.%f %p', '10-FEB-12 12.00.01.5 AM', '2012-02-10T00:00:01.500Z'],
    ['%m/%d/%Y %-I:%M:%S %p', '2/9/2012 1:02:03 PM', 'invalid_timestamp'],
    ['%-m/%-d/%Y %-I:%M:%S %p', '2/9/2012 1:02:03 PM', '2012-02-09T13:02:03.000Z'],
    ['%D %l:%M:%S %p', '02/09/12 12:02:03 PM', '2012-02-09T12:02:03.000Z'],
    ['%Y %j %R', '2024 366 05:10', '2024-12-31T05:10:00.000Z'],
    ['%d.%m.%Y %T,%L', '02.10.2024 05:10:46,123', '2024-10-02T05:10:46.123Z'],
    ['%a %b %e %T %Z %Y', 'Wed Oct  2 05:10:46 UTC 2024', '2024-10-02T05:10:46.000Z'],
    ['%d/%m/%Y %H:%M:%S %z', '02/10/2024 05:10:46 +02:00', '2024-10-02T03:10:46.000Z'],
    ['%y%m%dT%H%M%S%3f', '691002T051046123', '1969-10-02T05:10:46.123Z'],
    ['%y%m%dT%H%M%S%3f', '681002T051046123', '2068-10-02T05:10:46.123Z'],
  ])('%s: %s is %s', (kind, text, time) => {
    expect(timeOf(kind, text)).toBe(time);
  });

  it.each([
    ['slashes', '2021/02/29 22:49:12'],
    ['slashes', '2021-03-12 22:49:12'],
    ['slashes', '2021/03/12T22:49:12'],
    ['slashes', '2021/03/12 24:00:00'],
    ['rfc1123', 'Mon, 06 Nov 1994 08:49:37 GMT'],
    ['rfc1123', 'Sun, 6 Nov 1994 08:49:37 GMT'],
    ['rfc1123', 'Sun, 06 Nov 1994 08:49:37 EST'],
    ['rfc1123', 'Sun, 06 Nov 1994 08:49:37'],
    ['rfc2822', 'Sunday, 06 Nov 1994 08:49:37 +0000'],
    ['rfc2822', 'Sun, 06 Nov 1994 08:49:37 +2400'],
    ['rfc2822', 'Sun, 06 Nov 1994 08:49:37 CST'],
    ['ctime', 'Mon Mar 13 22:49:12 2016'],
    ['ctime', 'Tue Jan 5 10:09:01 2021'],
    ['ctime', 'sun Mar 13 22:49:12 2016'],
    ['%d/%b/%Y %H:%M:%S', '31/Apr/2012 16:42:07'],
    ['%d/%b/%Y %H:%M:%S', '10/February/2012 16:42:07'],
    ['%d/%b/%Y %H:%M:%S', '10/Feb/2012 16:42:7'],
    ['%d/%b/%Y %H:%M:%S', '10/Feb/2012 16:42:61'],
    ['%d/%b/%Y %I:%M %p', '10/Feb/2012 13:42 PM'],
    ['%d/%b/%Y %I:%M %p', '10/Feb/2012 00:42 AM'],
    ['%Y %j %R', '2023 366 05:10'],
    ['%Y %j %R', '2023 000 05:10'],
    ['%a %d %b %Y %R', 'Tue 02 Oct 2024 05:10'],
    ['%Y-%m-%d %H.%M', '0000-01-01 05.10'],
    ['%Y-%m-%d %H.%M %Z', '2024-01-01 05.10 CET'],
  ])('%s: %s is none', (kind, text) => {
    expect(timeOf(kind, text)).toBe('invalid_timestamp');
  });

  it('without an offset is one of the zone of the log, however it is written', () => {
    for (const [kind, text] of [
      ['slashes', '2024/10/02 05:10:46'],
      ['ctime', 'Wed Oct  2 05:10:46 2024'],
      ['%d/%m/%Y %H:%M:%S', '02/10/2024 05:10:46'],
    ] as const)
      expect(timeOf(kind, text, 'Europe/Berlin')).toBe('2024-10-02T03:10:46.000Z');
  });
});

describe('a leap second', () => {
  it.each([
    ['datetime', '2016-12-31 23:59:60', 'UTC'],
    ['datetime', '2017-01-01 00:59:60', 'Europe/Berlin'],
    ['iso8601', '2016-12-31T23:59:60Z', 'UTC'],
    ['iso8601', '2017-01-01T05:29:60+05:30', 'UTC'],
    ['clf', '31/Dec/2016:15:59:60 -0800', 'UTC'],
    ['slashes', '2016/12/31 23:59:60', 'UTC'],
    ['rfc1123', 'Sat, 31 Dec 2016 23:59:60 GMT', 'UTC'],
    ['rfc2822', 'Sun, 1 Jan 2017 00:59:60 +0100', 'UTC'],
    ['ctime', 'Sat Dec 31 23:59:60 2016', 'UTC'],
    ['%b %d %Y %I:%M:%S %p', 'Dec 31 2016 11:59:60 PM', 'UTC'],
  ])('written as %s: %s counts in the last second of its minute', (kind, text, zone) => {
    expect(timeOf(kind, text, zone)).toBe('2016-12-31T23:59:59.000Z');
  });

  it('keeps its fraction, so that it stays in its minute', () => {
    expect(timeOf('iso8601', '2016-12-31T23:59:60.999Z')).toBe('2016-12-31T23:59:59.999Z');
    expect(timeOf('clf', '30/Jun/1969:23:59:60.5')).toBe('1969-06-30T23:59:59.500Z');
  });

  it('is only where UTC has one: in the last minute of a day', () => {
    expect(timeOf('iso8601', '2016-12-31T23:58:60Z')).toBe('invalid_timestamp');
    expect(timeOf('iso8601', '2016-12-31T23:59:60+01:00')).toBe('invalid_timestamp');
    expect(timeOf('datetime', '2016-12-31 23:59:60', 'Europe/Berlin')).toBe('invalid_timestamp');
    expect(timeOf('iso8601', '2016-12-31T23:59:61Z')).toBe('invalid_timestamp');
  });
});

describe('a beginning and an end', () => {
  const durationOf = (format: string, line: string) => readerOf(parseLogFormat(format).unresolved)(line);
  const ISO = '{timestamp} {begin:iso8601} {end:iso8601} {customer_id} {status}';

  it('say how long a request took, to the microsecond', () => {
    const line = '2024-10-02T05:10:47Z 2024-10-02T05:10:46.1234567Z 2024-10-02T05:10:46.5Z a 200';
    expect(durationOf(ISO, line)).toEqual({
      eventTimeMs: Date.parse('2024-10-02T05:10:47Z'),
      customerId: 'a',
      status: 200,
      durationUs: 376_543,
    });
  });

  it('say when it was, by its beginning, where nothing else does', () => {
    const format = '{end:epoch_s} {begin:epoch_ms} {customer_id} {status}';
    expect(durationOf(format, '1727845846.25 1727845846000.0004 a 200')).toMatchObject({
      eventTimeMs: 1_727_845_846_000,
      durationUs: 250_000,
    });
  });

  it('may lie in different zones and years', () => {
    const line = '2024-10-02T05:10:47Z 2016-12-31T23:59:59.5-01:00 2017-01-01T02:00:00+01:00 a 200';
    expect(durationOf(ISO, line)).toMatchObject({ durationUs: 500_000 });
  });

  it('stand in JSON, with the text of a form in quotes', () => {
    const format = 'json begin=a:"%d/%m/%Y %H:%M:%S.%f" end=b:"%d/%m/%Y %H:%M:%S.%f" customer_id=c status=s';
    const line = '{"c":"x","a":"02/10/2024 05:10:46.5","s":200,"b":"02/10/2024 05:10:47.25"}';
    expect(durationOf(format, line)).toEqual({
      eventTimeMs: Date.parse('2024-10-02T05:10:46.5Z'),
      customerId: 'x',
      status: 200,
      durationUs: 750_000,
    });
  });

  it('are no duration where one may be missing and is', () => {
    const format = '{timestamp} {begin:iso8601?} {end:iso8601?} {customer_id} {status}';
    const of = (begin: string, end: string) =>
      durationOf(format, `2024-10-02T05:10:47Z ${begin} ${end} a 200`);
    expect(of('-', '2024-10-02T05:10:47Z')).toMatchObject({ durationUs: -1 });
    expect(of('2024-10-02T05:10:47Z', '-')).toMatchObject({ durationUs: -1 });
    expect(of('', '')).toMatchObject({ durationUs: -1 });
    expect(of('x', '-')).toBe('invalid_timestamp');
  });

  it('reject a line where the end lies before the beginning, or over a day after it', () => {
    const of = (begin: string, end: string) =>
      durationOf(ISO, `2024-10-02T05:10:47Z 2024-10-02T${begin}Z 2024-10-0${end}Z a 200`);
    expect(of('05:10:46.0000001', '2T05:10:46')).toBe('invalid_duration');
    expect(of('05:10:46', '3T05:10:46.0000001')).toBe('invalid_duration');
    expect(of('05:10:46', '3T05:10:46')).toMatchObject({ durationUs: 86_400_000_000 });
    expect(of('05:10:46', '2T05:10:46')).toMatchObject({ durationUs: 0 });
    expect(of('05:10:46', '2T')).toBe('invalid_timestamp');
  });
});
