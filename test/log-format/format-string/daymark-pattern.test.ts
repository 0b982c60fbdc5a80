import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, parse, wrong } from '../../support/format-text.ts';
import { check } from '../../support/property.ts';

describe('a pattern', () => {
  it('has fields in braces and text between them', () => {
    expect(parse('{timestamp} "{customer_id?}" {status}')).toEqual({
      layout: 'pattern',
      escapes: 'none',
      isOpenEnded: false,
      elements: [
        { field: { role: 'timestamp', kind: 'iso8601' }, name: 'timestamp', isOptional: false },
        ' "',
        { field: { role: 'customer_id' }, name: 'customer_id', isOptional: true },
        '" ',
        { field: { role: 'status' }, name: 'status', isOptional: false },
      ],
    });
  });

  it.each(['slashes', 'rfc1123', 'rfc2822', 'ctime', '%d/%b/%Y %H:%M:%S', 'am %F um %H%%%M Uhr'])(
    'takes a time as %s',
    (kind) => expect(elementsOf(`{timestamp:${kind}} {status}`)).toBe(`<timestamp ${kind}> <status>`),
  );

  it.each([
    ['%Y-%m-%dT%H:%M:%S', 'iso8601'],
    ['%F %T.%3f%z', 'iso8601'],
    ['%d/%b/%Y:%T %z', 'clf'],
    ['%s.%3f', 'epoch_s'],
  ])('reads a form by the kind that is the same: %s is %s', (form, kind) => {
    expect(elementsOf(`{timestamp:${form}} {status}`)).toBe(`<timestamp ${kind}> <status>`);
  });

  it('takes a beginning and an end in the place of a duration, and of the time', () => {
    expect(elementsOf('{begin} {end:%d.%m.%Y %T?} {timestamp:clf} {status}')).toBe(
      '<begin iso8601> <end %d.%m.%Y %T?> <timestamp clf> <status>',
    );
    expect(elementsOf('{end} {begin:epoch_ms} {status}')).toBe('<end iso8601> <begin epoch_ms> <status>');
  });

  it.each(['datetime', 'iso8601', 'clf', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'])(
    'takes a time as %s',
    (kind) => expect(elementsOf(`{timestamp:${kind}} {status}`)).toBe(`<timestamp ${kind}> <status>`),
  );

  it.each(['s', 'ms', 'us', 'ns'])('takes durations in %s', (unit) => {
    expect(elementsOf(`{timestamp} {status} {duration:${unit}?}`)).toContain(`<duration ${unit}?>`);
  });

  it('passes over what is not needed, by a name or without one', () => {
    expect(elementsOf('{-} {-cs(User-Agent)} {timestamp} {status}')).toBe(
      '<--> <-cs(User-Agent)> <timestamp iso8601> <status>',
    );
  });

  it('takes durations with their unit behind them, and lists of them', () => {
    const format = parse('{timestamp} {status} {duration:ms+unit} {duration:s+list}');
    expect(format.layout === 'pattern' && format.elements.slice(4)).toMatchObject([
      { field: { role: 'duration', unit: 'ms', unitSuffix: 'ms' } },
      ' ',
      { field: { role: 'duration', unit: 's', isList: true } },
    ]);
  });

  it('may go on with anything, begin comments by a sign, and hold escapes', () => {
    expect(parse('{comments:#}{escapes:backslash}{timestamp} {status} {...}')).toMatchObject({
      isOpenEnded: true,
      commentPrefix: '#',
      escapes: 'backslash',
    });
  });

  it('writes braces twice, a tab as \\t and a backslash as two', () => {
    expect(elementsOf('{{{timestamp}}}\\t{status}\\\\')).toBe('{<timestamp iso8601>}\t<status>\\');
  });

  it.each([
    ['{timestamp} {stats}', 'character 13 (`{stats}`): {stats} is not a field.'],
    ['{timestamp} {stats}', 'Did you mean {status}?'],
    ['{timestamp:is8601} {status}', 'Did you mean iso8601?'],
    ['{timestamp} {status} {duration}', 'A duration needs its unit'],
    ['{timestamp} {status} {duration:min}', 'min is not one of s, ms, us, ns, text'],
    ['{timestamp} {status} {duration:text+unit}', 'unit is not one of list'],
    ['{timestamp:%d/%b %H:%M:%S} {status}', 'It has no year (%Y or %y).'],
    ['{timestamp:%Y %H:%M:%S} {status}', 'It has no date (%m and %d, or %j).'],
    ['{timestamp:%Y %b %H:%M:%S} {status}', 'It has no date'],
    ['{timestamp:%Y-%m-%d} {status}', 'It has no time of day'],
    ['{timestamp:%Y-%m-%d %I:%M:%S} {status}', 'It has no time of day (%H and %M, or %I, %M and %p).'],
    ['{timestamp:%Y-%m-%d %H:%M %p} {status}', 'It has no time of day'],
    ['{timestamp:%Y-%m-%d %H:%M.%f} {status}', 'It has a fraction but no seconds'],
    ['{timestamp:%Y-%m-%d %H:%M %Q} {status}', '%Q is not a conversion that daymark reads. Known: %Y %y'],
    ['{timestamp:%Y-%m-%d %H:%M %} {status}', '% is not a conversion'],
    ['{timestamp:%c} {status}', '%c is not a conversion'],
    ['{timestamp:%F %T [%s]} {status}', '%s is not a conversion'],
    ['{timestamp:%F %T %y} {status}', 'two conversions for one part of the time (year)'],
    ['{timestamp:%F %T %b} {status}', 'two conversions for one part of the time (month)'],
    ['{timestamp:%Y %j %b %T} {status}', 'both a day of the year'],
    ['{timestamp:%Y-%-m%d %T} {status}', 'A digit may follow %-m'],
    ['{timestamp:%F %T.%f0} {status}', 'A digit may follow %f'],
    ['{timestamp} {begin} {status}', 'The duration needs both a begin and an end'],
    ['{timestamp} {end} {status}', 'The duration needs both a begin and an end'],
    ['{begin} {end} {status} {duration:s}', 'A begin and an end already say the duration'],
    ['{begin?} {end} {status}', 'The begin is the event time here'],
    ['{begin} {end} {end} {status}', 'The line already has a {end}'],
    ['{customer_id:list} {timestamp} {status}', 'customer_id takes nothing after a colon'],
    ['{timestamp}{status}', 'Nothing separates timestamp from status'],
    ['{timestamp?} {status}', 'The timestamp cannot be optional'],
    ['{timestamp} {status} {status}', 'The line already has a {status}'],
    ['{timestamp} {request} {request_path} {status}', 'The line already has a {request_path}'],
    ['{status} {customer_id}', 'It has no time (such as {timestamp})'],
    ['{timestamp} {customer_id}', 'It has no status (such as {status})'],
    ['{timestamp} {status', 'A brace has no partner'],
    ['{timestamp} {...} {status}', '`{...}` (anything may follow) can only be at the end'],
    ['{timestamp} {status:3}', 'status takes nothing after a colon'],
    ['{escapes:html}{timestamp} {status}', 'escapes can be none, backslash, json'],
    ['{timestamp}\\x{status}', 'Write `\\t` for a tab'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));

  it('gives back any text between fields', () => {
    const texts = fc.string({ minLength: 1, maxLength: 8 });
    check(
      fc.property(texts, texts, (a, b) => {
        const written = [a, b].map((text) => text.replace(/[{}]/g, '$&$&').replaceAll('\\', '\\\\'));
        const format = parse(`pattern:{timestamp}${written[0]}{status}${written[1]}`);
        expect(format.layout === 'pattern' && [format.elements[1], format.elements[3]]).toEqual([a, b]);
      }),
    );
  });
});
