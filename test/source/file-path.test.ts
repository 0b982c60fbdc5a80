import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf, readablePath, systemPath } from '../../src/source/file-path.ts';
import { check } from '../support/property.ts';

describe('the path of a file', () => {
  it('gives its bytes back, whatever they are', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 5 }),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
    );
    check(
      fc.property(pieces, (all) => {
        const bytes = Buffer.concat(all);
        expect(Buffer.from(systemPath(pathOf(bytes)))).toEqual(bytes);
      }),
    );
  });

  it('is what it says where it is UTF-8', () => {
    expect(pathOf(Buffer.from('/logs/größe 😀.log'))).toBe('/logs/größe 😀.log');
    expect(systemPath('/logs/größe 😀.log')).toBe('/logs/größe 😀.log');
    expect(readablePath('/logs/größe 😀.log')).toBe('/logs/größe 😀.log');
  });

  it('shows the bytes that are not UTF-8', () => {
    expect(readablePath(pathOf(Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x2e])))).toBe('a\\xff\\xe2\\x82.');
  });
});
