/** Topics of a real broker, read into real stores. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import { positionText } from '../../../src/source/kafka/position.ts';
import { KafkaClient, kcat } from '../../support/kafka/client.ts';
import { KAFKA_USERS, type KafkaAddresses } from '../../support/kafka/cluster.ts';
import { startFlippingProxy } from '../../support/kafka/flipping-proxy.ts';
import { sharedKafka } from '../../support/kafka/shared.ts';
import { lineOf, linesOf, type Run, rowsOf, TopicReading } from '../../support/kafka/topic-reading.ts';
import { STORE_KINDS } from '../../support/stores.ts';
import { WAIT_BOUND_MS, WAIT_INTERVAL_MS } from '../../support/until.ts';

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

let kafka: KafkaAddresses;
let brokers: string;
let client: KafkaClient;
beforeAll(async () => {
  kafka = await sharedKafka();
  brokers = kafka.brokers.PLAINTEXT;
  client = new KafkaClient(brokers);
});
afterAll(() => client.close());

let reading: TopicReading;
beforeEach(async () => {
  reading = await TopicReading.create();
});
afterEach(() => reading.dispose());

function codesOf({ problems }: Run): ErrorCode[] {
  return problems.map(({ code }) => code);
}

/** Tries again and again, until nothing is thrown. */
function eventually<T>(work: () => Promise<T>): Promise<T> {
  return vi.waitFor(work, { timeout: WAIT_BOUND_MS, interval: WAIT_INTERVAL_MS });
}

/** Sends lines as messages of one line each. */
async function send(topic: string, lines: readonly string[], partition = 0): Promise<void> {
  await client.produce(topic, lines, { partition });
}

describe.each(STORE_KINDS)('in $name', (kind) => {
  test('messages of one line and of a thousand count alike with each compression', async () => {
    const own = await TopicReading.create(kind);
    onTestFinished(() => own.dispose());
    const topic = await client.createTopic({ partitions: COMPRESSIONS.length });
    const all: string[] = [];
    for (const [partition, compression] of COMPRESSIONS.entries()) {
      const lines = linesOf(all.length, all.length + 2_300);
      await client.produce(topic, lines.slice(0, 300), { partition, compression });
      const thousands = [lines.slice(300, 1_300).join('\n'), `${lines.slice(1_300).join('\n')}\n`];
      await client.produce(topic, thousands, { partition, compression });
      all.push(...lines);
    }
    const { summary, problems } = await own.read(brokers, [topic], { batchLines: 777 });
    expect(problems).toEqual([]);
    expect(summary).toMatchObject({ lines: all.length, accepted: all.length, isComplete: true });
    expect(await own.rows()).toEqual(await rowsOf(all));
    expect((await own.read(brokers, [topic])).summary.lines).toBe(0);
  });
});

test('what another client sends counts, with each compression', async () => {
  const topic = await client.createTopic();
  const lines = linesOf(0, 500);
  for (const [i, compression] of COMPRESSIONS.entries()) {
    const sent = lines.slice(i * 100, i * 100 + 100);
    kcat(brokers, ['-P', '-t', topic, '-z', compression], `${sent.join('\n')}\n`);
  }
  await reading.read(brokers, [topic]);
  expect(await reading.rows()).toEqual(await rowsOf(lines));
});

test('messages without a value, empty and oversized ones are lines that are rejected', async () => {
  const topic = await client.createTopic({ configs: { 'max.message.bytes': '4000000' } });
  await client.produce(topic, [lineOf(1), null, '', lineOf(2)]);
  await client.produce(topic, ['x'.repeat(70_000), lineOf(3)], { compression: 'zstd' });
  await client.produce(topic, [`${lineOf(8)}\n`.repeat(65_537), lineOf(4)], { compression: 'zstd' });
  await client.produce(topic, ['y'.repeat(70_000_000), lineOf(7)], { compression: 'zstd' });
  await send(topic, [lineOf(5)]);
  await reading.read(brokers, [topic]);
  expect(await reading.rejections()).toEqual({ empty_line: 2, line_too_long: 1, oversized_message: 2 });
  expect(await reading.rows()).toEqual(await rowsOf([1, 2, 3, 4, 5].map(lineOf)));
  const [ledger] = await reading.ledgers();
  expect(ledger).toMatchObject({ lines: 10, accepted: 5, rejected: 5 });
  const oversized = (await reading.excerpts()).filter((excerpt) => excerpt.includes('than'));
  expect(oversized.map((excerpt) => excerpt.trimEnd())).toEqual([
    expect.stringContaining('message at offset 6 has more than 65536 lines'),
    expect.stringContaining('2 messages from offset 8 to 9 come to more than 67108864 bytes'),
  ]);
});

