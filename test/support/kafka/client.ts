/** What tests do to Kafka beside reading from it: topics, records, transactions, rights. */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  AclOperations,
  type AclOperationValue,
  AclPermissionTypes,
  Admin,
  type CompressionAlgorithmValue,
  type MessageToProduce,
  Producer,
  ResourcePatternTypes,
  type ResourceTypeValue,
} from '@platformatic/kafka';

/** A message's value, or one with its key. A value of null is a tombstone. */
export type KafkaValue = string | Uint8Array | null;
export interface KafkaMessage {
  readonly key?: string;
  readonly value: KafkaValue;
}

export interface ProduceOptions {
  /** 0 unless told otherwise. */
  readonly partition?: number;
  readonly compression?: CompressionAlgorithmValue;
  /** -1, all replicas, unless told otherwise. */
  readonly acks?: -1 | 1;
}

export interface TopicOptions {
  readonly partitions?: number;
  readonly replicas?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Somebody that may do everything. Close it. */
export class KafkaClient {
  readonly #brokers: string[];
  readonly #admin: Admin;
  readonly #producer: Producer<string, Buffer, string, string>;

  /** @param brokers `host:port`, comma-separated. */
  constructor(brokers: string) {
    this.#brokers = brokers.split(',');
    this.#admin = new Admin({ ...PATIENT, bootstrapBrokers: this.#brokers });
    this.#producer = this.#newProducer();
  }

  /** Creates a topic, and waits until it has leaders. @returns its name, one of its own unless it is given. */
  async createTopic(options: TopicOptions = {}, name = `topic-${randomUUID()}`): Promise<string> {
    const { partitions = 1, replicas = 1, configs = {} } = options;
    await this.#admin.createTopics({
      topics: [name],
      partitions,
      replicas,
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    });
    await this.#hasLeaders(name, partitions);
    return name;
  }

  async deleteTopic(name: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [name] });
  }

  /** @param count of all partitions afterwards. */
  async setPartitions(topic: string, count: number): Promise<void> {
    await this.#admin.createPartitions({ topics: [{ name: topic, count }] });
    await this.#hasLeaders(topic, count);
    // A producer that knows of fewer partitions sends to another one.
    this.#producer.clearMetadata();
  }

  /** Deletes what stands before an offset, as retention does. */
  async deleteRecords(topic: string, offset: number, partition = 0): Promise<void> {
    await this.#admin.deleteRecords({
      topics: [{ name: topic, partitions: [{ partition, offset: BigInt(offset) }] }],
    } as Parameters<Admin['deleteRecords']>[0]);
  }

  /** Sends messages in one batch. @returns the offset of the first one. */
  async produce(
    topic: string,
    messages: readonly (KafkaValue | KafkaMessage)[],
    options: ProduceOptions = {},
  ): Promise<number> {
    const { partition = 0, compression = 'none', acks = -1 } = options;
    const { offsets } = await this.#producer.send({
      messages: messages.map((message) => recordOf(topic, partition, message)),
      compression,
      acks,
    });
    return Number(offsets?.[0]?.offset ?? -1);
  }

  /** Sends messages in a transaction, one batch each, and ends it. Between the batches `meanwhile` may send others. */
  async transaction(
    topic: string,
    batches: readonly (readonly KafkaValue[])[],
    end: 'commit' | 'abort',
    options: Pick<ProduceOptions, 'partition' | 'compression'> & {
      readonly meanwhile?: () => Promise<unknown>;
    } = {},
  ): Promise<void> {
    const open = await this.openTransaction(topic, batches, options);
    await (end === 'commit' ? open.commit() : open.abort());
  }

  /** Begins a transaction that its caller ends. */
  async openTransaction(
    topic: string,
    batches: readonly (readonly KafkaValue[])[],
    {
      partition = 0,
      compression = 'none',
      meanwhile,
    }: Pick<ProduceOptions, 'partition' | 'compression'> & {
      readonly meanwhile?: () => Promise<unknown>;
    } = {},
  ): Promise<{ commit(): Promise<void>; abort(): Promise<void> }> {
    const producer = this.#newProducer(randomUUID());
    const transaction = await producer.beginTransaction();
    for (const values of batches) {
      await transaction.send({
        messages: values.map((value) => recordOf(topic, partition, value)),
        compression,
      });
      await meanwhile?.();
    }
    const ended = async (end: () => Promise<void>) => {
      await end();
      await producer.close();
    };
    return {
      commit: () => ended(() => transaction.commit()),
      abort: () => ended(() => transaction.abort()),
    };
  }

  /** Lets a user do something to a topic or a group. */
  async allow(
    user: string,
    operation: keyof typeof AclOperations,
    resourceType: ResourceTypeValue,
    name: string,
  ): Promise<void> {
    await this.#admin.createAcls({
      creations: [
        {
          resourceType,
          resourceName: name,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: `User:${user}`,
          host: '*',
          operation: AclOperations[operation] as AclOperationValue,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
  }

  /** What a group has reported of a topic, by partition. */
  async groupOffsets(group: string, topic: string): Promise<Map<number, number>> {
    const [found] = await this.#admin.listConsumerGroupOffsets({ groups: [group] });
    const partitions = found?.topics.find(({ name }) => name === topic)?.partitions ?? [];
    return new Map(partitions.map((p) => [p.partitionIndex, Number(p.committedOffset)]));
  }

  /** The broker that leads a partition, its epoch, and all brokers that have it. */
  async leader(
    topic: string,
    partition = 0,
  ): Promise<{
    readonly leader: number;
    readonly leaderEpoch: number;
    readonly replicas: readonly number[];
  }> {
    const metadata = await this.#admin.metadata({ topics: [topic], forceUpdate: true });
    const found = metadata.topics.get(topic)?.partitions[partition];
    const { leader = -1, leaderEpoch = -1, replicas = [] } = found ?? {};
    return { leader, leaderEpoch, replicas };
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#producer.close()]);
  }

  #newProducer(transactionalId?: string): Producer<string, Buffer, string, string> {
    return new Producer({
      ...PATIENT,
      bootstrapBrokers: this.#brokers,
      serializers: {
        key: (key) => (key === undefined ? undefined : Buffer.from(key)),
        value: (value) => value ?? undefined,
      },
      autocreateTopics: false,
      ...(transactionalId === undefined ? {} : { transactionalId, idempotent: true }),
    } as ConstructorParameters<typeof Producer<string, Buffer, string, string>>[0]);
  }

  async #hasLeaders(topic: string, partitions: number): Promise<void> {
    for (;;) {
      const metadata = await this.#admin
        .metadata({ topics: [topic], forceUpdate: true })
        .catch(() => undefined);
      const found = metadata?.topics.get(topic)?.partitions ?? [];
      if (found.length === partitions && found.every(({ leader }) => leader >= 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const PATIENT = { clientId: 'daymark-test', retries: 50, retryDelay: 100, timeout: 30_000 };

function recordOf(
  topic: string,
  partition: number,
  message: KafkaValue | KafkaMessage,
): MessageToProduce<string, Buffer, string, string> {
  const isWhole = typeof message === 'object' && message !== null && 'value' in message;
  const { key, value } = (isWhole ? message : { value: message }) as KafkaMessage;
  return {
    topic,
    partition,
    ...(key === undefined ? {} : { key }),
    ...(value === null ? {} : { value: Buffer.from(value as string) }),
  };
}

/** Runs kcat (Debian), the second client. @returns what it printed. @throws with what it said. */
export function kcat(brokers: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync('kcat', ['-b', brokers, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`kcat ended with ${status}: ${error?.message ?? stderr}`);
  return stdout;
}
