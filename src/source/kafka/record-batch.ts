/**
 * Batches of records as brokers keep and send them (format 2), out of the bytes of a fetch. Pure: no network, no clock.
 *
 * The checksum of a batch covers all but its first 21 bytes: its base offset, its length, the leader's epoch. Whoever reads checks
 * those against what it expects.
 */

export type BatchCompression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const COMPRESSIONS: readonly BatchCompression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export interface RecordBatch {
  readonly baseOffset: number;
  /** Of its last record, which compaction may have removed. */
  readonly lastOffset: number;
  /** The epoch of the leader that wrote it. */
  readonly leaderEpoch: number;
  readonly compression: BatchCompression;
  readonly isTransactional: boolean;
  /** True where it says how a transaction ended, and holds no message. */
  readonly isControl: boolean;
  readonly producerId: bigint;
  /** Number of records. */
  readonly count: number;
  /** The records, compressed or not. */
  readonly payload: Uint8Array;
  /** Where the next batch begins. */
  readonly end: number;
}

/** What the bytes of a batch are not. The place is known to who fetched them. */
export class CorruptBatch extends Error {}
/** A batch that this program cannot read, whole as it may be. */
export class UnsupportedBatch extends Error {}

/** Offset and length: what comes before the part that the length counts. */
const PREFIX_BYTES = 12;
/** All before the records. */
const HEADER_BYTES = 61;
/** Where the part begins that the checksum covers. */
const CHECKED_FROM = 21;
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const LAST_OFFSET_AT = 23;

/** CRC-32C of bytes. */
export type Crc32c = (bytes: Uint8Array) => number;

/**
 * Reads the batch at a place.
 * @returns undefined where the rest is no whole batch: a fetch may end in the middle of one.
 * @throws {CorruptBatch | UnsupportedBatch}
 */
export function readBatch(records: Uint8Array, at: number, crc32c: Crc32c): RecordBatch | undefined {
  if (isCut(records, at)) return undefined;
  const view = new DataView(records.buffer, records.byteOffset + at, records.length - at);
  const length = view.getInt32(LENGTH_AT);
  if (length < HEADER_BYTES - PREFIX_BYTES) throw new CorruptBatch(`its length is ${length}`);
  const magic = view.getInt8(MAGIC_AT);
  if (magic !== 2) throw new UnsupportedBatch(`its format is ${magic}; daymark reads format 2`);
  const checked = records.subarray(at + CHECKED_FROM, at + PREFIX_BYTES + length);
  if (crc32c(checked) !== view.getUint32(CRC_AT)) throw new CorruptBatch('its checksum is wrong');
  const attributes = view.getInt16(21);
  const compression = COMPRESSIONS[attributes & 7];
  if (compression === undefined) throw new UnsupportedBatch(`its compression is ${attributes & 7}`);
  const baseOffset = Number(view.getBigInt64(0));
  const lastOffset = baseOffset + view.getInt32(LAST_OFFSET_AT);
  if (!(Number.isSafeInteger(baseOffset) && baseOffset >= 0 && lastOffset >= baseOffset))
    throw new CorruptBatch(`its offsets are ${baseOffset} to ${lastOffset}`);
  return {
    ...{ baseOffset, lastOffset, compression },
    leaderEpoch: view.getInt32(12),
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    producerId: view.getBigInt64(43),
    count: view.getInt32(57),
    payload: records.subarray(at + HEADER_BYTES, at + PREFIX_BYTES + length),
    end: at + PREFIX_BYTES + length,
  };
}

/** True where what stands at a place is no whole batch. */
export function isCut(records: Uint8Array, at: number): boolean {
  const bytes = records.length - at;
  if (bytes < PREFIX_BYTES) return true;
  return PREFIX_BYTES + new DataView(records.buffer, records.byteOffset + at).getInt32(LENGTH_AT) > bytes;
}

/** The offset behind the last whole batch of an answer, without a look at what is in them; undefined where there is none. */
export function offsetBehind(records: Uint8Array): number | undefined {
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  let behind: number | undefined;
  for (let at = 0; !isCut(records, at); at += PREFIX_BYTES + view.getInt32(at + LENGTH_AT)) {
    if (view.getInt32(at + LENGTH_AT) < HEADER_BYTES - PREFIX_BYTES) break;
    behind = Number(view.getBigInt64(at)) + view.getInt32(at + LAST_OFFSET_AT) + 1;
  }
  return behind;
}

/** How a transaction ended, by the record of a control batch. Undefined where it says something else. */
export function markerOf({ payload }: Pick<RecordBatch, 'payload'>): 'abort' | 'commit' | undefined {
  const varints = new Varints(payload);
  varints.next();
  varints.at++;
  varints.skip();
  varints.skip();
  const keyBytes = varints.next();
  // The key: a version and a type, two bytes each.
  if (keyBytes < 4 || varints.at + 4 > payload.length) return undefined;
  const type = ((payload[varints.at + 2] as number) << 8) | (payload[varints.at + 3] as number);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : undefined;
}

/** Reads numbers of variable length. Past the end of the bytes it reads zeros; whoever reads compares with where it should be. */
export class Varints {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A 32-bit number, its sign in its lowest bit. */
  next(): number {
    const first = this.#bytes[this.at++] ?? 0;
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.#bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** Passes over a number of up to 64 bits. */
  skip(): void {
    while ((this.#bytes[this.at++] ?? 0) >= 0x80);
  }
}
