import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUT_LOOK_AHEAD_BYTES } from '../../../src/limits.ts';
import { unwrapCri } from '../../../src/log-format/wrapper/cri.ts';
import { cut, lineStartFrom, type OpenLocation, wholeLineEndFrom } from '../../../src/pipeline/scan/split.ts';
import { bytePosition } from '../../../src/source/byte-positions.ts';

const LF = 10;
const PLACE = { descriptor: -1, compression: 'none', offset: 0, name: 'bytes' } as const;

/** Reads bytes that lie in memory. */
function readerOf(bytes: Uint8Array): OpenLocation {
  return async ({ offset }) => {
    let position = offset;
    return {
      before: bytes.subarray(0, offset),
      hasBytePositions: true,
      read: async (target) => {
        const part = bytes.subarray(position, position + target.length);
        target.set(part);
        position += part.length;
        return part.length;
      },
      positionAt: (read) => bytePosition(offset + read),
      close: async () => undefined,
    };
  };
}

async function splitsOf(bytes: Uint8Array, from: number, splitBytes: number) {
  const lineStart = (at: number) => lineStartFrom(readerOf(bytes), PLACE, at);
  const splits: { readonly from: number; readonly to: number | undefined }[] = [];
  for await (const split of cut(lineStart, from, bytes.length - from, splitBytes)) splits.push(split);
  return splits;
}

describe('cutting a partition', () => {
  it('of lines in parts cuts it only behind a whole line or a last part', async () => {
    const line = (tag: string) => `2022-01-28T16:04:05Z stdout ${tag} ${'x'.repeat(30_000)}\n`;
    const lines = ['F', 'P', 'P', 'F', 'F', 'P'].map(line);
    const bytes = Buffer.from(lines.join(''));
    const at = lines[0].length;
    const endFrom = (place: number) => wholeLineEndFrom(readerOf(bytes), PLACE, place, unwrapCri);
    // The line behind the place is a part, and so is the next one.
    expect(await endFrom(1)).toBe(4 * at);
    expect(await endFrom(2 * at)).toBe(4 * at);
    expect(await endFrom(3 * at + 1)).toBe(5 * at);
    expect(await endFrom(4 * at + 1)).toBe(undefined);
  });

  it('gives splits that follow on each other, begin behind a newline, and cover everything', async () => {
    const bytes = fc
      .array(fc.oneof({ weight: 3, arbitrary: fc.constant(65) }, fc.constant(LF)), { maxLength: 400 })
      .map((values) => Uint8Array.from(values));
    const property = fc.asyncProperty(
      bytes,
      fc.nat(400),
      fc.integer({ min: 1, max: 100 }),
      async (all, start, splitBytes) => {
        const from = Math.min(start, all.length);
        const splits = await splitsOf(all, from, splitBytes);
        let position = from;
        for (const [i, split] of splits.entries()) {
          expect(split.from).toBe(position);
          if (i > 0) expect(all[split.from - 1]).toBe(LF);
          expect(split.to === undefined).toBe(i === splits.length - 1);
          if (split.to !== undefined) expect(split.to - split.from).toBeGreaterThanOrEqual(splitBytes);
          position = split.to ?? all.length;
        }
        expect(position).toBe(all.length);
      },
    );
    await fc.assert(property, { seed: 20_241_003, numRuns: 300 });
  });

  it('passes over a line of any length', async () => {
    const line = 5 * CUT_LOOK_AHEAD_BYTES;
    const bytes = new Uint8Array(line + 100).fill(65);
    for (const at of [9, line, line + 50]) bytes[at] = LF;
    expect(await splitsOf(bytes, 0, 20)).toEqual([
      { from: 0, to: line + 1 },
      { from: line + 1, to: line + 51 },
      { from: line + 51, to: undefined },
    ]);
  });
});

describe('a split of nothing', () => {
  it('is one open split', async () => {
    expect(await splitsOf(new Uint8Array(), 0, 10)).toEqual([{ from: 0, to: undefined }]);
  });
});
