import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerStep } from '../../../src/log-format/format.ts';
import { addressIn } from '../../../src/log-format/reference/address.ts';
import { takeIdBy } from '../../../src/log-format/reference/customer-steps.ts';
import { parseValueTemplate, valueByTemplate } from '../../../src/log-format/reference/value-template.ts';
import { check } from '../../support/property.ts';

const take = (value: string, ...steps: CustomerStep[]) => takeIdBy(steps)(value);
const sub: CustomerStep = { kind: 'claim', path: ['sub'] };
const encoded = (part: unknown) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
const token = (claims: unknown, end = '.c2ln') => `${encoded({ alg: 'RS256' })}.${encoded(claims)}${end}`;

describe('an address', () => {
  it.each([
    ['192.0.2.39', '192.0.2.39'],
    ['192.0.2.39:2817', '192.0.2.39'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:DB8:0:0:0:0:0:01', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['api.example.com', 'api.example.com'],
    ['unix:', 'unix:'],
  ])('is %s in one form: %s', (written, address) => {
    expect(addressIn(written, false)).toBe(address);
  });

  it.each([
    '010.0.0.1',
    '192.000.002.001',
    '256.0.0.1',
    '1.2.3',
    '2001:db8::17:33319',
    '[2001:db8::1]:443:1',
    '[192.0.2.1]:80',
    '[]:80',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    ':::',
    '192.0.2.1, 192.0.2.2',
    'F 172.18.0.1',
    'api.example.com:443',
    '192.0.2.1:123456',
    '192.0.2.1:',
    ' 192.0.2.1',
    '::ffff:192.0.2.1%eth0',
  ])('is not %s', (written) => {
    expect(addressIn(written, false)).toBeUndefined();
  });

  it.each([
    ['2001:db8::17:33319', '2001:db8::17'],
    ['2001:db8::17:443', '2001:db8::17'],
    ['1:2:3:4:5:6:7:8:443', '1:2:3:4:5:6:7:8'],
    ['[2001:db8::17]:443', '2001:db8::17'],
    ['192.0.2.39:2817', '192.0.2.39'],
    ['::ffff:192.0.2.39:2817', '192.0.2.39'],
    ['unix:1', 'unix'],
  ])('has a port in %s where the format says so: %s', (written, address) => {
    expect(addressIn(written, true)).toBe(address);
  });

  it.each(['192.0.2.39', '[2001:db8::17]', '2001:db8::17:', 'api.example.com:443', ':443', 'F 10.0.0.1:80'])(
    'has no port in %s, so it is refused where the format says that there is one',
    (written) => {
      expect(addressIn(written, true)).toBeUndefined();
    },
  );

  it('has the same form however it is written, and is the one that a URL has', () => {
    const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const written = fc.tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.boolean(), fc.boolean());
    check(
      fc.property(written, ([groups, isUpper, isPadded]) => {
        const hex = groups.map((each) => each.toString(16).padStart(isPadded ? 4 : 1, '0')).join(':');
        const expected = new URL(`http://[${hex}]/`).hostname.slice(1, -1);
        fc.pre(!/^::ffff:/.test(expected));
        for (const form of [hex, expected])
          expect(addressIn(isUpper ? form.toUpperCase() : form, false)).toBe(expected);
      }),
      500,
    );
  });
});

describe('an item of a list', () => {
  const item = (index: number): CustomerStep => ({ kind: 'item', index });

  it.each([
    ['192.0.2.1, 10.0.0.1, 10.0.0.2', 0, '192.0.2.1'],
    ['192.0.2.1, 10.0.0.1, 10.0.0.2', 1, '10.0.0.1'],
    ['192.0.2.1, 10.0.0.1, 10.0.0.2', -1, '10.0.0.2'],
    ['192.0.2.1,10.0.0.1 ,\t10.0.0.2', -2, '10.0.0.1'],
    ['a', -1, 'a'],
    ['a,, b, ', -1, 'b'],
    [', a', 0, 'a'],
    ['a, b', 2, ''],
    ['a, b', -3, ''],
    [' , ,', 0, ''],
    ['\u00a0a,b', 0, '\u00a0a'],
  ])('of %j at %i is %j', (list, index, expected) => {
    expect(take(list, item(index))).toBe(expected);
  });

  it('is found in a line of spaces or of commas without end', () => {
    expect(take(`${' '.repeat(65_000)}x${' '.repeat(500)}, a`, item(0))).toBe('x');
    expect(take(','.repeat(65_000), item(-1))).toBe('');
  });
});

