import { describe, expect, it } from 'vitest';
import { parse, wrong } from '../../support/format-text.ts';

describe('a mapping', () => {
  it('leads through JSON by dotted paths', () => {
    expect(
      parse(
        'json timestamp=ts:epoch_s customer_id=request.headers.X\\.Id? status=status duration="a b":ms+unit',
      ),
    ).toEqual({
      layout: 'json',
      escapes: 'json',
      fields: [
        { field: { role: 'timestamp', kind: 'epoch_s' }, name: 'ts', isOptional: false, path: ['ts'] },
        {
          field: { role: 'customer_id' },
          name: 'request.headers.X\\.Id',
          isOptional: true,
          path: ['request', 'headers', 'X.Id'],
        },
        { field: { role: 'status' }, name: 'status', isOptional: false, path: ['status'] },
        {
          field: { role: 'duration', unit: 'ms', unitSuffix: 'ms' },
          name: 'a b',
          isOptional: false,
          path: ['a b'],
        },
      ],
    });
  });

  it('names keys of logfmt', () => {
    expect(parse('logfmt timestamp=at status=status customer_id=user:id')).toMatchObject({
      layout: 'logfmt',
      fields: [{ key: 'at' }, { key: 'status' }, { key: 'user:id' }],
    });
  });

  it.each([
    ['csv', ','],
    ['csv;', ';'],
    ['tsv', '\t'],
  ])('names columns of %s', (word, delimiter) => {
    expect(parse(`${word} timestamp="Date and time":clf status="sc-status"`)).toMatchObject({
      layout: 'delimited',
      delimiter,
      fields: [{ column: 'Date and time', field: { kind: 'clf' } }, { column: 'sc-status' }],
    });
  });

  it.each([
    ['timestamp=t:iso8601', 't', 'iso8601'],
    ['timestamp=t:rfc1123', 't', 'rfc1123'],
    ['timestamp=t:%d/%b/%Y-%H:%M:%S', 't', '%d/%b/%Y-%H:%M:%S'],
    ['timestamp=t:"%d/%b/%Y %H:%M:%S"', 't', '%d/%b/%Y %H:%M:%S'],
    ['timestamp="a:b c":"%d \\"%b\\" %Y %T"', 'a:b c', '%d "%b" %Y %T'],
    ['timestamp=a:b:"[%F] %R"', 'a:b', '[%F] %R'],
  ])('says how a time is written: %s', (entry, name, kind) => {
    for (const layout of ['json', 'logfmt', 'csv', 'csv;', 'tsv'])
      expect(parse(`${layout} status=s ${entry} duration="d d":text?`)).toMatchObject({
        fields: [
          { name: 's' },
          { name, field: { role: 'timestamp', kind } },
          { name: 'd d', isOptional: true },
        ],
      });
  });

  it.each([
    ['json timestamp=t:%Y status=s', 'It has no date'],
    ['json timestamp=t:iso8602 status=s', 'Did you mean iso8601?'],
    ['json begin=b:clf status=s', 'The duration needs both a begin and an end'],
    ['json timestamp=ts', 'It has no status: add status=…'],
    ['json', 'It has no timestamp: add timestamp=…'],
    ['json timestamp=ts status=s stats=x', 'Did you mean status?'],
    ['json timestamp=ts status=s status=x', 'status occurs twice'],
    ['json timestamp=ts status', 'Write a field and where it is'],
    ['json timestamp=ts status=s duration=d', 'A duration needs its unit'],
    ['json timestamp=ts status=?', 'status= needs a name'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});
