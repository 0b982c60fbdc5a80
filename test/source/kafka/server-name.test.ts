import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { openCluster } from '../../../src/source/kafka/cluster.ts';
import { newAuthority } from '../../support/certificates.ts';

test.each([
  ['localhost', ['localhost']],
  ['127.0.0.1', []],
])('a router in front of brokers is told which one is meant, if it has a name: %s', async (host, told) => {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-server-name-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const authority = newAuthority(directory);
  const names: string[] = [];
  const server = createServer({
    ...authority.issue(),
    SNICallback: (name, done) => {
      names.push(name);
      done(null);
    },
  });
  server.on('secureConnection', (socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const tls = { ca: authority.ca };
  const cluster = await openCluster({ brokers: [`${host}:${port}`], tls, sasl: undefined });
  await expect(cluster.topics(['topic'])).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  await cluster.close();
  expect(names).toEqual(told);
});
