/**
 * `npm run test:chaos:kafka -- [--minutes 10] [--seed 1] [--rate 1000]`: three brokers, twelve partitions, four `ingest` processes
 * and PostgreSQL, and faults of all of them. Prints what happened; exits with 1 at the first difference.
 */

import { parseArgs } from 'node:util';
import { KafkaClient } from '../../support/kafka/client.ts';
import { startKafka } from '../../support/kafka/cluster.ts';
import { startCluster } from '../../support/postgres-cluster.ts';
import { query } from '../../support/postgres-connections.ts';
import { openPostgresDirectly } from '../../support/store-under-test.ts';
import { runChaos } from './chaos.ts';
import { waysTo } from './ways.ts';

const PARTITIONS = 12;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '1000' },
    quiet: { type: 'boolean', default: false },
  },
});
const [cluster, kafka] = await Promise.all([startCluster(), startKafka({ brokers: 3 })]);
const brokers = kafka.brokers.PLAINTEXT;
const client = new KafkaClient(brokers);
try {
  // What the server has confirmed must outlast a crash of it.
  await query(cluster.url, 'alter system set synchronous_commit = on');
  await query(cluster.url, 'select pg_reload_conf()');
  const store = await openPostgresDirectly(cluster.url);
  const configs = { 'min.insync.replicas': '2' };
  const topic = await client.createTopic({ partitions: PARTITIONS, replicas: 3, configs });
  const report = await runChaos(
    {
      ...{ brokers, ways: waysTo(kafka), topic, partitions: PARTITIONS },
      ...{ members: kafka.members, store, database: cluster },
      setPartitions: (count) => client.setPartitions(topic, count),
    },
    {
      seed: Number(values.seed),
      durationMs: Number(values.minutes) * 60_000,
      linesASecond: Number(values.rate),
      ...{ processes: 4, leaseSeconds: 3 },
      ...(values.quiet ? {} : { log: console.log }),
    },
  );
  console.log(report);
  await store.dispose();
} finally {
  await Promise.race([client.close(), new Promise((resolve) => setTimeout(resolve, 5_000))]);
  kafka.dispose();
  cluster.stop();
}
process.exit();