describe('a template of a value', () => {
  it.each([
    ['Bearer {customer_id}.*', 'Bearer key7.secret', 'key7'],
    ['Bearer {customer_id}.*', 'Bearer key7.se.cret', 'key7'],
    ['Bearer {customer_id}.*', 'Bearer key7', ''],
    ['Bearer {customer_id}.*', 'Bearer .secret', ''],
    ['Bearer {customer_id}.*', 'Basic key7.x', ''],
    ['{customer_id}', 'a b', 'a b'],
    ['*session={customer_id};*', 'a=1; session=s7; b=2;', 's7'],
    ['*/{customer_id}', 'a/b/c', 'b/c'],
    ['{customer_id}/*/x', 'a/b/c/x', 'a'],
    ['{customer_id}.log', 'a.log.log', 'a.log'],
    ['ab{customer_id}bc', 'abc', ''],
    ['\\*{customer_id}\\\\\\{', '*é\\{', 'é'],
    ['*ab*ab{customer_id}ab', 'xabyab7ab', '7'],
  ])('%s takes from %j: %j', (template, value, expected) => {
    const parsed = parseValueTemplate(template);
    if ('message' in parsed) throw new Error(parsed.message);
    const [bytes, id] = [value, expected].map((text) => Buffer.from(text).toString('latin1')) as [
      string,
      string,
    ];
    expect(valueByTemplate(parsed, bytes)).toBe(id);
  });

  it('takes what a naive search takes', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '*', '{customer_id}');
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    check(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), value, (pieces, text) => {
        const parsed = parseValueTemplate(pieces.join(''));
        fc.pre(!('message' in parsed));
        if ('message' in parsed) return;
        // A lazy wildcard that may never give back what it left out: each takes the shortest text that fits.
        expect(valueByTemplate(parsed, text)).toBe(naive(pieces, text));
      }),
      2_000,
    );
  });

  it('reads a hostile value once, from left to right', () => {
    const parsed = parseValueTemplate('*a*a*a*a*a*a*a*a*{customer_id}b');
    if (!('message' in parsed)) throw new Error('a wildcard without text behind it was taken');
    const many = parseValueTemplate(`${'*a'.repeat(50)}{customer_id}b`);
    if ('message' in many) throw new Error(many.message);
    expect(valueByTemplate(many, 'a'.repeat(65_000))).toBe('');
    expect(valueByTemplate(many, `${'a'.repeat(65_000)}b`)).toBe('a'.repeat(64_950));
  });
});

/** Cuts the value at the first place where each fixed text stands, the last of them at the end. */
function naive(pieces: readonly string[], value: string): string {
  const joined: string[] = [];
  for (const piece of pieces) {
    const isText = !/[*{]/.test(piece);
    if (isText && joined.length > 0 && !/[*{]/.test(joined.at(-1) ?? ''))
      joined.push(`${joined.pop()}${piece}`);
    else joined.push(piece);
  }
  let [rest, id, open] = [value, '', ''];
  for (const [i, piece] of joined.entries()) {
    if (piece === '*' || piece === '{customer_id}') {
      open = piece;
      continue;
    }
    const isLast = i === joined.length - 1;
    const parts =
      open === '' ? (rest.startsWith(piece) ? 0 : -1) : isLast ? endingAt(rest, piece) : rest.indexOf(piece);
    if (parts < 0) return '';
    if (open === '{customer_id}') id = rest.slice(0, parts);
    rest = rest.slice(parts + piece.length);
    open = '';
  }
  if (open === '{customer_id}') return rest;
  return open === '' && rest !== '' ? '' : id;
}

function endingAt(text: string, end: string): number {
  return text.endsWith(end) ? text.length - end.length : -1;
}

describe('a claim of a token', () => {
  it.each([
    [token({ sub: 'cust_40' }), 'cust_40'],
    [`Bearer ${token({ sub: 'cust_40' })}`, 'cust_40'],
    [`bearer ${token({ sub: 'cust_40' }, '')}`, 'cust_40'],
    [token({ sub: 'cust_40' }, '.'), 'cust_40'],
    [token({ sub: 4711 }), '4711'],
    [token('{"sub":"a","sub":"b"}'), 'b'],
    [token({ iss: 'x' }), ''],
    [token({ sub: null }), ''],
    [token({ sub: '' }), ''],
    ['Bearer opaque', ''],
    ['Basic dTpw', ''],
    ['key.with.dots', ''],
    ['192.0.2.1', ''],
    [`${encoded({ alg: 'dir' })}..aXY.Y3Q.dGFn`, ''],
    ['', ''],
  ])('in %s is %j', (value, expected) => {
    expect(take(value, sub)).toBe(expected);
  });

  it.each([
    ['an object', token({ sub: { a: 1 } })],
    ['a truth value', token({ sub: true })],
    ['a number that loses digits', token('{"sub":12345678901234567890}')],
    ['a fraction', token({ sub: 1.5 })],
    ['half of a character', token('{"sub":"\\ud800"}')],
    ['no JSON', token('{"sub":')],
    ['an array of claims', token('["sub"]')],
    [
      'no UTF-8',
      `${encoded({ alg: 'none' })}.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.`,
    ],
    ['bits that are left over', `${encoded({ alg: 'none' })}.${encoded({ sub: 'ab' }).replace(/.$/, 'x')}`],
    ['deep nesting', token('{"sub":'.repeat(4_000))],
  ])('is refused where it is %s', (_, value) => {
    expect(take(value, sub)).toBeUndefined();
  });

  it('can lie deeper, and is never inherited', () => {
    const path = (...names: string[]): CustomerStep => ({ kind: 'claim', path: names });
    expect(take(token({ 'https://a.example/': { id: 7 } }), path('https://a.example/', 'id'))).toBe('7');
    expect(take(token({}), path('constructor'))).toBe('');
    expect(take(token({}), path('__proto__'))).toBe('');
    expect(take(token('{"__proto__":"x"}'), path('__proto__'))).toBe('x');
    expect(take(token({ a: 'text' }), path('a', 'length'))).toBe('');
  });

  it('is UTF-8 like every id', () => {
    expect(take(token({ sub: 'Zoë' }), sub)).toBe(Buffer.from('Zoë').toString('latin1'));
  });
});

describe('several steps', () => {
  it('follow one another, and end where there is no value or one that cannot be read', () => {
    const template: CustomerStep = { kind: 'template', text: '*session={customer_id};*' };
    const cookie = (session: string) => `a=1; session=${session}; b=2`;
    expect(take(cookie(token({ sub: 'cust_1' })), template, sub)).toBe('cust_1');
    expect(take('a=1', template, sub)).toBe('');
    expect(take(cookie(token({ sub: true })), template, sub)).toBeUndefined();
    const last: CustomerStep = { kind: 'item', index: -1 };
    expect(take('x, 192.0.2.1:80', last, { kind: 'address', hasPort: false })).toBe('192.0.2.1');
  });
});
