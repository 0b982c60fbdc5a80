import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openCluster } from '../../../src/source/kafka/cluster.ts';

test('connections that are closed ask nobody any more, and none is left', async () => {
  // It takes connections, and answers nothing.
  const silent = createServer((socket) => socket.resume().on('error', () => undefined));
  onTestFinished(() => void silent.close());
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const cluster = await openCluster({ brokers: [`127.0.0.1:${port}`], tls: undefined, sasl: undefined });
  const connected = once(silent, 'connection');
  const waiting = cluster.topics(['a']);
  const [socket] = await connected;
  const left = once(socket, 'close');
  const asked = Promise.allSettled([waiting, cluster.topics(['b'])]);
  await cluster.close();
  const settled = [...(await asked), ...(await Promise.allSettled([cluster.topics(['c'])]))];
  for (const one of settled)
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'KAFKA_UNAVAILABLE' } });
  await left;
});
