/** Batches, read by our parser and by a naive one, whole and damaged. */

import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressionsAlgorithms, crc32c } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_HELD_KAFKA_BYTES, MAX_KAFKA_BATCH_BYTES } from '../../../src/limits.ts';
import type { AbortedTransaction } from '../../../src/source/kafka/aborted-transactions.ts';
import { BatchFetcher } from '../../../src/source/kafka/batch-fetcher.ts';
import type { FetchedPartition } from '../../../src/source/kafka/fetch-message.ts';
import { KAFKA_CODES } from '../../../src/source/kafka/kafka-error.ts';
import type { LedPartition } from '../../../src/source/kafka/led-partition.ts';
import { KafkaPartitionReader, type ReadingPlan } from '../../../src/source/kafka/partition-reader.ts';
import { placeOf } from '../../../src/source/kafka/position.ts';
import { CorruptBatch, readBatch, UnsupportedBatch } from '../../../src/source/kafka/record-batch.ts';
import { check, checkAsync } from '../../support/property.ts';

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const EPOCH = 3;

interface MadeMessage {
  /** Offsets that compaction removed before it. */
  readonly gap: number;
  readonly key: string | null;
  readonly value: string | null;
}

interface MadeBatch {
  readonly kind: 'plain' | 'committed' | 'aborted';
  readonly compression: number;
  readonly messages: readonly MadeMessage[];
}

const value = fc.oneof(
  fc.constant(null),
  fc.constant(''),
  fc
    .array(fc.constantFrom('a', 'bb', '', 'c'.repeat(200)), { maxLength: 5 })
    .map((lines) => lines.join('\n')),
  fc.constantFrom('line\n', '\n', 'x\ny\n'),
);
const message: fc.Arbitrary<MadeMessage> = fc.record({
  gap: fc.constantFrom(0, 0, 0, 2),
  key: fc.constantFrom(null, 'k', 'key'.repeat(50)),
  value,
});
const batch: fc.Arbitrary<MadeBatch> = fc.record({
  kind: fc.constantFrom('plain', 'plain', 'committed', 'aborted'),
  compression: fc.nat(COMPRESSIONS.length - 1),
  messages: fc.array(message, { minLength: 1, maxLength: 6 }),
});
const batches = fc.array(batch, { minLength: 1, maxLength: 6 });

/** Written in the most obvious way, by the description of the protocol. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (
    let left = BigInt.asUintN(64, BigInt(value) << 1n) ^ BigInt.asUintN(64, BigInt(value) >> 63n);
    ;
    left >>= 7n
  ) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}

function sized(bytes: string | Uint8Array | null): Buffer {
  if (bytes === null) return varint(-1);
  const content = Buffer.from(bytes as string);
  return Buffer.concat([varint(content.length), content]);
}

function recordOf(delta: number, key: string | Uint8Array | null, value: string | null): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(delta * 7),
    varint(delta),
    sized(key),
    sized(value),
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

interface BatchParts {
  readonly baseOffset: number;
  readonly lastDelta: number;
  readonly attributes: number;
  readonly producerId: number;
  readonly records: readonly Buffer[];
}

function batchBytes({ baseOffset, lastDelta, attributes, producerId, records }: BatchParts): Buffer {
  const compression = COMPRESSIONS[attributes & 7] ?? 'none';
  const plain = Buffer.concat(records);
  const { snappy, lz4 } = compressionsAlgorithms;
  const packed = {
    none: () => plain,
    gzip: () => gzipSync(plain),
    zstd: () => zstdCompressSync(plain),
    lz4: () => lz4.compressSync(plain),
    snappy: () => snappy.compressSync(plain),
  }[compression]();
  const checked = Buffer.alloc(40 + packed.length);
  checked.writeInt16BE(attributes, 0);
  checked.writeInt32BE(lastDelta, 2);
  checked.writeBigInt64BE(BigInt(producerId), 22);
  checked.writeInt32BE(records.length, 36);
  packed.copy(checked, 40);
  const head = Buffer.alloc(21);
  head.writeBigInt64BE(BigInt(baseOffset), 0);
  head.writeInt32BE(checked.length + 9, 8);
  head.writeInt32BE(EPOCH, 12);
  head.writeInt8(2, 16);
  head.writeUInt32BE(crc32c(checked), 17);
  return Buffer.concat([head, checked]);
}

/** A log with these batches, and what must come of it. */
class MadeLog {
  readonly batches: { readonly first: number; readonly last: number; readonly bytes: Buffer }[] = [];
  readonly aborted: AbortedTransaction[] = [];
  /** Each line that counts, and where it stands. */
  readonly lines: { readonly offset: number; readonly line: number; readonly text: string }[] = [];
  end = 0;

