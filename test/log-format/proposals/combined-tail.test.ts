import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/log-format/recognise.ts';
import { understoodLines } from '../../../src/log-format/understanding.ts';
import { UTC } from '../../../src/window/zone.ts';
import { check } from '../../support/property.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const SETTINGS = { logZone: UTC, missingCustomerId: undefined };
const HEAD = '192.0.2.9 - bob [02/Oct/2024:05:10:46 +0000] "GET /a HTTP/1.1" 200 5';
const COMBINED = `${HEAD} "-" "an \\"agent\\""`;

/** What the lines mean in the format that is recognised: customer and seconds. Empty where there is none. */
function readingOf(lines: readonly string[]): readonly (readonly [string | undefined, number | undefined])[] {
  const sample = Buffer.from(lines.join('\n'));
  const [best] = recognise(sample, true, SETTINGS).fitting;
  if (!best || best.understood < best.lines) return [];
  return understoodLines(sample, true, scanSettings(best.known.name), lines.length).map(
    ({ customerId, durationUs }) => [customerId, durationUs === undefined ? undefined : durationUs / 1e6],
  );
}

const doubtsOf = (lines: readonly string[]) =>
  recognise(Buffer.from(lines.join('\n')), true, SETTINGS).doubts;

describe('the duration behind the combined format', () => {
  it.each([
    ['alone', ['0.316', '12.000']],
    ['in quotes', ['"0.316"', '"12.000"']],
    ['behind a length', ['89 0.316', '1024 12.000']],
    ['behind X-Forwarded-For', ['"-" 0.316', '"198.51.100.1, 198.51.100.2" 12.000']],
    ['with a label', ['rt=0.316 uct="0.001" urt="0.300"', 'rt=12.000 uct="-" urt="-"']],
    ['with a label behind those of upstream servers', ['urt=0.300 rt=0.316', 'urt=- rt=12.000']],
    ['with a label and quotes', ['request_time="0.316"', 'request_time="12.000"']],
    ['before an upstream server’s, which is sometimes none', ['0.316 0.300', '12.000 -']],
    ['before an upstream server’s list', ['0.316 0.100, 0.200 -', '12.000 - x']],
    ['before other fields', ['0.316 . p', '12.000 . p']],
  ])('is found %s', (_, tails) => {
    expect(readingOf(tails.map((tail) => `${COMBINED} ${tail}`))).toEqual([
      ['bob', 0.316],
      ['bob', 12],
    ]);
  });

  it('is found behind the common format, too, and behind a virtual host', () => {
    expect(readingOf([`${HEAD} 0.316`])).toEqual([['bob', 0.316]]);
    expect(readingOf([`www.example.com:443 ${COMBINED} 0.316`])).toEqual([['bob', 0.316]]);
    expect(readingOf([`${COMBINED.replace(' - bob', ' - [192.0.2.9] - bob')} 80 0.316 [a-80] x`])).toEqual([
      ['bob', 0.316],
    ]);
  });

  it.each([
    ['two times', ['0.123 0.120']],
    ['a whole number', ['1234']],
    ['a whole number with a label', ['rt=12']],
    ['one that is sometimes none', ['0.123', '-']],
    ['another number of digits', ['0.12']],
    ['a number with a unit', ['12ms']],
    ['behind what could be the list of an upstream server', ['- 0.123 x', '- 0.124 x']],
    ['beside a number with another fraction', ['0.123 2.73']],
  ])('is asked for where it cannot be told: %s', (_, tails) => {
    const lines = tails.map((tail) => `${COMBINED} ${tail}`);
    expect(readingOf(lines)).toEqual([]);
    expect(doubtsOf(lines)).toEqual([
      expect.stringContaining('Put the log_format of your server into LOG_FORMAT'),
    ]);
  });

  it.each(['"0.316" "agent"', '"-" "0.316"'])(
    'is asked for in the place of the referer or the agent: %s',
    (tail) => {
      expect(readingOf([`${HEAD} ${tail}`])).toEqual([]);
      expect(doubtsOf([`${HEAD} ${tail}`])).toHaveLength(1);
    },
  );

  it('is none where no field is a number', () => {
    expect(readingOf([`${COMBINED} "-"`, `${COMBINED} "198.51.100.1"`])).toEqual([
      ['bob', undefined],
      ['bob', undefined],
    ]);
  });

  it('is never a number that another field has', () => {
    const field = fc.constantFrom(
      '0.123',
      '-',
      '7',
      '"x"',
      '(a)',
      '0.123, 0.100',
      'urt=0.100',
      '1.5',
      'rt=0.123',
    );
    check(
      fc.property(fc.array(field, { minLength: 1, maxLength: 4 }), (fields) => {
        const times = fields.filter((each) => each === '0.123' || each === 'rt=0.123');
        for (const [, seconds] of readingOf([`${COMBINED} ${fields.join(' ')}`])) {
          expect(seconds).toBe(times.length > 0 ? 0.123 : undefined);
        }
      }),
      200,
    );
  });
});
