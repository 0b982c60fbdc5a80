/** Topics of the shared broker, as logs that a source must read. */

import { afterAll, beforeAll } from 'vitest';
import { openClusterThread } from '../../../src/commands/ingesting/kafka-source.ts';
import { type Cluster, openCluster } from '../../../src/source/kafka/cluster.ts';
import { KafkaSource } from '../../../src/source/kafka/kafka-source.ts';
import type { SourceKind } from '../sources.ts';
import { until } from '../until.ts';
import { KafkaClient } from './client.ts';
import { sharedKafka } from './shared.ts';

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** A topic a log. Its messages come in batches with each compression in turn, aborted transactions between them. */
export function kafkaTopics(): SourceKind {
  let brokers = '';
  let client: KafkaClient;
  let cluster: Cluster;
  beforeAll(async () => {
    brokers = (await sharedKafka()).brokers.PLAINTEXT;
    client = new KafkaClient(brokers);
    cluster = await openCluster({ brokers: [brokers], tls: undefined, sasl: undefined });
  });
  afterAll(() => Promise.all([client.close(), cluster.close()]));
  const endOf = async (topic: string): Promise<number> => {
    const [found] = await cluster.topics([topic]);
    const [range] = await cluster.ranges(found?.partitions ?? []);
    return range && 'end' in range ? range.end : -1;
  };
  return {
    name: 'topics',
    runs: 8,
    createLog: async () => {
      const topic = await client.createTopic();
      let messages = 0;
      return {
        append: async (message) => {
          const compression = COMPRESSIONS[messages++ % COMPRESSIONS.length] ?? 'none';
          const offset = await client.produce(topic, [message], { compression });
          // The broker notes the end of a transaction a moment later, and holds back what comes behind it until then.
          if (messages > 2) await until(async () => (await endOf(topic)) > offset);
          if (messages === 2)
            await client.transaction(topic, [['2024-10-02 05:10:46 aborted /path 200 0.1']], 'abort');
        },
        open: () =>
          new KafkaSource(
            { topics: [topic], group: undefined },
            openClusterThread({ brokers: [brokers], tls: undefined, sasl: undefined }),
          ),
        dispose: () => client.deleteTopic(topic),
      };
    },
  };
}
