/** A date and a time that stand in two places of a line. */

import { describe, expect, it } from 'vitest';
import { parse, wrong } from '../support/format-text.ts';
import { scanSettings } from '../support/scan-settings.ts';
import { linesReadByKernel, scan } from '../support/scanning.ts';

const AT = Date.parse('2024-10-02T05:10:46.250Z');

function scanned(format: string, text: string) {
  const { records, rejections } = scan(Buffer.from(text), { settings: scanSettings(format) });
  return [...records.map(({ eventTimeMs }) => eventTimeMs), ...rejections.map(({ reason }) => reason)];
}

describe('a date and a time in two places', () => {
  it.each([
    ['json timestamp=d+t customer_id=c status=s', '{"t":"05:10:46.25","s":200,"d":"2024-10-02","c":"a"}'],
    [
      'json timestamp=at.day+at.time:datetime customer_id=c status=s',
      '{"at":{"day":"2024-10-02","time":"05:10:46"},"s":200,"c":"a"}',
    ],
    ['logfmt timestamp=d+t customer_id=c status=s', 'c=a t=07:10:46.25+02:00 d=2024-10-02 s=200'],
    ['ltsv timestamp=d+t customer_id=c status=s', 'c:a\tt:05:10:46.250Z\ts:200\td:2024-10-02'],
    [
      'csv timestamp="Log date"+"Log time":clf customer_id=c status=s',
      'Log time,c,s,Log date\n05:10:46.25 +0000,a,200,02/Oct/2024',
    ],
    ['{customer_id} {date} {status} {time}', 'a 2024-10-02 200 05:10:46.25'],
    ['{time} {status} [{date:clf}] {customer_id}', '05:10:46.25 200 [02/Oct/2024] a'],
    ['"%{%Y-%m-%d}t|%h|%u|%>s|%{%H:%M:%S}t"', '2024-10-02|192.0.2.9|a|200|05:10:46'],
    ['LogFormat "%{%T}t %u %>s %{%d/%b/%Y}t" x', '05:10:46 a 200 02/Oct/2024'],
  ])('is one time: %s', (format, text) => {
    const [at, ...others] = scanned(format, text).filter((each) => each !== 'header_line');
    expect(others).toEqual([]);
    expect([AT, AT - 250]).toContain(at);
  });

  it('is read by the kernel where values have names', () => {
    const before = linesReadByKernel();
    scanned(
      'json timestamp=d+t customer_id=c status=s',
      '{"t":"05:10:46.25","s":200,"d":"2024-10-02","c":"a"}\n',
    );
    scanned('ltsv timestamp=d+t customer_id=c status=s', 'c:a\tt:05:10:46.250Z\ts:200\td:2024-10-02\n');
    expect(linesReadByKernel() - before).toBe(2);
  });

  it.each([
    '{"t":"05:10:46","s":200,"c":"a"}',
    '{"d":"2024-10-02","s":200,"c":"a"}',
    '{"d":"2024-10-02 05:10","t":":46","s":200,"c":"a"}',
    '{"d":"2024-10-02","t":"24:00:00","s":200,"c":"a"}',
    '{"d":"2024-10-02","t":"05:10:46 x","s":200,"c":"a"}',
    '{"d":"2024-02-30","t":"05:10:46","s":200,"c":"a"}',
  ])('is no time where half of it is missing or wrong: %s', (text) => {
    expect(scanned('json timestamp=d+t customer_id=c status=s', text)).toEqual(['invalid_timestamp']);
  });

  it.each([
    ['{date} {customer_id} {status}', 'A time in two places needs both'],
    ['{date:clf} {customer_id} {status} {time:datetime}', '{date} is clf, but {time} is datetime'],
    ['{date} {time} {timestamp} {status}', 'The line already has a {timestamp}'],
    ['{timestamp} {date} {time} {status}', 'The line already has a {date}'],
    ['{date} {date} {time} {status}', 'The line already has a {date}'],
    ['{date:epoch_s} {time} {status}', 'epoch_s is not one of'],
    ['json timestamp=d+t timestamp=x status=s', 'timestamp occurs twice'],
    ['json timestamp=x timestamp=d+t status=s', 'timestamp occurs twice'],
    ['json timestamp=d+t? status=s', 'cannot be optional'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));

  it('needs a plus that is no part of a name', () => {
    expect(parse('json timestamp=a\\+b status=s')).toMatchObject({ fields: [{ path: ['a+b'] }, {}] });
    expect(parse('csv timestamp="a+b" status=s')).toMatchObject({ fields: [{ column: 'a+b' }, {}] });
  });
});
