import { describe, expect, it } from 'vitest';
import { elementsOf, parse, wrong } from '../../support/format-text.ts';

describe('the LogFormat of Apache', () => {
  const READ = '<-%h> <-%l> <customer_id?> [<timestamp clf>] "<request?>" <status> <-%b>';

  it.each([
    ['the directive', String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b" common`],
    ['another directive', String.raw`CustomLog "logs/access_log" "%h %l %u %t \"%r\" %>s %b"`],
    ['its value with quotes', String.raw`"%h %l %u %t \"%r\" %>s %b"`],
    ['its value with backslashes', String.raw`%h %l %u %t \"%r\" %>s %b`],
    ['its value as it is meant', '%h %l %u %t "%r" %>s %b'],
  ])('is read as %s', (_, text) => {
    expect(elementsOf(text)).toBe(READ);
    expect(parse(text).escapes).toBe('backslash');
  });

  it.each([
    ['%{%Y-%m-%dT%H:%M:%S}t', 'iso8601'],
    ['%{%F %T}t', 'iso8601'],
    ['%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t%{%z}t', 'iso8601'],
    ['%{%Y-%m-%d}t %{%H:%M:%S}t', 'iso8601'],
    ['%{%Y-%m-%dT%H:%M:%S}tZ', 'iso8601'],
    ['%{%d/%b/%Y:%T %z}t', 'clf'],
    ['%{%d/%b/%Y:%T}t.%{usec_frac}t %{%z}t', 'clf'],
    ['%{sec}t', 'epoch_s'],
    ['%{%s}t.%{msec_frac}t', 'epoch_s'],
    ['%{begin:msec}t', 'epoch_ms'],
    ['%{end:usec}t', 'epoch_us'],
    ['%{%d.%m.%Y %T}t', '%d.%m.%Y %T'],
    ['%{%B - %d, %Y:%H:%M:%S}t', '%B - %d, %Y:%H:%M:%S'],
    ['%{%d/%m/%y}t %{%T}t.%{msec_frac}t', '%d/%m/%y %T.%3f'],
    ['%{begin:%b %e %Y %R}t', '%b %e %Y %R'],
  ])('takes the time from %s', (time, kind) => {
    expect(elementsOf(`${time} %>s`)).toBe(`<timestamp ${kind}> <status>`);
  });

  it('takes the first of several times', () => {
    expect(elementsOf('%{%Y-%m-%dT%H:%M:%S}tZ %{begin:sec}t %t %s')).toBe(
      '<timestamp iso8601> <-%{begin:sec}t> [<-%t>] <status>',
    );
    expect(elementsOf('%{%A}t %{sec}t %s')).toBe('<-%{%A}t> <timestamp epoch_s> <status>');
  });

  it('takes the last status, and the finest duration', () => {
    expect(elementsOf('%t %s %>s %T %{ms}T %D')).toBe(
      '[<timestamp clf>] <-%s> <status> <-%T> <-%{ms}T> <duration us>',
    );
    expect(elementsOf('%t %<s %T')).toBe('[<timestamp clf>] <status> <duration s>');
    expect(elementsOf('%t %s %{ms}T')).toBe('[<timestamp clf>] <status> <duration ms>');
  });

  it.each(['%{X-Customer-Id}i', '%!200,304{X-Customer-ID}i', '%{X-CUSTOMER-ID}C', '%{X_CUSTOMER_ID}e'])(
    'takes %s for the customer before the user',
    (header) =>
      expect(elementsOf(`%t %s %u ${header}`)).toBe('[<timestamp clf>] <status> <-%u> <customer_id?>'),
  );

  it('joins a path with its query, and knows the sign itself', () => {
    expect(elementsOf('%t %s %m %U%q 100%%')).toBe('[<timestamp clf>] <status> <-%m> <request_path?> 100%');
  });

  it.each([
    ['%t %y %s', 'character 4 (`%y %s`): %y is not a directive of Apache'],
    ['%t %s %{min}T', 'the unit of %T is s, ms or us'],
    ['%{%A}t %s', 'daymark cannot read this form of time. It has no year'],
    ['%t %s %', 'A `%` must begin a directive'],
    ['%h %s', 'It has no time (such as %t)'],
    ['LogFormat combined', 'in double quotes'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});