  constructor(made: readonly MadeBatch[]) {
    for (const [i, one] of made.entries()) this.add(one, 1_000 + i);
  }

  add({ kind, compression, messages }: MadeBatch, producerId = 1): void {
    const base = this.end;
    let delta = -1;
    const records = messages.map(({ gap, key, value }) => {
      delta += 1 + gap;
      if (kind !== 'aborted') this.#count(base + delta, value ?? '');
      return recordOf(delta, key, value);
    });
    const attributes = compression | (kind === 'plain' ? 0 : 0x10);
    this.#append({ baseOffset: base, lastDelta: delta, attributes, producerId, records });
    if (kind === 'plain') return;
    if (kind === 'aborted') this.aborted.push({ producerId: BigInt(producerId), firstOffset: base });
    const marker = recordOf(0, Buffer.from([0, 0, 0, kind === 'aborted' ? 0 : 1]), 'mark');
    this.#append({ baseOffset: this.end, lastDelta: 0, attributes: 0x30, producerId, records: [marker] });
  }

  #append(parts: BatchParts): void {
    const last = parts.baseOffset + parts.lastDelta;
    this.batches.push({ first: parts.baseOffset, last, bytes: batchBytes(parts) });
    this.end = last + 1;
  }

  #count(offset: number, value: string): void {
    const lines = value.replace(/\n$/, '').split('\n');
    for (const [line, text] of lines.entries()) this.lines.push({ offset, line, text });
  }

  /** What a broker answers. @param batches how many fit. */
  fetch(offset: number, batches: number): FetchedPartition {
    const from = this.batches.findIndex(({ last }) => last >= offset);
    const sent = from < 0 ? [] : this.batches.slice(from, from + batches);
    const cut = this.batches[from + batches]?.bytes.subarray(0, 30) ?? Buffer.alloc(0);
    return {
      ...{ errorCode: 0, highWatermark: this.end, lastStableOffset: this.end, logStartOffset: 0 },
      aborted: this.aborted,
      records: new Uint8Array(Buffer.concat([...sent.map(({ bytes }) => bytes), cut])),
    };
  }
}

const LED: LedPartition = {
  ...{ clusterId: 'cluster', topic: 'topic', topicId: '00000000-0000-0000-0000-000000000001', partition: 0 },
  ...{ leader: { host: '127.0.0.1', port: 1 }, leaderEpoch: EPOCH },
};
const { snappy, lz4 } = compressionsAlgorithms;
const UNPACKING = {
  crc32c: (bytes: Uint8Array) => crc32c(bytes),
  pause: async () => undefined,
  codecs: {
    snappy: (block: Uint8Array) => snappy.decompressSync(Buffer.from(block)),
    lz4: (frame: Uint8Array) => lz4.decompressSync(Buffer.from(frame)),
  },
};

/** @param roomBytes of lines that are taken out of an answer at once. */
function fetching(fetch: (offset: number) => FetchedPartition, roomBytes = 100_000): BatchFetcher {
  return new BatchFetcher(async (_, offset) => fetch(offset), UNPACKING, roomBytes);
}

