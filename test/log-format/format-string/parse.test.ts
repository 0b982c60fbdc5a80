import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../src/log-format/presets.ts';
import { elementsOf, parse, wrong } from '../../support/format-text.ts';
import { check } from '../../support/property.ts';

describe('a name', () => {
  it.each(PRESETS.map(({ name, format }) => [name, format]))('of %s is that of a preset', (name, format) => {
    expect(parse(name)).toEqual(parse(format));
  });

  it('that no preset has is refused with the nearest', () => {
    expect(() => parse('combned')).toThrow(wrong('Did you mean combined?'));
  });
});

describe('the way in which a text is written', () => {
  it.each([
    ['hello, world', 'no field of any format that daymark knows'],
    ['$msec %>s', 'It can be read as nginx and as apache'],
  ])('must be clear: %s is refused', (text, message) => {
    expect(() => parse(text)).toThrow(wrong(message));
    expect(() => parse(text)).toThrow(wrong('put `nginx:`, `apache:`, `envoy:`, `pattern:` before it'));
  });

  it('can be said', () => {
    expect(elementsOf('nginx: $msec %>s $status')).toBe('<timestamp epoch_s> %>s <status>');
    expect(elementsOf('apache:$msec %t %>s')).toBe('$msec [<timestamp clf>] <status>');
    expect(elementsOf('pattern:{timestamp} $msec {status}')).toBe('<timestamp iso8601> $msec <status>');
  });

  it('never makes a fault of the program', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '{timestamp}',
      '{status}',
      '$status',
      '$msec',
      '%t',
      '%>s',
      '%{',
      '"',
      "'",
      '\\',
      '=',
      'json ',
      'log_format a ',
      ' ',
      '%START_TIME%',
      'x',
      '?',
      ':',
    );
    check(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        try {
          parse(words.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_LOG_FORMAT' });
        }
      }),
      1000,
    );
  });
});
