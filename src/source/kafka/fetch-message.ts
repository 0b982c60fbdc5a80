/** The answer to a fetch (version 13), out of its bytes. Pure. */

import type { AbortedTransaction } from './aborted-transactions.ts';

/** What a broker answers about one partition. */
export interface FetchedPartition {
  /** 0: none. */
  readonly errorCode: number;
  /** The offset behind the last message that is replicated, and behind the last one of transactions that have ended. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  /** The first offset that is there. */
  readonly logStartOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches; the last one may be cut. Nobody else uses the buffer that they lie in. */
  readonly records: Uint8Array;
}

/** The answer cannot be what a broker sends. */
class MalformedAnswer extends Error {}

/** @param body behind the header. @throws {MalformedAnswer} where it does not name exactly one partition, as was asked. */
export function parseFetch(body: Uint8Array): FetchedPartition {
  const bytes = new AnswerBytes(body);
  bytes.skip(4);
  const errorCode = bytes.int16();
  bytes.skip(4);
  const topics = bytes.length();
  if (topics === 0) return { ...NOTHING, errorCode };
  bytes.skip(16);
  const partitions = bytes.length();
  if (topics !== 1 || partitions !== 1)
    throw new MalformedAnswer('a fetch of one partition was answered with several');
  bytes.skip(4);
  const partitionError = bytes.int16();
  const [highWatermark, lastStableOffset, logStartOffset] = [bytes.int64(), bytes.int64(), bytes.int64()];
  const aborted = Array.from({ length: bytes.length() }, () => {
    const one = { producerId: bytes.bigInt64(), firstOffset: bytes.int64() };
    bytes.skipTags();
    return one;
  });
  bytes.skip(4);
  const records = bytes.bytes(bytes.length());
  return {
    errorCode: errorCode === 0 ? partitionError : errorCode,
    ...{ highWatermark, lastStableOffset, logStartOffset, aborted, records },
  };
}

const NOTHING = {
  ...{ highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 },
  ...{ aborted: [], records: new Uint8Array() },
};

/** Reads the parts of an answer one behind the other. */
class AnswerBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }

  bigInt64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  int64(): number {
    return Number(this.bigInt64());
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** The length of a list or of bytes, which is written plus one; 0 stands for none. */
  length(): number {
    return Math.max(0, this.#unsigned() - 1);
  }

  /** Fields that later versions have added. */
  skipTags(): void {
    for (let left = this.#unsigned(); left > 0; left--) {
      this.#unsigned();
      this.#take(this.#unsigned());
    }
  }

  #unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedAnswer('a number is longer than a number may be');
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#bytes.length - at) throw new MalformedAnswer('it ends too early');
    this.#at = at + bytes;
    return at;
  }
}
