import { expect, onTestFinished, test, vi } from 'vitest';
import { KafkaClient } from '../../support/kafka/client.ts';
import { startKafka } from '../../support/kafka/cluster.ts';
import { linesOf, rowsOf, TopicReading } from '../../support/kafka/topic-reading.ts';
import { WAIT_BOUND_MS, WAIT_INTERVAL_MS } from '../../support/until.ts';

function eventually<T>(work: () => Promise<T>): Promise<T> {
  return vi.waitFor(work, { timeout: WAIT_BOUND_MS, interval: WAIT_INTERVAL_MS });
}

/** Three brokers, one of which starts twice: some 25 s of a processor. */
test.runIf(process.env.TEST_LONG)(
  'where a broker that lacks messages becomes the leader, what was read stays, and what it is sent then counts',
  async () => {
    const kafka = await startKafka({ brokers: 3, settings: { 'unclean.leader.election.enable': 'true' } });
    onTestFinished(() => kafka.dispose());
    const reading = await TopicReading.create();
    const brokers = kafka.brokers.PLAINTEXT;
    const client = new KafkaClient(brokers);
    const topic = await client.createTopic({ replicas: 2, configs: { 'min.insync.replicas': '1' } });
    await client.produce(topic, linesOf(0, 10));
    await reading.read(brokers, [topic]);
    const { leader, replicas } = await client.leader(topic);
    const [first, second] = [leader, replicas.find((id) => id !== leader)].map((id) =>
      kafka.members.find((member) => member.id === id),
    );
    if (!first || !second) throw new Error('the topic has no two brokers');
    await second.kill();
    await eventually(() => client.produce(topic, linesOf(10, 30), { acks: 1 }));
    await eventually(async () => {
      await reading.read(brokers, [topic]);
      expect(await reading.lines()).toBe(30);
    });
    await first.kill();
    await second.start();
    await eventually(async () => expect((await client.leader(topic)).leader).toBe(second.id));
    const run = await reading.read(brokers, [topic]);
    expect(run.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'KAFKA_LOG_TRUNCATED',
        expect.stringContaining(`${topic}/0 was read up to offset 30, but its log was cut at offset 10.`),
      ],
    ]);
    // Fewer than were lost, and then more: the offsets of those that are lost are used again.
    await eventually(() => client.produce(topic, linesOf(30, 40), { acks: 1 }));
    await reading.read(brokers, [topic]);
    await client.produce(topic, linesOf(40, 80), { acks: 1 });
    await reading.read(brokers, [topic]);
    expect(await reading.rows()).toEqual(await rowsOf(linesOf(0, 80)));
    expect((await reading.ledgers()).map(({ id, lines }) => [id.replace(/^.*:0/, ''), lines])).toEqual([
      ['', 30],
      [':2@10', 50],
    ]);
    await client.close();
    await reading.dispose();
  },
);