test('the lag is the messages that are there and not stored', async () => {
  const topic = await client.createTopic({ partitions: 2 });
  await send(topic, linesOf(0, 300), 0);
  const hundreds = [0, 1, 2].map((i) => linesOf(300 + 100 * i, 400 + 100 * i).join('\n'));
  await client.produce(topic, hundreds, { partition: 1 });
  const lags: (number | undefined)[] = [];
  const stored = (lines: number) =>
    eventually(async () => {
      const ledgers = await reading.ledgers();
      expect(ledgers.reduce((sum, ledger) => sum + ledger.lines, 0)).toBe(lines);
      expect(lags.at(-1)).toBe(0);
    });
  await reading.read(brokers, [topic], {
    batchLines: 50,
    progress: ({ messagesBehind }) => lags.push(messagesBehind),
    following: async () => {
      await stored(600);
      await send(topic, linesOf(600, 640), 1);
      await stored(640);
    },
  });
  const first = lags.slice(0, lags.indexOf(0));
  expect(first[0]).toBe(303);
  expect(first).toEqual(first.toSorted((a = 0, b = 0) => b - a));
  // Some of the first partition is stored before the second one is begun, and a message that is stored in part counts as not stored.
  expect(new Set(first).size).toBeGreaterThan(2);
  expect(lags.slice(first.length)).toContain(40);
});

test('a message may have 65,536 lines', async () => {
  const topic = await client.createTopic({ configs: { 'max.message.bytes': '4000000' } });
  const lines = linesOf(0, 65_536);
  await client.produce(topic, [lines.join('\n'), lineOf(65_536)], { compression: 'zstd' });
  await reading.read(brokers, [topic], { batchLines: 10_000 });
  expect(await reading.rows()).toEqual(await rowsOf([...lines, lineOf(65_536)]));
});

describe('transactions', () => {
  test('count where they were committed, and not where they were aborted, whatever stands between', async () => {
    const topic = await client.createTopic();
    const [aborted, committed, between] = [linesOf(0, 20), linesOf(20, 40), linesOf(40, 60)];
    const halves = (lines: readonly string[]) => [lines.slice(0, 10), lines.slice(10)];
    const meanwhile = () => send(topic, between.splice(0, 5));
    const counted = [...committed, ...between];
    await client.transaction(topic, halves(aborted), 'abort', { meanwhile, compression: 'lz4' });
    await client.transaction(topic, halves(committed), 'commit', { meanwhile, compression: 'gzip' });
    // The broker notes the end of a transaction a moment later.
    const { summary } = await reading.read(brokers, [topic], {
      following: () => eventually(async () => expect(await reading.lines()).toBe(40)),
    });
    expect(summary).toMatchObject({ lines: 40, accepted: 40 });
    expect(await reading.rows()).toEqual(await rowsOf(counted));
  });

  test('of which one is open hold back what comes behind it, and nothing is lost when it ends', async () => {
    const topic = await client.createTopic();
    await send(topic, linesOf(0, 5));
    const open = await client.openTransaction(topic, [linesOf(5, 10)]);
    await send(topic, linesOf(10, 15));
    expect((await reading.read(brokers, [topic])).summary.lines).toBe(5);
    await open.abort();
    await reading.read(brokers, [topic], {
      following: () => eventually(async () => expect(await reading.lines()).toBe(10)),
    });
    expect(await reading.rows()).toEqual(await rowsOf([...linesOf(0, 5), ...linesOf(10, 15)]));
  });

  test('that were aborted at the end of a topic are no lag', async () => {
    const topic = await client.createTopic();
    const group = `group-${topic}`;
    await send(topic, linesOf(0, 5));
    await client.transaction(topic, [linesOf(5, 10)], 'abort');
    await reading.read(brokers, [topic], {
      group,
      // The offset behind the marker of the transaction.
      following: () =>
        eventually(async () => expect(await client.groupOffsets(group, topic)).toEqual(new Map([[0, 11]]))),
    });
  });
});

