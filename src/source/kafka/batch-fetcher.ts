/**
 * Fetches batches and takes them apart: checks them, leaves out what was aborted, and unpacks the rest. What comes out is plain data
 * that another thread can take over.
 */

import { MAX_KAFKA_BATCH_BYTES } from '../../limits.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { type Codecs, unpack } from './compression.ts';
import type { FetchedPartition } from './fetch-message.ts';
import type { LedPartition } from './led-partition.ts';
import { type MessageLines, messageLines, standIn } from './message-lines.ts';
import {
  CorruptBatch,
  type Crc32c,
  isCut,
  offsetBehind,
  type RecordBatch,
  readBatch,
  UnsupportedBatch,
} from './record-batch.ts';
import { isWhole, release } from './released-bytes.ts';

/** A batch that is whole, and that this program can read. */
export interface FetchedBatch extends Pick<RecordBatch, 'baseOffset' | 'lastOffset' | 'leaderEpoch'> {
  /** Undefined: none of its messages counts. Nobody else uses the buffer that the lines lie in, but other batches may. */
  readonly lines: MessageLines | undefined;
}

/** Why what stands behind the batches of an answer cannot be read. */
interface BatchProblem {
  readonly kind: 'corrupt' | 'unsupported';
  readonly why: string;
}

/** What a broker answered about one partition. */
export interface FetchedBatches {
  /** 0: none. */
  readonly errorCode: number;
  /** None: nothing is there, or there is a problem. */
  readonly batches: readonly FetchedBatch[];
  readonly problem?: BatchProblem;
}

/** What batches are taken apart with. */
export interface BatchTools {
  readonly codecs: Codecs;
  readonly crc32c: Crc32c;
  /** Lets the thread take what has come of the next answer meanwhile. */
  readonly pause: () => Promise<unknown>;
}

/** Asks a broker for what stands at an offset. */
export type FetchBytes = (led: LedPartition, offset: number) => Promise<FetchedPartition>;

/** A place that is read on. */
interface Ahead<T> {
  readonly led: LedPartition;
  readonly offset: number;
  readonly answer: T;
}

/**
 * The batches of partitions. While one answer is taken apart, the next one is on its way: without that, the thread that
 * asks waited for half of its time (2026-11-30). A small answer can hold batches that come to very much, so no more of them are unpacked
 * at once than there is room for. Answers are kept until they are asked for, or something else is.
 */
export class BatchFetcher {
  readonly #fetchBytes: FetchBytes;
  readonly #tools: BatchTools;
  readonly #roomBytes: number;
  /** What is left of an answer. */
  #rest: Ahead<OpenAnswer> | undefined;
  #ahead: Ahead<Promise<FetchedPartition>> | undefined;

  /** @param roomBytes another batch is unpacked while fewer bytes were. */
  constructor(fetchBytes: FetchBytes, tools: BatchTools, roomBytes: number) {
    this.#fetchBytes = fetchBytes;
    this.#tools = tools;
    this.#roomBytes = roomBytes;
  }

  /**
   * Batches from an offset on, in their order. The first may begin before it; its lines do not.
   * @param end nothing is wanted from there on.
   */
  async fetch(led: LedPartition, offset: number, end: number): Promise<FetchedBatches> {
    const rest = this.#rest;
    this.#rest = undefined;
    if (isAt(rest, led, offset)) return this.#take(led, rest.answer);
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const fetched = await (isAt(ahead, led, offset) ? ahead.answer : this.#fetchBytes(led, offset));
    const { errorCode, records } = fetched;
    if (errorCode !== 0 || records.length === 0) return { errorCode, batches: [] };
    this.#fetchAhead(led, offset, offsetBehind(records), end);
    return this.#take(led, new OpenAnswer(fetched, offset, this.#tools));
  }

  #fetchAhead(led: LedPartition, offset: number, next: number | undefined, end: number): void {
    if (next === undefined || next <= offset || next >= end) return;
    const answer = this.#fetchBytes(led, next);
    // It may fail while nobody waits for it.
    answer.catch(() => undefined);
    this.#ahead = { led, offset: next, answer };
  }

  async #take(led: LedPartition, answer: OpenAnswer): Promise<FetchedBatches> {
    const taken = await answer.take(this.#roomBytes);
    if (!answer.isAtEnd) this.#rest = { led, offset: answer.next, answer };
    return taken;
  }
}

