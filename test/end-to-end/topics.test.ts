/** Topics of Kafka, read by the program as a user starts it. */

import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { envOf, type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { CountedLines } from '../support/counted-lines.ts';
import { eventually } from '../support/eventually.ts';
import { KafkaClient } from '../support/kafka/client.ts';
import { KAFKA_USERS, type KafkaAddresses } from '../support/kafka/cluster.ts';
import { sharedKafka } from '../support/kafka/shared.ts';
import { ledger } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import type { StorePlace } from '../support/stores.ts';

const site = siteOfEachTest('topics');
const running: RunningCli[] = [];
const PASSWORD = KAFKA_USERS.admin;

let kafka: KafkaAddresses;
let client: KafkaClient;
beforeAll(async () => {
  kafka = await sharedKafka();
  client = new KafkaClient(kafka.brokers.PLAINTEXT);
  return () => client.close();
});

let place: StorePlace;
let lines: CountedLines;
beforeEach(async () => {
  place = await site.newPlace();
  lines = new CountedLines();
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.process.kill('SIGKILL');
    await one.ended;
  }
});

function envFor(topic: string): Record<string, string> {
  return {
    ...{ ...envOf(place.location), KAFKA_BROKERS: kafka.brokers.SASL_PLAINTEXT, KAFKA_TOPIC: topic },
    ...{ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256', KAFKA_SASL_USERNAME: 'admin', KAFKA_SASL_PASSWORD: PASSWORD },
    PORT: '0',
  };
}

function begin(args: readonly string[], env: Readonly<Record<string, string>>): RunningCli {
  const program = start(args, { env });
  running.push(program);
  return program;
}

const send = (topic: string, count: number) => client.produce(topic, [lines.lines(count)]);
const counted = async () => (await ledger(place)).lines;

test('`ingest --follow` ends at SIGTERM with all that it read committed, and gives its partitions up', async () => {
  const topic = await client.createTopic({ partitions: 2 });
  await send(topic, 100);
  const program = begin(['ingest', '--follow', '--json'], envFor(topic));
  await program.says('following');
  await send(topic, 50);
  await eventually(counted).toBe(150);
  program.process.kill('SIGTERM');
  const { code, stdout, stderr } = await program.ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ lines_read: 150, accepted: 150, rejected: 0 });
  expect(await (await place.open()).leases.readers()).toEqual([]);
  const again = await run(['ingest', '--json'], { env: envFor(topic) });
  expect(JSON.parse(again.stdout)).toMatchObject({ lines_read: 0 });
  expect(`${stdout}${stderr}${again.stdout}${again.stderr}`).not.toContain(PASSWORD);
});

test('`up` waits for a topic, reads and serves it, and shows the password of its user nowhere', async () => {
  const topic = `later-${Date.now()}`;
  const program = begin(['up'], { ...envFor(topic), MESSAGE_FORMAT: 'json' });
  const url = await servedUrl(program, 'following');
  expect(await program.says('KAFKA_TOPIC_NOT_FOUND')).toContain(`read ${topic}: `);
  await client.createTopic({}, topic);
  await send(topic, 100);
  await eventually(counted).toBe(100);
  const get = async (path: string) => (await fetch(url + path)).text();
  expect(JSON.parse(await get('/customers/cust_1/stats?from=2024-10-01'))).toMatchObject([
    { date: '2024-10-02', success_requests: lines.requests.get('cust_1') },
  ]);
  const metrics = await get('/metrics');
  expect(metrics).toContain('daymark_lines_total{source="kafka",outcome="accepted"} 100');
  expect(metrics).toContain('daymark_leases_held{source="kafka"} 1');
  expect(metrics).not.toContain('source="files"');
  const answers = [metrics, await get('/v1/status'), await get('/v1/sources'), await get('/health/ready')];
  program.process.kill('SIGTERM');
  const { code, stdout, stderr } = await program.ended;
  expect(code, stderr).toBe(0);
  expect([stdout, stderr, ...answers].join('\n')).not.toContain(PASSWORD);
});

test('`top` says how many messages are not in the store, and nothing about them while the brokers are away', async () => {
  const topic = await client.createTopic({ partitions: 2 });
  await client.produce(topic, [lines.lines(10), lines.lines(1)], { partition: 0 });
  const program = begin(['ingest', '--follow'], envFor(topic));
  await eventually(counted).toBe(11);
  program.process.kill('SIGTERM');
  await program.ended;
  for (let i = 0; i < 3; i++) await client.produce(topic, [lines.lines(1)], { partition: 0 });
  const top = async (env: Record<string, string>) =>
    JSON.parse((await run(['top', '--json'], { env })).stdout);
  expect(await top(envFor(topic))).toMatchObject({
    ...{ bytes_behind: null, messages_behind: 3 },
    logs: [{ name: `${topic}/0`, lines: 11, bytes_behind: null, messages_behind: 3 }],
  });
  const { stdout } = await run(['top', '--once'], { env: envFor(topic) });
  expect(stdout).toMatch(/^ *lag +3 messages behind/m);
  expect(await top({ ...envFor(topic), KAFKA_BROKERS: '127.0.0.1:1' })).toMatchObject({
    ...{ bytes_behind: null, messages_behind: null },
    logs: [{ lines: 11, bytes_behind: null, messages_behind: null }],
  });
});

test('the password of the user is in no message about what is wrong', async () => {
  const topic = await client.createTopic();
  await send(topic, 1);
  const env = envFor(topic);
  const wrong: Record<string, string>[] = [
    { KAFKA_SASL_PASSWORD: `${PASSWORD}-wrong` },
    { KAFKA_SASL_MECHANISM: '' },
    { KAFKA_BROKERS: 'kafka.example.com:9092', KAFKA_SASL_MECHANISM: 'PLAIN' },
    { KAFKA_SASL_PASWORD: PASSWORD },
    { KAFKA_TOPIC: '' },
  ];
  for (const each of wrong) {
    const { code, stdout, stderr } = await run(['ingest'], { env: { ...env, ...each } });
    expect(code, stdout).not.toBe(0);
    expect(stderr).toMatch(/KAFKA_REFUSED|_SETTING/);
    expect(`${stdout}${stderr}`).not.toContain(PASSWORD);
  }
  const help = await run(['ingest', '--help'], { env });
  expect(help.stdout).toContain('--kafka-sasl-password');
  expect(help.stdout).not.toContain(PASSWORD);
});

test('`ingest` ends where a partition is not read on, and says why', async () => {
  const topic = await client.createTopic();
  await client.produce(topic, [lines.lines(1) + 'no request\n'.repeat(20_000)]);
  const { code, stderr } = await run(['ingest'], { env: { ...envFor(topic), BATCH_LINES: '5000' } });
  expect(code).toBe(1);
  expect(stderr).toContain('MOSTLY_REJECTED');
});

test('formats of which a line of its own names the columns are refused', async () => {
  const topic = await client.createTopic();
  const { code, stderr } = await run(['ingest'], { env: { ...envFor(topic), LOG_FORMAT: 'iis' } });
  expect(code).not.toBe(0);
  expect(stderr).toContain('w3c columns=');
});
