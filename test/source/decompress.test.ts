import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DaymarkError } from '../../src/errors.ts';
import { ARCHIVE_PIECE_BYTES } from '../../src/limits.ts';
import { compressionAt, openByteReader } from '../../src/source/byte-reader.ts';
import { ARCHIVES, CONTENT, gzip, zstd } from '../support/archives.ts';
import { checkAsync } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-archive-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

interface ReadResult {
  readonly content: Buffer;
  readonly error: DaymarkError | undefined;
}

/** Reads a file of these bytes to its end. */
async function readAll(bytes: Uint8Array, offset = 0, targetBytes = 10_000): Promise<ReadResult> {
  const path = join(directory, 'any.name');
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  const compression = compressionAt(descriptor, path);
  const reader = await openByteReader({ descriptor, compression, offset, name: path });
  const blocks: Buffer[] = [];
  try {
    for (;;) {
      const target = Buffer.alloc(targetBytes);
      const bytesRead = await reader.read(target);
      if (bytesRead === 0) return { content: Buffer.concat(blocks), error: undefined };
      blocks.push(target.subarray(0, bytesRead));
    }
  } catch (error) {
    return { content: Buffer.concat(blocks), error: error as DaymarkError };
  } finally {
    await reader.close();
    closeSync(descriptor);
  }
}

const codeOf = ({ error }: ReadResult): string | undefined => error?.code;

/** Bytes that do not compress well, as lines. */
function noise(length: number): Buffer {
  const random = randomNumbers(length);
  return Buffer.from(Uint8Array.from({ length }, () => 32 + Math.floor(random() * 90)));
}

describe.each(ARCHIVES)('an archive of $kind', ({ kind, bytes }) => {
  it('gives what went into it, all its members, from every offset', async () => {
    for (const offset of [0, 1, 999, 1000, 1001, 7777, CONTENT.length]) {
      const result = await readAll(bytes, offset, 777);
      expect(result.error).toBeUndefined();
      expect(result.content.equals(CONTENT.subarray(offset))).toBe(true);
    }
  });

  it('gives what comes before a cut, wherever it was cut, and says so', async () => {
    let longest = 0;
    for (let cut = 12; cut < bytes.length; cut += kind === 'xz' || kind === 'bzip2' ? 97 : 13) {
      const { content, error } = await readAll(bytes.subarray(0, cut));
      expect(content.equals(CONTENT.subarray(0, content.length))).toBe(true);
      expect(content.length).toBeGreaterThanOrEqual(longest);
      longest = content.length;
      if (error) expect(error.code).toBe('TRUNCATED_ARCHIVE');
    }
    expect(longest).toBeGreaterThan(1000);
    expect(codeOf(await readAll(bytes.subarray(0, bytes.length - 5)))).toBe('TRUNCATED_ARCHIVE');
  });

  it('of random bytes behind a right beginning ends with an error, and does not hang', () =>
    checkAsync(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 20, max: 40 }),
        async (tail, at) => {
          const { error } = await readAll(Buffer.concat([bytes.subarray(0, at), tail]));
          expect(['TRUNCATED_ARCHIVE', 'CORRUPT_ARCHIVE']).toContain(error?.code);
        },
      ),
      100,
    ));

  it('gives what comes before a damaged byte, as if it had been cut there', () =>
    checkAsync(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ change;
        const { content, error } = await readAll(damaged);
        if (error?.code !== 'CORRUPT_ARCHIVE') return;
        const position = Number(/at byte (\d+)/.exec(error.message)?.[1]);
        if (kind === 'bzip2') expect(content.equals(CONTENT.subarray(0, content.length))).toBe(true);
        else expect(content.equals((await readAll(damaged.subarray(0, position))).content)).toBe(true);
      }),
      25,
    ));

  it('with something else behind it gives all of it, and says so', async () => {
    const result = await readAll(Buffer.concat([bytes, Buffer.from('what is this, and why is it here?')]));
    expect(result.content.equals(CONTENT)).toBe(true);
    expect(codeOf(result)).toBe('CORRUPT_ARCHIVE');
  });
});

describe('archives', () => {
  it.each([
    ['gzip', gzip],
    ['zstd', zstd],
  ])('of %s give what went in, however it was cut into members and is read', (_, compress) =>
    checkAsync(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 500 }),
        async (parts, targetBytes) => {
          const whole = Buffer.concat(parts);
          const { content, error } = await readAll(compress(parts), 0, targetBytes);
          expect(error).toBeUndefined();
          expect(content.equals(whole)).toBe(true);
        },
      ),
      100,
    ),
  );

  it('of gzip give before a cut what zlib itself gives', () =>
    checkAsync(
      fc.asyncProperty(fc.integer({ min: 3, max: 4000 }), async (cut) => {
        const bytes = gzip([CONTENT]).subarray(0, cut);
        const expected = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
        expect((await readAll(bytes)).content.equals(expected)).toBe(true);
      }),
      60,
    ));

  it('of gzip may be padded with zero bytes', async () => {
    const padded = Buffer.concat([gzip([CONTENT]), Buffer.alloc(2 * ARCHIVE_PIECE_BYTES)]);
    expect(await readAll(padded)).toEqual({ content: CONTENT, error: undefined });
    const result = await readAll(Buffer.concat([padded, gzip([CONTENT])]));
    expect(result.content.equals(CONTENT)).toBe(true);
    expect(codeOf(result)).toBe('CORRUPT_ARCHIVE');
  });

  it.each([
    ['gzip', gzip],
    ['zstd', zstd],
  ])('of %s that are damaged behind many blocks give all before the damage', async (_, compress) => {
    const content = noise(800_000);
    const first = compress([content.subarray(0, 300_000)]);
    const bytes = compress([content.subarray(0, 300_000), content.subarray(300_000)]);
    bytes.fill(0xff, first.length + 100_000, first.length + 100_100);
    const result = await readAll(bytes);
    expect(codeOf(result)).toBe('CORRUPT_ARCHIVE');
    expect(result.content.length).toBeGreaterThan(310_000);
    expect(result.content.subarray(0, 310_000).equals(content.subarray(0, 310_000))).toBe(true);
  });

  it('take a bounded memory, whatever they grow to', async () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    const bytes = gzip(Array.from({ length: 16 }, () => zeros));
    writeFileSync(join(directory, 'bomb'), bytes);
    const descriptor = openSync(join(directory, 'bomb'), 'r');
    const reader = await openByteReader({ descriptor, compression: 'gzip', offset: 0, name: 'bomb' });
    const target = new Uint8Array(1024);
    await reader.read(target);
    const before = process.memoryUsage().arrayBuffers;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    await reader.close();
    closeSync(descriptor);
  });

  it('are known by their beginning, and a text that begins with the letters of bzip2 is none', async () => {
    const text = Buffer.from('BZh9 is not an archive\n');
    expect(await readAll(text)).toEqual({ content: text, error: undefined });
  });
});
