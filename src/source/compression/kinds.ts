/** How the bytes of a log are compressed. */
export type Compression = 'none' | Compressed;

export type Compressed = 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** First bytes: RFC 1952, 2.3.1 (deflate is its only method); RFC 8878, 3.1.1 and 3.1.2; `bzip2` itself; the .xz file format, 2.1.1.1. */
const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  // Behind `BZh` and the level the first block, or the end: a text may begin with such letters.
  ...Array.from('123456789').flatMap((level) => [
    ['bzip2', [0x42, 0x5a, 0x68, level.charCodeAt(0), 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]] as const,
    ['bzip2', [0x42, 0x5a, 0x68, level.charCodeAt(0), 0x17, 0x72, 0x45, 0x38, 0x50, 0x90]] as const,
  ]),
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  // A frame that zstd skips, of which pzstd writes one first: 0x184d2a50 to 0x184d2a5f.
  ...Array.from({ length: 16 }, (_, i) => ['zstd', [0x50 + i, 0x2a, 0x4d, 0x18]] as const),
];

/** The bytes that {@link compressionOf} must see. */
export const MAGIC_BYTES = Math.max(...MAGIC.map(([, magic]) => magic.length));

/** How a file that begins with these bytes is compressed: its content says so, not its name. */
export function compressionOf(head: Uint8Array): Compression {
  const kind = MAGIC.find(([, magic]) => magic.every((byte, i) => head[i] === byte));
  return kind?.[0] ?? 'none';
}
