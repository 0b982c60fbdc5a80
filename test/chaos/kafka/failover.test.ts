import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { KafkaClient } from '../../support/kafka/client.ts';
import type { KafkaAddresses } from '../../support/kafka/cluster.ts';
import { sharedKafka } from '../../support/kafka/shared.ts';
import { openPostgresDirectly } from '../../support/store-under-test.ts';
import { runChaos } from './chaos.ts';
import { waysTo } from './ways.ts';

const SEED = Number(process.env.TEST_SEED ?? 1);
const PARTITIONS = 5;

let client: KafkaClient;
let kafka: KafkaAddresses;

beforeAll(async () => {
  kafka = await sharedKafka();
  client = new KafkaClient(kafka.brokers.PLAINTEXT);
});
afterAll(() => client?.close());

test(`each line of a topic counts once while its processes are killed, paused, stopped and added (seed ${SEED})`, async () => {
  const store = await openPostgresDirectly(inject('postgresUrl'));
  try {
    const topic = await client.createTopic({ partitions: PARTITIONS });
    const report = await runChaos(
      {
        ...{ brokers: kafka.brokers.PLAINTEXT, ways: waysTo(kafka), topic, partitions: PARTITIONS },
        ...{ members: [], store, database: undefined },
        setPartitions: (count) => client.setPartitions(topic, count),
      },
      { seed: SEED, durationMs: 8_000, linesASecond: 500, processes: 3, leaseSeconds: 2 },
    );
    expect(report.faults).toMatchObject({ 'kill a process': 1, 'stop a process': 1, 'add partitions': 1 });
    expect(report.lines).toBeGreaterThan(0);
  } finally {
    await store.dispose();
  }
});
