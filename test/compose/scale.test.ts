/** `docker compose --profile scale up -d` by hand: Kafka, two readers, two processes of the API, and nginx before them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KafkaClient } from '../support/kafka/client.ts';
import { pathOf } from '../support/products/product.ts';
import { until } from '../support/until.ts';
import { PROJECT_DIR, readComposeFile } from './compose-file.ts';
import { Stack } from './stack.ts';

const PARTITIONS = 12;
const PER_PARTITION = 50;
const STATS = '/customers/kafka_1/stats?from=2024-10-01';

interface Day {
  readonly success_requests: number;
  readonly failed_requests: number;
}

const stack = new Stack(readComposeFile({ POSTGRES_PASSWORD: 'p@ss/w%rd #1' }), { profile: 'scale' });
let kafka: KafkaClient;
let topic = '';

const site = () => stack.urlOf('nginx', 8080);

/** What nginx hands on, whichever process answers. */
async function totals(url = site()): Promise<readonly [success: number, failed: number]> {
  const days = (await (await fetch(url + STATS)).json()) as Day[];
  const sum = (of: (day: Day) => number) => days.reduce((all, day) => all + of(day), 0);
  return [sum((day) => day.success_requests), sum((day) => day.failed_requests)];
}

/** Waits for exact numbers, and sees that none is ever exceeded on the way. */
async function totalsBecome(success: number, failed: number): Promise<void> {
  let found: readonly [number, number] = [0, 0];
  await until(
    async () => {
      found = await totals();
      expect(found[0], 'nothing is counted twice').toBeLessThanOrEqual(success);
      expect(found[1], 'nothing is counted twice').toBeLessThanOrEqual(failed);
      return found[0] === success && found[1] === failed;
    },
    {
      describe: () => `${found} are ${[success, failed]}; ${stack.containers.get('ingest-kafka-1')?.output}`,
    },
  );
}

/** As many lines to each partition: half of the messages have one, half of them two. */
async function produce(): Promise<void> {
  const line = (status: number) => `2024-10-02 05:10:46 kafka_1 /api/v1/resource1 ${status} 0.316\n`;
  for (let partition = 0; partition < PARTITIONS; partition++)
    await kafka.produce(
      topic,
      Array.from({ length: PER_PARTITION }, (_, i) => (i % 2 === 0 ? line(200) : line(200) + line(503))),
      { partition, compression: 'gzip' },
    );
  success += PARTITIONS * PER_PARTITION;
  failed += (PARTITIONS * PER_PARTITION) / 2;
}
let success = 0;
let failed = 0;

const processOf = (name: string) => stack.containers.get(name)!;

/** Debian's packages are there in CI. */
const isMissing =
  process.env.CI === undefined && ['nginx', 'java', 'mvn', 'curl'].some((name) => pathOf(name) === undefined);

describe.skipIf(isMissing)(
  'the services of the profile `scale`, run by hand in the order that it gives',
  () => {
    beforeAll(async () => {
      if (!existsSync(join(PROJECT_DIR, 'dist/main.js'))) throw new Error('build first: npm run build');
      await stack.up();
      topic = stack.file.services['ingest-kafka']!.environment.KAFKA_TOPIC!;
      kafka = new KafkaClient(stack.addressOf('kafka', 9092));
    });

    afterAll(async () => {
      await kafka?.close();
      await stack.kill();
    });

    test('become healthy by their own health checks, none of them as root', async () => {
      for (const name of ['kafka', 'ingest', 'ingest-kafka', 'api', 'api-2', 'nginx']) {
        await stack.waitForHealth(name);
        for (const container of stack.containersOf(name))
          if (process.getuid?.() === 0) expect(processOf(container).userId, container).not.toBe(0);
      }
    });

    test('answer behind nginx with the lines of Kafka and with those of ./logs', async () => {
      await produce();
      await totalsBecome(success, failed);
      const logs = readFileSync(join(PROJECT_DIR, 'logs/api_requests.log'), 'utf8');
      const inLog = logs.split('\n').filter((line) => line.split(' ')[2] === 'cust_1').length;
      const days = await fetch(`${site()}/customers/cust_1/stats?from=2024-09-03`);
      const sum = ((await days.json()) as Day[]).reduce(
        (all, day) => all + day.success_requests + day.failed_requests,
        0,
      );
      expect(sum).toBe(inLog);
    });

    test('give the same answer from both processes of the API', async () => {
      for (const name of ['api', 'api-2'])
        expect(await totals(stack.urlOf(name, 8888))).toEqual([success, failed]);
    });

    test('read on with one reader when the other one is gone, each line once', async () => {
      await stack.crash('ingest-kafka-1');
      await produce();
      await totalsBecome(success, failed);
      await stack.start('ingest-kafka-1');
      await produce();
      await totalsBecome(success, failed);
    });

    test('answer on when a process of the API is gone, without an error', async () => {
      await stack.crash('api');
      for (let i = 0; i < 20; i++) expect((await fetch(site() + STATS)).status).toBe(200);
      await stack.start('api');
      await stack.waitForHealth('api');
    });

    test('stop within their grace periods, and write nothing to their file systems', async () => {
      for (const name of ['nginx', 'api', 'api-2', 'ingest-kafka-1', 'ingest-kafka-2', 'ingest'])
        expect(await stack.stop(name), name + processOf(name).output).toBe(0);
      expect(readdirSync(stack.workDirectory)).toEqual([]);
    });
  },
);