function isAt<T>(
  ahead: Ahead<T> | undefined,
  { topicId, partition, leaderEpoch }: LedPartition,
  offset: number,
): ahead is Ahead<T> {
  if (ahead?.offset !== offset) return false;
  const { led } = ahead;
  return led.topicId === topicId && led.partition === partition && led.leaderEpoch === leaderEpoch;
}

/** The buffers that fetched lines lie in. */
export function buffersOf({ batches }: FetchedBatches): ArrayBuffer[] {
  return [...new Set(batches.flatMap(({ lines }) => (lines ? [lines.bytes.buffer as ArrayBuffer] : [])))];
}

/** While more were taken apart, a broker waited until the socket took more: 60 million lines took 5.0 s, and 3.8 s so (2026-11-30). */
const BYTES_BEFORE_PAUSE = 256 * 1024;

/** An answer that is being taken apart. */
class OpenAnswer {
  #records: Uint8Array;
  readonly #tools: BatchTools;
  readonly #aborted: AbortedTransactions;
  #at = 0;
  #isAtEnd = false;
  /** The offset of the next message to take. */
  #next: number;

  constructor({ records, aborted }: FetchedPartition, offset: number, tools: BatchTools) {
    this.#records = records;
    this.#tools = tools;
    this.#aborted = new AbortedTransactions(aborted);
    this.#next = offset;
  }

  /** True where nothing more can be taken. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get next(): number {
    return this.#next;
  }

  async take(roomBytes: number): Promise<FetchedBatches> {
    const batches: FetchedBatch[] = [];
    let pausedAt = this.#at;
    let problem: BatchProblem | undefined;
    try {
      if (isCut(this.#records, 0)) throw new CorruptBatch('it is not whole');
      for (let bytes = 0; bytes < roomBytes && !this.#isAtEnd; ) {
        const batch = this.#takeNext();
        batches.push(batch);
        bytes += this.#heldBytes(batch);
        if (this.#at - pausedAt < BYTES_BEFORE_PAUSE || this.#isAtEnd) continue;
        pausedAt = this.#at;
        await this.#tools.pause();
      }
    } catch (error) {
      problem = problemOf(error);
      this.#isAtEnd = true;
    }
    const fetched = { errorCode: 0, batches, ...(problem && { problem }) };
    this.#leave(fetched);
    return fetched;
  }

  /** What was unpacked stays as a whole, with all that is no line. */
  #heldBytes({ lines }: FetchedBatch): number {
    if (!lines) return 0;
    const { buffer, length } = lines.bytes;
    return buffer === this.#records.buffer ? length : buffer.byteLength;
  }

  #takeNext(): FetchedBatch {
    const batch = readBatch(this.#records, this.#at, this.#tools.crc32c) as RecordBatch;
    const { baseOffset, lastOffset, leaderEpoch } = batch;
    const lines = this.#aborted.isAborted(batch) ? undefined : this.#linesOf(batch);
    this.#at = batch.end;
    this.#isAtEnd = isCut(this.#records, batch.end);
    this.#next = lastOffset + 1;
    return { baseOffset, lastOffset, leaderEpoch, lines };
  }

  #linesOf(batch: RecordBatch): MessageLines {
    const { compression, payload, baseOffset, lastOffset, count } = batch;
    const records = unpack(compression, payload, MAX_KAFKA_BATCH_BYTES, this.#tools.codecs);
    if (records) return messageLines(batch, this.#own(records), this.#next);
    const text = `${count} messages from offset ${baseOffset} to ${lastOffset} come to more than ${MAX_KAFKA_BATCH_BYTES} bytes`;
    return standIn(Math.max(this.#next, baseOffset), 'oversized_message', text);
  }

  /** What a codec gives may lie in a buffer that it goes on using. */
  #own(records: Uint8Array): Uint8Array {
    return records.buffer === this.#records.buffer || isWhole(records) ? records : new Uint8Array(records);
  }

  /** Leaves the buffer to the lines that lie in it. Where there are none, and no rest, it gives it back. */
  #leave(fetched: FetchedBatches): void {
    const { buffer } = this.#records;
    const isUsed = buffersOf(fetched).includes(buffer as ArrayBuffer);
    if (this.#isAtEnd && !isUsed) release(buffer);
    if (this.#isAtEnd || !isUsed) return;
    this.#records = new Uint8Array(this.#records.subarray(this.#at));
    this.#at = 0;
  }
}

function problemOf(error: unknown): BatchProblem {
  if (error instanceof CorruptBatch) return { kind: 'corrupt', why: error.message };
  if (error instanceof UnsupportedBatch) return { kind: 'unsupported', why: error.message };
  throw error;
}