/** Reads a log from a place to another. @returns the lines with their places. */
async function readLog(
  log: MadeLog,
  fetch: (offset: number) => FetchedPartition,
  blockBytes: number,
  [from, to] = [
    { offset: 0, line: 0 },
    { offset: log.end, line: 0 },
  ],
  roomBytes = 100_000,
): Promise<{ offset: number; line: number; text: string }[]> {
  const plan = {
    led: LED,
    base: 0,
    from,
    to,
    isBeginning: false,
    gapTo: undefined,
    lastEpoch: new Uint8Array(),
  };
  const reader = new KafkaPartitionReader(plan, fetching(fetch, roomBytes));
  const lines: { offset: number; line: number; text: string }[] = [];
  const target = new Uint8Array(blockBytes);
  let [text, taken] = ['', 0];
  for (let bytes = -1; bytes !== 0; ) {
    bytes = await reader.read(target);
    text += Buffer.from(target.subarray(0, bytes)).toString();
    for (let end = text.indexOf('\n', taken); end >= 0; end = text.indexOf('\n', taken)) {
      lines.push({ ...placeOf(reader.positionAt(taken), 0), text: text.slice(taken, end) });
      taken = end + 1;
    }
  }
  expect(taken).toBe(text.length);
  return lines;
}

test('every line of every message that counts comes once, in order and in its place, however it is sent', async () => {
  const sizes = fc.tuple(
    fc.constantFrom(1, 7, 100, 100_000),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom(1, 10, 100_000),
  );
  await checkAsync(
    fc.asyncProperty(batches, sizes, async (made, [blockBytes, batchesAFetch, roomBytes]) => {
      const log = new MadeLog(made);
      const fetch = (offset: number) => log.fetch(offset, batchesAFetch);
      expect(await readLog(log, fetch, blockBytes, undefined, roomBytes)).toEqual(log.lines);
    }),
    100,
  );
});

test('the memory of an answer is given back behind its last line, and not before, compressed or not', async () => {
  for (const compression of COMPRESSIONS.keys()) {
    // Packed, it is still so long that giving it back is worth it.
    const value = Array.from({ length: 12_000 }, (_, i) => (i * 2_654_435_761) % 1e9).join('\n');
    const message = { gap: 0, key: null, value };
    const log = new MadeLog(
      Array.from({ length: 5 }, () => ({
        kind: 'plain' as const,
        compression,
        messages: [message, message],
      })),
    );
    const buffers: ArrayBufferLike[] = [];
    const fetch = (offset: number) => {
      const { records, ...answer } = log.fetch(offset, 2);
      const own = new Uint8Array(records);
      buffers.push(own.buffer);
      return { ...answer, records: own };
    };
    expect(await readLog(log, fetch, 100_000)).toEqual(log.lines);
    const sizes = buffers.map(({ byteLength }) => byteLength);
    expect(sizes.length).toBe(3);
    expect(sizes.slice(0, 2)).toEqual([0, 0]);
  }
});

test('of small messages with long keys, no more are unpacked at once than there is room for, and held until a place is asked for', async () => {
  const key = 'k'.repeat(MAX_HELD_KAFKA_BYTES / 8);
  for (const compression of [COMPRESSIONS.indexOf('none'), COMPRESSIONS.indexOf('zstd')]) {
    const log = new MadeLog(
      Array.from({ length: 12 }, () => ({
        kind: 'plain' as const,
        compression,
        messages: [{ gap: 0, key, value: null }],
      })),
    );
    const fetcher = fetching((offset) => log.fetch(offset, 100), 100_000);
    if (compression > 0) expect((await fetcher.fetch(LED, 0, log.end)).batches).toHaveLength(1);
    const reader = new KafkaPartitionReader(planOf(log.end), fetcher);
    expect(reader.isHoldingMuch).toBe(false);
    const target = new Uint8Array(1);
    for (let bytes = 1; bytes <= 12; bytes++) expect(await reader.read(target)).toBe(1);
    expect(reader.isHoldingMuch).toBe(true);
    expect(placeOf(reader.positionAt(12), 0)).toEqual({ offset: 12, line: 0 });
    expect(reader.isHoldingMuch).toBe(false);
  }
});

test('from each line on come the lines behind it, and up to it those before', async () => {
  await checkAsync(
    fc.asyncProperty(batches, fc.nat(1_000), async (made, choice) => {
      const log = new MadeLog(made);
      const at = log.lines.length === 0 ? 0 : choice % log.lines.length;
      const { offset = 0, line = 0 } = log.lines[at] ?? {};
      const [start, place, end] = [
        { offset: 0, line: 0 },
        { offset, line },
        { offset: log.end, line: 0 },
      ];
      const fetch = (offset: number) => log.fetch(offset, 2);
      expect(await readLog(log, fetch, 50, [place, end])).toEqual(log.lines.slice(at));
      expect(await readLog(log, fetch, 50, [start, place])).toEqual(log.lines.slice(0, at));
    }),
    50,
  );
});

