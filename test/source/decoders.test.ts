import { execFileSync } from 'node:child_process';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EMPTY_ARCHIVE_BYTES, READ_BLOCK_BYTES } from '../../src/limits.ts';
import { ArchiveReader } from '../../src/source/compression/archive-reader.ts';
import { EndsTooEarly } from '../../src/source/compression/decoder.ts';
import { type Compressed, compressionOf } from '../../src/source/compression/kinds.ts';
import { openDecoder } from '../../src/source/compression/open-decoder.ts';
import { checkAsync } from '../support/property.ts';

const run =
  (command: string, ...args: string[]) =>
  (input: Uint8Array) =>
    execFileSync(command, args, { input, maxBuffer: 2 ** 30 });

/** Each kind, with levels that make blocks and windows of different sizes. */
const KINDS: readonly { kind: Compressed; levels: readonly ((input: Uint8Array) => Buffer)[] }[] = [
  { kind: 'gzip', levels: [1, 9].map((level) => (input) => gzipSync(input, { level })) },
  { kind: 'zstd', levels: [(input) => zstdCompressSync(input)] },
  { kind: 'bzip2', levels: [run('bzip2', '-1'), run('bzip2', '-9')] },
  { kind: 'xz', levels: [run('xz', '-0'), run('xz', '-9e')] },
];

/** Content that compresses hardly, well, and out of all proportion; short runs of one byte, too. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .array(fc.tuple(fc.constantFrom(0, 65, 255), fc.integer({ min: 1, max: 700 })), { maxLength: 40 })
    .map(runs),
  fc.integer({ min: 0, max: 3 * READ_BLOCK_BYTES }).map((length) => Buffer.alloc(length, 'a')),
  fc
    .integer({ min: 1, max: 30_000 })
    .map((lines) => Buffer.from('2024-10-02 05:10:46 c /a 400 0.316\n'.repeat(lines))),
);

function runs(lengths: readonly (readonly [number, number])[]): Uint8Array {
  return Buffer.concat(lengths.map(([byte, length]) => Buffer.alloc(length, byte)));
}

/** Decompresses what comes in pieces of these lengths, the last one again and again. */
async function decode(kind: Compressed, archive: Uint8Array, pieces: readonly number[]): Promise<Buffer> {
  const decoder = await openDecoder(kind);
  const blocks: Uint8Array[] = [];
  const take = async (given: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
    for await (const block of given) {
      expect(block.length).toBeLessThanOrEqual(READ_BLOCK_BYTES);
      blocks.push(block);
    }
  };
  try {
    for (let [at, piece] = [0, 0]; at < archive.length; piece++) {
      const end = at + (pieces[Math.min(piece, pieces.length - 1)] as number);
      // A copy: it may be overwritten when it was taken.
      const bytes = Uint8Array.from(archive.subarray(at, end));
      await take(decoder.decode(bytes));
      bytes.fill(0xaa);
      at = end;
    }
    await take(decoder.finish());
    return Buffer.concat(blocks);
  } finally {
    decoder.close();
  }
}

