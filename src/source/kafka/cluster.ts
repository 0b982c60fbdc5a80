/**
 * The cluster, as the source asks it. This file and `frame-connection.ts` alone know the client, @platformatic/kafka: it writes requests and
 * reads answers, logs in, and unpacks. Its consumer is not used: it lets aborted messages through and checks no checksum. Nor are its
 * connections.
 *
 * `createAPI` and the functions of single requests are exported and not promised, so package.json pins the version, and
 * `test/source/kafka/topics.test.ts` tries all that is used here on a real broker.
 */

import { setImmediate } from 'node:timers/promises';
import type { Connection, Writer } from '@platformatic/kafka';
import { bug } from '../../errors.ts';
import { KAFKA_FETCH_BYTES, KAFKA_FETCH_WAIT_MS } from '../../limits.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import type { KafkaAccess } from './access.ts';
import { BatchFetcher, type BatchTools, type FetchedBatches } from './batch-fetcher.ts';
import { type FetchedPartition, parseFetch } from './fetch-message.ts';
import { FrameConnection } from './frame-connection.ts';
import { brokerError, clientError, KAFKA_CODES, unreadable } from './kafka-error.ts';
import type { LedPartition, Node } from './led-partition.ts';
import { nameOf } from './position.ts';

export interface TopicAnswer {
  readonly topic: string;
  /** 0: none. */
  readonly errorCode: number;
  readonly partitions: readonly LedPartition[];
}

type OffsetAnswer = { readonly offset: number } | { readonly error: ThreadError };

/** The offsets between which a partition can be read. */
export interface OffsetRange {
  readonly earliest: number;
  /** Behind the last message of a transaction that has ended, and of those without one. */
  readonly end: number;
}

/** What a broker answers about the offsets of a partition. */
export type RangeAnswer = OffsetRange | { readonly error: ThreadError };

/** A group's progress in a partition. */
export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** The next one to read. */
  readonly offset: number;
}

const EARLIEST = -2n;
const LATEST = -1n;
const READ_COMMITTED = 1;
const CONSUMER = -1;
const FETCH_API = 1;
const FETCH_VERSION = 13;

type Client = typeof import('@platformatic/kafka');

/** What the source asks of a cluster. All that goes in and out is plain data, so that it can go from one thread to another. */
export type KafkaCluster = Pick<Cluster, 'topics' | 'ranges' | 'endOfEpoch' | 'fetch' | 'report' | 'close'>;

/** @throws {DaymarkError} where the client cannot be loaded. */
export async function openCluster(access: KafkaAccess): Promise<Cluster> {
  try {
    return new Cluster(await import('@platformatic/kafka'), access);
  } catch (error) {
    throw clientError(error, unaskable(access.brokers));
  }
}

function unaskable(brokers: readonly string[]): string {
  return `The brokers ${brokers.join(', ')} cannot be asked`;
}

/** Connections to the brokers of a cluster; they are made when they are needed. All methods throw {@link DaymarkError}. */
export class Cluster {
  readonly #client: Client;
  readonly #unaskable: string;
  /** Those to begin with. */
  readonly #nodes: readonly Node[];
  /** The one of them that is asked first: the last one that answered, as far as is known. */
  #first = 0;
  readonly #access: KafkaAccess;
  readonly #ask: (connection: Connection, ask: FetchAsk) => Promise<FetchedPartition>;
  /** By what they are for and `host:port`. */
  readonly #connections = new Map<string, Promise<FrameConnection>>();
  #isClosed = false;
  readonly #batches: BatchFetcher;