test('a flipped bit of any batch changes no line: it is an error, or what comes is what was sent', async () => {
  await checkAsync(
    fc.asyncProperty(batches, fc.nat(), fc.nat(), async (made, which, bit) => {
      const log = new MadeLog(made);
      let isFlipped = false;
      const fetch = (offset: number): FetchedPartition => {
        const answer = log.fetch(offset, 3);
        if (isFlipped || answer.records.length === 0) return answer;
        const fetches = 1 + (which % 3);
        isFlipped = offset === 0 ? fetches === 1 : true;
        if (!isFlipped) return answer;
        const records = new Uint8Array(answer.records);
        const at = bit % (records.length * 8);
        records[at >> 3] = (records[at >> 3] as number) ^ (1 << (at & 7));
        return { ...answer, records };
      };
      const read = readLog(log, fetch, 100_000).catch((error: { code?: string }) => error.code);
      const lines = await read;
      if (lines === 'KAFKA_CORRUPT' || lines === 'KAFKA_UNSUPPORTED') return;
      expect(lines).toEqual(log.lines);
    }),
    300,
  );
});

function planOf(end: number): ReadingPlan {
  return {
    ...{ led: LED, base: 0, from: { offset: 0, line: 0 }, to: { offset: end, line: 0 } },
    ...{ isBeginning: true, gapTo: undefined, lastEpoch: new Uint8Array() },
  };
}

test('behind a batch that is too large to be unpacked, reading goes on behind all of its messages', async () => {
  const log = new MadeLog([]);
  const half = 'x'.repeat(MAX_KAFKA_BATCH_BYTES / 2);
  log.add({
    ...{ kind: 'plain', compression: COMPRESSIONS.indexOf('zstd') },
    messages: [half, half, 'last'].map((value) => ({ gap: 0, key: null, value })),
  });
  const reader = new KafkaPartitionReader(
    planOf(log.end),
    fetching((offset) => log.fetch(offset, 1)),
  );
  const bytes = await reader.read(new Uint8Array(100_000));
  expect(reader.standIns(0, bytes)).toEqual([{ at: 0, reason: 'oversized_message' }]);
  expect(placeOf(reader.positionAt(bytes), 0)).toEqual({ offset: 3, line: 0 });
});

describe('a broker that answers nothing about messages that are there', () => {
  const log = new MadeLog([{ kind: 'plain', compression: 0, messages: [{ gap: 0, key: null, value: 'a' }] }]);
  /** @param answers what is answered first. */
  const readerOf = (answers: number, errorCode = 0): KafkaPartitionReader => {
    let left = answers;
    const nothing = { ...log.fetch(0, 1), errorCode, records: new Uint8Array() };
    return new KafkaPartitionReader(
      planOf(log.end),
      fetching((offset) => (left-- > 0 ? nothing : log.fetch(offset, 1))),
    );
  };

  test('is asked again, since the client may be above its quota', async () => {
    expect(await readerOf(3).read(new Uint8Array(100))).toBe('a\n'.length);
  });

  test('is away where it goes on so: the end was not reached', async () => {
    const read = readerOf(Number.POSITIVE_INFINITY).read(new Uint8Array(100));
    await expect(read).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  });

  test('may have deleted them, which the next poll tells', async () => {
    const read = readerOf(1, KAFKA_CODES.OFFSET_OUT_OF_RANGE).read(new Uint8Array(100));
    await expect(read).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  });
});

test('any bytes are a batch, a cut one or an error, and never more', () => {
  check(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const batch = readBatch(bytes, 0, (checked) => crc32c(Buffer.from(checked)));
        if (batch) expect(batch.end).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error instanceof CorruptBatch || error instanceof UnsupportedBatch).toBe(true);
      }
    }),
    1_000,
  );
});
