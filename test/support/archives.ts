/** Archives to read in tests. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';

const fixture = (ending: string): Buffer =>
  readFileSync(join(import.meta.dirname, `../source/fixtures/requests.${ending}`));

/** What every archive of {@link ARCHIVES} holds: 200 lines. */
export const CONTENT = fixture('txt');

/** Cut in the middle of lines, and one of them empty. */
const PARTS = [
  CONTENT.subarray(0, 1000),
  CONTENT.subarray(1000, 1000),
  CONTENT.subarray(1000, 7777),
  CONTENT.subarray(7777),
];

/** A frame that zstd passes over. */
const SKIPPABLE_FRAME = Buffer.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 0x28, 0xb5, 0x2f);

/** Members, one behind the other. */
export const gzip = (parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat(parts.map((part) => gzipSync(part)));

/** As `zstd` itself does. */
const WITH_CHECKSUM = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** Frames, one behind the other, and such as are to be passed over before each of them. */
export const zstd = (parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [SKIPPABLE_FRAME, zstdCompressSync(part, WITH_CHECKSUM)]));

export interface NamedArchive {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** The same content in every kind. `bzip2 -c` and `xz -c` made the fixtures of the parts, for xz with padding behind each. */
export const ARCHIVES: readonly NamedArchive[] = [
  { kind: 'gzip', bytes: gzip(PARTS) },
  { kind: 'zstd', bytes: zstd(PARTS) },
  { kind: 'bzip2', bytes: fixture('bz2') },
  { kind: 'xz', bytes: fixture('xz') },
];
