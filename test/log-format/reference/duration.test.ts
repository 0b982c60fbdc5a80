import { describe, expect, it } from 'vitest';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
import { readerOf } from '../../support/reading.ts';

const readIn = (format: string, line: string) => readerOf(parseLogFormat(format).unresolved)(line);
const durationOf = (unit: string, text: string) => {
  const verdict = readIn(
    `{timestamp:epoch_s} {customer_id} {status} {duration:${unit}}|`,
    `1 a 200 ${text}|`,
  );
  return typeof verdict === 'string' ? verdict : verdict.durationUs;
};

describe('a duration with its unit behind it', () => {
  it.each([
    ['812.5µs', 813],
    ['812.5μs', 813],
    ['812.4999us', 812],
    ['250ns', 0],
    ['500ns', 1],
    ['0s', 0],
    ['0', 0],
    ['1m2.5s', 62_500_000],
    ['1h0m0.5s', 3_600_500_000],
    ['24h0m0s', 86_400_000_000],
    ['1.5ms250ns250ns', 1_501],
    ['5 msecs', 5_000],
    ['1 msec', 1_000],
    ['12 micros', 12],
    ['3 ms', 3_000],
    ['0.5 seconds', 500_000],
    ['1 second', 1_000_000],
    ['2 mins', 120_000_000],
    ['0.5hr', 1_800_000_000],
    ['     68.292µs', 68],
  ])('%s took %d µs', (text, durationUs) => {
    expect(durationOf('text', text)).toBe(durationUs);
  });

  it.each([
    '5',
    '0.5',
    '00',
    '5 parsecs',
    '5msx',
    '5  ms',
    '-5ms',
    '-0s',
    '+5ms',
    '1h 5m',
    '.5s',
    '5.ms',
    '24h0m0.0000001s',
    '1s1s1s1s1s1s1s',
    '5MS',
    'ms',
    '-',
  ])('%s is none', (text) => {
    expect(durationOf('text', text)).toBe('invalid_duration');
  });

  it('can be one of several, and one of a list', () => {
    expect(durationOf('text+list', '5ms, 1m : 250ns')).toBe(60_005_000);
    expect(durationOf('text} {duration:ms', '1s 0.5')).toBe(1_000_500);
  });

  it('is a text of JSON, logfmt and CSV', () => {
    const fields = 'timestamp=t:epoch_s customer_id=c status=s duration=d:text?';
    expect(readIn(`json ${fields}`, '{"t":1,"c":"a","s":200,"d":"1m2.5s"}')).toMatchObject({
      durationUs: 62_500_000,
    });
    expect(readIn(`json ${fields}`, '{"t":1,"c":"a","s":200,"d":"\\u00b5s"}')).toBe('invalid_duration');
    expect(readIn(`json ${fields}`, '{"t":1,"c":"a","s":200,"d":5}')).toBe('invalid_duration');
    expect(readIn(`logfmt ${fields}`, 't=1 c=a s=200 d=812.5µs')).toMatchObject({ durationUs: 813 });
    expect(readIn(`logfmt ${fields}`, 't=1 c=a s=200 d="5 msecs"')).toMatchObject({ durationUs: 5_000 });
    expect(readIn(`logfmt ${fields}`, 't=1 c=a s=200 d=-')).toMatchObject({ durationUs: -1 });
  });
});

describe('a missing duration', () => {
  it.each(['-', '', '""', '-1'])('is %j in a pattern', (text) => {
    const format = '{timestamp:epoch_s} {customer_id} {status} {duration:s?} {-size}';
    expect(readIn(format, `1 a 200 ${text} 7`)).toMatchObject({ durationUs: -1 });
    expect(readIn(format.replace('?', ''), `1 a 200 ${text} 7`)).toBe('invalid_duration');
  });

  it('is nothing or a dash in quotes that the format has', () => {
    const format = '{timestamp:epoch_s} {customer_id} {status} "{duration:s?}" "{-agent}"';
    for (const text of ['', '-', '-1'])
      expect(readIn(format, `1 a 200 "${text}" "x"`)).toMatchObject({ durationUs: -1 });
    expect(readIn(format, '1 a 200 """" "x"')).toBe('invalid_duration');
  });

  it.each(['-', '', 'null', '""', '"-"', '"\\"\\""', ' - ', ' '])('is %j in JSON', (raw) => {
    const format = 'json timestamp=t:epoch_s customer_id=c status=s duration=d:s?';
    for (const line of [`{"t":1,"c":"a","s":200,"d":${raw}}`, `{"d":${raw},"t":1,"c":"a","s":200}`]) {
      expect(readIn(format, line)).toMatchObject({ durationUs: -1 });
      expect(readIn(format.replace('?', ''), line)).toMatch(/^(invalid_duration|malformed_line)$/);
    }
  });

  it('is nothing, a dash or "" in logfmt and CSV', () => {
    const fields = 'timestamp=t:epoch_s customer_id=c status=s duration=d:s?';
    for (const line of ['t=1 c=a s=200 d=', 't=1 c=a s=200 d=""', 't=1 c=a s=200 d=-', 't=1 c=a s=200'])
      expect(readIn(`logfmt ${fields}`, line)).toMatchObject({ durationUs: -1 });
    for (const line of ['1,a,200,,', '1,a,200,"",', '1,a,200,-,', '1,a,200,"""""",'])
      expect(readIn(`csv ${fields}`, line)).toMatchObject({ durationUs: -1 });
  });
});
