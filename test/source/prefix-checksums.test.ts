import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ChecksumTap,
  extendChecksums,
  PrefixChecksums,
  positionOf,
  positionsUpTo,
} from '../../src/source/prefix-checksums.ts';
import { check } from '../support/property.ts';

/** Bytes that differ everywhere, made quickly. */
function bytesOf(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return state >>> 16;
  });
}

const readIn = (bytes: Uint8Array) => (position: number, length: number) =>
  bytes.subarray(position, position + length);

const checksumsOf = (bytes: Uint8Array) => extendChecksums(PrefixChecksums.NONE, bytes.length, readIn(bytes));

const anyBytes = fc
  .tuple(fc.oneof(fc.nat(6_000), fc.nat(300_000)), fc.integer())
  .map(([length, seed]) => bytesOf(length, seed));

describe('positions of prefix checksums', () => {
  it('grow from 32 bytes to a 32nd of the whole', () => {
    expect([0, 1, 127, 128, 129, 159, 160].map(positionOf)).toEqual([32, 64, 4096, 4224, 4352, 8192, 8448]);
  });

  it('are counted up to any offset', () => {
    check(
      fc.property(fc.oneof(fc.nat(5_000), fc.nat(2 ** 31), fc.maxSafeNat()), (offset) => {
        const count = positionsUpTo(offset);
        if (count > 0) expect(positionOf(count - 1)).toBeLessThanOrEqual(offset);
        expect(positionOf(count)).toBeGreaterThan(offset);
      }),
    );
  });
});

describe('prefix checksums', () => {
  it('are the same of bytes that pass by, in whatever pieces, and of bytes that are read', () => {
    check(
      fc.property(anyBytes, fc.array(fc.integer({ min: 1, max: 70_000 })), (bytes, cuts) => {
        const tap = new ChecksumTap();
        let position = 0;
        for (const cut of cuts) {
          tap.push(bytes.subarray(position, position + cut));
          position = Math.min(bytes.length, position + cut);
        }
        tap.push(bytes.subarray(position));
        expect(tap.checksums.bytes).toEqual(checksumsOf(bytes).bytes);
      }),
      50,
    );
  });

  it('are the same whether they are made at once or go on', () => {
    check(
      fc.property(anyBytes, fc.nat(300_000), (bytes, at) => {
        const first = extendChecksums(PrefixChecksums.NONE, Math.min(at, bytes.length), readIn(bytes));
        const all = checksumsOf(bytes);
        expect(extendChecksums(first, bytes.length, readIn(bytes)).bytes).toEqual(all.bytes);
        expect(all.upTo(at).bytes).toEqual(first.bytes);
      }),
      50,
    );
  });

  it('tell where a stream of up to 128 KiB differs, at the next position', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 131_072 }), fc.nat(), fc.integer(), (length, place, seed) => {
        const bytes = bytesOf(length, seed);
        const other = Uint8Array.from(bytes);
        other[place % length] ^= 1;
        const expected = positionsUpTo(place % length);
        const found = checksumsOf(bytes).firstDifference(checksumsOf(other));
        expect(found).toBe(expected < positionsUpTo(length) ? expected : undefined);
      }),
      50,
    );
  });

  it('tell nothing of bytes behind the last position', () => {
    const bytes = bytesOf(1_000, 7);
    const longer = bytesOf(5_000, 7);
    expect(checksumsOf(bytes).firstDifference(checksumsOf(longer))).toBeUndefined();
  });

  it('end where the stream does', () => {
    const bytes = bytesOf(100, 3);
    expect(extendChecksums(PrefixChecksums.NONE, 1_000, readIn(bytes)).count).toBe(3);
  });
});
