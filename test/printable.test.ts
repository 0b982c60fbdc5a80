import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson, withoutPasswords } from '../src/printable.ts';
import { check as checkProperty } from './support/property.ts';

/** What a terminal obeys, or what changes how the text around it reads. */
const DANGEROUS = /[\p{C}\p{Zl}\p{Zp}]/u;

describe('printable', () => {
  it('shows control characters, and leaves what is printable alone', () => {
    expect(printable('a b/\u00e9\u{1f600}.log')).toBe('a b/\u00e9\u{1f600}.log');
    expect(printable('\x1b]0;title\x07\x1b[2J\x9b31m')).toBe('\\x1b]0;title\\x07\\x1b[2J\\x9b31m');
    expect(printable('a\r\nb\tc\x7f')).toBe('a\\x0d\\x0ab\\x09c\\x7f');
  });

  it('shows what would turn the direction of text, hide in it, or end its line', () => {
    expect(printable('\u202egol.exe\u2066\u200b\ufeff')).toBe('\\u{202e}gol.exe\\u{2066}\\u{200b}\\u{feff}');
    expect(printable('a\u2028b\u2029')).toBe('a\\u{2028}b\\u{2029}');
    expect(printable('\ud800')).toBe('\\u{d800}');
  });

  it('shows each byte that is not part of valid UTF-8, and reads the others', () => {
    expect(printable(Buffer.from('a\u00e9\n\u{1f600}'))).toBe('a\u00e9\\x0a\u{1f600}');
    expect(printable(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82]))).toBe('a\\xff\u00e9\\xe2\\x82');
    // An overlong slash, half a surrogate pair, and a code beyond the last.
    expect(printable(Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80]))).toBe(
      '\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80',
    );
    expect(printable(new Uint8Array())).toBe('');
  });

  it('lets nothing dangerous through, of any text and any bytes', () => {
    checkProperty(fc.property(fc.string({ unit: 'binary' }), (text) => !DANGEROUS.test(printable(text))));
    checkProperty(fc.property(fc.uint8Array(), (bytes) => !DANGEROUS.test(printable(bytes))));
  });

  it('shows bytes as it shows the text that they are', () => {
    checkProperty(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => printable(Buffer.from(text)) === printable(text),
      ),
    );
  });
});

describe('printable JSON', () => {
  it('holds the same, and nothing dangerous', () => {
    checkProperty(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson(JSON.stringify({ [text]: text }));
        return !DANGEROUS.test(json) && JSON.parse(json)[text] === text;
      }),
    );
  });
});

describe('withoutPasswords', () => {
  it('hides the password of a URL wherever it stands, and leaves all else alone', () => {
    expect(withoutPasswords("got 1: 'postgres://u:s3cret@h/db'.")).toBe("got 1: 'postgres://u:***@h/db'.");
    expect(withoutPasswords('PORT is postgres://:a:b@c@h, not')).toBe('PORT is postgres://:***@h, not');
    const plain =
      'serving on http://127.0.0.1:8888; http://[::1]:80/a@b, //u@h/x, a:b@c, 12:30:00 me@example.com';
    expect(withoutPasswords(plain)).toBe(plain);
  });
});
