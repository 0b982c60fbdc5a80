/**
 * Programs that send logs to Kafka, with the configurations of `operating/shippers/`. rsyslog is run. Vector, Fluent Bit and Filebeat
 * are in no registry that tests can reach: only what their configurations have in common with it is checked.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { KafkaClient } from '../support/kafka/client.ts';
import { sharedKafka } from '../support/kafka/shared.ts';
import { pathOf } from '../support/products/product.ts';
import { queryOf } from '../support/sqlite-place.ts';

const SHIPPERS = join(import.meta.dirname, '../../operating/shippers');
const read = (name: string) => readFileSync(join(SHIPPERS, name), 'utf8');
const BROKERS = ['kafka-1:9092', 'kafka-2:9092', 'kafka-3:9092'];

const isMissing = process.env.CI === undefined && pathOf('rsyslogd') === undefined;

/** Lines of this many go to each file. */
const LINES = 200;

test.skipIf(isMissing)(
  'rsyslog sends each line of a log that grows and is rotated, as it stands',
  async () => {
    const { brokers } = await sharedKafka();
    const client = new KafkaClient(brokers.PLAINTEXT);
    const topic = await client.createTopic({ partitions: 3 });
    await client.close();
    const directory = mkdtempSync(join(tmpdir(), 'daymark-shippers-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const [logs, state, dataDir] = ['logs', 'state', 'data'].map((name) => join(directory, name));
    for (const path of [logs!, state!]) mkdirSync(path);
    const log = join(logs!, 'api.log');
    writeFileSync(log, linesFrom(0));
    const shipper = startRsyslog(directory, brokers.PLAINTEXT, topic);
    onTestFinished(() => shipper.stop());
    const reader = start(['ingest', '--follow'], {
      env: { DATA_DIR: dataDir!, KAFKA_BROKERS: brokers.PLAINTEXT, KAFKA_TOPIC: topic },
    });
    onTestFinished(async () => {
      reader.process.kill();
      await reader.ended;
    });
    await reader.says('following');
    const query = queryOf(dataDir!);
    const counted = async () => {
      const rows = await query(
        'select success_requests + failed_requests as requests from customer_daily_stats',
      );
      return rows.reduce((sum, { requests }) => sum + Number(requests), 0);
    };
    await eventually(counted).toBe(LINES);
    appendFileSync(log, linesFrom(LINES));
    await eventually(counted).toBe(2 * LINES);
    renameSync(log, join(logs!, 'api.log.1'));
    writeFileSync(log, linesFrom(2 * LINES));
    await eventually(counted).toBe(3 * LINES);
    // Those of one host are in one partition.
    const partitions = await query(
      'select accepted, rejected from checkpoints where accepted + rejected > 0',
    );
    expect(partitions).toEqual([{ accepted: 3 * LINES, rejected: 0 }]);
  },
);

/** Some are long, and some hold what a template could take for its own. */
function linesFrom(first: number): string {
  const lines = Array.from({ length: LINES }, (_, i) => {
    const path = ['/api/v1/resource1', `/api/%msg%/${'x'.repeat(9_000)}`, '/api/"quoted"\\n', '/api/ü'][
      i % 4
    ];
    return `2024-10-02 05:10:46 cust_${(first + i) % 7} ${path} 200 0.316\n`;
  });
  return lines.join('');
}

function startRsyslog(directory: string, brokers: string, topic: string): { stop(): Promise<void> } {
  const config = read('rsyslog.conf')
    .replace(BROKERS.map((broker) => JSON.stringify(broker)).join(', '), JSON.stringify(brokers))
    .replace('topic="requests"', `topic="${topic}"`)
    .replace('/var/log/api/', `${join(directory, 'logs')}/`);
  const file = join(directory, 'rsyslog.conf');
  // As docs/shippers.md says, in the main configuration.
  writeFileSync(file, `global(workDirectory="${join(directory, 'state')}" maxMessageSize="64k")\n${config}`);
  const args = ['-n', '-f', file, '-i', join(directory, 'pid')];
  const shipper = spawn(pathOf('rsyslogd') ?? 'rsyslogd', args, { stdio: 'ignore' });
  const ended = once(shipper, 'exit');
  return {
    async stop() {
      shipper.kill();
      await ended;
    },
  };
}

test('every shipper sends the line itself to the same topic, keeps what Kafka has not, and keeps the lines of a host together', () => {
  const { sinks } = parse(read('vector.yaml'));
  expect(sinks.daymark).toMatchObject({
    ...{ type: 'kafka', bootstrap_servers: BROKERS.join(), topic: 'requests', key_field: 'host' },
    ...{ encoding: { codec: 'text' }, acknowledgements: { enabled: true }, buffer: { type: 'disk' } },
  });
  const [output] = parse(read('fluent-bit.yaml')).pipeline.outputs;
  expect(output).toMatchObject({
    ...{ name: 'kafka', brokers: BROKERS.join(), topics: 'requests', message_key_field: 'host' },
    ...{ format: 'raw', raw_log_key: 'log', retry_limit: 'no_limits', 'rdkafka.request.required.acks': -1 },
  });
  expect(parse(read('filebeat.yml'))['output.kafka']).toMatchObject({
    ...{ hosts: BROKERS, topic: 'requests', key: '%{[host.name]}', required_acks: -1 },
    'codec.format': { string: '%{[message]}' },
  });
  expect(read('rsyslog.conf')).toContain(`broker=${JSON.stringify(BROKERS).replaceAll(',', ', ')}`);
});
