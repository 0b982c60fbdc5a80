import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { openClusterThread } from '../../../src/commands/ingesting/kafka-source.ts';
import { RemoteCluster } from '../../../src/source/kafka/remote-cluster.ts';

/** A thread that ends with an error at its first message. */
function failingThread(): Worker {
  const script = `require('node:worker_threads').parentPort.once('message', () => { throw new Error('a bug') })`;
  return new Worker(script, { eval: true });
}

test('what brokers do not answer is the same error as in their own thread', async () => {
  const cluster = openClusterThread({ brokers: ['127.0.0.1:1'], tls: undefined, sasl: undefined });
  onTestFinished(() => cluster.close());
  const asked = cluster.topics(['topic']);
  await expect(asked).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', isTransient: true });
  await expect(asked).rejects.toThrow('The brokers 127.0.0.1:1 cannot be asked');
});

test('a bug in the thread ends what was asked of it, and what is asked later, and is no outage', async () => {
  const cluster = new RemoteCluster(failingThread());
  const asked = [cluster.topics(['a']), cluster.endOfEpoch({} as never, 1)];
  for (const answer of await Promise.allSettled(asked))
    expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'Error', message: 'a bug' } });
  await expect(cluster.ranges([])).rejects.toThrow('a bug');
  await cluster.close();
});

test('a thread that ended by itself is an error that says so', async () => {
  const cluster = new RemoteCluster(new Worker('', { eval: true }));
  await expect(cluster.topics(['a'])).rejects.toThrow('ended unexpectedly');
  await cluster.close();
});