test('a bit that is flipped on the way changes no number: the batch is fetched again', async () => {
  const proxy = await startFlippingProxy(kafka);
  onTestFinished(() => proxy.close());
  const topic = await client.createTopic();
  const lines = linesOf(0, 20);
  await send(topic, lines.slice(0, 10));
  await send(topic, lines.slice(10));
  await reading.read(proxy.brokers, [topic], { batchLines: 3 });
  const later = lines.map((line) => line.replace('resource1', 'flipped'));
  await send(topic, later);
  proxy.flip('200 0.1', 3);
  const { waited, problems } = await reading.read(proxy.brokers, [topic]);
  expect(proxy.flips).toBe(3);
  expect(waited[0]?.error.code).toBe('KAFKA_CORRUPT');
  expect(waited[0]?.error.message).toContain(`${topic}/0 at offset 20`);
  expect(problems).toEqual([]);
  expect(await reading.rows()).toEqual(await rowsOf([...lines, ...later]));
});

test('a batch that stays damaged is reported with its place, and what stands before it counts', async () => {
  const proxy = await startFlippingProxy(kafka);
  onTestFinished(() => proxy.close());
  const topic = await client.createTopic();
  await send(topic, linesOf(0, 10));
  await send(topic, ['2024-10-02 05:10:46 damaged /path 200 0.100']);
  proxy.flip('damaged', Number.POSITIVE_INFINITY);
  const run = await reading.read(proxy.brokers, [topic], { inputRetryMs: 500 });
  expect(codesOf(run)).toContain('KAFKA_CORRUPT');
  expect(await reading.rows()).toEqual(await rowsOf(linesOf(0, 10)));
});

test('a topic that is deleted and made anew is another one, and both count', async () => {
  const topic = await client.createTopic();
  await send(topic, linesOf(0, 30));
  await reading.read(brokers, [topic]);
  await client.deleteTopic(topic);
  await eventually(() => client.createTopic({}, topic));
  await send(topic, linesOf(30, 40));
  const run = await reading.read(brokers, [topic], {
    following: () =>
      eventually(async () =>
        expect((await reading.ledgers()).map(({ state, lines }) => [state, lines])).toEqual([
          ['finished', 30],
          ['live', 10],
        ]),
      ),
  });
  expect(codesOf(run)).toEqual(['KAFKA_TOPIC_REPLACED']);
  expect(run.problems[0]?.message).toContain('was read up to offset 30');
  expect((await reading.ledgers()).map(({ name, lines }) => [name, lines])).toEqual([
    [`${topic}/0`, 30],
    [`${topic}/0`, 10],
  ]);
  expect(await reading.rows()).toEqual(await rowsOf(linesOf(0, 40)));
  expect(codesOf(await reading.read(brokers, [topic]))).toEqual([]);
});

test('what was deleted before it was read is reported with its size, and has a line in the ledger', async () => {
  const topic = await client.createTopic();
  await send(topic, linesOf(0, 5));
  await reading.read(brokers, [topic]);
  for (let i = 5; i < 20; i++) await send(topic, [lineOf(i)]);
  await client.deleteRecords(topic, 15);
  const run = await reading.read(brokers, [topic]);
  expect(run.problems.map(({ code, message }) => [code, message])).toEqual([
    [
      'KAFKA_MESSAGES_MISSING',
      `${topic}/0: 10 messages from offset 5 to 14 were deleted before they were read.`,
    ],
  ]);
  expect(run.summary).toMatchObject({ lines: 6, accepted: 5, rejectedByReason: { missing_messages: 1 } });
  expect(await reading.rejections()).toEqual({ missing_messages: 1 });
  expect(await reading.excerpts()).toEqual([
    expect.stringContaining('10 messages from offset 5 to 14 were deleted'),
  ]);
  expect(await reading.rows()).toEqual(await rowsOf([...linesOf(0, 5), ...linesOf(15, 20)]));
  expect(codesOf(await reading.read(brokers, [topic]))).toEqual([]);
});