describe.each(KINDS)('a decoder of $kind', ({ kind, levels }) => {
  it('gives in bounded pieces what went in, whatever the members and however the archive is cut', () =>
    checkAsync(
      fc.asyncProperty(
        fc.array(fc.tuple(contents, fc.nat(levels.length - 1)), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
        async (parts, pieces) => {
          const members = parts.map(([content, level]) => levels[level]?.(content) ?? Buffer.alloc(0));
          const content = await decode(kind, Buffer.concat(members), pieces);
          expect(content.equals(Buffer.concat(parts.map(([part]) => part)))).toBe(true);
        },
      ),
      kind === 'gzip' || kind === 'zstd' ? 60 : 12,
    ));

  it('says of every cut that the archive ends too early, or that what is there is whole members', () => {
    const [compress] = levels as [(input: Uint8Array) => Buffer];
    const parts = ['one line\n', '', 'a'.repeat(1000)].map((text) => Buffer.from(text));
    const members = parts.map(compress);
    const archive = Buffer.concat(members);
    const ends = members.map((_, i) => Buffer.concat(members.slice(0, i + 1)).length);
    return checkAsync(
      fc.asyncProperty(fc.integer({ min: 1, max: archive.length - 1 }), async (cut) => {
        const whole = ends.includes(cut);
        const decoded = decode(kind, archive.subarray(0, cut), [cut]);
        if (whole) expect((await decoded).length).toBeLessThanOrEqual(1009);
        else await expect(decoded).rejects.toThrow(EndsTooEarly);
      }),
      60,
    );
  });

  it('reads empty members by the hundred thousand, and what stands behind them', async () => {
    const [compress] = levels as [(input: Uint8Array) => Buffer];
    const empty = compress(new Uint8Array());
    const archive = Buffer.concat([
      ...Array.from({ length: 100_000 }, () => empty),
      compress(Buffer.from('a line\n')),
    ]);
    expect((await decode(kind, archive, [512 * 1024])).toString()).toBe('a line\n');
  });

  it('can be open more than once in a thread', async () => {
    const [compress] = levels as [(input: Uint8Array) => Buffer];
    const held = readerOf(compress(Buffer.alloc(READ_BLOCK_BYTES * 8, 'a')), kind);
    await held.read(new Uint8Array(10));
    expect((await decode(kind, compress(Buffer.from('other')), [100])).toString()).toBe('other');
    expect(await held.skipTo(READ_BLOCK_BYTES * 8)).toBe(true);
    await held.close();
  });
});

function readerOf(bytes: Uint8Array, kind: Compressed, yieldPoint?: () => Promise<void>): ArchiveReader {
  const read = (target: Uint8Array, position: number) => {
    const part = bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  };
  const archive = { name: 'it', pieceBytes: 512 * 1024, isRereadable: true, read };
  return new ArchiveReader(archive, kind, yieldPoint);
}

async function codeOf(archive: Buffer): Promise<string | undefined> {
  const reader = readerOf(archive, compressionOf(archive) as Compressed);
  try {
    for (const target = new Uint8Array(READ_BLOCK_BYTES); (await reader.read(target)) > 0; );
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await reader.close();
  }
}

describe('an archive', () => {
  const SMALL = Buffer.from('a line\n');

  it.each([
    ['xz with a window of 1 GiB', () => run('xz', '--lzma2=preset=0,dict=1GiB')(SMALL)],
    ['xz with a check by SHA-256', () => run('xz', '--check=sha256')(SMALL)],
    // A frame header alone: the window is 2^30 bytes.
    ['zstd with a window of 1 GiB', () => Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3, 0x09, 0, 0, 0x61)],
  ])('of %s is refused by name, and not as damaged', async (_, make) => {
    expect(await codeOf(make())).toBe('UNSUPPORTED_ARCHIVE');
  });

  it('that begins with headers without an end is refused', async () => {
    // A file name of gzip ends with a zero byte.
    const name = Buffer.alloc(MAX_EMPTY_ARCHIVE_BYTES + 2 ** 20, 'n');
    expect(await codeOf(Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3), name]))).toBe(
      'UNSUPPORTED_ARCHIVE',
    );
  });

  it.each([
    ['empty members', 'gzip', Buffer.concat(Array.from({ length: 100_000 }, () => gzipSync('')))],
    ['frames to skip', 'zstd', skippable(2 ** 22)],
    [
      'a long name',
      'gzip',
      Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3), Buffer.alloc(2 ** 22, 'n')]),
    ],
  ] as const)('that holds nothing for long, but %s, gives way meanwhile', async (_, kind, bytes) => {
    let times = 0;
    const reader = readerOf(bytes, kind, async () => void times++);
    await reader.read(new Uint8Array(10)).catch(() => undefined);
    await reader.close();
    expect(times).toBeGreaterThanOrEqual(Math.floor(bytes.length / (512 * 1024)));
  });

  it('gives way for each block that is passed over', async () => {
    let times = 0;
    const blocks = 40;
    const bytes = gzipSync(Buffer.alloc(blocks * READ_BLOCK_BYTES, 'a'));
    const reader = readerOf(bytes, 'gzip', async () => void times++);
    await reader.skipTo(blocks * READ_BLOCK_BYTES);
    await reader.close();
    expect(times).toBeGreaterThanOrEqual(blocks);
  });
});

function skippable(length: number): Buffer {
  const head = Buffer.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length)]);
}
