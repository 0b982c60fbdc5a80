import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BeginningIndex } from '../../src/source/files/beginning-index.ts';
import { extendChecksums, PrefixChecksums } from '../../src/source/prefix-checksums.ts';
import { check } from '../support/property.ts';

/** Streams over a small alphabet in blocks of a checksum's step, so that many begin alike. */
const anyStream = fc
  .tuple(fc.array(fc.constantFrom('a', 'b'), { maxLength: 6 }), fc.nat(31))
  .map(([blocks, rest]) => Buffer.from(blocks.map((one) => one.repeat(32)).join('') + 'c'.repeat(rest)));

const checksumsOf = (bytes: Buffer) =>
  extendChecksums(PrefixChecksums.NONE, bytes.length, (position, length) =>
    bytes.subarray(position, position + length),
  );

it('finds the streams that agree with another one, as comparing all of them does', () => {
  check(
    fc.property(
      fc.array(anyStream, { maxLength: 20 }),
      fc.array(anyStream, { minLength: 1, maxLength: 5 }),
      fc.nat(20),
      (streams, asked, before) => {
        const index = new BeginningIndex<Buffer>();
        // Some are asked for before the last ones are added.
        for (const [i, stream] of streams.entries()) {
          if (i === before) for (const one of asked) index.agreeingWith(checksumsOf(one));
          index.add(stream, checksumsOf(stream));
        }
        for (const one of asked) {
          const found = index.agreeingWith(checksumsOf(one));
          const expected = streams.filter((stream) => {
            const common = 32 * Math.min(Math.floor(stream.length / 32), Math.floor(one.length / 32));
            return Buffer.compare(stream.subarray(0, common), one.subarray(0, common)) === 0;
          });
          expect(new Set(found)).toEqual(new Set(expected));
          expect(found).toHaveLength(expected.length);
        }
      },
    ),
  );
});
