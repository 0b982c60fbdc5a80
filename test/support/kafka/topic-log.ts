/** Topics of the shared broker, as logs that a source must read. */

import { afterAll, beforeAll } from 'vitest';
import { KafkaSource } from '../../../src/source/kafka/kafka-source.ts';
import type { SourceKind } from '../sources.ts';
import { KafkaClient } from './client.ts';
import { sharedKafka } from './shared.ts';

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** A topic a log. Its messages come in batches with each compression in turn, aborted transactions between them. */
export function kafkaTopics(): SourceKind {
  let brokers = '';
  let client: KafkaClient;
  beforeAll(async () => {
    brokers = (await sharedKafka()).brokers.PLAINTEXT;
    client = new KafkaClient(brokers);
  });
  afterAll(() => client.close());
  return {
    name: 'topics',
    runs: 8,
    createLog: async () => {
      const topic = await client.createTopic();
      let messages = 0;
      return {
        append: async (message) => {
          const compression = COMPRESSIONS[messages++ % COMPRESSIONS.length] ?? 'none';
          await client.produce(topic, [message], { compression });
          if (messages === 2)
            await client.transaction(topic, [['2024-10-02 05:10:46 aborted /path 200 0.1']], 'abort');
        },
        open: () =>
          new KafkaSource({
            access: { brokers: [brokers], tls: undefined, sasl: undefined },
            topics: [topic],
            group: undefined,
          }),
        dispose: () => client.deleteTopic(topic),
      };
    },
  };
}