test('a topic of which everything was deleted is no error, and its next message counts', async () => {
  const topic = await client.createTopic();
  await send(topic, linesOf(0, 5));
  await client.deleteRecords(topic, 5);
  expect((await reading.read(brokers, [topic])).summary.lines).toBe(0);
  await send(topic, linesOf(5, 8));
  await reading.read(brokers, [topic]);
  expect(await reading.rejections()).toEqual({});
  expect(await reading.rows()).toEqual(await rowsOf(linesOf(5, 8)));
});

test('partitions that are added are read, also while the topic is followed', async () => {
  const topic = await client.createTopic();
  await send(topic, linesOf(0, 5));
  await reading.read(brokers, [topic], {
    following: async () => {
      await eventually(async () => expect(await reading.lines()).toBe(5));
      await client.setPartitions(topic, 3);
      await send(topic, linesOf(5, 10), 2);
      await eventually(async () => expect(await reading.lines()).toBe(10));
    },
  });
  expect((await reading.ledgers()).map(({ name }) => name)).toEqual([`${topic}/0`, `${topic}/2`]);
  expect(await reading.rows()).toEqual(await rowsOf(linesOf(0, 10)));
});

test('messages that compaction removed leave gaps that are no loss', async () => {
  const configs = {
    ...{ 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01', 'segment.ms': '100' },
    ...{ 'segment.bytes': '1048576', 'max.compaction.lag.ms': '100' },
  };
  const topic = await client.createTopic({ configs });
  const keyed = (i: number) => ({ key: `key-${i % 3}`, value: lineOf(i) });
  await client.produce(
    topic,
    Array.from({ length: 10 }, (_, i) => keyed(i)),
  );
  await eventually(async () => {
    await client.produce(topic, [keyed(10)]);
    const own = await TopicReading.create();
    try {
      await own.read(brokers, [topic]);
      expect(Object.keys(await own.rejections())).toEqual([]);
      const [ledger] = await own.ledgers();
      // Of the first ten, the last ones of two keys are left.
      expect(ledger?.lines).toBeLessThan(ledger ? Number(placeNumber(ledger)) : 0);
    } finally {
      await own.dispose();
    }
  });
});

function placeNumber({ id, offset }: { readonly id: string; readonly offset: number }): string {
  return positionText(offset, id)?.replace('offset ', '').replaceAll(',', '') ?? '';
}

test('two processes that read one topic into one store count each line once', async () => {
  const topic = await client.createTopic({ partitions: 2 });
  for (let i = 0; i < 20; i++) await send(topic, linesOf(i * 50, i * 50 + 50), i % 2);
  await Promise.all([1, 2].map(() => reading.read(brokers, [topic], { batchLines: 90 })));
  expect(await reading.rows()).toEqual(await rowsOf(linesOf(0, 1_000)));
});

test('lines behind the watermark of their partition are late, and days become final, as those of files', async () => {
  const topic = await client.createTopic();
  const eventTime = { waitMs: 3_600_000 };
  await send(topic, [lineOf(0), lineOf(4), lineOf(7)]);
  const { summary } = await reading.read(brokers, [topic], { eventTime });
  expect(summary).toMatchObject({ accepted: 3, late: 1 });
  expect((await reading.ledgers())[0]?.state).toBe('finished');
  await send(topic, [lineOf(14)]);
  expect((await reading.read(brokers, [topic], { eventTime })).summary).toMatchObject({
    accepted: 1,
    late: 1,
  });
});

test('progress is reported to the group when it is stored, and is read from the store', async () => {
  const topic = await client.createTopic({ partitions: 2 });
  const group = `group-${topic}`;
  await send(topic, linesOf(0, 5));
  await send(topic, linesOf(5, 12), 1);
  await reading.read(brokers, [topic], { group });
  await eventually(async () =>
    expect(await client.groupOffsets(group, topic)).toEqual(
      new Map([
        [0, 5],
        [1, 7],
      ]),
    ),
  );
  const other = await TopicReading.create();
  onTestFinished(() => other.dispose());
  expect((await other.read(brokers, [topic], { group })).summary.lines).toBe(12);
});

// It takes the time of one request that nobody answers.
test.runIf(process.env.TEST_LONG)(
  'a broker that takes connections and answers nothing does not keep the others from being asked',
  async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const topic = await client.createTopic();
    await send(topic, linesOf(0, 5));
    const { port } = silent.address() as AddressInfo;
    await reading.read(`127.0.0.1:${port},${brokers}`, [topic]);
    expect(await reading.lines()).toBe(5);
  },
);