  constructor(client: Client, access: KafkaAccess) {
    const { brokers } = access;
    this.#client = client;
    this.#access = access;
    this.#unaskable = unaskable(brokers);
    this.#nodes = brokers.map(nodeOf);
    this.#ask = client.createAPI<[FetchAsk], FetchedPartition>(
      FETCH_API,
      FETCH_VERSION,
      (ask) => fetchRequest(client.Writer.create(), ask),
      // The reader stands behind the header.
      (_, __, ___, { buffer, position }) => parseFetch(buffer.buffer.subarray(position)),
    ).async as (connection: Connection, ask: FetchAsk) => Promise<FetchedPartition>;
    this.#batches = new BatchFetcher(
      (led, offset) => this.#fetchBytes(led, offset),
      toolsOf(client),
      KAFKA_FETCH_BYTES,
    );
  }

  /** Who leads which partitions of these topics. */
  async topics(topics: readonly string[]): Promise<readonly TopicAnswer[]> {
    const answer = await this.#attempt(this.#unaskable, () =>
      this.#withAny((connection) =>
        answered(() => this.#client.metadataV12.api.async(connection, [...topics], false, false)),
      ),
    );
    const nodes = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    return answer.topics.map(({ name, topicId, errorCode, partitions }) => ({
      topic: name ?? '',
      errorCode,
      partitions: partitions.map(({ partitionIndex, leaderId, leaderEpoch }) => ({
        ...{ clusterId: answer.clusterId ?? '', topic: name ?? '', topicId, partition: partitionIndex },
        ...{ leader: nodes.get(leaderId), leaderEpoch },
      })),
    }));
  }

  /** The offsets of partitions, in their order, each by its leader. An error of one partition stands in its place. */
  async ranges(partitions: readonly LedPartition[]): Promise<readonly RangeAnswer[]> {
    const ranges = new Map<LedPartition, RangeAnswer>();
    const byLeader = Map.groupBy(partitions, ({ leader }) => leader && `${leader.host}:${leader.port}`);
    await Promise.all(
      Array.from(byLeader.values(), async (led) => {
        const { leader } = led[0] as LedPartition;
        for (const [partition, range] of await this.#rangesOf(leader, led)) ranges.set(partition, range);
      }),
    );
    return partitions.map((one) => ranges.get(one) as RangeAnswer);
  }

  async #rangesOf(
    leader: Node | undefined,
    led: readonly LedPartition[],
  ): Promise<readonly (readonly [LedPartition, RangeAnswer])[]> {
    if (!leader) return led.map((one) => [one, refusedRange(KAFKA_CODES.LEADER_NOT_AVAILABLE, one)]);
    try {
      const broker = await this.#connection(leader);
      const [earliest, end] = await Promise.all(
        [EARLIEST, LATEST].map((timestamp) => this.#offsets(broker, led, timestamp)),
      );
      return led.map((one) => {
        const [first, last] = [earliest?.get(nameOf(one)), end?.get(nameOf(one))];
        if (!first || !last) return [one, refusedRange(KAFKA_CODES.UNKNOWN_TOPIC_OR_PARTITION, one)];
        if ('error' in first) return [one, first];
        return [one, 'error' in last ? last : { earliest: first.offset, end: last.offset }];
      });
    } catch (error) {
      return led.map((one) => [one, { error: threadError(clientError(error, unreadable(one))) }]);
    }
  }

  async #offsets(
    connection: Connection,
    led: readonly LedPartition[],
    timestamp: bigint,
  ): Promise<ReadonlyMap<string, OffsetAnswer>> {
    const topics = Array.from(
      Map.groupBy(led, ({ topic }) => topic),
      ([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, leaderEpoch }) => ({
          ...{ partitionIndex: partition, currentLeaderEpoch: leaderEpoch, timestamp },
        })),
      }),
    );
    const answer = await answered(() =>
      this.#client.listOffsetsV7.api.async(connection, CONSUMER, READ_COMMITTED, topics),
    );
    const all = answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, offset }): [string, OffsetAnswer] => {
        const key = nameOf({ topic: name, partition: partitionIndex });
        const one = { topic: name, partition: partitionIndex };
        return [key, errorCode === 0 ? { offset: Number(offset) } : refusedRange(errorCode, one)];
      }),
    );
    return new Map(all);
  }

  /**
   * Where the messages that leaders up to an epoch wrote end, by the present leader's log.
   * @returns undefined where it does not know that epoch: its log holds nothing of it and of those before.
   */
  async endOfEpoch(led: LedPartition, epoch: number): Promise<number | undefined> {
    const { topic, partition, leader, leaderEpoch } = led;
    if (!leader) throw brokerError(KAFKA_CODES.LEADER_NOT_AVAILABLE, unreadable(led));
    return await this.#attempt(unreadable(led), async () => {
      const asked = { partitionIndex: partition, currentLeaderEpoch: leaderEpoch, leaderEpoch: epoch };
      const topics = [{ name: topic, partitions: [asked] }];
      const broker = await this.#connection(leader);
      const answer = await answered(() =>
        this.#client.offsetForLeaderEpochV4.api.async(broker, CONSUMER, topics),
      );
      const found = answer.topics[0]?.partitions[0];
      if (!found) throw bug('a broker answered nothing about an epoch');
      if (found.errorCode !== 0) throw brokerError(found.errorCode, unreadable(led));
      return found.endOffset < 0n ? undefined : Number(found.endOffset);
    });
  }

  /** Fetches from an offset on: as many batches as there is room for, and one at the least. @param end as of `BatchFetcher`. */
  fetch(led: LedPartition, offset: number, end: number): Promise<FetchedBatches> {
    return this.#batches.fetch(led, offset, end);
  }

  async #fetchBytes(led: LedPartition, offset: number): Promise<FetchedPartition> {
    const { topicId, partition, leader, leaderEpoch } = led;
    if (!leader) throw brokerError(KAFKA_CODES.LEADER_NOT_AVAILABLE, unreadable(led));
    const ask = { topicId, partition, leaderEpoch, offset };
    return await this.#attempt(unreadable(led), async () => {
      const broker = await this.#connection(leader, 'fetches');
      return await this.#ask(broker, ask);
    });
  }

  /** Reports how far a group has come. Nobody reads that but tools that show lags. */
  async report(group: string, offsets: readonly GroupOffset[]): Promise<void> {
    await this.#attempt(`The progress of the group ${group} cannot be reported`, async () => {
      const found = await this.#withAny((connection) =>
        this.#client.findCoordinatorV4.api.async(connection, 0, [group]),
      );
      const coordinator = found.coordinators[0];
      if (!coordinator) throw bug('a broker named no coordinator');
      const topics = Array.from(
        Map.groupBy(offsets, ({ topic }) => topic),
        ([name, partitions]) => ({
          name,
          partitions: partitions.map(({ partition, offset }) => ({
            ...{ partitionIndex: partition, committedOffset: BigInt(offset) },
            ...{ committedLeaderEpoch: -1, committedMetadata: '' },
          })),
        }),
      );
      const broker = await this.#connection(coordinator);
      await this.#client.offsetCommitV8.api.async(broker, group, -1, '', null, topics);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const opening of this.#connections.values())
      void opening.then((connection) => connection.close()).catch(() => undefined);
    this.#connections.clear();
  }

  /** All that the client throws is something outside the program. */
  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw clientError(error, what);
    }
  }

  /** Asks one of the brokers to begin with. Where it does not answer, the next call asks another one. */
  async #withAny<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#anyConnection();
    const asked = this.#first;
    try {
      return await work(connection);
    } catch (error) {
      if (this.#first === asked) this.#askAnother();
      throw error;
    }
  }

  async #anyConnection(): Promise<Connection> {
    const errors: unknown[] = [];
    while (errors.length < this.#nodes.length) {
      try {
        return await this.#connection(this.#nodes[this.#first] as Node);
      } catch (error) {
        errors.push(error);
        this.#askAnother();
      }
    }
    throw errors[0];
  }

  #askAnother(): void {
    this.#first = (this.#first + 1) % this.#nodes.length;
  }

  /** A connection to a broker, which is made anew where it broke. Fetches have their own: others would wait for their answers. */
  async #connection(node: Node, purpose: 'questions' | 'fetches' = 'questions'): Promise<Connection> {
    const key = `${purpose} ${node.host}:${node.port}`;
    const known = this.#connections.get(key);
    const connection = await known?.catch(() => undefined);
    if (connection?.isUsable) return connection.asClients;
    connection?.end();
    if (this.#connections.get(key) === known) this.#connections.delete(key);
    // Another call may have made it meanwhile.
    return (await (this.#connections.get(key) ?? this.#open(key, node))).asClients;
  }

  async #open(key: string, node: Node): Promise<FrameConnection> {
    if (this.#isClosed) throw new Error('The connections are closed');
    const opening = FrameConnection.open(this.#client, node, this.#access, () => performance.now());
    this.#connections.set(key, opening);
    const forget = () => {
      if (this.#connections.get(key) === opening) this.#connections.delete(key);
    };
    opening.then(({ broken }) => broken).catch(forget);
    return await opening;
  }
}

function toolsOf({ compressionsAlgorithms: { snappy, lz4 }, crc32c, Reader }: Client): BatchTools {
  return {
    codecs: {
      snappy: (block) => snappy.decompressSync(asBuffer(block)),
      lz4: (frame) => lz4.decompressSync(asBuffer(frame)),
    },
    crc32c: (bytes) => crc32c(Reader.from(asBuffer(bytes)).buffer),
    pause: setImmediate,
  };
}

function refusedRange(
  code: number,
  partition: Pick<LedPartition, 'topic' | 'partition'>,
): { readonly error: ThreadError } {
  return { error: threadError(brokerError(code, unreadable(partition))) };
}

/** The client throws an answer that has an error anywhere. What is in it counts all the same. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { response } = error as { readonly response?: T };
    if (response === undefined) throw error;
    return response;
  }
}

interface FetchAsk {
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
}

function fetchRequest(writer: Writer, { topicId, partition, leaderEpoch, offset }: FetchAsk): Writer {
  return writer
    .appendInt32(CONSUMER)
    .appendInt32(KAFKA_FETCH_WAIT_MS)
    .appendInt32(1)
    .appendInt32(KAFKA_FETCH_BYTES)
    .appendInt8(READ_COMMITTED)
    .appendInt32(0)
    .appendInt32(-1)
    .appendArray([partition], (topic) =>
      topic
        .appendUUID(topicId)
        .appendArray([partition], (one) =>
          one
            .appendInt32(partition)
            .appendInt32(leaderEpoch)
            .appendInt64(BigInt(offset))
            .appendInt32(-1)
            .appendInt64(-1n)
            .appendInt32(KAFKA_FETCH_BYTES),
        ),
    )
    .appendArray([], () => undefined)
    .appendString('')
    .appendTaggedFields();
}

/** @param address `host:port`; an address of IPv6 stands in brackets. */
export function nodeOf(address: string): Node {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
