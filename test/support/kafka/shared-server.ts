/** The other side of `shared.ts`, in the process that runs the tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaCluster, startKafka } from './cluster.ts';

export interface SharedKafka {
  /** Path of a socket. Whoever connects to it is told the addresses of the broker, when it runs. */
  readonly socket: string;
  stop(): Promise<void>;
}

export async function offerKafka(): Promise<SharedKafka> {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-kafka-socket-'));
  const socket = join(directory, 'socket');
  let cluster: Promise<KafkaCluster> | undefined;
  const server = createServer((connection) => {
    cluster ??= startKafka();
    cluster.then(
      ({ members: _, dispose: __, ...addresses }) => connection.end(JSON.stringify(addresses)),
      (error: unknown) => connection.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    stop: async () => {
      server.close();
      (await cluster?.catch(() => undefined))?.dispose();
      rmSync(directory, { recursive: true });
    },
  };
}