test('a topic that is not there is waited for while it is followed', async () => {
  const topic = `later-${Date.now()}`;
  const run = await reading.read(brokers, [topic], {
    following: async () => {
      await client.createTopic({}, topic);
      await send(topic, linesOf(0, 5));
      await eventually(async () => expect(await reading.lines()).toBe(5));
    },
  });
  expect(codesOf(run).filter((code) => code !== 'KAFKA_TOPIC_NOT_FOUND')).toEqual([]);
  await expect(reading.read(brokers, ['nowhere'])).rejects.toMatchObject({ code: 'KAFKA_TOPIC_NOT_FOUND' });
});

describe('who reads', () => {
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
  const sasl = (mechanism: (typeof mechanisms)[number], username: keyof typeof KAFKA_USERS = 'admin') => ({
    ...{ mechanism, username, password: KAFKA_USERS[username] },
  });
  const trusting = () => ({ ca: readFileSync(kafka.ca, 'utf8') });

  test.each(mechanisms)('logs in by %s, with and without TLS', async (mechanism) => {
    const topic = await client.createTopic();
    await send(topic, linesOf(0, 5));
    await reading.read(kafka.brokers.SASL_PLAINTEXT, [topic], { access: { sasl: sasl(mechanism) } });
    expect(await reading.lines()).toBe(5);
    await send(topic, linesOf(5, 7));
    await reading.read(kafka.brokers.SASL_SSL, [topic], {
      access: { sasl: sasl(mechanism), tls: trusting() },
    });
    expect(await reading.lines()).toBe(7);
  });

  test('shows a certificate to a broker that asks for one', async () => {
    const topic = await client.createTopic();
    await send(topic, linesOf(0, 5));
    const [cert, key] = [kafka.clientCertificate, kafka.clientKey].map((path) => readFileSync(path, 'utf8'));
    await reading.read(kafka.brokers.SSL, [topic], { access: { tls: { ...trusting(), cert, key } } });
    expect(await reading.lines()).toBe(5);
  });

  test.each([
    [
      'a wrong password',
      () => ({ via: 'SASL_PLAINTEXT', sasl: { ...sasl('SCRAM-SHA-256'), password: 'wrong' } }) as const,
    ],
    [
      'a wrong password of PLAIN',
      () => ({ via: 'SASL_PLAINTEXT', sasl: { ...sasl('PLAIN'), password: 'wrong' } }) as const,
    ],
    ['a certificate that nobody trusts', () => ({ via: 'SSL', tls: {} }) as const],
    ['a broker that wants TLS', () => ({ via: 'SSL' }) as const],
  ])('is told at once about %s', async (_, accessOf) => {
    const { via, ...access } = accessOf();
    const refused = reading.read(kafka.brokers[via], ['any'], { access });
    await expect(refused).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
  });

  test('needs the rights to describe and to read the topic, and no other', async () => {
    const topic = await client.createTopic();
    await send(topic, linesOf(0, 5));
    const access = { sasl: sasl('PLAIN', 'reader') };
    const read = (group?: string) =>
      reading.read(kafka.brokers.SASL_PLAINTEXT, [topic], { access, ...(group && { group }) });
    await expect(read()).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
    await client.allow('reader', 'READ', 2, topic);
    // The broker applies it a moment later.
    await eventually(async () => {
      await read(`group-${topic}`);
      expect(await reading.lines()).toBe(5);
    });
  });
});
