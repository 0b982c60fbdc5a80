/** Unpacks the records of a batch. What they come to is bounded, whatever the batch says. */

import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { BatchCompression } from './record-batch.ts';
import { CorruptBatch } from './record-batch.ts';

/** Codecs that Node does not have. */
export interface Codecs {
  /** A raw block. */
  readonly snappy: (block: Uint8Array) => Uint8Array;
  /** A frame. */
  readonly lz4: (frame: Uint8Array) => Uint8Array;
}

/** @returns undefined where the records come to more bytes than allowed. @throws {CorruptBatch} */
export function unpack(
  compression: BatchCompression,
  payload: Uint8Array,
  maxBytes: number,
  codecs: Codecs,
): Uint8Array | undefined {
  try {
    if (compression === 'none') return payload.length > maxBytes ? undefined : payload;
    if (compression === 'gzip') return gunzipSync(payload, { maxOutputLength: maxBytes });
    if (compression === 'zstd') return zstdDecompressSync(payload, { maxOutputLength: maxBytes });
    if (compression === 'lz4') return maxLz4Bytes(payload) > maxBytes ? undefined : codecs.lz4(payload);
    return unpackSnappy(payload, maxBytes, codecs.snappy);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    if (error instanceof CorruptBatch) throw error;
    throw new CorruptBatch(
      `it cannot be unpacked (${compression}): ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The frames of snappy-java, which all clients write: a header of 16 bytes, then blocks, each with its length before it. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

function unpackSnappy(
  payload: Uint8Array,
  maxBytes: number,
  snappy: Codecs['snappy'],
): Uint8Array | undefined {
  const blocks = [...snappyBlocks(payload)];
  const sizes = blocks.map(snappyBytes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > maxBytes) return undefined;
  const unpacked = new Uint8Array(total);
  let at = 0;
  for (const [i, block] of blocks.entries()) {
    const bytes = snappy(block);
    if (bytes.length !== sizes[i])
      throw new CorruptBatch('a block of snappy has another length than it says');
    unpacked.set(bytes, at);
    at += bytes.length;
  }
  return unpacked;
}

function* snappyBlocks(payload: Uint8Array): Generator<Uint8Array> {
  if (XERIAL_MAGIC.compare(payload, 0, XERIAL_MAGIC.length) !== 0) {
    yield payload;
    return;
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (let at = XERIAL_HEADER_BYTES; at < payload.length; ) {
    const end = at + 4 + (at + 4 <= payload.length ? view.getUint32(at) : 0);
    if (end <= at + 4 || end > payload.length) throw new CorruptBatch('a block of snappy is cut');
    yield payload.subarray(at + 4, end);
    at = end;
  }
}

/** The length of what a block holds, which stands before it. */
function snappyBytes(block: Uint8Array): number {
  let bytes = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    bytes += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return bytes;
  }
  throw new CorruptBatch('a block of snappy has no length');
}

const LZ4_MAGIC = 0x184d2204;
const LZ4_BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 2 ** 16, 5: 2 ** 18, 6: 2 ** 20, 7: 2 ** 22 };

/** What a frame of LZ4 comes to at most, by the number of its blocks. */
function maxLz4Bytes(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < 7 || view.getUint32(0, true) !== LZ4_MAGIC)
    throw new CorruptBatch('it is no frame of LZ4');
  const flags = view.getUint8(4);
  const blockBytes = LZ4_BLOCK_BYTES[(view.getUint8(5) >> 4) & 7];
  if (blockBytes === undefined) throw new CorruptBatch('its frame of LZ4 has blocks of unknown size');
  const [hasBlockChecksums, hasContentSize, hasDictionary] = [0x10, 0x08, 0x01].map(
    (flag) => (flags & flag) !== 0,
  );
  let bytes = 0;
  for (let at = 7 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0); at + 4 <= frame.length; ) {
    const size = view.getUint32(at, true);
    if (size === 0) break;
    const isStored = size >= 2 ** 31;
    bytes += isStored ? size - 2 ** 31 : blockBytes;
    at += 4 + (isStored ? size - 2 ** 31 : size) + (hasBlockChecksums ? 4 : 0);
  }
  return bytes;
}
