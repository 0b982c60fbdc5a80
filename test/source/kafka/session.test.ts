import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KafkaClient } from '../../support/kafka/client.ts';
import { KAFKA_USERS, startKafka } from '../../support/kafka/cluster.ts';
import { linesOf, TopicReading } from '../../support/kafka/topic-reading.ts';
import { WAIT_BOUND_MS, WAIT_INTERVAL_MS } from '../../support/until.ts';

const SESSION_MS = 1_000;
const SESSIONS = 3;

test.each(['PLAIN', 'SCRAM-SHA-256'] as const)(
  'who logged in by %s reads on, without a word, when the broker ends the session',
  async (mechanism) => {
    const kafka = await startKafka({ settings: { 'connections.max.reauth.ms': String(SESSION_MS) } });
    onTestFinished(() => kafka.dispose());
    const client = new KafkaClient(kafka.brokers.PLAINTEXT);
    onTestFinished(() => client.close());
    const topic = await client.createTopic();
    const reading = await TopicReading.create();
    onTestFinished(() => reading.dispose());
    const run = await reading.read(kafka.brokers.SASL_PLAINTEXT, [topic], {
      access: { sasl: { mechanism, username: 'admin', password: KAFKA_USERS.admin } },
      following: async () => {
        for (let session = 1; session <= SESSIONS; session++) {
          await client.produce(topic, linesOf(5 * (session - 1), 5 * session));
          const count = async () => expect(await reading.lines()).toBe(5 * session);
          await vi.waitFor(count, { timeout: WAIT_BOUND_MS, interval: WAIT_INTERVAL_MS });
          // The broker ends a session when something is asked behind its time.
          await delay(SESSION_MS);
        }
      },
    });
    expect(run.summary.lines).toBe(5 * SESSIONS);
    expect([run.problems, run.waited]).toEqual([[], []]);
  },
);
